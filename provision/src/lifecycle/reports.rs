//! Whom someone manages.

use okta_sdk::Client;
use okta_sdk::models::UserStatus;
use okta_sdk::search::field;
use serde_json::json;

use crate::error::Error;
use crate::perform::{self, Outcome};

/// Gives those whom `from` manages to another manager: their logins, and with whom that has failed.
pub(super) async fn hand_over(
    okta: &Client,
    from: &str,
    to: &str,
) -> Result<(Vec<String>, Vec<(String, Error)>), Error> {
    let managed = field("profile.managerId").eq(from);
    let users = okta.users().list().search(managed).all().await?;
    let change = [("managerId".to_owned(), json!(to))].into();
    let (mut reports, mut failed) = (Vec::new(), Vec::new());
    for user in users {
        if user.status == Some(UserStatus::Deprovisioned) {
            continue;
        }
        let id = user.id.to_string();
        let updated = perform::update_user(okta, &id, None, &change).await;
        let login = user.profile.and_then(|it| it.login).unwrap_or(id);
        match updated {
            Ok(Outcome::Updated) => reports.push(login),
            Ok(_) => {}
            Err(error) => failed.push((login, error)),
        }
    }
    reports.sort();
    Ok((reports, failed))
}

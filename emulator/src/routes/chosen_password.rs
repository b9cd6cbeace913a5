//! The pages behind the links of e-mails: a user chooses a password, `/welcome/{token}` and
//! `/signin/reset-password/{token}`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use url::form_urlencoded;

use super::answer::received;
use super::locked;
use crate::org::Org;
use crate::org::tickets::Purpose;
use crate::pages;
use crate::shared::Shared;

const GONE: &str = "This link is no longer good. Ask your administrator for another one.";

pub(super) fn routes() -> Router<Arc<Shared>> {
    [Purpose::Activation, Purpose::PasswordReset]
        .into_iter()
        .fold(Router::new(), |router, purpose| {
            let path = format!("{}{{token}}", purpose.path());
            router.route(&path, get(ask).post(choose))
        })
}

async fn ask(State(shared): State<Arc<Shared>>, Path(token): Path<String>) -> Response {
    let mut org = shared.org();
    org.now = shared.clock.stamp();
    match name(&org, &token) {
        Some(name) => pages::new_password(&name, None).into_response(),
        None => gone(),
    }
}

async fn choose(
    State(shared): State<Arc<Shared>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let Ok((parts, body)) = received(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = form_urlencoded::parse(&body);
    let password = form.find(|(name, _)| name == "password");
    let password = password.map_or_else(String::new, |(_, password)| password.into_owned());
    let mut org = shared.org();
    locked::begin(&shared, &parts, &mut org);
    let Some(name) = name(&org, &token) else {
        return gone();
    };
    match org.redeem_ticket(&token, &password) {
        Ok(_) => {
            pages::notice("Your password is set", "You can sign in with it now.").into_response()
        }
        Err(problem) => {
            let cause = problem
                .causes
                .first()
                .map_or(problem.summary.as_str(), |it| it);
            let page = pages::new_password(&name, Some(cause));
            (StatusCode::BAD_REQUEST, page).into_response()
        }
    }
}

/// The name of the user to whom a token belongs.
fn name(org: &Org, token: &str) -> Option<String> {
    let user = org.users.get(org.ticket(token)?.user)?;
    Some(user.login().to_owned())
}

fn gone() -> Response {
    let page = pages::notice("The link has expired", GONE);
    (StatusCode::NOT_FOUND, page).into_response()
}

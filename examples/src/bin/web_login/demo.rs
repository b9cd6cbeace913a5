//! What an emulated org needs for this app.

use std::time::Duration;

use anyhow::Context;
use okta_emulator::Emulator;
use okta_examples::note;
use okta_sdk::Client;
use okta_sdk::models::OAuth2Scope;

/// Who is in the group of administrators, and who is not.
const ADMINISTRATOR: &str = "grace@example.com";
const OTHER: &str = "alan@example.com";

/// Gives the org the scopes of the API, and the group of administrators with its member. Access
/// tokens are good for `life`.
pub async fn prepare(emulator: &Emulator, group: &str, life: Duration) -> anyhow::Result<()> {
    emulator.oauth().access_token_lifetime(life);
    let okta = Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token())
        .build()?;
    for scope in ["orders:read", "orders:write"] {
        let scope = OAuth2Scope::new(scope);
        let created = okta.authorization_server_scopes().create("default", scope);
        created.await.context("the emulated org takes no scope")?;
    }
    let administrator = okta.users().get(ADMINISTRATOR).await?;
    let groups = okta.groups();
    let group = groups.find_or_create(group).await?;
    let members = [&administrator.id];
    groups.set_members(&group.get().id, members).await?;
    note(format_args!(
        "{ADMINISTRATOR} is an administrator; {OTHER} has the same password and is none."
    ));
    Ok(())
}

//! The crate `okta`, which is generated from an older document.

use okta::Client;
use okta::types::{CreateUserRequest, Group, GroupProfile};
use serde_json::{from_value, json};

use crate::steps::{Outcome, env, same, step, wrong_in_client};

fn client() -> Client {
    let mut client = Client::new(env("OKTA_CLIENT_TOKEN"));
    client.with_host_override(env("OKTA_CLIENT_ORGURL"));
    client
}

fn person(login: &str) -> Outcome<CreateUserRequest> {
    let body = json!({
        "profile": { "login": login, "email": login, "firstName": "Emmy", "lastName": "Noether" },
        "credentials": { "password": { "value": "Ideal-Theory-1921" } },
    });
    Ok(from_value(body)?)
}

pub async fn run() {
    let okta = client();
    let user = step("create a user", async {
        let request = person("emmy@example.com")?;
        let made = okta.users().create(true, false, "", &request).await?.body;
        let found = okta.users().get("emmy@example.com").await?.body;
        same(&found.id, &made.id)?;
        Ok(made.id)
    })
    .await
    .unwrap_or_default();
    step("change a user", async {
        let mut body = okta.users().get(&user).await?.body;
        if let Some(profile) = &mut body.profile {
            profile.nick_name = "Emmy".to_owned();
        }
        let changed = okta.users().partial_update(&user, false, &body).await?.body;
        let nickname = changed.profile.map(|profile| profile.nick_name);
        same(nickname.as_deref(), Some("Emmy"))
    })
    .await;
    step("find users", async {
        let filter = "profile.login eq \"emmy@example.com\"";
        let found = okta
            .users()
            .list("", "", 10, filter, "", "", "")
            .await?
            .body;
        same(found.len(), 1)?;
        let all = okta.users().list_all("", "", "", "", "").await?.body;
        same(all.len() > 3, true)
    })
    .await;
    step("groups and their members", async {
        let body: Group = from_value(json!({ "profile": { "name": "Algebraists" } }))?;
        let group = okta.groups().create(&body).await?.body;
        let name = group.profile.map(|GroupProfile { name, .. }| name);
        same(name.as_deref(), Some("Algebraists"))?;
        okta.groups().add_user(&group.id, &user).await?;
        let members = okta.groups().list_all_users(&group.id).await?.body;
        same(members.len(), 1)?;
        okta.groups().remove_user_from(&group.id, &user).await?;
        okta.groups().delete(&group.id).await?;
        let gone = okta.groups().get(&group.id).await;
        same(gone.is_err(), true)
    })
    .await;
    let reason =
        "the crate takes visibility.appLinks for a Boolean, where Okta's document has an object";
    wrong_in_client("applications", reason, async {
        let apps = okta.applications().list_all("", "", "", false).await?.body;
        same(apps.is_empty(), false)
    })
    .await;
    step("types of users", async {
        let types = okta.user_types().list_all().await?.body;
        same(types.len(), 1)
    })
    .await;
    step("deactivate and delete a user", async {
        okta.users().deactivate(&user, false).await?;
        okta.users().deactivate_or_delete(&user, false).await?;
        let gone = okta.users().get(&user).await;
        same(gone.is_err(), true)
    })
    .await;
}

//! What a careful team writes for itself: `reqwest`, and structs of what it needs, custom
//! attributes kept.
#![allow(clippy::print_stdout, reason = "it is the answer")]
#![allow(
    dead_code,
    reason = "the point is that the fields are read, not what is done with them"
)]

use serde::Deserialize;
use serde_json::{Map, Value};
use xtask_bench::{address, first_page, next_page};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    status: String,
    created: Option<String>,
    activated: Option<String>,
    status_changed: Option<String>,
    last_login: Option<String>,
    last_updated: Option<String>,
    password_changed: Option<String>,
    #[serde(rename = "type")]
    kind: UserType,
    profile: Profile,
    credentials: Credentials,
    #[serde(rename = "_links")]
    links: Links,
}

#[derive(Deserialize)]
struct UserType {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    login: String,
    email: String,
    mobile_phone: Option<String>,
    second_email: Option<String>,
    title: Option<String>,
    department: Option<String>,
    division: Option<String>,
    organization: Option<String>,
    employee_number: Option<String>,
    cost_center: Option<String>,
    city: Option<String>,
    country_code: Option<String>,
    locale: Option<String>,
    timezone: Option<String>,
    manager_id: Option<String>,
    #[serde(flatten)]
    custom: Map<String, Value>,
}

#[derive(Deserialize)]
struct Credentials {
    emails: Vec<Email>,
    provider: Provider,
}

#[derive(Deserialize)]
struct Email {
    value: String,
    status: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Provider {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Links {
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Deserialize)]
struct Link {
    href: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let http = reqwest::Client::new();
    let mut page = Some(first_page(&address()?));
    let mut count = 0;
    while let Some(url) = page {
        let request = http.get(url).header("authorization", "SSWS 00abc");
        let response = request.send().await?.error_for_status()?;
        page = next_page(response.headers());
        let users: Vec<User> = serde_json::from_slice(&response.bytes().await?)?;
        count += users.len();
    }
    println!("{}", xtask_bench::report(count));
    Ok(())
}

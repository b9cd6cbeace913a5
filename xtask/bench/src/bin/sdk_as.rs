//! The SDK's stream of users, decoded into what a report needs.
#![allow(clippy::print_stdout, reason = "it is the answer")]
#![allow(
    dead_code,
    reason = "the point is that the fields are read, not what is done with them"
)]

use okta_sdk::Client;
use serde::Deserialize;

#[derive(Deserialize)]
struct User {
    id: String,
    status: String,
    profile: Profile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    login: String,
    badge_number: Option<u64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let okta = Client::builder()
        .org_url(xtask_bench::address()?)
        .api_token("00abc")
        .build()?;
    let mut users = okta.users().list().limit(200).stream_as::<User>();
    let mut count = 0;
    while users.try_next().await?.is_some() {
        count += 1;
    }
    println!("{}", xtask_bench::report(count));
    Ok(())
}

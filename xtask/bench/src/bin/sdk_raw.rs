//! The SDK's stream of users, not decoded.
#![allow(clippy::print_stdout, reason = "it is the answer")]

use okta_sdk::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let okta = Client::builder()
        .org_url(xtask_bench::address()?)
        .api_token("00abc")
        .build()?;
    let mut users = okta.users().list().limit(200).stream_raw();
    let mut count = 0;
    while users.try_next().await?.is_some() {
        count += 1;
    }
    println!("{}", xtask_bench::report(count));
    Ok(())
}

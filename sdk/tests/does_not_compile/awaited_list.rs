//! A list is not awaited: its first page is not all of it.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.users().list().await?;
    Ok(())
}

fn main() {}

//! What may be absent identifies nothing.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.users().get(None::<&str>).await?;
    Ok(())
}

fn main() {}

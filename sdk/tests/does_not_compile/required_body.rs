//! A required body is an argument.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.users().create().await?;
    Ok(())
}

fn main() {}

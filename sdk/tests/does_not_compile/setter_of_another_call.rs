//! A call has the setters of its own operation.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.users().get("00u1").activate(true).await?;
    Ok(())
}

fn main() {}

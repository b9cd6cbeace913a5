//! A required member of a request is an argument of its constructor.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.users().create(okta_sdk::models::CreateUserRequest::new()).await?;
    Ok(())
}

fn main() {}

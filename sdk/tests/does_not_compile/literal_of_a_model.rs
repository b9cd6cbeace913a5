//! Okta adds members to models: they are made by constructors.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta_sdk::models::AppUser { id: "00u1".into() };
    okta.users().get("00u1").await?;
    Ok(())
}

fn main() {}

//! Okta adds values to enums: a match has an arm for the rest.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    let user = okta.users().get("00u1").await?;
    match user.status.unwrap() {
        okta_sdk::models::UserStatus::Active => {}
    }
    Ok(())
}

fn main() {}

//! Several identifiers of a path go by name.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.groups().assign_user("00u1", "00g1").await?;
    Ok(())
}

fn main() {}

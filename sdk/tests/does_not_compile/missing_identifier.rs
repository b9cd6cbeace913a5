//! Each identifier of a path is required.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    let path = okta_sdk::paths::GroupUser { group_id: "00g1" };
    okta.groups().assign_user(path).await?;
    Ok(())
}

fn main() {}

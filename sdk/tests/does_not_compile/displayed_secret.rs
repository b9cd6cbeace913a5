//! A secret has no Display.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    let secret = okta_sdk::Secret::from("hunter2");
    println!("{secret}");
    okta.users().get("00u1").await?;
    Ok(())
}

fn main() {}

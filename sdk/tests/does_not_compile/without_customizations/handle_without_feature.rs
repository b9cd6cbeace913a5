//! A handle is there with its feature only.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta.telephony_providers();
    Ok(())
}

fn main() {}

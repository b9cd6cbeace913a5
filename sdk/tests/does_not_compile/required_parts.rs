//! Required members that could be swapped go by name, and none of them is left out.

#[allow(dead_code)]
async fn example(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    okta_sdk::models::OAuth2ScopeConsentGrantParts {
        issuer: "https://acme.okta.com".into(),
    };
    Ok(())
}

fn main() {}

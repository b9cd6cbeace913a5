//! What the provider says of itself.

use okta_auth::Issuer;
use okta_auth::oauth::OAuthClient;

use crate::provider::Provider;

tests! {
    oidc_provider_says_where_its_endpoints_are,
    oidc_provider_is_not_taken_for_another_issuer,
}

async fn oidc_provider_says_where_its_endpoints_are() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let metadata = client.metadata().await.unwrap();
    assert_eq!(metadata.issuer, provider.issuer().as_str());
    assert_eq!(metadata.token_endpoint, provider.url("v1/token"));
    assert_eq!(metadata.jwks_uri, provider.url("v1/keys"));
    assert_eq!(
        metadata.device_authorization_endpoint,
        Some(provider.url("v1/device/authorize"))
    );
    assert_eq!(metadata.code_challenge_methods_supported, ["S256"]);
    assert!(metadata.authorization_response_iss_parameter_supported);
}

async fn oidc_provider_is_not_taken_for_another_issuer() {
    let provider = Provider::shared();
    // The same server by another name: its metadata names the issuer that it goes by.
    let name = provider.issuer().as_str().replace("127.0.0.1", "localhost");
    let issuer = Issuer::parse(&name).unwrap();
    let client = OAuthClient::builder(issuer, "web").build().unwrap();
    let error = client.metadata().await.unwrap_err();
    assert!(error.to_string().contains("issuer"), "{error}");
}

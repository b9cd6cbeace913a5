//! That the provider and the browser of these tests work, shown without anything of this crate.

use serde_json::Value;
use url::Url;

use crate::browser::Browser;
use crate::clients::REDIRECT_URI;
use crate::provider::Provider;

tests! {
    oidc_provider_serves_discovery_below_an_issuer_with_a_path,
    oidc_provider_logs_a_person_in_and_sends_the_browser_back,
}

async fn oidc_provider_serves_discovery_below_an_issuer_with_a_path() {
    let provider = Provider::shared();
    let url = provider.url(".well-known/openid-configuration");
    let body = reqwest::get(url).await.unwrap().text().await.unwrap();
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(document["issuer"], provider.issuer().as_str());
    assert_eq!(
        document["token_endpoint"],
        provider.url("v1/token").as_str()
    );
}

async fn oidc_provider_logs_a_person_in_and_sends_the_browser_back() {
    let provider = Provider::shared();
    let url = Url::parse_with_params(
        provider.url("v1/authorize").as_str(),
        [
            ("client_id", "web"),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid"),
            ("state", "xyz"),
        ],
    );
    let callback = Browser::of("isaac").agree(&url.unwrap()).await.left();
    let query: Vec<_> = callback.query_pairs().collect();
    assert!(callback.as_str().starts_with(REDIRECT_URI), "{callback}");
    assert!(
        query.contains(&("state".into(), "xyz".into())),
        "{callback}"
    );
    assert!(query.iter().any(|(name, _)| name == "code"), "{callback}");
}

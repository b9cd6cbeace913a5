//! How the client says who it is, on the wire.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use okta_auth::Error;
use okta_auth::jose::{Algorithm, JwtSigner, SigningKey};
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use serde_json::{Value, json};

use super::server::*;

async fn server() -> Server {
    Server::start(|_, seen| match seen.path.as_str() {
        "/introspect" => json_reply(200, &json!({"active": false})),
        _ => tokens_reply(json!({})),
    })
    .await
}

async fn sent_by(server: &Server, authentication: ClientAuthentication) -> Seen {
    let builder = server.builder().authentication(authentication);
    let oauth = builder.build().unwrap();
    oauth
        .client_credentials()
        .scopes(["a"])
        .send()
        .await
        .unwrap();
    server.only("/token")
}

#[tokio::test]
async fn a_secret_goes_into_the_header_or_the_body() {
    let server_basic = server().await;
    let sent = sent_by(&server_basic, ClientAuthentication::secret_basic("s%3/+é")).await;
    let header = sent.header("authorization").unwrap();
    let pair = STANDARD.decode(header.strip_prefix("Basic ").unwrap());
    assert_eq!(
        String::from_utf8(pair.unwrap()).unwrap(),
        format!("{CLIENT_ID}:s%253%2F%2B%C3%A9")
    );
    sent.assert_fields(&[("grant_type", "client_credentials"), ("scope", "a")]);
    assert_eq!(sent.field("client_id"), None);

    let server_post = server().await;
    let sent = sent_by(&server_post, ClientAuthentication::secret_post("s%3/+é")).await;
    assert_eq!(sent.header("authorization"), None);
    assert_eq!(sent.field("client_secret").as_deref(), Some("s%3/+é"));
    assert_eq!(sent.field("client_id").as_deref(), Some(CLIENT_ID));
}

fn verified(assertion: &str, key: &SigningKey, audience: &str) -> Value {
    let jwk: Jwk = serde_json::from_value(key.public_jwk().to_json()).unwrap();
    let mut validation = Validation::new(key.algorithm().as_str().parse().unwrap());
    validation.set_audience(&[audience]);
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(&jwk).unwrap();
    let token = jsonwebtoken::decode::<Value>(assertion, &key, &validation);
    token.unwrap().claims
}

#[tokio::test]
async fn a_private_key_signs_an_assertion_for_each_endpoint() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::Es384] {
        let key = SigningKey::generate(algorithm).unwrap().with_key_id("k1");
        let server = server().await;
        let sent = sent_by(&server, ClientAuthentication::private_key(key.clone())).await;
        assert_eq!(sent.header("authorization"), None);
        assert_eq!(
            sent.field("client_assertion_type").as_deref(),
            Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        );
        let assertion = sent.field("client_assertion").unwrap();
        assert_eq!(
            part(&assertion, 0),
            json!({"alg": algorithm.as_str(), "kid": "k1", "typ": "JWT"})
        );
        let url = format!("{}/token", server.site().issuer);
        let claims = verified(&assertion, &key, &url);
        assert_eq!(claims["iss"], CLIENT_ID);
        assert_eq!(claims["sub"], CLIENT_ID);
        assert_eq!(claims["iat"], NOW);
        assert_eq!(claims["exp"], NOW + 300);
        assert!(claims["jti"].as_str().unwrap().len() >= 22);

        let key_again = ClientAuthentication::private_key(key.clone());
        let oauth = server.builder().authentication(key_again).build().unwrap();
        let token = "t".into();
        let kind = okta_auth::oauth::TokenKind::AccessToken;
        oauth.introspect(&token, kind).await.unwrap();
        let assertion = server.only("/introspect").field("client_assertion");
        let url = format!("{}/introspect", server.site().issuer);
        verified(&assertion.unwrap(), &key, &url);
    }
}

#[tokio::test]
async fn an_assertion_for_the_issuer_is_for_no_endpoint() {
    let server = server().await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let authentication = ClientAuthentication::private_key(key.clone()).for_issuer();
    let sent = sent_by(&server, authentication).await;
    let claims = verified(
        &sent.field("client_assertion").unwrap(),
        &key,
        &server.site().issuer,
    );
    // As the only value, and as a text (FAPI 2.0 Security Profile, section 5.3.3.1).
    assert_eq!(claims["aud"], server.site().issuer.as_str());

    let secret = ClientAuthentication::secret_post("s3cret").for_issuer();
    assert_eq!(secret.name(), "client_secret_post");
}

#[tokio::test]
async fn no_assertion_is_used_twice() {
    let server = server().await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let key = ClientAuthentication::private_key(key);
    let oauth = server.builder().authentication(key).build().unwrap();
    for _ in 0..3 {
        oauth.client_credentials().send().await.unwrap();
    }
    let ids: HashSet<_> = server
        .seen("/token")
        .iter()
        .map(|seen| part(&seen.field("client_assertion").unwrap(), 1)["jti"].to_string())
        .collect();
    assert_eq!(ids.len(), 3);
}

#[derive(Debug)]
struct Vault(Result<SigningKey, &'static str>);

impl JwtSigner for Vault {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Es256
    }

    fn key_id(&self) -> Option<&str> {
        None
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.0 {
            Ok(key) => key.sign(message),
            Err(why) => Err(Error::other("the vault did not sign", *why)),
        }
    }
}

#[tokio::test]
async fn a_signer_of_ones_own_may_sign_or_fail() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let server_up = server().await;
    let vault = ClientAuthentication::signer(Vault(Ok(key.clone())));
    let sent = sent_by(&server_up, vault).await;
    let url = format!("{}/token", server_up.site().issuer);
    verified(&sent.field("client_assertion").unwrap(), &key, &url);

    let server = server().await;
    let vault = ClientAuthentication::signer(Vault(Err("locked")));
    let oauth = server.builder().authentication(vault).build().unwrap();
    let error = oauth.client_credentials().send().await.unwrap_err();
    assert!(
        error.to_string().contains("the vault did not sign"),
        "{error}"
    );
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn what_needs_a_confidential_client_says_so() {
    let server = server().await;
    let oauth = server.public_client();
    let error = oauth.client_credentials().send().await.unwrap_err();
    assert!(error.is_configuration());
    assert!(error.to_string().contains("`authentication`"), "{error}");
    let hint = okta_auth::oauth::UserHint::login("joe@example.com");
    assert!(
        oauth
            .backchannel(hint)
            .start()
            .await
            .unwrap_err()
            .is_configuration()
    );
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let issuer = okta_auth::Issuer::parse("https://acme.okta.com").unwrap();
    for id in ["", "{clientId}", "0oa abc", "0oa\n"] {
        let error = OAuthClient::builder(issuer.clone(), id)
            .build()
            .unwrap_err();
        assert!(error.is_configuration());
        assert!(error.to_string().contains("0oa1b2c3d4"), "{error}");
    }
    let builder = || OAuthClient::builder(issuer.clone(), CLIENT_ID);
    let empty = ClientAuthentication::secret_basic("");
    let other = okta_auth::Issuer::parse("https://other.okta.com").unwrap();
    let other = okta_auth::ServerMetadata::okta(&other);
    assert!(builder().authentication(empty).build().is_err());
    assert!(builder().metadata(other).build().is_err());
    assert!(builder().id_token_algorithms([]).build().is_err());
    let error = builder().redirect_uri("/callback").unwrap_err();
    assert!(error.is_configuration());
}

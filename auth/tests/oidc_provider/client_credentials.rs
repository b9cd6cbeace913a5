//! Services: client credentials, and all ways of a client to prove who it is.

use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::ClientAuthentication;
use okta_auth::{Error, Verifier};

use crate::clients::{AUDIENCE, ES256_AUDIENCE, client_key};
use crate::provider::Provider;

tests! {
    oidc_provider_gives_services_tokens_that_the_verifier_accepts,
    oidc_provider_refuses_services_that_prove_nothing,
    oidc_provider_takes_assertions_for_the_issuer,
    oidc_provider_gives_a_token_for_the_resource_that_is_named,
    oidc_provider_says_which_grant_or_scope_it_does_not_give,
}

async fn oidc_provider_gives_services_tokens_that_the_verifier_accepts() {
    let provider = Provider::shared();
    for (client_id, audience, algorithm) in [
        ("service_basic", AUDIENCE, Algorithm::Rs256),
        ("service_post", AUDIENCE, Algorithm::Rs256),
        ("service_RS256", AUDIENCE, Algorithm::Rs256),
        ("service_ES256", ES256_AUDIENCE, Algorithm::Es256),
    ] {
        let client = provider.client(client_id).build().unwrap();
        let tokens = client
            .client_credentials()
            .scopes(["api:read"])
            .send()
            .await;
        let tokens = tokens.unwrap_or_else(|error| panic!("{client_id}: {error}"));
        assert!(tokens.scopes.contains("api:read") && !tokens.scopes.contains("api:write"));
        assert!(tokens.refresh_token.is_none() && tokens.id_token.is_none());

        let verifier = Verifier::builder(provider.issuer())
            .audience(audience)
            .allowed_client_ids([client_id])
            .algorithms([algorithm])
            .build()
            .unwrap();
        let token = tokens.access_token.expose();
        let claims = verifier.verify_access_token(token).await.unwrap();
        assert_eq!(claims.client_id, client_id);
        assert_eq!(claims.scopes, ["api:read"]);
    }
}

async fn refusal(provider: &Provider, client_id: &str, wrong: ClientAuthentication) -> Error {
    let client = provider.client(client_id).authentication(wrong);
    let client = client.build().unwrap();
    client
        .client_credentials()
        .scopes(["api:read"])
        .send()
        .await
        .unwrap_err()
}

async fn oidc_provider_refuses_services_that_prove_nothing() {
    let provider = Provider::shared();
    let stranger = |algorithm, id| {
        let key = SigningKey::generate(algorithm).unwrap().with_key_id(id);
        ClientAuthentication::private_key(key)
    };
    for (client_id, wrong) in [
        ("service_basic", ClientAuthentication::secret_basic("wrong")),
        ("service_post", ClientAuthentication::secret_post("wrong")),
        ("service_RS256", stranger(Algorithm::Rs256, "rsa")),
        ("service_ES256", stranger(Algorithm::Es256, "ec")),
        ("service_RS256", stranger(Algorithm::Es256, "rsa")),
        ("nobody", ClientAuthentication::secret_basic("any")),
    ] {
        let error = refusal(provider, client_id, wrong).await;
        assert_eq!(error.code(), Some("invalid_client"), "{client_id}: {error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert!(error.summary().is_some(), "{client_id}: {error}");
    }
}

async fn oidc_provider_takes_assertions_for_the_issuer() {
    let key = client_key(Algorithm::Rs256).clone();
    let client = Provider::shared()
        .client("service_RS256")
        .authentication(ClientAuthentication::private_key(key).for_issuer())
        .build()
        .unwrap();
    let request = client.client_credentials().scopes(["api:read"]);
    assert!(request.send().await.unwrap().scopes.contains("api:read"));
}

/// The client has no resource of its own: without one its tokens are opaque.
async fn oidc_provider_gives_a_token_for_the_resource_that_is_named() {
    let provider = Provider::shared();
    let client = provider.client("service_opaque").build().unwrap();
    let request = client.client_credentials().scopes(["api:read"]);
    let tokens = request.resource(AUDIENCE).send().await.unwrap();
    let verifier = Verifier::builder(provider.issuer()).audience(AUDIENCE);
    let verifier = verifier.build().unwrap();
    let claims = verifier
        .verify_access_token(tokens.access_token.expose())
        .await;
    assert_eq!(claims.unwrap().audience, [AUDIENCE]);
    let several = client.client_credentials().resource(AUDIENCE);
    let error = several.resource(ES256_AUDIENCE).send().await.unwrap_err();
    assert_eq!(
        error.code(),
        Some("invalid_target"),
        "both were sent: {error}"
    );
}

async fn oidc_provider_says_which_grant_or_scope_it_does_not_give() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let error = client
        .client_credentials()
        .scopes(["api:read"])
        .send()
        .await
        .unwrap_err();
    let summary = "requested grant type is not allowed for this client";
    assert_eq!(error.summary(), Some(summary), "{error}");

    let client = provider.client("service_basic").build().unwrap();
    let error = client
        .grant("urn:example:unknown")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("unsupported_grant_type"));
}

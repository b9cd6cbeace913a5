//! Tokens bound to a key. The provider asks for a nonce in each proof.

use std::time::Duration;

use http::Method;
use okta_auth::jose::Algorithm;
use okta_auth::oauth::{TokenKind, TokenType, Tokens};
use okta_auth::verifier::DpopRequest;
use okta_auth::{Dpop, Verifier, VerifyError};
use serde_json::json;

use crate::browser::Browser;
use crate::clients::ES256_AUDIENCE;
use crate::login::{log_in, offline};
use crate::provider::Provider;

tests! {
    oidc_provider_binds_the_tokens_of_a_service_to_its_key,
    oidc_provider_takes_proofs_at_user_info_and_refresh,
    oidc_provider_wants_the_first_key_at_refresh_and_user_info_though_new_tokens_get_others,
    oidc_provider_refuses_bound_tokens_from_whoever_lacks_the_key,
    oidc_provider_gives_nothing_to_an_application_that_has_to_send_proofs_and_does_not,
}

/// What the tokens are for.
const URL: &str = "https://api.example.com/orders";

fn keys() -> [Dpop; 2] {
    [
        Dpop::new().unwrap(),
        Dpop::with_algorithm(Algorithm::Rs256).unwrap(),
    ]
}

async fn oidc_provider_binds_the_tokens_of_a_service_to_its_key() {
    let provider = Provider::shared();
    let verifier = Verifier::builder(provider.issuer())
        .audience(ES256_AUDIENCE)
        .algorithms([Algorithm::Es256])
        .build()
        .unwrap();
    for dpop in keys() {
        let client = provider.client("service_dpop").dpop(dpop).build().unwrap();
        let proofs = client.dpop().unwrap();
        // The first learns a nonce, the second knows one.
        for _ in 0..2 {
            let tokens = client
                .client_credentials()
                .scopes(["api:read"])
                .send()
                .await;
            let tokens = tokens.unwrap();
            assert_eq!(tokens.token_type, TokenType::Dpop);
            let token = tokens.access_token.expose();
            let proof = proofs
                .proof(
                    &Method::GET,
                    &URL.parse().unwrap(),
                    Some(&tokens.access_token),
                )
                .unwrap();
            let request = DpopRequest::new(&Method::GET, URL).proof(&proof);
            let claims = verifier.verify_dpop_access_token(token, request).await;
            let claims = claims.unwrap();
            let thumbprint = tokens.dpop_key.as_ref().unwrap().thumbprint();
            assert_eq!(claims.extra["cnf"], json!({"jkt": thumbprint}));
            let alone = verifier.verify_access_token(token).await;
            assert!(matches!(alone, Err(VerifyError::Bound { .. })));
        }
    }
}

async fn oidc_provider_takes_proofs_at_user_info_and_refresh() {
    let provider = Provider::shared();
    for (client_id, dpop) in ["web_dpop", "spa"].into_iter().zip(keys()) {
        let client = provider.client(client_id).dpop(dpop).build().unwrap();
        let tokens = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;
        assert_eq!(tokens.token_type, TokenType::Dpop);
        assert_eq!(client.user_info(&tokens).await.unwrap().subject, "isaac");

        let refresh_token = tokens.refresh_token.as_ref().unwrap();
        let renewed = client
            .refresh(refresh_token)
            .replacing(&tokens)
            .send()
            .await
            .unwrap();
        assert_eq!(renewed.token_type, TokenType::Dpop);
        assert_eq!(client.user_info(&renewed).await.unwrap().subject, "isaac");

        let said = client
            .introspect(&renewed.access_token, TokenKind::AccessToken)
            .await;
        let said = said.unwrap();
        let key = renewed.dpop_key.as_ref().unwrap();
        assert!(said.active);
        assert_eq!(said.extra["cnf"], json!({"jkt": key.thumbprint()}));
    }
}

async fn oidc_provider_wants_the_first_key_at_refresh_and_user_info_though_new_tokens_get_others() {
    let provider = Provider::shared();
    let dpop = Dpop::new().unwrap().rotate_key_every(Duration::ZERO);
    let client = provider.client("spa").dpop(dpop).build().unwrap();
    let mut browser = Browser::of("isaac");
    let tokens = log_in(&client, &mut browser, offline(&client)).await;
    let others = log_in(&client, &mut browser, offline(&client)).await;
    let thumbprint = |tokens: &Tokens| tokens.dpop_key.as_ref().unwrap().thumbprint().to_owned();
    assert_ne!(thumbprint(&tokens), thumbprint(&others));

    let refresh_token = tokens.refresh_token.as_ref().unwrap();
    let renewed = client.refresh(refresh_token).replacing(&tokens);
    let renewed = renewed.send().await.unwrap();
    assert_eq!(thumbprint(&renewed), thumbprint(&tokens));
    for tokens in [&renewed, &others] {
        assert_eq!(client.user_info(tokens).await.unwrap().subject, "isaac");
    }
}

async fn oidc_provider_refuses_bound_tokens_from_whoever_lacks_the_key() {
    let provider = Provider::shared();
    let client = provider
        .client("web_dpop")
        .dpop(Dpop::new().unwrap())
        .build()
        .unwrap();
    let tokens = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;

    let thief = provider
        .client("web_dpop")
        .dpop(Dpop::new().unwrap())
        .build()
        .unwrap();
    let error = thief.user_info(&tokens.access_token).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    let without = provider.client("web_dpop").build().unwrap();
    let error = without.user_info(&tokens.access_token).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.code(), Some("invalid_token"), "{error}");
}

async fn oidc_provider_gives_nothing_to_an_application_that_has_to_send_proofs_and_does_not() {
    let provider = Provider::shared();
    let client = provider.client("service_dpop").build().unwrap();
    let error = client.client_credentials().send().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
}

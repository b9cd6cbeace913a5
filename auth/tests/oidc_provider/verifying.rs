//! The provider's tokens and keys, as an API sees them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use okta_auth::jose::Algorithm;
use okta_auth::{Clock, IdTokenChecks, Verifier, VerifierBuilder, VerifyError};

use crate::browser::Browser;
use crate::clients::{self, AUDIENCE};
use crate::login::log_in;
use crate::provider::Provider;

tests! {
    oidc_provider_access_token_is_refused_for_whatever_it_is_not_for,
    oidc_provider_tokens_of_one_kind_are_not_taken_for_another,
    oidc_provider_new_keys_are_found_when_a_token_names_one,
}

async fn service_token(provider: &Provider) -> String {
    let client = provider.client("service_basic").build().unwrap();
    let tokens = client
        .client_credentials()
        .scopes(["api:read"])
        .send()
        .await;
    tokens.unwrap().access_token.expose().to_owned()
}

async fn oidc_provider_access_token_is_refused_for_whatever_it_is_not_for() {
    let provider = Provider::shared();
    let token = service_token(provider).await;
    let refusal = async |builder: VerifierBuilder| {
        let verifier = builder.build().unwrap();
        verifier.verify_access_token(&token).await.unwrap_err()
    };
    let builder = || Verifier::builder(provider.issuer()).audience(AUDIENCE);

    let error = refusal(Verifier::builder(provider.issuer()).audience("api://other")).await;
    assert!(matches!(error, VerifyError::Audience { .. }), "{error}");
    let error = refusal(builder().allowed_client_ids(["web"])).await;
    assert!(matches!(error, VerifyError::ClientId { .. }), "{error}");
    let error = refusal(builder().algorithms([Algorithm::Es256])).await;
    assert!(matches!(error, VerifyError::Algorithm { .. }), "{error}");
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    let error = refusal(builder().clock(Clock::fixed(tomorrow))).await;
    assert!(matches!(error, VerifyError::Expired { .. }), "{error}");
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    let error = refusal(builder().clock(Clock::fixed(yesterday))).await;
    assert!(
        matches!(error, VerifyError::IssuedInFuture { .. }),
        "{error}"
    );

    let claims = builder().build().unwrap().verify_access_token(&token).await;
    let claims = claims.unwrap();
    claims.require_scope("api:read").unwrap();
    let error = claims.require_scope("api:write").unwrap_err();
    assert!(matches!(error, VerifyError::Scope { .. }), "{error}");
}

async fn oidc_provider_tokens_of_one_kind_are_not_taken_for_another() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let tokens = log_in(&client, &mut Browser::of("isaac"), client.login()).await;
    let id_token = tokens.id_token.unwrap();
    // Both claim the same audience, so that nothing but their kind tells them apart.
    let verifier = Verifier::builder(provider.issuer())
        .audience("web")
        .audience(AUDIENCE)
        .client_id(AUDIENCE)
        .build()
        .unwrap();

    let error = verifier.verify_access_token(id_token.raw.expose()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, VerifyError::NotAnAccessToken { .. }),
        "{error}"
    );
    let error = verifier.verify_logout_token(id_token.raw.expose()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, VerifyError::NotALogoutToken { .. }),
        "{error}"
    );
    let access_token = service_token(provider).await;
    let error = verifier
        .verify_id_token(&access_token, &IdTokenChecks::new())
        .await;
    let error = error.unwrap_err();
    assert!(matches!(error, VerifyError::TokenType { .. }), "{error}");
}

async fn oidc_provider_new_keys_are_found_when_a_token_names_one() {
    let mut provider = Provider::start(&clients::configuration());
    let later = Arc::new(AtomicU64::new(0));
    let clock = Clock::new({
        let later = Arc::clone(&later);
        move || SystemTime::now() + Duration::from_secs(later.load(Ordering::SeqCst))
    });
    let verifier = Verifier::builder(provider.issuer())
        .audience(AUDIENCE)
        .clock(clock);
    let verifier = verifier.build().unwrap();

    let old = service_token(&provider).await;
    verifier.verify_access_token(&old).await.unwrap();
    provider.rotate_keys();
    let new = service_token(&provider).await;

    // Longer than the verifier waits before it asks again, shorter than the tokens live.
    later.store(60, Ordering::SeqCst);
    verifier.verify_access_token(&new).await.unwrap();
    let error = verifier.verify_access_token(&old).await.unwrap_err();
    assert!(matches!(error, VerifyError::UnknownKeyId { .. }), "{error}");
}

//! A user's tokens that renew themselves, as credentials of calls.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use okta_auth::{Call, Clock, DelegatedToken, Dpop, Pipeline, Secret};
use reqwest::{Method, Request};
use serde_json::Value;

use crate::browser::Browser;
use crate::login::{log_in, offline};
use crate::provider::Provider;

tests! {
    oidc_provider_takes_delegated_tokens_that_renew_themselves,
}

/// Asks who the token is of, as any call of an API would be sent.
async fn whoami(pipeline: &Pipeline, provider: &Provider) -> String {
    let request = Request::new(Method::GET, provider.url("v1/userinfo"));
    let response = pipeline
        .send(request, &Call::new("whoami", "/v1/userinfo"))
        .await
        .unwrap();
    let user: Value = serde_json::from_slice(&response.body).unwrap();
    user["sub"].as_str().unwrap().to_owned()
}

async fn oidc_provider_takes_delegated_tokens_that_renew_themselves() {
    let provider = Provider::shared();
    for (client_id, dpop) in [("web", None), ("web_dpop", Some(Dpop::new().unwrap()))] {
        let later = Arc::new(AtomicU64::new(0));
        let now = Arc::clone(&later);
        let clock = move || SystemTime::now() + Duration::from_secs(now.load(Ordering::SeqCst));
        let mut client = provider.client(client_id).clock(Clock::new(clock));
        if let Some(dpop) = dpop {
            client = client.dpop(dpop);
        }
        let client = client.build().unwrap();
        let tokens = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;

        let saved = Arc::new(Mutex::new(Vec::<Secret>::new()));
        let store = Arc::clone(&saved);
        let user = DelegatedToken::new(client, tokens)
            .unwrap()
            .on_rotation(move |tokens| {
                store.lock().unwrap().extend(tokens.refresh_token.clone());
            });
        let pipeline = Pipeline::builder(provider.issuer().org_url(), user);
        let pipeline = pipeline.build().unwrap();
        assert_eq!(whoami(&pipeline, provider).await, "isaac");
        assert_eq!(saved.lock().unwrap().len(), 0, "{client_id}");

        // The access tokens live for 300 seconds.
        for renewals in 1..=2 {
            later.fetch_add(310, Ordering::SeqCst);
            assert_eq!(whoami(&pipeline, provider).await, "isaac");
            assert_eq!(saved.lock().unwrap().len(), renewals, "{client_id}");
        }
        let saved = saved.lock().unwrap();
        assert!(saved[0] != saved[1], "the provider rotates refresh tokens");
    }
}

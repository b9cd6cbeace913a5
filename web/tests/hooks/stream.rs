//! Shared Signals with Okta as the transmitter.

use std::sync::{Arc, Mutex};

use axum::Router;
use okta_auth::{Issuer, Secret, Verifier};
use okta_emulator::{Emulator, Seed};
use okta_sdk::Client;
use okta_sdk::models::{
    StreamConfigurationCreateRequest, StreamConfigurationDelivery,
    StreamConfigurationDeliveryMethod, StreamConfigurationDeliveryParts, StreamVerificationRequest,
};
use okta_web::hooks::{OktaSignal, SignalReceiver};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const CHANGED: &str = "https://schemas.openid.net/secevent/caep/event-type/credential-change";
const VERIFICATION: &str = "https://schemas.openid.net/secevent/ssf/event-type/verification";

/// A user with a password.
async fn user(org: &Emulator) -> String {
    let body = json!({
        "profile": {
            "firstName": "Ada", "lastName": "Lovelace",
            "login": "ada@example.com", "email": "ada@example.com",
        },
        "credentials": { "password": { "value": "correct horse" } },
    });
    let created = post(org, "/api/v1/users", &body).await;
    created["id"].as_str().unwrap().to_owned()
}

async fn post(org: &Emulator, path: &str, body: &Value) -> Value {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", org.org_url()))
        .header("authorization", format!("SSWS {}", org.token()))
        .header("content-type", "application/json")
        .body(body.to_string());
    let response = request.send().await.unwrap().error_for_status().unwrap();
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn okta_verifies_the_stream_and_sends_a_change_until_it_is_taken() {
    let org = Emulator::builder()
        .seed(Seed::empty())
        .start()
        .await
        .unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let delivery = StreamConfigurationDelivery::new(StreamConfigurationDeliveryParts {
        endpoint_url: format!("{origin}/okta/signals"),
        method: StreamConfigurationDeliveryMethod::UrnIetfRfc8935,
    });
    let delivery = delivery.authorization_header("Bearer of news");
    let stream = StreamConfigurationCreateRequest::new(delivery, [CHANGED]);
    let stream = okta.ssf_streams().create(stream).await.unwrap();

    let verifier = Verifier::builder(Issuer::parse(stream.iss.as_deref().unwrap()).unwrap())
        .audience(&origin)
        .build()
        .unwrap();
    let calls: Arc<Mutex<Vec<OktaSignal>>> = Arc::default();
    let called = Arc::clone(&calls);
    let receiver = SignalReceiver::builder(verifier, move |signal| {
        let mut calls = called.lock().unwrap();
        calls.push(signal);
        // The first is the verification, and the change fails once.
        let fails = calls.len() == 2;
        async move {
            match fails {
                true => Err("the database is away".into()),
                false => Ok(()),
            }
        }
    });
    let receiver = receiver.authorization(Secret::from("Bearer of news"));
    let route = receiver.build().unwrap().route();
    let app: Router = Router::new().route("/okta/signals", route);
    tokio::spawn(async { axum::serve(listener, app).await });

    let asked = StreamVerificationRequest::new(stream.stream_id.unwrap()).state("a state");
    okta.ssf_streams().verify(asked).await.unwrap();
    let user = user(&org).await;
    let path = format!("/api/v1/users/{user}/credentials/change_password");
    let passwords = json!({
        "oldPassword": { "value": "correct horse" },
        "newPassword": { "value": "battery staple" },
    });
    post(&org, &path, &passwords).await;
    org.hooks_delivered().await;

    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 3, "{calls:?}");
    let verification = serde_json::to_value(&calls[0].events).unwrap();
    assert_eq!(
        verification,
        json!({ VERIFICATION: { "state": "a state" } })
    );
    assert_eq!(calls[1].id, calls[2].id);
    for call in &calls[1..] {
        let events = &call.events;
        let changed = &events.https_schemas_openid_net_secevent_caep_event_type_credential_change;
        let changed = changed.as_ref().unwrap();
        assert_eq!(
            changed.credential_type.as_ref().unwrap().as_str(),
            "password"
        );
        let told = serde_json::to_value(events).unwrap();
        assert_eq!(told[CHANGED]["subject"]["sub"], json!(user));
    }
}

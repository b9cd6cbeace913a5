//! What was read is sent back: all that the other type declares, and what nobody knows.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockResponse, MockServer};
use okta_sdk::Client;
use serde_json::Value;
use xtask_drivers::caller::{Given, Scope};
use xtask_drivers::{operations, replacing};

#[derive(Default)]
struct Server {
    answer: Value,
    sent: Vec<Value>,
}

#[tokio::test]
async fn every_object_that_can_be_replaced_goes_back_as_it_came() {
    let mock = MockServer::start_async().await;
    let state = Arc::new(Mutex::new(Server::default()));
    let shared = Arc::clone(&state);
    mock.mock_async(move |when, then| {
        when.any_request();
        then.respond_with(move |request| {
            let mut server = shared.lock().unwrap();
            if request.method_str() == "GET" {
                let answer = server.answer.to_string();
                return HttpMockResponse::builder().status(200).body(answer).build();
            }
            let sent = serde_json::from_slice(request.body_ref()).unwrap();
            server.sent.push(sent);
            HttpMockResponse::builder().status(200).body("{}").build()
        });
    })
    .await;
    let okta = Client::builder()
        .org_url(mock.base_url())
        .api_token("00token")
        .build()
        .unwrap();

    let mut count = 0;
    for (replacing, entry) in replacing::all() {
        let (_, operation) = operations::of(replacing.document, replacing.write).unwrap();
        state.lock().unwrap().answer = entry["answer"].clone();
        let given = Given::new(operation, Scope::Required);
        (replacing.run)(okta.clone(), &given).await.unwrap();
        let sent = std::mem::take(&mut state.lock().unwrap().sent);
        let names = (replacing.read, replacing.write);
        assert_eq!(sent.len(), 1, "{names:?}");
        assert_sent(&sent[0], &entry["sent"], names);
        count += 1;
    }
    assert!(count > 60, "only {count} pairs were tried");
}

fn assert_sent(sent: &Value, expected: &Value, names: (&str, &str)) {
    assert!(
        sent == expected,
        "{names:?} sent {sent:#}\nand not {expected:#}"
    );
}

//! A body that is too long is an error wherever a body is read.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use httpmock::MockServer;
use okta_sdk::{Client, Error, Method};
use serde_json::Value;

/// A client for bodies of 100 bytes, at a server whose list has 101.
fn client(server: &MockServer) -> Client {
    let list = format!("[\"{}\"]", "a".repeat(97));
    server.mock(|when, then| {
        when.method("GET").path("/api/v1/users");
        then.status(200).body(list);
    });
    let builder = Client::builder()
        .org_url(server.base_url())
        .api_token("00a");
    builder.max_response_bytes(100).build().unwrap()
}

#[tokio::test]
async fn raw_streams_and_types_of_ones_own_obey_the_limit() {
    let server = MockServer::start_async().await;
    let okta = client(&server);
    let list = || okta.users().list();
    let by_hand = || okta.request(Method::GET, "/api/v1/users");
    let failures: [Option<Error>; 5] = [
        list().stream_as::<Value>().try_next().await.err(),
        list().stream().prefetch(usize::MAX).try_next().await.err(),
        by_hand().raw().await.err(),
        by_hand().send_as::<Value>().await.err(),
        by_hand().stream_raw().try_next().await.err(),
    ];
    for error in failures {
        let error = error.unwrap();
        assert!(error.is_too_large() && error.attempts() == 1, "{error}");
        assert_eq!(error.path(), Some("/api/v1/users"));
    }
    let whole = by_hand().max_response_bytes(101).raw().await.unwrap();
    assert_eq!(whole.body.len(), 101);
}

//! What reading an answer leaves in the traces.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use std::io;
use std::sync::{Arc, Mutex};

use httpmock::MockServer;
use okta_sdk::Client;
use serde_json::json;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_told_without_the_value() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/api/v1/users/00u1");
            then.status(200).json_body(json!({
                "id": "00u1",
                "profile": {"login": ["leak"]},
                "credentials": {"password": {"value": {"hash": "leak"}}},
            }));
        })
        .await;
    let okta = Client::builder()
        .org_url(server.base_url())
        .api_token("00token")
        .build()
        .unwrap();
    let user = okta.users().get("00u1").await.unwrap();

    let traces = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    for told in [
        r#"type="UserProfile" path="profile.login""#,
        r#"path="credentials.password.value""#,
    ] {
        assert!(traces.contains(told), "{told} is not in {traces}");
    }
    let shown = format!("{user:?}");
    assert!(shown.contains("login") && !format!("{traces}{shown}").contains("leak"));
}

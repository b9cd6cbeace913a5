//! Logins on another device: what is sent, and one question at a time. The pace is tested
//! beside the code.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use okta_auth::Secret;
use okta_auth::oauth::{Poll, UserHint};
use serde_json::{Value, json};

use super::server::*;

fn device_answer() -> Value {
    json!({
        "device_code": "s3cret-dc",
        "user_code": "RGTCFDTL",
        "verification_uri": "https://acme.okta.com/activate",
        "verification_uri_complete": "https://acme.okta.com/activate?user_code=RGTCFDTL",
        "expires_in": 600,
        "interval": 7,
    })
}

/// Pending once, then tokens.
async fn server(begin: Value) -> Server {
    let questions = AtomicUsize::new(0);
    Server::start(move |site, seen| match seen.path.as_str() {
        "/token" if questions.fetch_add(1, Ordering::Relaxed) == 0 => {
            error_reply(400, "authorization_pending", "not yet")
        }
        "/token" => tokens_reply(json!({"id_token": site.id_token(&json!({}))})),
        _ => json_reply(200, &begin),
    })
    .await
}

#[tokio::test]
async fn a_device_login_is_begun_and_asked_about() {
    let server = server(device_answer()).await;
    let oauth = server.public_client();
    let mut login = oauth
        .device()
        .scopes(["openid", "email"])
        .start()
        .await
        .unwrap();
    assert_eq!(login.user_code, "RGTCFDTL");
    assert_eq!(login.verification_uri, "https://acme.okta.com/activate");
    assert!(
        login
            .verification_uri_complete
            .as_ref()
            .unwrap()
            .ends_with("=RGTCFDTL")
    );
    assert_eq!(login.expires_at(), now() + Duration::from_secs(600));
    assert_eq!(login.interval(), Duration::from_secs(7));
    let sent = server.only("/device");
    sent.assert_fields(&[("scope", "openid email")]);
    assert_eq!(sent.field("client_id").as_deref(), Some(CLIENT_ID));

    let Poll::Pending { wait } = login.poll().await.unwrap() else {
        panic!("it should be pending");
    };
    assert_eq!(wait, Duration::from_secs(7));
    let Poll::Ready(tokens) = login.poll().await.unwrap() else {
        panic!("it should be ready");
    };
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "00uJoe");
    for sent in server.seen("/token") {
        sent.assert_fields(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", "s3cret-dc"),
        ]);
    }
}

#[tokio::test]
async fn a_beginning_that_lacks_something_is_an_error() {
    for member in ["device_code", "user_code", "verification_uri", "expires_in"] {
        let mut begin = device_answer();
        begin[member] = Value::Null;
        let server = server(begin).await;
        let error = server.public_client().device().start().await.unwrap_err();
        assert_eq!(error.json_path().unwrap(), format!("$.{member}"));
        assert_eq!(error.operation(), Some("deviceAuthorize"));
    }
    for (member, value) in [("expires_in", json!(-5)), ("interval", json!("often"))] {
        let mut begin = device_answer();
        begin[member] = value;
        let server = server(begin).await;
        let error = server.public_client().device().start().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
    }
    // An absurd interval neither panics nor outlasts the login.
    for (interval, seconds) in [(json!(u64::MAX), 300), (json!(0), 1), (Value::Null, 5)] {
        let mut begin = device_answer();
        begin["interval"] = interval;
        let server = server(begin).await;
        let login = server.public_client().device().start().await.unwrap();
        assert_eq!(login.interval(), Duration::from_secs(seconds));
    }
    let mut begin = device_answer();
    begin["interval"] = json!(200);
    begin["expires_in"] = json!(100);
    let login = server(begin).await.public_client().device().start().await;
    assert_eq!(login.unwrap().interval(), Duration::from_secs(100));
}

#[tokio::test]
async fn a_user_elsewhere_is_asked_to_log_in() {
    let begin = json!({"auth_req_id": "s3cret-id", "expires_in": 120});
    let server = server(begin).await;
    let oauth = server.client();
    let mut login = oauth
        .backchannel(UserHint::login("joe@example.com"))
        .scopes(["email", "openid"])
        .binding_message("Call 4711")
        .requested_expiry(Duration::from_secs(120))
        .start()
        .await
        .unwrap();
    server.only("/bc").assert_fields(&[
        ("scope", "openid email"),
        ("login_hint", "joe@example.com"),
        ("binding_message", "Call 4711"),
        ("requested_expiry", "120"),
        ("request_expiry", "120"),
        ("client_secret", "s3cret-cs"),
    ]);
    assert_eq!(login.interval(), Duration::from_secs(5));
    assert_eq!(login.expires_at(), now() + Duration::from_secs(120));
    assert!(matches!(login.poll().await.unwrap(), Poll::Pending { .. }));
    let Poll::Ready(tokens) = login.poll().await.unwrap() else {
        panic!("it should be ready");
    };
    for sent in server.seen("/token") {
        sent.assert_fields(&[
            ("grant_type", "urn:openid:params:grant-type:ciba"),
            ("auth_req_id", "s3cret-id"),
            ("client_secret", "s3cret-cs"),
        ]);
    }

    let id_token = tokens.id_token.unwrap();
    for (hint, name, value) in [
        (
            UserHint::id_token(&id_token),
            "id_token_hint",
            id_token.raw.expose(),
        ),
        (
            UserHint::login_hint_token("s3cret"),
            "login_hint_token",
            "s3cret",
        ),
    ] {
        oauth.backchannel(hint).start().await.unwrap();
        let sent = server.seen("/bc").pop().unwrap();
        assert_eq!(sent.field(name).as_deref(), Some(value));
        assert_eq!(sent.field("scope").as_deref(), Some("openid"));
    }
}

#[tokio::test]
async fn a_hint_or_expiry_that_cannot_be_is_refused() {
    let server = server(json!({})).await;
    let oauth = server.client();
    let nobody = oauth.backchannel(UserHint::login(Secret::from("")));
    let hint = UserHint::login("joe@example.com");
    let soon = oauth
        .backchannel(hint)
        .requested_expiry(Duration::from_millis(10));
    for start in [nobody, soon] {
        assert!(start.start().await.unwrap_err().is_invalid_argument());
    }
    assert!(server.seen("/bc").is_empty());
}

//! A login begins at a time, and ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use okta_auth::oauth::{Callback, Login, LoginBuilder, OAuthClient, Tokens};
use okta_auth::{Clock, Error};
use serde_json::{Value, json};

use super::server::*;

/// A client whose clock is `seconds` after [`NOW`].
fn client(server: &Server, seconds: &Arc<AtomicU64>) -> OAuthClient {
    let passed = Arc::clone(seconds);
    let clock = Clock::new(move || now() + Duration::from_secs(passed.load(Ordering::Relaxed)));
    server.builder().clock(clock).build().unwrap()
}

/// A server whose ID tokens are issued `issued` seconds after [`NOW`], with `changes`.
async fn server(issued: u64, changes: Value) -> Server {
    Server::start(move |site, seen| match seen.path.as_str() {
        "/par" => json_reply(201, &json!({"request_uri": "urn:x:1", "expires_in": 60})),
        _ => {
            let mut claims = json!({
                "nonce": seen.field("code"),
                "iat": NOW + issued,
                "exp": NOW + issued + 3600,
            });
            let members = claims.as_object_mut().unwrap();
            members.extend(changes.as_object().unwrap().clone());
            tokens_reply(json!({"id_token": site.id_token(&claims)}))
        }
    })
    .await
}

/// Begins a login, lets `taken` seconds pass, and comes back.
async fn log_in(
    server: &Server,
    taken: u64,
    change: impl FnOnce(LoginBuilder<'_>) -> LoginBuilder<'_>,
) -> Result<Tokens, Error> {
    let seconds = Arc::default();
    let oauth = client(server, &seconds);
    let login = change(oauth.login()).start().await?;
    seconds.store(taken, Ordering::Relaxed);
    exchange(&oauth, &login).await
}

async fn exchange(oauth: &OAuthClient, login: &Login) -> Result<Tokens, Error> {
    let nonce = serde_json::to_value(login).unwrap()["nonce"].clone();
    let (code, state) = (nonce.as_str().unwrap(), login.state().expose());
    let callback = Callback::parse(&format!("code={code}&state={state}")).unwrap();
    oauth.exchange_code(login, &callback).await
}

#[tokio::test]
async fn max_age_counts_from_the_beginning_of_the_login() {
    for (max_age, auth_time, is_good) in [
        // Logged in now, while the login went on.
        (0, NOW + 90, true),
        (0, NOW, true),
        // Within the skew of clocks.
        (0, NOW - 10, true),
        (0, NOW - 11, false),
        (0, NOW - 100, false),
        (300, NOW - 310, true),
        (300, NOW - 311, false),
    ] {
        let server = server(100, json!({"auth_time": auth_time})).await;
        let max_age = Duration::from_secs(max_age);
        let answer = log_in(&server, 100, |login| login.max_age(max_age)).await;
        assert_eq!(
            answer.is_ok(),
            is_good,
            "{max_age:?} {auth_time} {answer:?}"
        );
        assert!(answer.err().is_none_or(|error| error.is_credentials()));
    }
}

#[tokio::test]
async fn a_login_in_the_future_is_refused() {
    for (auth_time, is_good) in [(NOW + 10, true), (NOW + 11, false), (NOW + 100, false)] {
        for max_age in [None, Some(Duration::ZERO)] {
            let server = server(0, json!({"auth_time": auth_time})).await;
            let answer = log_in(&server, 0, |login| match max_age {
                Some(age) => login.max_age(age),
                None => login,
            });
            assert_eq!(answer.await.is_ok(), is_good, "{auth_time} {max_age:?}");
        }
    }
}

#[tokio::test]
async fn an_old_login_is_not_ended() {
    let lifetime = Duration::from_secs(30);
    for (taken, own, is_good) in [
        (599, None, true),
        (600, None, false),
        (29, Some(lifetime), true),
        (30, Some(lifetime), false),
    ] {
        let server = server(taken, json!({"auth_time": NOW})).await;
        let answer = log_in(&server, taken, |login| match own {
            Some(lifetime) => login.lifetime(lifetime),
            None => login,
        })
        .await;
        assert_eq!(answer.is_ok(), is_good, "{taken} {own:?}");
        if let Err(error) = answer {
            assert!(error.is_credentials(), "{error}");
            assert!(error.to_string().contains("begin a new login"), "{error}");
            assert!(server.seen("/token").is_empty(), "the code was sent");
        }
    }
}

#[tokio::test]
async fn a_stored_login_cannot_begin_later_than_now() {
    let server = server(0, json!({})).await;
    let oauth = client(&server, &Arc::default());
    let login = oauth.login().start().await.unwrap();
    let mut stored = serde_json::to_value(&login).unwrap();
    stored["began_at"] = json!(NOW + 1000);
    stored["ends_at"] = json!(NOW + 2000);
    let login: Login = serde_json::from_value(stored).unwrap();
    let error = exchange(&oauth, &login).await.unwrap_err();
    assert!(error.to_string().contains("future"), "{error}");
}

#[tokio::test]
async fn a_lifetime_has_bounds() {
    let server = server(0, json!({})).await;
    let oauth = server.public_client();
    for wrong in [0, 24 * 3600 + 1, u64::MAX] {
        let login = oauth.login().lifetime(Duration::from_secs(wrong));
        assert!(login.start().await.unwrap_err().is_invalid_argument());
    }
}

#[tokio::test]
async fn parameters_that_were_sent_ahead_end_when_the_server_says() {
    let server = server(300, json!({"auth_time": NOW})).await;
    let oauth = server.public_client();
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(NOW + seconds);
    let login = oauth.login().pushed(true).start().await.unwrap();
    assert_eq!(
        (login.url_expires_at(), login.expires_at()),
        (at(60), at(600))
    );
    let short = oauth.login().lifetime(Duration::from_secs(5)).pushed(true);
    assert_eq!(short.start().await.unwrap().url_expires_at(), at(5));
    let not_pushed = oauth.login().start().await.unwrap();
    assert_eq!(not_pushed.url_expires_at(), at(600));
    // The user may take longer than a minute, once the browser is at the server.
    assert!(
        log_in(&server, 300, |login| login.pushed(true))
            .await
            .is_ok()
    );

    let over =
        Server::start(|_, _| json_reply(201, &json!({"request_uri": "urn:x:1", "expires_in": 0})))
            .await;
    let login = over
        .public_client()
        .login()
        .pushed(true)
        .start()
        .await
        .map(|_| ());
    assert_eq!(login.unwrap_err().json_path(), Some("$.expires_in"));
}

#![allow(clippy::unwrap_used)]
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use tokio::time::timeout;

use super::*;
use crate::Clock;
use crate::oauth::testing::{client, in_turn};
use crate::oauth::{ClientAuthentication, DeviceLogin, UserHint};
use crate::testing::{Reply, Script, broken, reply};

const TOKENS: &str = r#"{"access_token": "at", "token_type": "Bearer"}"#;

fn begun(interval: &str, expires_in: u64) -> Reply {
    let body = format!(
        r#"{{"device_code": "dc", "user_code": "uc", "verification_uri": "https://x",
        "auth_req_id": "id", {interval} "expires_in": {expires_in}}}"#
    );
    reply(200, &[], &body)
}

fn refused(code: &str) -> Reply {
    reply(400, &[], &format!(r#"{{"error": "{code}"}}"#))
}

fn pending() -> Reply {
    refused("authorization_pending")
}

fn ready() -> Reply {
    reply(200, &[], TOKENS)
}

async fn begin(script: &Script, clock: Clock) -> DeviceLogin {
    let oauth = client(script, ClientAuthentication::none(), clock);
    oauth.device().scopes(["a"]).start().await.unwrap()
}

/// The times in seconds at which `replies` were fetched, and how the login ended.
async fn times(replies: Vec<Reply>) -> (Vec<f64>, Result<Tokens, Error>) {
    let start = Instant::now();
    let (script, _) = in_turn(replies);
    let result = begin(&script, Clock::fixed(UNIX_EPOCH)).await.wait().await;
    (script.times(start), result)
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_the_servers_or_five_seconds() {
    let (asked, tokens) = times(vec![begun("", 600), pending(), pending(), ready()]).await;
    assert_eq!(asked, [0.0, 5.0, 10.0, 15.0]);
    assert_eq!(tokens.unwrap().access_token.expose(), "at");
    let (asked, _) = times(vec![begun(r#""interval": 7,"#, 600), pending(), ready()]).await;
    assert_eq!(asked, [0.0, 7.0, 14.0]);
}

#[tokio::test(start_paused = true)]
async fn paces_and_lives_that_no_login_has_are_clamped() {
    for interval in [r#""interval": 0,"#, r#""interval": 18446744073709551615,"#] {
        let start = Instant::now();
        let (script, _) = in_turn(vec![
            begun(interval, u64::MAX),
            refused("slow_down"),
            ready(),
        ]);
        let mut login = begin(&script, Clock::fixed(UNIX_EPOCH)).await;
        assert_eq!(login.expires_at(), UNIX_EPOCH + MAX_LIFE);
        login.wait().await.unwrap();
        let most = match interval.contains(" 0,") {
            true => vec![0.0, 1.0, 7.0],
            false => vec![0.0, 300.0, 600.0],
        };
        assert_eq!(script.times(start), most);
    }
}

#[tokio::test(start_paused = true)]
async fn slow_down_adds_five_seconds_for_good() {
    let slow_down = || refused("slow_down");
    let replies = vec![
        begun("", 600),
        slow_down(),
        pending(),
        slow_down(),
        pending(),
        ready(),
    ];
    assert_eq!(times(replies).await.0, [0.0, 5.0, 15.0, 25.0, 40.0, 55.0]);
}

#[tokio::test(start_paused = true)]
async fn failing_connections_double_the_wait() {
    for failure in [|| broken(false), || reply(503, &[], "")] {
        let replies = vec![begun("", 600), failure(), failure(), pending(), ready()];
        let (asked, tokens) = times(replies).await;
        assert_eq!(asked, [0.0, 5.0, 15.0, 35.0, 55.0]);
        assert!(tokens.is_ok());
    }
    let mut replies = vec![begun("", 600)];
    replies.extend((0..6).map(|_| broken(false)));
    replies.push(ready());
    let (asked, _) = times(replies).await;
    // Not for ever: 5, 10, 20, 40, 60, 60.
    assert_eq!(asked, [0.0, 5.0, 15.0, 35.0, 75.0, 135.0, 195.0, 255.0]);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_its_time_ends_it_with_the_servers_code() {
    let start = Instant::now();
    let (asked, result) = times(vec![begun("", 12), pending(), pending()]).await;
    assert_eq!(asked, [0.0, 5.0, 10.0]);
    assert_eq!((Instant::now() - start).as_secs(), 12);
    let error = result.unwrap_err();
    assert_eq!(error.code(), Some("expired_token"));
    assert!(error.to_string().contains("begin a new login"), "{error}");
    assert!(error.source().is_none());

    let (_, result) = times(vec![begun("", 9), broken(false)]).await;
    let error = result.unwrap_err();
    assert_eq!(error.code(), Some("expired_token"));
    assert!(error.source().unwrap().to_string().contains("connection"));
}

#[tokio::test(start_paused = true)]
async fn any_other_error_ends_it_at_once() {
    for code in ["access_denied", "expired_token", "invalid_grant"] {
        let (asked, result) = times(vec![begun("", 600), pending(), refused(code)]).await;
        assert_eq!(asked, [0.0, 5.0, 10.0]);
        assert_eq!(result.unwrap_err().code(), Some(code));
    }
    let garbage = reply(200, &[], "<html>");
    let (_, result) = times(vec![begun("", 600), garbage]).await;
    assert!(result.unwrap_err().is_decode());
}

#[tokio::test(start_paused = true)]
async fn waiting_can_be_stopped_and_begun_again_at_the_same_pace() {
    let start = Instant::now();
    let slow = (Duration::from_secs(3), pending().1);
    let (script, _) = in_turn(vec![begun("", 600), pending(), slow, ready()]);
    let mut login = begin(&script, Clock::fixed(UNIX_EPOCH)).await;
    // Stopped while it sleeps, then while it waits for an answer.
    for stopped_after in [7, 4] {
        let limit = Duration::from_secs(stopped_after);
        assert!(timeout(limit, login.wait()).await.is_err());
    }
    assert!(login.wait().await.is_ok());
    assert_eq!(script.times(start), [0.0, 5.0, 10.0, 15.0]);
}

#[tokio::test(start_paused = true)]
async fn the_clients_clock_counts_too() {
    let seconds = Arc::new(AtomicU64::new(1000));
    let hand = Arc::clone(&seconds);
    let clock = Clock::new(move || UNIX_EPOCH + Duration::from_secs(hand.load(Ordering::Relaxed)));
    let (script, _) = in_turn(vec![begun("", 600), pending()]);
    let mut login = begin(&script, clock).await;
    assert_eq!(login.expires_at(), UNIX_EPOCH + Duration::from_secs(1600));
    // The machine slept: the monotonic clock stood still.
    seconds.store(1600, Ordering::Relaxed);
    for result in [login.poll().await.err(), login.wait().await.err()] {
        assert_eq!(result.unwrap().code(), Some("expired_token"));
    }
    assert_eq!(script.sent(<[_]>::len), 1);
}

#[tokio::test(start_paused = true)]
async fn a_single_question_tells_how_long_to_wait() {
    let replies = vec![
        begun("", 600),
        refused("slow_down"),
        broken(false),
        refused("access_denied"),
    ];
    let (script, _) = in_turn(replies);
    let mut login = begin(&script, Clock::fixed(UNIX_EPOCH)).await;
    let Poll::Pending { wait } = login.poll().await.unwrap() else {
        unreachable!("the user has not logged in");
    };
    assert_eq!(wait, Duration::from_secs(10));
    assert!(login.poll().await.unwrap_err().is_transport());
    assert_eq!(login.interval(), Duration::from_secs(20));
    assert_eq!(
        login.poll().await.unwrap_err().code(),
        Some("access_denied")
    );
}

#[tokio::test(start_paused = true)]
async fn a_back_channel_login_keeps_the_same_rules() {
    let start = Instant::now();
    let id_token_missing = ready();
    let replies = vec![
        begun("", 300),
        pending(),
        refused("slow_down"),
        id_token_missing,
    ];
    let (script, forms) = in_turn(replies);
    let secret = ClientAuthentication::secret_post("s3cret");
    let oauth = client(&script, secret, Clock::fixed(UNIX_EPOCH));
    let hint = UserHint::login("joe@example.com");
    let mut login = oauth.backchannel(hint).start().await.unwrap();
    let error = login.wait().await.unwrap_err();
    // It always asks for `openid`.
    assert_eq!(error.json_path(), Some("$.id_token"));
    assert_eq!(script.times(start), [0.0, 5.0, 10.0, 20.0]);
    assert_eq!(forms.lock().unwrap()[3]["auth_req_id"], "id");
}

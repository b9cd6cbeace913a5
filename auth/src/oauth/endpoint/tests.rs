#![allow(clippy::unwrap_used)]
use std::collections::HashSet;

use crate::Secret;
use crate::clock::Clock;
use crate::error::Error;
use crate::jose::{Algorithm, SigningKey};
use crate::oauth::testing::{client, in_turn};
use crate::oauth::{Callback, ClientAuthentication, OAuthClient, TokenKind, UserHint};
use crate::testing::{Reply, broken, reply};

const TOKENS: &str = r#"{"access_token": "at", "token_type": "Bearer", "active": true,
    "request_uri": "urn:x", "device_code": "dc", "user_code": "uc", "verification_uri": "https://x",
    "expires_in": 60, "auth_req_id": "id"}"#;

/// A flow that posts one form, or the second form of one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Flow {
    ClientCredentials,
    Introspect,
    Revoke,
    Push,
    Device,
    Code,
    Refresh,
    Exchange,
    Password,
    Backchannel,
}

use Flow::*;

async fn run(oauth: &OAuthClient, flow: Flow) -> Result<(), Error> {
    let secret = Secret::from("s3cret");
    match flow {
        ClientCredentials => oauth.client_credentials().send().await.map(drop),
        Introspect => oauth
            .introspect(&secret, TokenKind::AccessToken)
            .await
            .map(drop),
        Revoke => oauth.revoke(&secret, TokenKind::AccessToken).await,
        Push => oauth.login().pushed(true).start().await.map(drop),
        Device => oauth.device().start().await.map(drop),
        Code => {
            let login = oauth.login().scopes(["a"]).start().await?;
            let callback = format!("code=c&state={}", login.state().expose());
            let callback = Callback::parse(&callback)?;
            oauth.exchange_code(&login, &callback).await.map(drop)
        }
        Refresh => oauth.refresh(&secret).await.map(drop),
        Exchange => {
            let subject = crate::oauth::ExchangeToken::access_token(&secret);
            oauth.token_exchange(subject).send().await.map(drop)
        }
        Password => oauth
            .password("joe", &secret)
            .scopes(["a"])
            .send()
            .await
            .map(drop),
        Backchannel => {
            let hint = UserHint::login("joe");
            oauth.backchannel(hint).start().await.map(drop)
        }
    }
}

const REPEATABLE: [Flow; 5] = [ClientCredentials, Introspect, Revoke, Push, Device];
const ONCE: [Flow; 5] = [Code, Refresh, Exchange, Password, Backchannel];

/// How the flow ends, how many forms it takes, and how many assertions there are among them.
async fn over(flow: Flow, first: Reply) -> (bool, usize, usize) {
    let (script, forms) = in_turn(vec![first, reply(200, &[], TOKENS)]);
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let key = ClientAuthentication::private_key(key);
    let oauth = client(&script, key, Clock::system());
    let succeeded = run(&oauth, flow).await.is_ok();
    let forms = forms.lock().unwrap();
    let assertions: HashSet<_> = forms.iter().map(|form| &form["client_assertion"]).collect();
    (succeeded, forms.len(), assertions.len())
}

#[tokio::test(start_paused = true)]
async fn what_may_be_repeated_is_with_a_fresh_assertion() {
    for flow in REPEATABLE {
        for first in [reply(500, &[], ""), reply(503, &[], ""), broken(false)] {
            assert_eq!(over(flow, first).await, (true, 2, 2), "{flow:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_repeated_is_not_once_it_may_have_arrived() {
    for flow in ONCE {
        for first in [reply(500, &[], ""), broken(false)] {
            assert_eq!(over(flow, first).await, (false, 1, 1), "{flow:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_read_is_sent_again_with_a_fresh_assertion() {
    for flow in REPEATABLE.into_iter().chain(ONCE) {
        let limited = reply(429, &[("retry-after", "1")], "");
        for first in [limited, broken(true)] {
            assert_eq!(over(flow, first).await, (true, 2, 2), "{flow:?}");
        }
    }
}

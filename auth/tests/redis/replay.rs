//! DPoP proofs and logout tokens are good once for all processes.

use futures::future::join_all;
use okta_auth::redis::{RedisConnection, RedisReplayCache};
use okta_auth::verifier::{DpopChecks, ProofError};
use okta_auth::{Verifier, VerifyError};
use redis::cmd;

use crate::made::{RSA, builder, logout_claims, sign};
use crate::proofs::{CLIENT_KEY, bound_to, check, made};
use crate::server::Server;

tests! {
    redis_lets_one_of_a_hundred_proofs_pass_in_two_processes,
    redis_remembers_a_proof_for_as_long_as_it_is_good_and_a_minute,
    redis_lets_a_logout_token_pass_once,
    redis_that_is_away_lets_nothing_pass,
}

/// The verifier of a process with a connection of its own.
fn verifier(server: &Server) -> Verifier {
    verifier_over(&server.patient_connection())
}

fn verifier_over(connection: &RedisConnection) -> Verifier {
    let replays = RedisReplayCache::new(connection);
    let checks = DpopChecks::new().replay_cache(replays.clone());
    builder()
        .dpop(checks)
        .replay_cache(replays)
        .build()
        .unwrap()
}

async fn redis_lets_one_of_a_hundred_proofs_pass_in_two_processes() {
    let server = Server::start();
    let token = bound_to(&CLIENT_KEY);
    let verifiers = [verifier(&server), verifier(&server)];
    for id in ["one", "two"] {
        let proof = made(&token).claim("jti", id).text();
        let checks = (0..100).map(|number| check(&verifiers[number % 2], &token, &proof));
        let (passed, refused): (Vec<_>, Vec<_>) =
            join_all(checks).await.into_iter().partition(Result::is_ok);
        assert_eq!(passed.len(), 1);
        for error in refused {
            let replayed = matches!(error, Err(VerifyError::Proof(ProofError::Replayed)));
            assert!(replayed, "{error:?}");
        }
    }
}

async fn redis_remembers_a_proof_for_as_long_as_it_is_good_and_a_minute() {
    let server = Server::start();
    let token = bound_to(&CLIENT_KEY);
    check(&verifier(&server), &token, &made(&token).text())
        .await
        .unwrap();
    let [key] = &server.keys().await[..] else {
        panic!("one key for one proof");
    };
    // A hash says nothing of the proof.
    let id = key.strip_prefix("okta:once:").unwrap();
    assert_eq!(id.len(), 43);
    let left: u64 = server.ask(cmd("PTTL").arg(key)).await;
    // The window of two minutes, a second for rounding, and the minute.
    assert!((151_000..=181_000).contains(&left), "{left}");
}

async fn redis_lets_a_logout_token_pass_once() {
    let server = Server::start();
    let token = sign(&RSA, &logout_claims());
    let verifiers = [verifier(&server), verifier(&server)];
    verifiers[0].verify_logout_token(&token).await.unwrap();
    for verifier in &verifiers {
        let again = verifier.verify_logout_token(&token).await;
        assert!(matches!(again, Err(VerifyError::Replayed)), "{again:?}");
    }
}

async fn redis_that_is_away_lets_nothing_pass() {
    let mut server = Server::start();
    let token = bound_to(&CLIENT_KEY);
    let proof = |id: &str| made(&token).claim("jti", id).text();
    let verifier = verifier_over(&server.connection());
    check(&verifier, &token, &proof("one")).await.unwrap();
    server.stop();
    let error = check(&verifier, &token, &proof("two")).await.unwrap_err();
    assert!(matches!(error, VerifyError::ReplayCache(_)), "{error:?}");
    assert_eq!(error.status(), 503);
    server.restart();
    check(&verifier, &token, &proof("three")).await.unwrap();
}

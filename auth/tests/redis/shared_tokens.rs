//! The processes of one service app share their access token.

use std::time::Duration;

use futures::future::join_all;
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::redis::RedisTokenStore;
use okta_auth::{
    Dpop, Pipeline, SealingKey, ServiceAppBuilder, SharedEntry, SharedTokenStore, SharedTokens,
};
use redis::cmd;
use serde_json::json;

use crate::org::{Org, USERS, get};
use crate::server::Server;
use crate::watched::watched;

tests! {
    redis_four_processes_ask_for_one_token,
    redis_a_token_that_was_revoked_is_replaced_once_for_all,
    redis_sees_neither_tokens_nor_clients,
    redis_entry_of_another_key_is_replaced,
    redis_entry_of_an_older_key_is_taken,
    redis_that_stops_in_the_middle_stops_nobody,
    redis_processes_with_one_dpop_key_share_bound_tokens,
    redis_that_is_full_of_garbage_stops_nobody,
    redis_entry_is_read_up_to_a_bound_and_only_with_an_end,
    redis_lock_of_a_process_that_died_ends,
}

/// An org that answers at once. Its keys are those of all orgs of this program, made on first use:
/// that can take longer than processes wait for each other.
async fn org() -> Org {
    let first = Org::start().await;
    let api = first.api(first.service_app().build().unwrap());
    get(&api, USERS).await.unwrap();
    Org::start().await
}

fn shared(server: &Server, key: u8) -> SharedTokens {
    let store = RedisTokenStore::new(&server.patient_connection());
    SharedTokens::new(store, sealing_key(key))
}

fn sealing_key(byte: u8) -> SealingKey {
    SealingKey::new([byte; 32]).unwrap()
}

/// A process with a connection and a service app of its own.
fn process(org: &Org, server: &Server) -> Pipeline {
    process_of(org, org.service_app(), shared(server, 1))
}

fn process_of(org: &Org, app: ServiceAppBuilder, shared: SharedTokens) -> Pipeline {
    org.api(app.shared_tokens(shared).build().unwrap())
}

/// All of them call the API at once.
async fn all_call(processes: &[Pipeline]) {
    for users in join_all(processes.iter().map(|api| get(api, USERS))).await {
        users.unwrap();
    }
}

/// The key of the only token that is shared.
async fn entry(server: &Server) -> String {
    let keys = server.keys().await;
    let [key] = &keys[..] else {
        panic!("one token and no lock: {keys:?}");
    };
    key.clone()
}

async fn redis_four_processes_ask_for_one_token() {
    let (org, server) = (org().await, Server::start());
    let processes = [(); 4].map(|()| process(&org, &server));
    for _ in 0..3 {
        all_call(&processes).await;
    }
    assert_eq!(org.asked_for_tokens(), 1);
    let left: u64 = server.ask(cmd("PTTL").arg(entry(&server).await)).await;
    assert!((3_500_000..=3_600_000).contains(&left), "{left}");
}

async fn redis_a_token_that_was_revoked_is_replaced_once_for_all() {
    let (org, server) = (org().await, Server::start());
    let processes = [(); 4].map(|()| process(&org, &server));
    let (first, token) = watched(&org, org.service_app().shared_tokens(shared(&server, 1)));
    all_call(std::slice::from_ref(&first)).await;
    all_call(&processes).await;
    token.revoke(&org).await;
    all_call(&processes).await;
    all_call(&[first]).await;
    assert_eq!(org.asked_for_tokens(), 2);
    // Who comes later finds the new one.
    let users = get(&process(&org, &server), USERS).await.unwrap();
    assert_eq!((users.attempts, org.asked_for_tokens()), (1, 2));
}

async fn redis_sees_neither_tokens_nor_clients() {
    let (org, server) = (org().await, Server::start());
    let (api, token) = watched(&org, org.service_app().shared_tokens(shared(&server, 1)));
    all_call(&[api]).await;
    let key = entry(&server).await;
    let name = key.strip_prefix("okta:token:").unwrap();
    assert_eq!(name.len(), 43);
    let stored: Vec<u8> = server.ask(cmd("GET").arg(&key)).await;
    let token = token.get();
    let is_there = |part: &str| stored.windows(part.len()).any(|at| at == part.as_bytes());
    assert!(token.expose().len() > 20 && stored.len() > token.expose().len());
    assert!(!is_there(&token.expose()[..8]));
    assert!(!is_there(&org.okta.service_app().client_id));
}

async fn redis_entry_of_another_key_is_replaced() {
    let (org, server) = (org().await, Server::start());
    all_call(&[process(&org, &server)]).await;
    let stranger = process_of(&org, org.service_app(), shared(&server, 2));
    all_call(&[stranger]).await;
    assert_eq!(org.asked_for_tokens(), 2);
    let another = process_of(&org, org.service_app(), shared(&server, 2));
    all_call(&[another]).await;
    assert_eq!(org.asked_for_tokens(), 2);
}

async fn redis_entry_of_an_older_key_is_taken() {
    let (org, server) = (org().await, Server::start());
    all_call(&[process(&org, &server)]).await;
    let both = shared(&server, 2).older_key(sealing_key(1));
    all_call(&[process_of(&org, org.service_app(), both)]).await;
    assert_eq!(org.asked_for_tokens(), 1);
}

async fn redis_that_stops_in_the_middle_stops_nobody() {
    let (org, mut server) = (org().await, Server::start());
    let (first, token) = watched(&org, org.service_app().shared_tokens(shared(&server, 1)));
    let processes = [first, process(&org, &server)];
    all_call(&processes).await;
    assert_eq!(org.asked_for_tokens(), 1);
    server.stop();
    all_call(&processes).await;
    assert_eq!(org.asked_for_tokens(), 1, "each has the token");
    token.revoke(&org).await;
    all_call(&processes).await;
    assert_eq!(org.asked_for_tokens(), 3, "each asks for itself");

    server.restart();
    all_call(&[process(&org, &server)]).await;
    all_call(&[process(&org, &server)]).await;
    assert_eq!(org.asked_for_tokens(), 4, "they share again");
}

async fn redis_processes_with_one_dpop_key_share_bound_tokens() {
    let (org, server) = (org().await, Server::start());
    org.okta.oauth().require_dpop_nonce(false);
    let wants_proofs = json!({"dpop_bound_access_tokens": true});
    org.change(org.okta.service_app(), wants_proofs).await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let of_key = |key: &SigningKey| {
        let app = org.service_app().dpop_keys(Dpop::with_key(key.clone()));
        process_of(&org, app, shared(&server, 1))
    };
    all_call(&[of_key(&key)]).await;
    assert_eq!(org.asked_for_tokens(), 2, "without a proof, then with it");
    // This one finds out that Okta wants a proof, and then the token.
    all_call(&[of_key(&key)]).await;
    assert_eq!(org.asked_for_tokens(), 3);

    let other = SigningKey::generate(Algorithm::Es256).unwrap();
    all_call(&[of_key(&other)]).await;
    assert_eq!(
        org.asked_for_tokens(),
        5,
        "a key of its own, a token of its own"
    );
    // Neither is one of a key that only this process has.
    all_call(&[process(&org, &server)]).await;
    assert_eq!(org.asked_for_tokens(), 7);
    assert_eq!(server.keys().await.len(), 2);
}

async fn redis_that_is_full_of_garbage_stops_nobody() {
    let (org, server) = (org().await, Server::start());
    all_call(&[process(&org, &server)]).await;
    let key = entry(&server).await;
    for (asked, garbage) in (2..).zip([
        vec![],
        vec![1],
        b"\x01 not sealed".to_vec(),
        vec![1; 1 << 20],
    ]) {
        let mut set = cmd("SET");
        set.arg(&key).arg(garbage).arg("PX").arg(60_000);
        let () = server.ask(&set).await;
        all_call(&[process(&org, &server)]).await;
        assert_eq!(org.asked_for_tokens(), asked);
    }
    // Of another type, and without an end.
    let () = server.ask(cmd("DEL").arg(&key)).await;
    let () = server.ask(cmd("LPUSH").arg(&key).arg("x")).await;
    all_call(&[process(&org, &server)]).await;
    assert_eq!(org.asked_for_tokens(), 6);
}

async fn redis_entry_is_read_up_to_a_bound_and_only_with_an_end() {
    let server = Server::start();
    let store = RedisTokenStore::new(&server.patient_connection());
    let life = Duration::from_secs(60);
    let long = SharedEntry::new(vec![7; 1 << 20], life);
    store.save("a", long).await.unwrap();
    let entry = store.load("a").await.unwrap().unwrap();
    assert_eq!(entry.sealed.len(), 128 * 1024);
    assert!(entry.left <= life && entry.left > life / 2);

    let mut set = cmd("SET");
    let () = server.ask(set.arg("okta:token:b").arg("x")).await;
    assert_eq!(store.load("b").await.unwrap(), None);
    assert_eq!(store.load("c").await.unwrap(), None);
}

async fn redis_lock_of_a_process_that_died_ends() {
    let (org, server) = (org().await, Server::start());
    all_call(&[process(&org, &server)]).await;
    let key = entry(&server).await;
    let lock = key.replace("token:", "token-lock:");
    let () = server.ask(cmd("DEL").arg(&key)).await;
    let mut taken = cmd("SET");
    taken
        .arg(&lock)
        .arg("a process that died")
        .arg("PX")
        .arg(300);
    let () = server.ask(&taken).await;
    all_call(&[process(&org, &server)]).await;
    assert_eq!(org.asked_for_tokens(), 2);
    assert_eq!(entry(&server).await, key, "the lock was given back");
}

//! A service whose tokens are bound to a key: proofs, nonces, and URLs that some encoders change.

use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::{Dpop, Pipeline};
use serde_json::json;

use crate::org::*;

fn bound(org: &Org) -> Pipeline {
    org.api(org.service_app().dpop(true).build().unwrap())
}

#[tokio::test]
async fn every_call_has_a_proof_and_the_nonce_is_asked_for_once() {
    let org = Org::start().await;
    let api = bound(&org);
    for _ in 0..3 {
        assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    }
    assert_eq!(org.asked_for_tokens(), 2, "without a nonce, then with it");
    let calls = org.asked(USERS);
    let proofs: Vec<_> = calls.iter().map(|call| call.header("dpop")).collect();
    assert!(proofs.iter().all(Option::is_some));
    assert!(proofs[0] != proofs[1] && proofs[1] != proofs[2]);

    // The next token needs no question about the nonce.
    org.pass(3600);
    get(&api, USERS).await.unwrap();
    assert_eq!(org.asked_for_tokens(), 3);
}

#[tokio::test]
async fn an_app_that_wants_proofs_gets_them_unasked() {
    let org = Org::start().await;
    let settings = json!({"dpop_bound_access_tokens": true});
    org.change(org.okta.service_app(), settings).await;
    let api = org.api(org.service_app().build().unwrap());
    for _ in 0..2 {
        assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    }
    let proofs = org.asked(TOKEN).into_iter();
    let with_proof: Vec<_> = proofs.map(|asked| asked.header("dpop").is_some()).collect();
    assert_eq!(
        with_proof,
        [false, true, true],
        "without, without a nonce, well"
    );
    assert!(
        org.asked(USERS)
            .iter()
            .all(|call| call.header("dpop").is_some())
    );
}

#[tokio::test]
async fn who_was_told_not_to_prove_anything_does_not() {
    let org = Org::start().await;
    let settings = json!({"dpop_bound_access_tokens": true});
    org.change(org.okta.service_app(), settings).await;
    let api = org.api(org.service_app().dpop(false).build().unwrap());
    let error = get(&api, USERS).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_dpop_proof"), "{error}");
    assert_eq!(org.asked_for_tokens(), 1);
}

#[tokio::test]
async fn the_api_may_want_a_nonce_as_well() {
    let org = Org::start().await;
    let oauth = org.okta.oauth();
    // The token endpoint tells none, so the first call has to learn it.
    oauth.require_dpop_nonce(false);
    oauth.require_dpop_nonce_at_api(true);
    let api = bound(&org);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 2);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);

    oauth.expire_dpop_nonce();
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 2);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    assert_eq!(org.asked_for_tokens(), 1, "the token was not to blame");
}

#[tokio::test]
async fn a_nonce_that_expires_is_replaced_wherever_it_is_noticed() {
    let org = Org::start().await;
    let oauth = org.okta.oauth();
    oauth.require_dpop_nonce_at_api(true);
    let api = bound(&org);
    assert_eq!(
        get(&api, USERS).await.unwrap().attempts,
        1,
        "as at the token endpoint"
    );
    assert_eq!(org.asked_for_tokens(), 2);

    // The API notices first, and the token endpoint later.
    oauth.expire_dpop_nonce();
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 2);
    org.pass(3600);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    assert_eq!(
        org.asked_for_tokens(),
        4,
        "with the old nonce, with the new"
    );

    // The token endpoint notices first, and the API later.
    oauth.expire_dpop_nonce();
    org.pass(3600);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 2);
    assert_eq!(org.asked_for_tokens(), 6);
}

#[tokio::test]
async fn a_login_in_the_path_is_proven_as_it_is_sent() {
    let org = Org::start().await;
    let api = bound(&org);
    org.okta.oauth().compare_dpop_url_by_rfc(true);
    for path in [
        "/api/v1/users/grace@example.com",
        "/api/v1/users/grace%40example.com",
        "/api/v1/users/grace@example.com?fields=id,profile&x=%40#top",
    ] {
        let user = get(&api, path).await.unwrap();
        assert_eq!(user.attempts, 1, "{path}");
        assert_eq!(json_of(&user)["profile"]["login"], GRACE);
    }
}

#[tokio::test]
async fn a_server_that_decodes_paths_is_found_out_once() {
    let org = Org::start().await;
    let api = bound(&org);
    for (path, attempts) in [
        ("/api/v1/users/grace@example.com", 1),
        ("/api/v1/users/grace%40example.com", 2),
        ("/api/v1/users/grace%40example.com?x=%40", 1),
        ("/api/v1/users/grac%65%40example.com", 1),
        ("/api/v1/users/grace@example.com", 1),
    ] {
        let user = get(&api, path).await.unwrap();
        assert_eq!(user.attempts, attempts, "{path}");
        assert_eq!(json_of(&user)["profile"]["login"], GRACE);
    }
    assert_eq!(org.asked_for_tokens(), 2, "the token was not to blame");
}

#[tokio::test]
async fn a_key_of_ones_own_serves_every_algorithm() {
    let org = Org::start().await;
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Es512,
    ] {
        let key = SigningKey::generate(algorithm).unwrap();
        let app = org.service_app().dpop(true).dpop_keys(Dpop::with_key(key));
        let api = org.api(app.build().unwrap());
        assert_eq!(get(&api, USERS).await.unwrap().attempts, 1, "{algorithm}");
    }
}

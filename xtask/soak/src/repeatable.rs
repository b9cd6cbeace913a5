//! The same seed gives the same people, changes, kill points and faults.

#![allow(clippy::unwrap_used)]

use fastrand::Rng;
use okta_emulator::{Emulator, Faults};
use okta_sdk::Client;

use crate::round::kill_points;
use crate::wish::Wish;

#[test]
fn people_changes_and_kill_points_follow_from_the_seed() {
    for round in [1, 2] {
        let wish = |seed| Wish::new(seed, 500, 3, round);
        assert_eq!(wish(7), wish(7));
        assert_ne!(wish(7), wish(8));
    }
    assert_ne!(Wish::new(7, 500, 3, 1), Wish::new(7, 500, 3, 2));
    let points = |seed| kill_points(&mut Rng::with_seed(seed), 10, 10_000);
    assert_eq!(points(7), points(7));
    assert_ne!(points(7), points(8));
    assert!(points(7).iter().sum::<u64>() <= 10_000);
}

/// Which of a number of requests, sent one after the other, were hit.
async fn hits(seed: u64) -> Vec<bool> {
    let org = Emulator::builder().faults(Faults::seeded(seed)).start();
    let org = org.await.unwrap();
    for rule in crate::faults(100) {
        org.faults().inject(rule);
    }
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let okta = okta.max_retries(0).build().unwrap();
    let mut hits = Vec::new();
    for _ in 0..200 {
        let before = org.stats().faults;
        // The connection is closed by some of them, and read again.
        let _ = okta.users().get("me").await;
        hits.push(org.stats().faults > before);
    }
    hits
}

#[tokio::test]
async fn faults_hit_the_same_requests() {
    let one = hits(7).await;
    assert!(one.contains(&true) && one.contains(&false));
    assert_eq!(one, hits(7).await);
    assert_ne!(one, hits(8).await);
}

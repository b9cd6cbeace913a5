//! Many workers at one org.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures::future::join_all;
use okta_emulator::{Emulator, RateLimits};
use okta_sdk::Client;
use okta_sdk::redis::RedisRateBudget;

use crate::fleet::Fleet;

tests! {
    ten_workers_share_the_limit_of_an_org,
}

/// Requests in a window, and its seconds.
const LIMIT: u32 = 60;
const WINDOW: u32 = 3;
const WINDOWS: u32 = 5;

#[allow(clippy::print_stderr)] // figures for people
async fn ten_workers_share_the_limit_of_an_org() {
    let fleet = Fleet::start(1, RateLimits::new(LIMIT, WINDOW)).await;
    let org = &fleet.orgs[0];
    let clients = (0..10).map(|_| {
        // Each with a connection of its own, as another process has it.
        let budget = RedisRateBudget::new(&fleet.redis.patient_connection());
        Client::builder()
            .org_url(org.org_url())
            .api_token(org.token())
            .rate_budget(budget)
            .build()
            .unwrap()
    });
    let clients: Vec<Client> = clients.collect();
    let end = Instant::now() + Duration::from_secs(u64::from(WINDOW * WINDOWS));
    join_all(clients.iter().flat_map(|okta| {
        (0..4).map(move |_| async move {
            while Instant::now() < end {
                let left = end.saturating_duration_since(Instant::now());
                let call = async { okta.users().get("me").await };
                // The last call may wait for a window that is not looked at.
                if let Ok(answer) = tokio::time::timeout(left, call).await {
                    answer.unwrap();
                }
            }
        })
    }))
    .await;
    assert_eq!(org.stats().rate_limited, 0);
    let windows = served(org);
    // The first and the last are cut off by the clock.
    let whole: Vec<u32> = windows.into_values().skip(1).collect();
    let (_, whole) = whole.split_last().unwrap();
    let sum: u32 = whole.iter().sum();
    let allowed = LIMIT * u32::try_from(whole.len()).unwrap();
    assert!(sum * 100 >= allowed * 95, "{whole:?} of {LIMIT} each");
    eprintln!("{sum} of {allowed} requests, in {} windows", whole.len());
}

/// How many requests were served in each window, by when it ends.
fn served(org: &Emulator) -> BTreeMap<String, u32> {
    let mut windows = BTreeMap::new();
    for request in org.requests() {
        let headers = request.answer.unwrap().headers;
        let reset = headers
            .into_iter()
            .find(|(name, _)| name == "x-rate-limit-reset");
        *windows.entry(reset.unwrap().1).or_default() += 1;
    }
    windows
}

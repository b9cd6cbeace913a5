//! That a long query keeps nobody waiting. The runtime has one thread, and the query stands still in the
//! middle: what it held, no other request could have.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc;
use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::json;
use tokio::sync::oneshot;

use super::*;
use crate::org::events;
use crate::server::Emulator;

/// More than the log keeps if nothing is said.
const EVENTS: u64 = 200_000;
/// When a request counts as one that is never answered. It is no measure.
const NEVER: Duration = Duration::from_secs(60);

async fn org(log_size: usize) -> Emulator {
    let okta = Emulator::builder().log_size(log_size).start().await;
    let okta = okta.unwrap();
    let mut org = okta.shared().org();
    org.now = okta.shared().clock.stamp();
    for _ in 0..EVENTS {
        org.record(events::GROUP_CREATED, None);
    }
    drop(org);
    okta
}

async fn send(okta: &Emulator, method: Method, path: &str) -> Response {
    let http = Client::builder().no_proxy().build().unwrap();
    let request = http.request(method, format!("{}{path}", okta.org_url()));
    let request = request.header("authorization", format!("SSWS {}", okta.token()));
    let body = json!({ "profile": { "name": "Made meanwhile" } });
    let sent = request.json(&body).send();
    tokio::time::timeout(NEVER, sent).await.unwrap().unwrap()
}

/// A query that looks at every event of its log, waits, and looks at every event again. Gives how many
/// events the log had then, and its first position before and after.
async fn held(
    okta: &Emulator,
    halfway: oneshot::Sender<()>,
    goes_on: mpsc::Receiver<()>,
) -> (usize, [u64; 2]) {
    let uri = "/api/v1/logs?filter=eventType%20eq%20%22no.such.event%22";
    let call = Call::unrouted(
        okta.org_url().to_owned(),
        &uri.parse().unwrap(),
        Body::Nothing,
    );
    let now = okta.shared().clock.stamp();
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let ask = move |log: &Log| {
        let first = log.first();
        logs::list(log, now, &call)?;
        halfway.send(()).unwrap();
        goes_on.recv_timeout(NEVER).unwrap();
        logs::list(log, now, &call)?;
        Ok((log.len(), [first, log.first()]))
    };
    query(okta.shared(), turns, ask).await.unwrap()
}

#[tokio::test]
async fn a_query_without_a_match_holds_nothing_that_a_user_needs() {
    let okta = org(usize::try_from(EVENTS).unwrap()).await;
    let (halfway, is_halfway) = oneshot::channel();
    let (go_on, goes_on) = mpsc::channel();
    let meanwhile = async {
        is_halfway.await.unwrap();
        let user = send(&okta, Method::GET, "/api/v1/users/grace@example.com").await;
        assert_eq!(user.status(), 200);
        let made = send(&okta, Method::POST, "/api/v1/groups").await;
        assert_eq!(made.status(), 200);
        go_on.send(()).unwrap();
    };
    let ((seen, _), ()) = tokio::join!(held(&okta, halfway, goes_on), meanwhile);
    assert_eq!(seen as u64, EVENTS);
}

#[tokio::test]
async fn a_log_that_is_trimmed_meanwhile_stays_whole_for_its_query() {
    let size = 1000;
    let okta = org(size).await;
    let (halfway, is_halfway) = oneshot::channel();
    let (go_on, goes_on) = mpsc::channel();
    let meanwhile = async {
        is_halfway.await.unwrap();
        let user = send(&okta, Method::GET, "/api/v1/users/grace@example.com").await;
        assert_eq!(user.status(), 200);
        let mut org = okta.shared().org();
        for _ in 0..2 * size {
            org.record(events::GROUP_CREATED, None);
        }
        let first = org.log.first();
        drop(org);
        go_on.send(()).unwrap();
        first
    };
    let ((seen, [before, after]), trimmed) = tokio::join!(held(&okta, halfway, goes_on), meanwhile);
    assert_eq!(before, EVENTS - size as u64 + 1);
    assert_eq!(trimmed, before + 2 * size as u64, "its events are gone");
    assert_eq!(
        (seen, after),
        (size, before),
        "and still there for the query"
    );
}

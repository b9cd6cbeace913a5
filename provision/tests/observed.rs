//! Observers and spans see each request of a run.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use okta_provision::{Apply, Desired, Group, Guard, Meter, Person, Plan};
use okta_sdk::Client;
use support::org;
use tracing::{Instrument, Level, info_span};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_request_of_a_run_has_a_span_below_that_of_the_run_and_is_told_to_observers() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(Level::INFO)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let org = org().await;
    let told = Arc::new(Mutex::new(BTreeMap::<&'static str, usize>::new()));
    let (meter, counts) = (Meter::new(), Arc::clone(&told));
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .observer(meter.clone())
        .on_response(move |attempt, _| {
            *counts.lock().unwrap().entry(attempt.operation).or_default() += 1;
        });
    let okta = okta.build().unwrap();
    let mut desired = Desired::new();
    desired.person(Person::new("ada@example.com", "Ada", "Lovelace"));
    desired.group(Group::new("Analysts").member("ada@example.com"));
    org.clear_requests();
    let run = async {
        let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
        let report = Apply::new(&okta, plan).run().await.unwrap();
        assert!(report.is_complete(), "{report}");
    };
    run.instrument(info_span!("nightly")).await;

    let told = told.lock().unwrap();
    assert_eq!(told["createUser"], 1);
    assert_eq!(told["assignUserToGroup"], 1);
    let requests = org.requests().len();
    assert_eq!(told.values().sum::<usize>(), requests);
    assert_eq!(meter.requests().sent, u64::try_from(requests).unwrap());

    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    let closed: Vec<_> = text
        .lines()
        .filter(|line| line.contains("okta_auth::pipeline: close"))
        .collect();
    assert!(
        closed.iter().all(|line| line.contains("nightly:")),
        "{text}"
    );
    for (operation, count) in &*told {
        let of = closed.iter().filter(|line| line.contains(operation));
        assert_eq!(of.count(), *count, "{operation}\n{text}");
    }
}

//! What a collector of OpenTelemetry is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use okta_emulator::RateLimits;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

use crate::check;
use crate::fleet::Fleet;

tests! {
    a_collector_sees_a_run_from_the_queue_to_okta_and_the_figures_of_each_org,
}

/// The span of a run.
const RUN: &str = "provision";

/// What has arrived so far.
#[derive(Clone, Debug, Default)]
struct Told(Arc<Mutex<Received>>);

#[derive(Debug, Default)]
struct Received {
    spans: Vec<Span>,
    /// Each figure with its labels, as `name org=org-0 worker=…`.
    figures: Vec<String>,
    bytes: Vec<Bytes>,
}

impl Told {
    /// Waits until so many runs are told: a run is over a moment before its span is.
    async fn until_runs(&self, count: usize) {
        let is_told = || {
            let received = self.0.lock().unwrap();
            let runs = received.spans.iter().filter(|span| span.name == RUN);
            runs.count() == count
        };
        let wait = async {
            while !is_told() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let is_in_time = tokio::time::timeout(Duration::from_secs(60), wait).await;
        assert!(
            is_in_time.is_ok(),
            "{:#?}",
            names(&self.0.lock().unwrap().spans)
        );
    }
}

/// A collector that keeps what it is sent, and its URL.
async fn collector() -> (Told, String) {
    let told = Told::default();
    let routes = Router::new()
        .route("/v1/traces", post(traces))
        .route("/v1/metrics", post(metrics))
        .with_state(told.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, routes).await });
    (told, url)
}

async fn traces(State(told): State<Told>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    let scopes = request.resource_spans.into_iter();
    let spans = scopes.flat_map(|it| it.scope_spans).flat_map(|it| it.spans);
    let mut received = told.0.lock().unwrap();
    received.spans.extend(spans);
    received.bytes.push(body);
}

async fn metrics(State(told): State<Told>, body: Bytes) {
    let request = ExportMetricsServiceRequest::decode(body.clone()).unwrap();
    let scopes = request.resource_metrics.into_iter();
    let scopes = scopes.flat_map(|it| it.scope_metrics);
    let mut received = told.0.lock().unwrap();
    for metric in scopes.flat_map(|it| it.metrics) {
        let points = match metric.data {
            Some(Data::Gauge(gauge)) => gauge.data_points,
            Some(Data::Sum(sum)) => sum.data_points,
            _ => Vec::new(),
        };
        for point in points {
            let labels: Vec<String> = point.attributes.iter().map(label).collect();
            let figure = format!("{} {}", metric.name, labels.join(" "));
            received.figures.push(figure);
        }
    }
    received.bytes.push(body);
}

fn label(it: &KeyValue) -> String {
    let value = match &it.value {
        Some(AnyValue {
            value: Some(any_value::Value::StringValue(text)),
        }) => text.clone(),
        other => format!("{other:?}"),
    };
    format!("{}={value}", it.key)
}

async fn a_collector_sees_a_run_from_the_queue_to_okta_and_the_figures_of_each_org() {
    let (told, url) = collector().await;
    let fleet = Fleet::start(2, RateLimits::new(6000, 60)).await;
    let people = fleet.file("people.csv", &check::people(3));
    let told_program = |arguments: &[&str]| {
        let mut program = fleet.program(arguments);
        program.env("OTEL_EXPORTER_OTLP_ENDPOINT", &url);
        program.env("OTEL_BSP_SCHEDULE_DELAY", "200");
        tokio::process::Command::from(program)
    };
    let submitted = told_program(&["submit", "--all", &people]).status().await;
    assert!(submitted.unwrap().success());
    let mut worker = told_program(&["worker", "--name", "north"]);
    let mut worker = worker.kill_on_drop(true).spawn().unwrap();
    // This runtime is the collector, too: nothing here may hold it up.
    fleet.ended().await;
    told.until_runs(2).await;
    // Figures are sent once a minute, and when the worker stops.
    let process = worker.id().unwrap().to_string();
    let mut stop = tokio::process::Command::new("kill");
    assert!(stop.arg(process).status().await.unwrap().success());
    let ended = tokio::time::timeout(Duration::from_secs(60), worker.wait()).await;
    assert!(ended.unwrap().unwrap().success());

    let received = told.0.lock().unwrap();
    for org in ["org-0", "org-1"] {
        for name in ["okta.fleet.steps", "okta.fleet.rate_limit.used"] {
            let is_told = received.figures.iter().any(|figure| {
                figure.starts_with(name)
                    && figure.contains(&format!("org={org}"))
                    && figure.contains("worker=north")
            });
            assert!(is_told, "{name} of {org}: {:#?}", received.figures);
        }
    }
    // One trace goes from the command that submitted over the queue and the worker to Okta.
    let runs = received.spans.iter().filter(|span| span.name == RUN);
    let mut count = 0;
    for run in runs {
        let mut same = received.spans.iter();
        let submitted = same.find(|span| span.name == "submit" && span.trace_id == run.trace_id);
        assert!(submitted.is_some(), "{:#?}", names(&received.spans));
        let mut same = received.spans.iter();
        let sent = same.find(|span| span.trace_id == run.trace_id && span.name == "okta_call");
        assert!(sent.is_some(), "{:#?}", names(&received.spans));
        count += 1;
    }
    assert_eq!(count, 2);
    let secret = fleet.orgs[0].token().as_bytes();
    let is_secret = |bytes: &Bytes| bytes.windows(secret.len()).any(|part| part == secret);
    assert!(!received.bytes.iter().any(is_secret));
}

fn names(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

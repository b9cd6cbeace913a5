//! Logs on standard error, and traces and metrics for OpenTelemetry where a collector is named.

use std::fmt;
use std::time::Duration;

use okta_provision::Kind;
use okta_sdk::{Attempt, AttemptEnd, Observer};
use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt as logs};

/// The variable that names the collector.
const COLLECTOR: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The scope of what is told.
const SCOPE: &str = "okta-fleet";

/// What is sent to a collector.
#[derive(Debug, Default)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    metrics: Option<SdkMeterProvider>,
}

/// Starts it.
pub fn start() -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("fleet=info"));
    let logs = logs::layer()
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let logs = tracing_subscriber::registry().with(logs);
    if std::env::var_os(COLLECTOR).is_none() {
        logs.init();
        return Ok(Telemetry::default());
    }
    global::set_text_map_propagator(TraceContextPropagator::new());
    let traces = SpanExporter::builder().with_http().build()?;
    let traces = SdkTracerProvider::builder()
        .with_batch_exporter(traces)
        .build();
    let metrics = MetricExporter::builder().with_http().build()?;
    let metrics = SdkMeterProvider::builder()
        .with_periodic_exporter(metrics)
        .build();
    global::set_meter_provider(metrics.clone());
    let spans = tracing_opentelemetry::layer().with_tracer(traces.tracer(SCOPE));
    // Spans of its own requests to the collector would never end.
    let ours = EnvFilter::new("fleet=info,okta_sdk=info,okta_auth=info");
    logs.with(spans.with_filter(ours)).init();
    Ok(Telemetry {
        traces: Some(traces),
        metrics: Some(metrics),
    })
}

impl Telemetry {
    /// Sends what was not sent yet.
    pub fn end(self) {
        if let Some(Err(error)) = self.traces.map(|traces| traces.shutdown()) {
            tracing::warn!("traces were lost: {error}");
        }
        if let Some(Err(error)) = self.metrics.map(|metrics| metrics.shutdown()) {
            tracing::warn!("metrics were lost: {error}");
        }
    }
}

/// What a worker counts, by org.
pub struct Meters {
    worker: KeyValue,
    steps: Counter<u64>,
    failures: Counter<u64>,
    waiting: Gauge<f64>,
    used: Gauge<f64>,
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}

impl Meters {
    pub fn new(worker: &str) -> Self {
        let meter = global::meter(SCOPE);
        Self {
            worker: KeyValue::new("worker", worker.to_owned()),
            steps: meter
                .u64_counter("okta.fleet.steps")
                .with_description("Steps that were done")
                .build(),
            failures: meter
                .u64_counter("okta.fleet.failures")
                .with_description("Steps that were refused or went wrong")
                .build(),
            waiting: meter
                .f64_gauge("okta.fleet.oldest_waiting")
                .with_unit("s")
                .with_description("How long the oldest run has waited that nobody carries out")
                .build(),
            used: meter
                .f64_gauge("okta.fleet.rate_limit.used")
                .with_description(
                    "The share of a rate limit that is used in its window, from 0 to 1",
                )
                .build(),
        }
    }

    fn of(&self, org: &str) -> [KeyValue; 2] {
        [KeyValue::new("org", org.to_owned()), self.worker.clone()]
    }

    pub fn done(&self, org: &str, kind: Kind) {
        let [org, worker] = self.of(org);
        let kind = KeyValue::new("kind", kind.to_string());
        self.steps.add(1, &[org, worker, kind]);
    }

    pub fn failed(&self, org: &str) {
        self.failures.add(1, &self.of(org));
    }

    pub fn waiting(&self, org: &str, oldest: Duration) {
        self.waiting.record(oldest.as_secs_f64(), &self.of(org));
    }
}

/// Measures how much of an org's rate limits is used.
#[derive(Debug)]
pub struct Share {
    labels: [KeyValue; 2],
    used: Gauge<f64>,
}

impl Meters {
    /// For the client of an org.
    pub fn share(&self, org: &str) -> Share {
        Share {
            labels: self.of(org),
            used: self.used.clone(),
        }
    }
}

impl Observer for Share {
    #[allow(clippy::cast_precision_loss)] // of a share
    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let Some(limit) = end.rate_limit.filter(|limit| limit.limit > 0) else {
            return;
        };
        let used = limit.limit.saturating_sub(limit.remaining) as f64 / limit.limit as f64;
        let [org, worker] = self.labels.clone();
        self.used
            .record(used, &[org, worker, KeyValue::new("path", attempt.path)]);
    }
}

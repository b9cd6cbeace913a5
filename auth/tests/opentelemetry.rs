//! What is measured and propagated.
#![cfg(feature = "opentelemetry")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod scripted;

use std::collections::BTreeMap;

use okta_auth::OpenTelemetry;
use okta_auth::transport::{Answer, Broken};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, global};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scripted::{Scripted, builder, get, ok};

type Attributes = BTreeMap<String, String>;

/// The points of the one metric, each with how often it was measured.
fn points(exporter: &InMemoryMetricExporter) -> Vec<(u64, Attributes)> {
    let all = exporter.get_finished_metrics().unwrap();
    let metrics: Vec<_> = all
        .iter()
        .flat_map(|all| all.scope_metrics())
        .flat_map(|scope| scope.metrics())
        .collect();
    let [metric] = metrics[..] else {
        panic!("one metric, not {metrics:?}");
    };
    assert_eq!(metric.name(), "http.client.request.duration");
    assert_eq!(metric.unit(), "s");
    let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else {
        panic!("a histogram, not {metric:?}");
    };
    let points = histogram.data_points().map(|point| {
        let attributes = point
            .attributes()
            .map(|it| (it.key.to_string(), it.value.to_string()));
        (point.count(), attributes.collect())
    });
    points.collect()
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_measured_by_the_conventions() {
    let exporter = InMemoryMetricExporter::default();
    let provider = SdkMeterProvider::builder()
        .with_periodic_exporter(exporter.clone())
        .build();
    let transport = Scripted::new(|number, _| match number {
        1 => Err(Broken::unsent("no network").into()),
        2 => {
            let busy = StatusCode::SERVICE_UNAVAILABLE;
            Ok(Answer::new(busy, HeaderMap::new(), ""))
        }
        _ => ok(),
    });
    let pipeline = builder("https://acme.okta.com")
        .transport(transport)
        .observer(OpenTelemetry::with_meter(&provider.meter("test")))
        .build()
        .unwrap();
    for _ in 0..2 {
        get(&pipeline).await.unwrap();
    }
    provider.force_flush().unwrap();

    let common = [
        ("http.request.method", "GET"),
        ("server.address", "acme.okta.com"),
        ("server.port", "443"),
        ("url.template", "/api/v1/users/{userId}"),
    ];
    let with = |more: &[(&str, &str)]| -> Attributes {
        let all = common.iter().chain(more);
        all.map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    let mut points = points(&exporter);
    points.sort();
    let mut expected = vec![
        (1, with(&[("error.type", "connect")])),
        (
            1,
            with(&[("error.type", "503"), ("http.response.status_code", "503")]),
        ),
        (2, with(&[("http.response.status_code", "200")])),
    ];
    expected.sort();
    assert_eq!(points, expected);
}

#[tokio::test(start_paused = true)]
async fn the_trace_goes_along() {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let transport = Scripted::new(|_, request| {
        assert_eq!(
            request.headers()["traceparent"],
            "00-000000000000000000000000000000aa-00000000000000bb-01"
        );
        ok()
    });
    let pipeline = builder("https://acme.okta.com")
        .transport(transport.clone())
        .observer(OpenTelemetry::new())
        .build()
        .unwrap();
    let span = SpanContext::new(
        TraceId::from(0xaa),
        SpanId::from(0xbb),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    );
    let context = Context::new().with_remote_span_context(span);
    let _guard = context.attach();
    get(&pipeline).await.unwrap();
    assert_eq!(transport.sent().len(), 1);
}

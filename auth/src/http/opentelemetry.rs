//! OpenTelemetry: how long requests take, and to which trace they belong.

use std::borrow::Cow;

use ::opentelemetry::metrics::{Histogram, Meter};
use ::opentelemetry::propagation::Injector;
use ::opentelemetry::{Context, KeyValue, Value, global};
use http::{HeaderName, HeaderValue, Method};

use crate::{AddedHeaders, Attempt, AttemptEnd, Observer};

/// The name of the meter.
const SCOPE: &str = "okta-sdk";

/// The boundaries that the conventions advise, in seconds.
const BOUNDARIES: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// An [`Observer`] for OpenTelemetry (feature `opentelemetry`).
///
/// - It measures each attempt in the histogram `http.client.request.duration`, in seconds, with
///   `http.request.method`, `server.address`, `server.port`, `url.template`, and
///   `http.response.status_code` or `error.type`. An error status has both.
/// - It writes the current trace context (`Context::current()`) into the headers of each attempt by
///   the global propagator. Okta sees what that propagates, baggage included.
///
/// Its requests are no spans of OpenTelemetry by themselves: the SDK traces each call with
/// [`tracing`], whose spans `tracing-opentelemetry` exports.
///
/// ```
/// use okta_auth::{ApiToken, OpenTelemetry, OrgUrl, Pipeline};
///
/// # fn run() -> Result<(), okta_auth::Error> {
/// // After the program has set its meter provider and propagator.
/// let org = OrgUrl::parse("https://acme.okta.com")?;
/// let pipeline = Pipeline::builder(org, ApiToken::new("00abc")?)
///     .observer(OpenTelemetry::new())
///     .build()?;
/// # Ok(()) }
/// # run().unwrap();
/// ```
///
/// Source: <https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-client>
#[derive(Clone, Debug)]
pub struct OpenTelemetry {
    duration: Histogram<f64>,
}

impl OpenTelemetry {
    /// Measures with the global meter provider, which has to be set before.
    #[must_use]
    pub fn new() -> Self {
        Self::with_meter(&global::meter(SCOPE))
    }

    /// Measures with a meter of yours.
    #[must_use]
    pub fn with_meter(meter: &Meter) -> Self {
        let duration = meter
            .f64_histogram("http.client.request.duration")
            .with_unit("s")
            .with_description("Duration of HTTP client requests.")
            .with_boundaries(BOUNDARIES.to_vec());
        Self {
            duration: duration.build(),
        }
    }
}

impl Default for OpenTelemetry {
    fn default() -> Self {
        Self::new()
    }
}

impl Observer for OpenTelemetry {
    fn on_request(&self, _: &Attempt<'_>, headers: &mut AddedHeaders<'_>) {
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&Context::current(), &mut Headers(headers));
        });
    }

    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let seconds = end.duration.as_secs_f64();
        self.duration.record(seconds, &attributes(attempt, end));
    }
}

fn attributes(attempt: &Attempt<'_>, end: &AttemptEnd<'_>) -> Vec<KeyValue> {
    let url = attempt.org.as_url();
    let mut attributes = vec![
        KeyValue::new("http.request.method", method(attempt.method)),
        KeyValue::new("server.address", text(url.host_str().unwrap_or_default())),
    ];
    if let Some(port) = url.port_or_known_default() {
        attributes.push(KeyValue::new("server.port", i64::from(port)));
    }
    if !attempt.path.is_empty() {
        attributes.push(KeyValue::new("url.template", attempt.path));
    }
    if let Some(status) = end.status {
        let code = i64::from(status.as_u16());
        attributes.push(KeyValue::new("http.response.status_code", code));
    }
    if let Some(error) = error_type(end) {
        attributes.push(KeyValue::new("error.type", error));
    }
    attributes
}

/// The method, if it is one that HTTP has: there must not be endlessly many values.
fn method(method: &Method) -> Value {
    match *method {
        Method::GET => "GET".into(),
        Method::POST => "POST".into(),
        Method::PUT => "PUT".into(),
        Method::PATCH => "PATCH".into(),
        Method::DELETE => "DELETE".into(),
        Method::HEAD => "HEAD".into(),
        Method::OPTIONS => "OPTIONS".into(),
        _ => "_OTHER".into(),
    }
}

/// An error status by its number, a failure by its word.
fn error_type(end: &AttemptEnd<'_>) -> Option<Value> {
    if let Some(failure) = end.failure {
        return Some(failure.name().into());
    }
    let status = end.status.filter(|status| status.as_u16() >= 400)?;
    Some(text(status.as_str()))
}

fn text(text: &str) -> Value {
    Value::from(Cow::<'static, str>::Owned(text.to_owned()))
}

/// Headers as a propagator fills them. What no header may be is left out.
struct Headers<'a, 'b>(&'a mut AddedHeaders<'b>);

impl Injector for Headers<'_, '_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.add(name, value);
        }
    }
}

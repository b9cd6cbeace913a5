//! `/api/v1/ssf/stream`: the one stream of security event tokens that an org has. What is in it:
//! `org/signal_stream.rs`; who sends it: `delivery/signals.rs`.

use serde_json::{Value, json};
use url::Url;

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, patch, post, put};
use crate::object::Object;
use crate::org::Org;
use crate::org::signal_stream::SignalStream;
use crate::problem::Problem;
use crate::view;

const STREAM: &str = "/api/v1/ssf/stream";

/// A verification calls the receiver, and must not hold the org meanwhile.
pub(crate) const VERIFICATION: &str = "/api/v1/ssf/stream/verification";

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at(
            STREAM,
            [
                get(read),
                post(create),
                put(replace),
                patch(update),
                delete(remove),
            ],
        )
        .at("/api/v1/ssf/stream/status", [get(status)])
        .elsewhere(VERIFICATION, "POST")
}

impl Org {
    /// The stream, if that is the id of it. Where no id is given, there is only one that can be meant.
    pub(crate) fn find_signal_stream(&self, id: Option<&str>) -> Result<&SignalStream, Problem> {
        let stream = self.signal_stream.as_ref();
        let stream = stream.filter(|stream| id.is_none_or(|id| id == stream.id));
        stream.ok_or_else(|| Problem::not_found(id.unwrap_or("stream"), "SSFStream"))
    }
}

/// The stream that a body describes.
fn described(id: String, body: &Object) -> Result<SignalStream, Problem> {
    let delivery = body.get("delivery").unwrap_or(&Value::Null);
    let text = |name: &str| delivery[name].as_str().map(str::to_owned);
    let requested = body.get("events_requested").and_then(Value::as_array);
    let requested = requested.into_iter().flatten();
    let requested = requested.filter_map(|uri| uri.as_str().map(str::to_owned));
    let endpoint = text("endpoint_url").unwrap_or_default();
    let url = Url::parse(&endpoint).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| {
        let cause = "delivery.endpoint_url: must be an http or https URL";
        Problem::validation("delivery.endpoint_url", [cause])
    })?;
    Ok(SignalStream {
        id,
        requested: requested.collect(),
        method: text("method").unwrap_or_default(),
        audience: url.origin().ascii_serialization(),
        authorization: text("authorization_header"),
        endpoint,
    })
}

fn show(org: &Org, call: &Call) -> Result<Value, Problem> {
    let stream = org.find_signal_stream(None)?;
    Ok(view::signal_stream(stream, &call.base))
}

/// One by its id, or all.
fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let id = call.option("stream_id");
    let stream = view::signal_stream(org.find_signal_stream(id)?, &call.base);
    match id {
        Some(_) => Reply::ok(&stream),
        None => Reply::ok(&[stream]),
    }
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    if let Some(stream) = org.signal_stream.as_ref() {
        return Err(Problem::conflict(format!(
            "stream: the org has the stream {}; delete it before you create another",
            stream.id
        )));
    }
    let id = org.ids.object("esc");
    *org.signal_stream = Some(described(id, &call.object()?)?);
    Reply::created(&show(org, call)?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let before = org.find_signal_stream(id_of(&body))?;
    let mut stream = described(before.id.clone(), &body)?;
    keep_authorization(before, &mut stream, &body);
    *org.signal_stream = Some(stream);
    Reply::ok(&show(org, call)?)
}

/// Changes what the body has, and leaves the rest.
fn update(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let before = org.find_signal_stream(id_of(&body))?;
    let mut merged = Object::from_iter([
        ("events_requested".to_owned(), json!(before.requested)),
        (
            "delivery".to_owned(),
            json!({ "method": before.method, "endpoint_url": before.endpoint }),
        ),
    ]);
    for name in ["events_requested", "delivery"] {
        match (merged.get_mut(name), body.get(name)) {
            (Some(Value::Object(own)), Some(Value::Object(given))) => own.extend(given.clone()),
            (Some(own), Some(given)) => *own = given.clone(),
            _ => {}
        }
    }
    let mut stream = described(before.id.clone(), &merged)?;
    keep_authorization(before, &mut stream, &body);
    *org.signal_stream = Some(stream);
    Reply::ok(&show(org, call)?)
}

/// The authorization is not shown, so that whoever writes back what was read keeps it; but not for
/// another receiver.
fn keep_authorization(before: &SignalStream, stream: &mut SignalStream, body: &Object) {
    let is_given = body
        .get("delivery")
        .is_some_and(|delivery| delivery.get("authorization_header").is_some());
    if !is_given && stream.endpoint == before.endpoint {
        stream.authorization.clone_from(&before.authorization);
    }
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.find_signal_stream(call.option("stream_id"))?;
    *org.signal_stream = None;
    Reply::no_content()
}

fn status(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let stream = org.find_signal_stream(call.option("stream_id"))?;
    Reply::ok(&json!({ "stream_id": stream.id, "status": "enabled" }))
}

pub(crate) fn id_of(body: &Object) -> Option<&str> {
    body.get("stream_id").and_then(Value::as_str)
}

//! What tests do to the org by HTTP, where they are not part of its process: `/_emulator`. No request
//! to it is recorded, counted or hit by a fault.

mod authorization_servers;
mod hooks;
mod messages;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::caller::has_api_token;
use crate::faults::{FaultRule, Faults};
use crate::pages::browser;
#[cfg(feature = "data")]
use crate::persistence;
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::requests::RecordedRequest;
use crate::shared::Shared;
use crate::{cors, routes};

pub use authorization_servers::AuthorizationServers;

type Controlled = State<Arc<Shared>>;
type Outcome = Result<Response, Problem>;

/// The org with its controls.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let controls = Router::new()
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/seed", put(seed_faults))
        .route("/clock", get(clock).post(advance_clock))
        .route("/keys/rotate", post(rotate_keys))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/codes", get(messages::codes))
        .route("/pushes", post(messages::answer_pushes))
        .route("/hooks", get(hooks::waiting))
        .route(
            "/messages",
            get(messages::messages).delete(messages::clear_messages),
        )
        .route_layer(middleware::from_fn_with_state(shared.clone(), guard));
    let router = Router::new()
        .nest("/_emulator", controls)
        .fallback_service(routes::router(shared))
        .layer(cors::layer(shared))
        // Pages are not for other origins, trusted or not.
        .merge(browser::router(shared))
        .with_state(shared.clone());
    #[cfg(feature = "data")]
    let router = router.layer(middleware::from_fn_with_state(
        shared.clone(),
        persistence::keep,
    ));
    router
}

/// Lets nobody in without the API token.
async fn guard(State(shared): Controlled, request: Request, next: Next) -> Response {
    match has_api_token(&shared, request.headers()) {
        true => next.run(request).await,
        false => refusal(&shared, &Problem::invalid_token()),
    }
}

async fn faults(State(shared): Controlled) -> Json<Vec<FaultRule>> {
    Json(shared.faults.rules())
}

async fn add_fault(State(shared): Controlled, body: Bytes) -> Response {
    let added = read::<FaultRule>(&body).and_then(|rule| {
        if !shared.faults.inject_within_bound(rule.clone()) {
            let cause = format!("there are {} rules; delete them first", Faults::MOST_RULES);
            return Err(Problem::validation("faults", [cause]));
        }
        Ok((StatusCode::CREATED, Json(rule)).into_response())
    });
    answered(&shared, added)
}

async fn clear_faults(State(shared): Controlled) -> StatusCode {
    shared.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedOfFaults {
    seed: u64,
}

async fn seed_faults(State(shared): Controlled, body: Bytes) -> Response {
    let seeded = read(&body).map(|SeedOfFaults { seed }| {
        shared.faults.seed(seed);
        StatusCode::NO_CONTENT.into_response()
    });
    answered(&shared, seeded)
}

async fn clock(State(shared): Controlled) -> Json<Value> {
    Json(json!({ "now": shared.clock.stamp() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

async fn advance_clock(State(shared): Controlled, body: Bytes) -> Response {
    let advanced = read(&body).map(|Advance { seconds }| {
        shared.clock.advance(Duration::from_secs(seconds.into()));
        Json(json!({ "now": shared.clock.stamp() })).into_response()
    });
    answered(&shared, advanced)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    #[serde(default)]
    retire: bool,
}

async fn rotate_keys(State(shared): Controlled, body: Bytes) -> Response {
    let body = if body.is_empty() { b"{}" } else { &body[..] };
    let rotated = read(body).map(|Rotation { retire }| {
        let servers = AuthorizationServers::new(&shared);
        servers.rotate_keys();
        if retire {
            servers.retire_old_keys();
        }
        StatusCode::NO_CONTENT.into_response()
    });
    answered(&shared, rotated)
}

async fn requests(State(shared): Controlled) -> Json<Vec<Value>> {
    Json(shared.requests.all().iter().map(shown).collect())
}

async fn clear_requests(State(shared): Controlled) -> StatusCode {
    shared.requests.clear();
    StatusCode::NO_CONTENT
}

/// A request as JSON. A body that is no text is in `bodyBase64`.
fn shown(request: &RecordedRequest) -> Value {
    let mut shown = json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": request.headers,
    });
    show_body(&mut shown, &request.body);
    if let Some(answer) = &request.answer {
        let mut answered = json!({
            "status": answer.status,
            "headers": answer.headers,
            "milliseconds": u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        });
        show_body(&mut answered, &answer.body);
        shown["answer"] = answered;
    }
    shown
}

fn show_body(shown: &mut Value, body: &[u8]) {
    match std::str::from_utf8(body) {
        Ok(text) => shown["body"] = json!(text),
        Err(_) => shown["bodyBase64"] = json!(STANDARD.encode(body)),
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::validation("body", [error.to_string()]))
}

fn answered(shared: &Shared, outcome: Outcome) -> Response {
    let mut response = outcome.unwrap_or_else(|problem| refusal(shared, &problem));
    let private = header::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, private);
    response
}

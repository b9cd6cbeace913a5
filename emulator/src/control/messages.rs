//! What people would have on their phones and in their mailboxes: `/_emulator/codes` and
//! `/_emulator/messages`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::read;
use crate::org::messages::SentMessage;
use crate::problem::Problem;
use crate::shared::Shared;

type Controlled = State<Arc<Shared>>;
type Wanted = Query<HashMap<String, String>>;

/// Whether something is of the user that a request asks about, by id or login.
fn is_wanted(wanted: &Wanted, id: &str, login: &str) -> bool {
    let user = wanted.get("user");
    user.is_none_or(|user| user == id || user.eq_ignore_ascii_case(login))
}

/// The codes that factors take now.
pub(super) async fn codes(State(shared): Controlled, wanted: Wanted) -> Json<Vec<Value>> {
    let org = shared.org();
    let now = shared.clock.stamp();
    let factors = org.factors.iter().filter_map(|(position, factor)| {
        let user = org.users.get(factor.user)?;
        let is_factor = wanted.get("factor").is_none_or(|id| *id == factor.id);
        let code = org.passcode(position, now)?;
        (is_factor && is_wanted(&wanted, &user.id, user.login())).then(|| {
            json!({
                "factorId": factor.id,
                "factorType": factor.kind,
                "provider": factor.provider,
                "userId": user.id,
                "login": user.login(),
                "code": code,
            })
        })
    });
    Json(factors.collect())
}

/// How the user of a factor answers its pushes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushAnswer {
    /// The id of the factor.
    factor: String,
    accept: bool,
}

/// The user answers the pushes of a factor that wait.
pub(super) async fn answer_pushes(State(shared): Controlled, body: Bytes) -> Response {
    let answered = read(&body).and_then(|PushAnswer { factor, accept }| {
        let mut org = shared.org();
        let position = org.factors.position(&factor);
        let position = position.ok_or_else(|| Problem::not_found(&factor, "UserFactor"))?;
        let count = org
            .challenges
            .answer(position, accept, shared.clock.stamp());
        Ok(Json(json!({ "answered": count })).into_response())
    });
    super::answered(&shared, answered)
}

/// The messages that were sent, oldest first.
pub(super) async fn messages(
    State(shared): Controlled,
    wanted: Wanted,
    request: Request,
) -> Json<Vec<Value>> {
    let base = shared.entrance.base(request.headers());
    let org = shared.org();
    let messages = org.outbox.all().filter(|message| {
        let user = org.users.position(&message.user_id);
        let user = user.and_then(|at| org.users.get(at));
        is_wanted(
            &wanted,
            &message.user_id,
            user.map_or("", |user| user.login()),
        )
    });
    Json(
        messages
            .map(|message| shown(&message.clone().at(&base)))
            .collect(),
    )
}

pub(super) async fn clear_messages(State(shared): Controlled) -> StatusCode {
    shared.org().outbox.clear();
    StatusCode::NO_CONTENT
}

/// A message as JSON, without what it lacks.
fn shown(message: &SentMessage) -> Value {
    let mut shown = json!({
        "sent": message.sent,
        "channel": message.channel.as_str(),
        "to": message.to,
        "userId": message.user_id,
        "template": message.template,
    });
    let secrets = [
        ("link", &message.link),
        ("token", &message.token),
        ("code", &message.code),
    ];
    for (name, secret) in secrets {
        if let Some(secret) = secret {
            shown[name] = json!(secret);
        }
    }
    shown
}

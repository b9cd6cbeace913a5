//! `/api/v1/sessions`: logins of browsers. `me` is that of the cookie.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post};
use crate::oauth::memory::sessions::{Held, Session};
use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::profile::text;
use crate::problem::Problem;
use crate::view;

impl Org {
    /// Notes in the System Log that a session starts.
    pub(crate) fn begin_session(&mut self, session: Session) -> Session {
        if let Some(actor) = self.actor(session.user) {
            self.record_by(actor, events::SESSION_STARTED, None);
        }
        session
    }

    /// Keeps a session of a seed, with `id` and `login`.
    pub(crate) fn plant_session(&mut self, body: &Object) -> Result<(), Problem> {
        let id = text(body, "id");
        if id.is_empty() {
            return Err(Problem::blank("id"));
        }
        let now = self.now;
        let session = Session::by_password(self.find_user(text(body, "login"))?, now);
        self.oauth.sessions.keep(id.to_owned(), session, now);
        Ok(())
    }
}

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/sessions", [post(create)])
        .at("/api/v1/sessions/{sessionId}", [get(read), delete(close)])
        .at(
            "/api/v1/sessions/{sessionId}/lifecycle/refresh",
            [post(refresh)],
        )
}

/// The id that the path names.
fn id_of(call: &Call) -> Result<&str, Problem> {
    match call.parameter("sessionId") {
        "me" => {
            let cookie = call.session.as_deref();
            cookie.ok_or_else(|| Problem::not_found("me", "Session"))
        }
        id => Ok(id),
    }
}

fn none(call: &Call) -> Problem {
    Problem::not_found(call.parameter("sessionId"), "Session")
}

fn show(org: &Org, call: &Call, id: &str, held: Held) -> Result<Reply, Problem> {
    let user = org.user(held.session.user)?;
    let shown: Value = view::session(id, held, user, &org.id, &call.base);
    Reply::ok(&shown)
}

/// A session for a session token, which is good once.
fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let session = org.redeem_session_token(text(&body, "sessionToken"));
    let session = session.ok_or_else(Problem::authentication_failed)?;
    let session = org.begin_session(session);
    let now = org.now;
    let id = org.oauth.sessions.open(session, now);
    let id = id.map_err(|_| Problem::internal())?;
    let held = org.oauth.sessions.get(&id, now);
    show(org, call, &id, held.ok_or_else(Problem::internal)?)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let id = id_of(call)?;
    let held = org.oauth.sessions.get(id, org.now);
    show(org, call, id, held.ok_or_else(|| none(call))?)
}

fn refresh(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (id, now) = (id_of(call)?, org.now);
    let held = org.oauth.sessions.refresh(id, now);
    show(org, call, id, held.ok_or_else(|| none(call))?)
}

fn close(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let id = id_of(call)?;
    let held = org.oauth.sessions.get(id, org.now);
    let held = held.ok_or_else(|| none(call))?;
    org.oauth.sessions.close(id);
    if let Some(actor) = org.actor(held.session.user) {
        org.record_by(actor, events::SESSION_ENDED, None);
    }
    Reply::no_content()
}

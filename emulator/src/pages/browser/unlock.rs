//! The way to the controls: whoever shows the API token has them, until the browser is closed.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::{Frame, Org, Visit, page};
use crate::pages::Page;
use crate::pages::unlocking::{Control, is_equal};

#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    frame: Frame,
    next: String,
    problem: Option<&'static str>,
}

fn shown(visit: &Visit, next: &str, problem: Option<&'static str>) -> Page {
    let frame = visit.frame("Unlock the controls");
    page(&Unlock {
        frame: frame.lead("Whoever has the org's API token may change it from these pages."),
        next: own(next).to_owned(),
        problem,
    })
}

/// The path of a page of the org, or else the overview: nobody is led elsewhere.
fn own(next: &str) -> &str {
    let is_own = next == "/_org" || next.starts_with("/_org/");
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own && is_plain { next } else { "/" }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    next: String,
}

/// `GET /_org/unlock`.
pub(super) async fn ask(visit: Visit, Query(asked): Query<Asked>) -> Page {
    shown(&visit, &asked.next, None)
}

#[derive(Deserialize)]
pub(super) struct Sent {
    token: String,
    #[serde(default)]
    next: String,
}

/// `POST /_org/unlock`.
pub(super) async fn unlock(State(shared): Org, visit: Visit, Form(sent): Form<Sent>) -> Response {
    if !is_equal(sent.token.trim(), &shared.token) {
        let page = shown(&visit, &sent.next, Some("This is not the org's API token."));
        return (StatusCode::FORBIDDEN, page).into_response();
    }
    match shared.control.granted(&visit.base) {
        Ok(cookie) => (
            [(header::SET_COOKIE, cookie)],
            Redirect::to(own(&sent.next)),
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /_org/lock`.
pub(super) async fn lock(visit: Visit) -> Response {
    let cookie = Control::withdrawn(&visit.base);
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (next, expected) in [
            ("/_org/faults", "/_org/faults"),
            ("/_org/log?q=a%20b", "/_org/log?q=a%20b"),
            ("", "/"),
            ("//evil.example.com", "/"),
            ("/_organised", "/"),
            ("https://evil.example.com", "/"),
            ("/_org/\\evil", "/"),
            ("/_org/a\r\nset-cookie: b", "/"),
        ] {
            assert_eq!(own(next), expected, "{next}");
        }
    }
}

//! The sessions of the user: which there are, and the end of them.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use okta_auth::Error;
use okta_examples::note;
use okta_web::UserSession;
use serde::Deserialize;

use crate::latest::Latest;
use crate::layout::{Frame, Problem, date, page};
use crate::site::Site;

/// The most sessions whose browser is known.
const MOST: usize = 10_000;

/// How much of a browser's header is read, and how much of one that is unknown is shown, in characters.
const LONGEST: usize = 300;
const SHOWN: usize = 60;

/// Where the list is.
const HERE: &str = "/sessions";

/// By which browser each session began, by the session's handle. The oldest are forgotten first.
#[derive(Debug)]
pub struct Browsers(Mutex<Latest<String, String>>);

#[derive(Template)]
#[template(path = "web_login/sessions.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
}

/// A session.
struct Row {
    handle: String,
    browser: String,
    began_at: String,
    expires_at: String,
    is_this: bool,
}

/// The form that ends one session.
#[derive(Debug, Deserialize)]
pub struct Ended {
    handle: String,
}

impl Page {
    fn heading(&self) -> &'static str {
        "Your sessions"
    }

    fn has_others(&self) -> bool {
        self.rows.iter().any(|row| !row.is_this)
    }
}

impl Default for Browsers {
    fn default() -> Self {
        Self(Mutex::new(Latest::new(MOST)))
    }
}

impl Browsers {
    /// Notes the browser of a session, the first time that it is seen, by its header `User-Agent`.
    pub fn note(&self, handle: String, agent: Option<&str>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(handle, || named(agent));
    }

    fn name(&self, handle: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = known.get(handle);
        name.map_or_else(|| named(None), String::clone)
    }
}

/// What a browser calls itself, in words that its user knows: `Chrome on Linux`.
fn named(agent: Option<&str>) -> String {
    let agent: String = agent.map_or("", str::trim).chars().take(LONGEST).collect();
    if agent.is_empty() {
        return "A browser without a name".to_owned();
    }
    match woothee::parser::Parser::new().parse(&agent) {
        Some(known) if known.os != woothee::woothee::VALUE_UNKNOWN => {
            format!("{} on {}", known.name, known.os)
        }
        // What nobody knows is shown as it is.
        _ if agent.chars().count() > SHOWN => agent.chars().take(SHOWN).chain(['…']).collect(),
        _ => agent,
    }
}

pub async fn list(session: UserSession, frame: Frame, State(site): State<Arc<Site>>) -> Response {
    let found = site.sessions.of_user(session.user().subject()).await;
    let infos = match found {
        Ok(infos) => infos,
        Err(error) => return away(frame, &error),
    };
    let this = session.handle();
    let rows = infos.into_iter().map(|info| Row {
        browser: site.browsers.name(&info.handle),
        began_at: date(info.user.began_at()),
        expires_at: date(info.expires_at),
        is_this: info.handle == this,
        handle: info.handle,
    });
    let rows = rows.collect();
    page(&Page { frame, rows })
}

/// Ends one session of the user. One that has ended in the meantime is no mistake.
pub async fn end(
    session: UserSession,
    frame: Frame,
    State(site): State<Arc<Site>>,
    form: Result<Form<Ended>, FormRejection>,
) -> Response {
    let Ok(Form(Ended { handle })) = form else {
        let problem = Problem {
            frame,
            heading: "This did not work",
            text: "The form did not say which session to end. Go back to the list.".to_owned(),
            id: None,
            is_for_login: false,
        };
        return (StatusCode::BAD_REQUEST, page(&problem)).into_response();
    };
    match site.sessions.end(session.user().subject(), &handle).await {
        Ok(_) => Redirect::to(HERE).into_response(),
        Err(error) => away(frame, &error),
    }
}

/// Ends all sessions of the user but this one.
pub async fn end_others(
    session: UserSession,
    frame: Frame,
    State(site): State<Arc<Site>>,
) -> Response {
    let (subject, this) = (session.user().subject(), session.handle());
    let ended = async {
        for info in site.sessions.of_user(subject).await? {
            if info.handle != this {
                site.sessions.end(subject, &info.handle).await?;
            }
        }
        Ok(())
    };
    match ended.await {
        Ok(()) => Redirect::to(HERE).into_response(),
        Err(error) => away(frame, &error),
    }
}

fn away(frame: Frame, error: &Error) -> Response {
    note(format_args!("sessions cannot be read: {error}"));
    let problem = Problem {
        frame,
        heading: "Something does not work at the moment",
        text: "Your sessions cannot be read. Try again in a minute.".to_owned(),
        id: None,
        is_for_login: false,
    };
    (StatusCode::SERVICE_UNAVAILABLE, page(&problem)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_shortened_and_a_missing_one_is_said() {
        let name = named(Some(&"ä".repeat(LONGEST + 1)));
        assert_eq!(name, "ä".repeat(SHOWN) + "…");
        assert_eq!(named(Some(" Firefox ")), "Firefox");
        assert_eq!(named(Some(" ")), "A browser without a name");
    }

    #[test]
    fn the_oldest_browser_is_forgotten_first() {
        let browsers = Browsers::default();
        for number in 0..=MOST {
            browsers.note(number.to_string(), Some("Firefox"));
        }
        assert_eq!(browsers.name("0"), named(None));
        assert_eq!(browsers.name("1"), "Firefox");
        browsers.note("1".to_owned(), Some("Chrome"));
        assert_eq!(browsers.name("1"), "Firefox", "the first one counts");
    }
}

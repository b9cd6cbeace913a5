//! What surrounds the content of every page.

use std::sync::Arc;
use std::time::SystemTime;

use askama::Template;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use okta_examples::note;
use okta_web::{CsrfToken, Failure, FailureKind, User, UserSession};

use crate::site::Site;
use crate::steps::{Browser, Step};

/// For whom nothing else is known.
const SOMEBODY: &str = "somebody";

/// The pages that the navigation leads to.
const NAVIGATION: [(&str, &str); 6] = [
    ("/", "Home"),
    ("/profile", "Profile"),
    ("/orders", "Orders"),
    ("/payout", "Payout"),
    ("/sessions", "Sessions"),
    ("/administrators", "Administrators"),
];

/// The frame of a page: navigation, who is logged in, and the steps of the login.
#[derive(Debug)]
pub struct Frame {
    path: String,
    visitor: Visitor,
    steps: Option<Vec<Step>>,
}

/// Who looks at a page.
#[derive(Debug)]
enum Visitor {
    /// Not known, since something has failed.
    Unknown,
    Nobody,
    User {
        name: String,
        /// The token of forms.
        csrf: String,
    },
}

impl Frame {
    /// The frame of a page about something that has failed.
    fn of_failure() -> Self {
        Self {
            path: String::new(),
            visitor: Visitor::Unknown,
            steps: None,
        }
    }

    pub fn navigation(&self) -> &[(&'static str, &'static str)] {
        &NAVIGATION
    }

    pub fn is_here(&self, path: &str) -> bool {
        self.path == path
    }

    pub fn is_logged_in(&self) -> bool {
        matches!(self.visitor, Visitor::User { .. })
    }

    pub fn is_nobody(&self) -> bool {
        matches!(self.visitor, Visitor::Nobody)
    }

    /// The steps of this browser's login, where visitors may see them.
    pub fn steps(&self) -> Option<&[Step]> {
        self.steps.as_deref()
    }

    /// The token that the forms of the page bring; empty where nobody is logged in.
    pub fn csrf(&self) -> &str {
        match &self.visitor {
            Visitor::User { csrf, .. } => csrf,
            Visitor::Unknown | Visitor::Nobody => "",
        }
    }

    /// What the user is called.
    pub fn name(&self) -> &str {
        match &self.visitor {
            Visitor::User { name, .. } => name,
            Visitor::Unknown | Visitor::Nobody => SOMEBODY,
        }
    }
}

impl FromRequestParts<Arc<Site>> for Frame {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let session =
            <UserSession as OptionalFromRequestParts<_>>::from_request_parts(parts, site).await?;
        let visitor = match session {
            Some(session) => {
                let agent = parts.headers.get(USER_AGENT);
                let agent = agent.and_then(|agent| agent.to_str().ok());
                site.browsers.note(session.handle(), agent);
                let csrf = CsrfToken::from_request_parts(parts, site).await?;
                Visitor::User {
                    name: name(session.user()),
                    csrf: csrf.as_str().to_owned(),
                }
            }
            None => Visitor::Nobody,
        };
        let browser = parts.extensions.get::<Browser>();
        Ok(Self {
            path: parts.uri.path().to_owned(),
            visitor,
            steps: site.steps.as_ref().map(|steps| steps.of(browser)),
        })
    }
}

/// What a user is called: never by an id.
pub fn name(user: &User) -> String {
    let known = user.name().or(user.username());
    known.unwrap_or(SOMEBODY).to_owned()
}

/// A time as people read it.
pub fn date(time: SystemTime) -> String {
    let time: DateTime<Utc> = time.into();
    time.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// The page, with status 200.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            note(format_args!("a page cannot be written: {error}"));
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that says that something is not possible.
#[derive(Template)]
#[template(path = "web_login/problem.html")]
pub struct Problem<'a> {
    pub frame: Frame,
    pub heading: &'a str,
    pub text: String,
    /// Under which the cause is in the log.
    pub id: Option<&'a str>,
    /// Whether a login helps.
    pub is_for_login: bool,
}

impl Problem<'_> {
    fn heading(&self) -> &str {
        self.heading
    }
}

/// What `okta-web` shows a browser when something is refused or fails.
pub fn error_page(failure: &Failure) -> String {
    let kind = failure.kind();
    let problem = Problem {
        frame: Frame::of_failure(),
        heading: heading(kind),
        text: kind.text().to_owned(),
        id: Some(failure.id()),
        is_for_login: kind.status() != StatusCode::SERVICE_UNAVAILABLE
            && !matches!(kind, FailureKind::CrossSite | FailureKind::NotSetUp),
    };
    problem.render().unwrap_or_else(|error| {
        note(format_args!("an error page cannot be written: {error}"));
        kind.text().to_owned()
    })
}

fn heading(kind: FailureKind) -> &'static str {
    match kind.status() {
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::UNAUTHORIZED => "Log in first",
        status if status.is_server_error() => "Something does not work at the moment",
        _ => "This did not work",
    }
}

/// The path of the login that comes back to this page.
pub fn login_path(back: &Uri) -> String {
    // The paths of this app have nothing in them that a query would have to escape.
    format!("/login?return_to={}", back.path())
}

//! The steps of each browser's login, for visitors of the demo to see. Values that nobody else may
//! know are masked. It is all in this process, and no more than a few steps of a few browsers.

mod read;

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::{Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Utc};
use okta_web::AccessToken;
use reqwest::Url;
use tower_sessions::cookie::{Cookie, SameSite};
use tower_sessions::session::Id;

use self::read::{Addresses, Seen};
use crate::latest::Latest;

/// The cookie that a browser is known by.
const NAME: &str = "demo-steps";

/// The most browsers, and the most steps of each.
const MOST_BROWSERS: usize = 200;
const MOST_STEPS: usize = 20;

/// The longest value that is kept, in characters.
const LONGEST: usize = 200;

/// The steps of all browsers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Steps {
    addresses: Arc<Addresses>,
    known: Arc<Mutex<Latest<Id, History>>>,
}

/// A browser whose steps are kept.
#[derive(Clone, Copy, Debug)]
pub struct Browser(Id);

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// When it was, as a time of the day.
    pub at: String,
    pub title: &'static str,
    /// What went along with it.
    pub values: Vec<(String, String)>,
}

#[derive(Debug, Default)]
struct History {
    steps: VecDeque<Step>,
    /// When the access token that was used last ends.
    token_ends_at: Option<SystemTime>,
}

impl Step {
    fn new(title: &'static str) -> Self {
        let now: DateTime<Utc> = SystemTime::now().into();
        Self {
            at: now.format("%H:%M:%S").to_string(),
            title,
            values: Vec::new(),
        }
    }

    /// A value that anyone may see.
    fn value(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let value = value.to_string().chars().take(LONGEST).collect();
        self.values.push((name.into(), value));
        self
    }

    /// A value of which the end alone is kept.
    fn masked(self, name: impl Into<String>, secret: &str) -> Self {
        self.value(name, masked(secret))
    }
}

impl Steps {
    /// The steps of logins at `issuer` that come back to `redirect_uri`.
    pub fn new(issuer: &str, redirect_uri: &str) -> anyhow::Result<Self> {
        Ok(Self {
            addresses: Arc::new(Addresses::new(issuer, &Url::parse(redirect_uri)?)),
            known: Arc::new(Mutex::new(Latest::new(MOST_BROWSERS))),
        })
    }

    /// The steps of a browser, the newest last.
    pub fn of(&self, browser: Option<&Browser>) -> Vec<Step> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let history = browser.and_then(|Browser(id)| known.get(id));
        history.map_or_else(Vec::new, |it| it.steps.iter().cloned().collect())
    }

    /// Notes that the app has called its API with this token.
    pub fn token_used(&self, browser: &Browser, token: &AccessToken) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let history = known.get_or_insert_with(browser.0, History::default);
        let before = history.token_ends_at;
        history.token_ends_at = token.expires_at;
        if before.is_some() && before != token.expires_at {
            history.add(
                Step::new("Access token renewed")
                    .value("grant_type", "refresh_token")
                    .value("why", "the old one was about to end"),
            );
        }
        history.add(
            Step::new("API called in the user's name")
                .value("scopes", token.scopes.iter().collect::<Vec<_>>().join(" "))
                .masked("access token", token.token.expose()),
        );
    }

    fn add(&self, browser: Browser, steps: Vec<Step>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let history = known.get_or_insert_with(browser.0, History::default);
        for step in steps {
            if step.title == read::SESSION_BEGUN {
                history.token_ends_at = None;
            }
            history.add(step);
        }
    }
}

impl History {
    fn add(&mut self, step: Step) {
        if self.steps.len() >= MOST_STEPS {
            self.steps.pop_front();
        }
        self.steps.push_back(step);
    }
}

impl Browser {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(COOKIE).into_iter();
        let mut cookies = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(Cookie::split_parse)
            .flatten();
        let cookie = cookies.find(|cookie| cookie.name() == NAME)?;
        Id::from_str(cookie.value()).ok().map(Self)
    }

    /// The cookie of a browser whose first step is taken. It says nothing about a user.
    fn cookie(self) -> Option<HeaderValue> {
        let cookie = Cookie::build((NAME, self.0.to_string()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax);
        HeaderValue::try_from(cookie.to_string()).ok()
    }
}

/// Notes the steps that requests and their answers are. Nothing is kept of browsers that begin no
/// login.
pub async fn record(State(steps): State<Steps>, mut request: Request, next: Next) -> Response {
    let known = Browser::of(request.headers());
    let browser = known.unwrap_or_else(|| Browser(Id::default()));
    let seen = Seen::of(&request);
    if known.is_some() {
        request.extensions_mut().insert(browser);
    }
    let mut response = next.run(request).await;
    let found = steps.addresses.read(&seen, &response);
    let begins = found.iter().any(|step| step.title == read::LOGIN_BEGUN);
    if found.is_empty() || (known.is_none() && !begins) {
        return response;
    }
    steps.add(browser, found);
    if known.is_none()
        && let Some(cookie) = browser.cookie()
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// How long a secret is, and its last characters if it is long enough to spare them.
fn masked(secret: &str) -> String {
    let length = secret.chars().count();
    let shown = if length < 20 { 0 } else { 4 };
    let end: String = secret.chars().skip(length - shown).collect();
    format!("…{end} ({length} characters)")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn browsers_and_steps_are_bounded() {
        let steps = Steps::new("http://okta", "http://localhost/callback").unwrap();
        let first = Browser(Id(0));
        for number in 0..MOST_BROWSERS {
            let browser = Browser(Id(i128::try_from(number).unwrap()));
            steps.add(browser, vec![Step::new("Login")]);
        }
        steps.add(first, vec![Step::new("Login"); MOST_STEPS + 1]);
        assert_eq!(steps.of(Some(&first)).len(), MOST_STEPS);
        steps.add(Browser(Id(-1)), vec![Step::new("Login")]);
        assert!(steps.of(Some(&first)).is_empty(), "the oldest one goes");
        assert_eq!(steps.of(Some(&Browser(Id(1)))).len(), 1);
        assert!(steps.of(None).is_empty());
    }

    #[test]
    fn secrets_are_masked() {
        assert_eq!(masked("0123456789012345678é"), "…678é (20 characters)");
        assert_eq!(masked("short"), "… (5 characters)");
    }
}

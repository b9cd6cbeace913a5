//! Which steps a request and its answer are.

use axum::extract::Request;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use reqwest::Url;
use tower_sessions::cookie::Cookie;

use super::Step;

/// The title of the step that begins a login.
pub const LOGIN_BEGUN: &str = "Browser sent to Okta to log in";

/// The title of the step that ends a login.
pub const SESSION_BEGUN: &str = "Session begun";

/// Parameters that are no secrets and name nobody.
const OPEN: [&str; 9] = [
    "acr_values",
    "code_challenge_method",
    "error",
    "iss",
    "max_age",
    "post_logout_redirect_uri",
    "redirect_uri",
    "response_type",
    "scope",
];

/// The longest list of parameters that is read.
const MOST_PARAMETERS: usize = 20;

/// Where the steps of a login happen.
#[derive(Debug)]
pub struct Addresses {
    issuer: String,
    callback: String,
}

/// What a request was.
#[derive(Debug)]
pub struct Seen {
    method: Method,
    path: String,
    query: String,
}

impl Seen {
    pub fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
        }
    }
}

impl Addresses {
    pub fn new(issuer: &str, redirect_uri: &Url) -> Self {
        Self {
            issuer: issuer.to_owned(),
            callback: redirect_uri.path().to_owned(),
        }
    }

    /// The steps that the request and its answer are; none for most.
    pub fn read(&self, seen: &Seen, response: &Response) -> Vec<Step> {
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let location = location.and_then(|text| Url::parse(text).ok());
        let mut steps = Vec::new();
        if seen.method == Method::GET && seen.path == self.callback {
            steps.push(with_parameters(Step::new("Browser came back"), &seen.query));
            steps.extend(self.end_of_login(response));
        }
        if seen.method == Method::POST
            && seen.path == "/logout"
            && response.status().is_redirection()
        {
            let step = Step::new("Session ended")
                .value("tokens", "revoked at Okta")
                .value("cookie", "removed");
            steps.push(step);
        }
        if let Some(url) = location.filter(|url| url.as_str().starts_with(&self.issuer)) {
            let query = url.query().unwrap_or_default();
            steps.extend(match url.path().rsplit('/').next() {
                Some("authorize") => Some(with_parameters(Step::new(LOGIN_BEGUN), query)),
                Some("logout") => Some(with_parameters(
                    Step::new("Browser sent to Okta to log out"),
                    query,
                )),
                _ => None,
            });
        }
        if seen.path == "/signed-out" && response.status().is_redirection() {
            steps.push(Step::new("Back from Okta's logout"));
        }
        steps
    }

    /// The new session's cookie says that all went well: `okta-web` sets it when it has exchanged the
    /// code and verified the ID token, and not before.
    fn end_of_login(&self, response: &Response) -> Vec<Step> {
        let status = response.status();
        let lines = response.headers().get_all(SET_COOKIE).into_iter();
        let mut cookies = lines
            .filter_map(|line| line.to_str().ok())
            .filter_map(|line| Cookie::parse(line).ok());
        let session = cookies.find(|cookie| {
            cookie.name().trim_start_matches("__Host-") == "okta-session"
                && !cookie.value().is_empty()
        });
        match session {
            Some(cookie) if status.is_redirection() => vec![
                Step::new("Code exchanged for tokens")
                    .value("at", format_args!("{}/v1/token", self.issuer))
                    .value("grant_type", "authorization_code")
                    .value(
                        "with",
                        "the app's secret and the PKCE verifier, from this server",
                    ),
                Step::new("ID token verified")
                    .value("signature", "by a key of the issuer")
                    .value("issuer", &self.issuer)
                    .value("nonce", "that of this login"),
                Step::new(SESSION_BEGUN)
                    .masked("cookie", cookie.value())
                    .value("tokens", "sealed, on the server alone"),
            ],
            _ if status == StatusCode::SEE_OTHER => Vec::new(),
            _ => vec![Step::new("Login refused").value("status", status)],
        }
    }
}

/// The step with the parameters of a query. All but those that are known to be no secrets are
/// masked.
fn with_parameters(step: Step, query: &str) -> Step {
    // Any base will do: it is read for its query.
    let Ok(url) = Url::parse(&format!("http://query/?{query}")) else {
        return step;
    };
    let pairs = url.query_pairs().take(MOST_PARAMETERS);
    pairs.fold(step, |step, (name, value)| {
        let name: String = name.chars().take(40).collect();
        if OPEN.contains(&&*name) {
            step.value(name, value)
        } else {
            step.masked(name, &value)
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::response::{IntoResponse, Redirect};

    use super::*;

    fn addresses() -> Addresses {
        let redirect_uri = Url::parse("http://localhost:8000/callback").unwrap();
        Addresses::new("http://okta/oauth2/default", &redirect_uri)
    }

    fn seen(path: &str, query: &str) -> Seen {
        Seen {
            method: Method::GET,
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    #[test]
    fn a_callback_that_fails_is_no_login() {
        let query = "code=0123456789012345678901234&state=xyz&error=access_denied";
        let failed = StatusCode::FORBIDDEN.into_response();
        let steps = addresses().read(&seen("/callback", query), &failed);
        let titles: Vec<_> = steps.iter().map(|step| step.title).collect();
        assert_eq!(titles, ["Browser came back", "Login refused"]);
        let values = format!("{:?}", steps[0].values);
        assert!(
            values.contains("access_denied") && values.contains("…1234"),
            "{values}"
        );
        assert!(!values.contains("0123456"), "{values}");
    }

    #[test]
    fn a_callback_that_is_reloaded_exchanges_nothing() {
        let back = Redirect::to("/profile").into_response();
        let steps = addresses().read(&seen("/callback", "code=x"), &back);
        assert_eq!(steps.len(), 1);
    }

    #[test]
    fn other_pages_and_other_sites_are_no_steps() {
        for location in ["/profile", "https://example.com/v1/authorize?scope=openid"] {
            let response = Redirect::to(location).into_response();
            assert!(addresses().read(&seen("/", ""), &response).is_empty());
        }
    }
}

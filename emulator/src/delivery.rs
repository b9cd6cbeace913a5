//! Calls to the services behind event hooks.
//!
//! Source: <https://developer.okta.com/docs/concepts/event-hooks/>.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use crate::org::event_hooks::EventHook;
use crate::problem::Problem;

/// How long a service may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where the challenge of a verification is.
const CHALLENGE: &str = "x-okta-verification-challenge";

/// What is needed to call a service, apart from the org.
pub(crate) struct Service {
    uri: String,
    headers: HeaderMap,
}

impl Service {
    /// The service behind a hook. Headers that no request may have are left out.
    pub(crate) fn of(hook: &EventHook) -> Self {
        let pairs = hook.headers().into_iter().filter_map(|(name, value)| {
            let name = HeaderName::try_from(name).ok()?;
            Some((name, HeaderValue::try_from(value).ok()?))
        });
        Self {
            uri: hook.uri().to_owned(),
            headers: pairs.collect(),
        }
    }

    /// Sends a challenge; the service has to answer `{"verification": <challenge>}`.
    pub(crate) async fn verify(&self, challenge: &str) -> Result<(), Problem> {
        let request = self.request(Method::GET).ok_or_else(unverified)?;
        let answer = request.header(CHALLENGE, challenge).send().await;
        let answer = answer.map_err(|_| unverified())?;
        if !answer.status().is_success() {
            return Err(unverified());
        }
        let text = answer.bytes().await.map_err(|_| unverified())?;
        let answer: Value = serde_json::from_slice(&text).map_err(|_| unverified())?;
        match answer["verification"] == challenge {
            true => Ok(()),
            false => Err(unverified()),
        }
    }

    fn request(&self, method: Method) -> Option<RequestBuilder> {
        let http = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .build()
            .ok()?;
        let request = http.request(method, &self.uri);
        Some(request.headers(self.headers.clone()))
    }
}

fn unverified() -> Problem {
    let cause = "The endpoint did not answer the verification challenge";
    Problem::validation("verifyEventHook", [cause])
}

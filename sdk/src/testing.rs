//! Okta without Okta: a client whose requests are answered from a script, for tests of your own
//! code.
//!
//! ```
//! use okta_sdk::testing::{Failure, Script};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), okta_sdk::Error> {
//! # #[cfg(feature = "users")] {
//! let script = Script::new()
//!     .answer("listUsers", 200, json!([{"id": "00u1"}, {"id": "00u2"}]))
//!     .answer("deleteUser", 204, json!(null))
//!     .fail("createUser", Failure::Timeout);
//! let okta = script.client()?;
//!
//! let users = okta.users().list().limit(200).all().await?;
//! assert_eq!(users[1].id, "00u2");
//! assert_eq!(script.requests()[0].path_and_query(), "/api/v1/users?limit=200");
//! # } Ok(()) }
//! ```
//!
//! Only the network is replaced: credentials, retries, pacing and paging work as they do with
//! Okta. A wait between retries is one of tokio's clock, so that a test under
//! `#[tokio::test(start_paused = true)]` takes no time for it.

mod answer;
mod recorded;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use okta_auth::Call;
use okta_auth::transport::{self, SendError, Transport};
use serde_json::Value;

use self::answer::Reply;
pub use self::answer::{Answer, Failure};
pub use self::recorded::RecordedRequest;
use crate::{Client, Error, raw};

/// The org of [`Script::client`].
const ORG: &str = "https://script.okta.com";

/// What is answered to which operation. Cheap to clone; clones are the same script.
///
/// An operation is named as Okta names it, such as `listUsers`; the documentation of each method
/// tells it. A request made with [`Client::request`](crate::Client::request) is named by its method
/// and path instead, such as `GET /api/v1/users/me`. What a service app asks for its tokens is named
/// `token`.
///
/// - Several replies to one operation are given in order, and the last one stays: it answers every
///   further request. To see how often an operation was called, look at [`Script::requests`].
/// - An operation without a reply ends the call with a configuration error, which names it and says
///   what to write. It is not retried.
/// - The pages of a list are replies to one operation. A page leads to the next one by a `Link`
///   header, as [`Answer::next_page`] writes it.
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    replies: HashMap<String, Replies>,
    requests: Vec<RecordedRequest>,
}

/// Replies in order; the last one stays.
#[derive(Default)]
struct Replies {
    all: Vec<Reply>,
    given: usize,
}

impl Replies {
    fn next(&mut self) -> Option<Reply> {
        let at = self.given.min(self.all.len().checked_sub(1)?);
        self.given += 1;
        self.all.get(at).cloned()
    }
}

impl Script {
    /// A script that answers nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers `operation` with this status and JSON; `json!(null)` is an answer without a body.
    #[must_use]
    pub fn answer(self, operation: &str, status: u16, body: impl Into<Value>) -> Self {
        self.answer_with(operation, Answer::new(status, body))
    }

    /// Answers `operation` with an answer that has headers of its own, takes time, or is no JSON.
    #[must_use]
    pub fn answer_with(self, operation: &str, answer: Answer) -> Self {
        self.reply(operation, Reply::Answer(answer))
    }

    /// Gives no answer to `operation`, as a network that fails.
    #[must_use]
    pub fn fail(self, operation: &str, failure: Failure) -> Self {
        self.reply(operation, Reply::Failure(failure))
    }

    fn reply(self, operation: &str, reply: Reply) -> Self {
        let mut state = self.state();
        let replies = state.replies.entry(operation.to_owned()).or_default();
        replies.all.push(reply);
        drop(state);
        self
    }

    /// A client of the org `https://script.okta.com` over this script, with an API token that is
    /// made up. For other settings give the script to
    /// [`ClientBuilder::transport`](crate::ClientBuilder::transport).
    ///
    /// # Errors
    /// As [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn client(&self) -> Result<Client, Error> {
        Client::builder()
            .org_url(ORG)
            .api_token("scripted")
            .transport(self.clone())
            .build()
    }

    /// The requests so far, in the order in which they were sent. Each sending counts, retries
    /// among them.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// The next reply to a request, which is recorded.
    fn take(&self, request: &reqwest::Request, call: &Call) -> Result<Reply, Error> {
        let by_hand = format!("{} {}", request.method(), request.url().path());
        let mut state = self.state();
        state.requests.push(RecordedRequest::of(request, call));
        [by_hand.as_str(), call.operation]
            .into_iter()
            .find_map(|name| state.replies.get_mut(name)?.next())
            .ok_or_else(|| unanswered(call, request.method(), &by_hand))
    }

    /// No code panics while it holds this lock, so a poisoned one is still sound.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unanswered(call: &Call, method: &Method, by_hand: &str) -> Error {
    let name = match call.operation {
        raw::OPERATION => by_hand,
        operation => operation,
    };
    let usual = match *method {
        Method::DELETE => "204, json!(null)",
        _ => "200, json!({…})",
    };
    Error::configuration(format!(
        "the script has no answer to {name} ({by_hand}); write `.answer(\"{name}\", {usual})`"
    ))
}

impl Transport for Script {
    async fn send(
        &self,
        request: reqwest::Request,
        call: &Call,
    ) -> Result<transport::Answer, SendError> {
        let reply = self.take(&request, call)?;
        reply.play().await
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        formatter
            .debug_struct("Script")
            .field("operations", &state.replies.keys())
            .field("requests", &state.requests.len())
            .finish()
    }
}

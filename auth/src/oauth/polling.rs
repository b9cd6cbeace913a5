//! Asking again and again, while the user logs in elsewhere (RFC 8628, section 3.5; CIBA Core,
//! section 10.1).

use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep_until};

use super::form::Form;
use super::id_token::IdTokenRule;
use super::members::{Members, wrong};
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::Error;

/// How long to wait between questions if the server does not say.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// What `slow_down` adds, for good.
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// Longest interval that a server may ask for.
const MAX_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// Longest time that a login may take: Okta allows minutes.
const MAX_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Maximum wait that failing connections lead to.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// How a login elsewhere stands.
#[derive(Clone, Debug)]
pub enum Poll {
    /// The user has logged in.
    Ready(Box<Tokens>),
    /// The user has not, yet.
    Pending {
        /// How long to wait before asking again.
        wait: Duration,
    },
}

/// A login elsewhere that has begun.
#[derive(Clone, Debug)]
pub(super) struct Polling {
    client: OAuthClient,
    form: Form,
    scopes: Scopes,
    interval: Duration,
    /// Not before this.
    next: Instant,
    /// By the monotonic clock, and by the client's own: either may have been stopped.
    deadline: Instant,
    pub(super) expires_at: SystemTime,
}

impl Polling {
    /// `members` are those of the answer that began the login, `form` is what to ask with.
    pub(super) fn begin(
        client: &OAuthClient,
        members: &mut Members,
        form: Form,
        scopes: Scopes,
    ) -> Result<Self, Error> {
        let expires_in = members
            .seconds("expires_in")?
            .ok_or_else(|| wrong("expires_in", "is missing"))?
            .min(MAX_LIFE);
        let interval = members.seconds("interval")?.unwrap_or(DEFAULT_INTERVAL);
        let interval = interval.clamp(
            Duration::from_secs(1),
            SLOW_DOWN.max(expires_in).min(MAX_INTERVAL),
        );
        let now = Instant::now();
        Ok(Self {
            client: client.clone(),
            form,
            scopes,
            interval,
            next: now + interval,
            deadline: now + expires_in,
            expires_at: client.clock().now() + expires_in,
        })
    }

    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// Asks at the server's pace until there is an answer.
    pub(super) async fn wait(&mut self) -> Result<Tokens, Error> {
        let mut trouble = None;
        loop {
            sleep_until(self.next.min(self.deadline)).await;
            if self.is_over() {
                return Err(expired(trouble));
            }
            match self.ask().await {
                Ok(Poll::Ready(tokens)) => return Ok(*tokens),
                Ok(Poll::Pending { .. }) => trouble = None,
                Err(error) if may_pass(&error) => {
                    tracing::warn!(%error, "cannot ask whether the user has logged in");
                    trouble = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks once, now.
    pub(super) async fn poll(&mut self) -> Result<Poll, Error> {
        if self.is_over() {
            return Err(expired(None));
        }
        self.ask().await
    }

    async fn ask(&mut self) -> Result<Poll, Error> {
        // Before asking: whoever stops waiting for the answer may begin again at once.
        self.next = Instant::now() + self.interval;
        let request = TokenRequest::new(self.form.clone())
            .scopes(self.scopes.clone())
            .id_token(IdTokenRule::for_scopes(&self.scopes));
        let answer = self.client.request_tokens(request).await;
        let outcome = match answer {
            Ok(tokens) => Ok(Poll::Ready(Box::new(tokens))),
            Err(error) => self.pace(error),
        };
        self.next = Instant::now() + self.interval;
        outcome
    }

    /// What an error means for the questions to come.
    fn pace(&mut self, error: Error) -> Result<Poll, Error> {
        match error.code() {
            Some("authorization_pending") => {}
            Some("slow_down") => {
                self.interval = self.interval.saturating_add(SLOW_DOWN).min(MAX_INTERVAL);
            }
            _ => {
                if may_pass(&error) {
                    let longest = LONGEST_BACKOFF.max(self.interval);
                    self.interval = self.interval.saturating_mul(2).min(longest);
                }
                return Err(error);
            }
        }
        Ok(Poll::Pending {
            wait: self.interval,
        })
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.deadline || self.client.clock().now() >= self.expires_at
    }
}

/// Whether asking again may help: no answer came, or one that is not about the login.
fn may_pass(error: &Error) -> bool {
    error.is_transport()
        || error.is_rate_limited()
        || error
            .status()
            .is_some_and(|status| status.is_server_error())
}

/// As the server would say it, but that it need not be asked.
fn expired(trouble: Option<Error>) -> Error {
    let error = Error::oauth(
        "the login ended",
        "expired_token",
        Some("the user did not log in in time; begin a new login"),
    );
    match trouble {
        Some(trouble) => error.with_source(trouble),
        None => error,
    }
}

#[cfg(test)]
mod tests;

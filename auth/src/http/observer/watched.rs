//! An attempt that is on its way, and is sure to be told to its end.

use http::HeaderMap;
use tokio::time::Instant;

use super::{AddedHeaders, Attempt, AttemptEnd, AttemptFailure, Observer, Observers};
use crate::error::request_id;
use crate::http::rate_limit::RateLimit;
use crate::http::transport::{Answer, Broken, SendError};

/// Tells the observers how an attempt ends. One that is dropped before that was given up.
#[derive(Debug)]
pub(crate) struct Watched<'a> {
    observers: &'a Observers,
    attempt: Attempt<'a>,
    /// When the whole call is out of time.
    deadline: Option<Instant>,
    start: Instant,
    ended: bool,
}

impl<'a> Watched<'a> {
    /// Tells that the attempt begins, and puts the observers' headers into `headers`.
    pub(crate) fn start(
        observers: &'a Observers,
        attempt: Attempt<'a>,
        deadline: Option<Instant>,
        headers: &mut HeaderMap,
    ) -> Self {
        observers.on_request(&attempt, &mut AddedHeaders::to(headers));
        Self {
            observers,
            attempt,
            deadline,
            start: Instant::now(),
            ended: false,
        }
    }

    pub(crate) fn end(mut self, outcome: &Result<Answer, SendError>) {
        match outcome {
            Ok(answer) => self.tell(Some(answer), None),
            Err(error) => self.tell(None, Some(failure(error))),
        }
    }

    fn tell(&mut self, answer: Option<&Answer>, failure: Option<AttemptFailure>) {
        self.ended = true;
        let headers = answer.map(|it| &it.headers);
        let end = AttemptEnd {
            status: answer.map(|it| it.status),
            request_id: headers.and_then(request_id),
            failure,
            duration: self.start.elapsed(),
            rate_limit: headers.and_then(RateLimit::from_headers),
        };
        self.observers.on_response(&self.attempt, &end);
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let late = self.deadline.is_some_and(|end| end <= Instant::now());
        let failure = match late {
            true => AttemptFailure::Timeout,
            false => AttemptFailure::Cancelled,
        };
        self.tell(None, Some(failure));
    }
}

fn failure(error: &SendError) -> AttemptFailure {
    match error {
        SendError::Refused(_) => AttemptFailure::Refused,
        SendError::Broken(Broken {
            timed_out: true, ..
        }) => AttemptFailure::Timeout,
        SendError::Broken(Broken { unsent: true, .. }) => AttemptFailure::Connect,
        SendError::Broken(_) => AttemptFailure::Disconnect,
    }
}

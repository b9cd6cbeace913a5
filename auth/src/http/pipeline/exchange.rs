//! One call, sent as often as it takes.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Request;
use tokio::time::{Instant, sleep, timeout};

use super::inner::Inner;
use super::report::Report;
use super::source::Source;
use crate::credentials::{AfterResponse, Renewed, RequestContext, ResponseContext};
use crate::error::Stage;
use crate::error::request_id;
use crate::http::observer::{Attempt, Watched};
use crate::http::retry::{Failure, Repeat, Repeatable, Repeats};
use crate::http::transport::{Answer, Broken, SendError};
use crate::{Call, Error, RawResponse};

/// The request id of the first sending, and how often it was repeated: with these Okta's
/// support can put the sendings together.
const RETRY_FOR: HeaderName = HeaderName::from_static("x-okta-retry-for");
const RETRY_COUNT: HeaderName = HeaderName::from_static("x-okta-retry-count");

pub(super) struct Exchange<'a> {
    inner: &'a Inner,
    call: Call,
    source: Source<'a>,
    deadline: Option<Instant>,
    attempts: u32,
    repeats: Repeats,
    /// What the request was sent again for, because it was new.
    renewals: Vec<Renewed>,
    /// The headers of the latest sending.
    sent: HeaderMap,
    first_request_id: Option<HeaderValue>,
    report: Report,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        inner: &'a Inner,
        call: &Call,
        source: Source<'a>,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            inner,
            call: Call {
                max_response_bytes: call.max_response_bytes.or(Some(inner.max_response_bytes)),
                ..*call
            },
            source,
            deadline,
            attempts: 0,
            repeats: Repeats::default(),
            renewals: Vec::new(),
            sent: HeaderMap::new(),
            first_request_id: None,
            report: Report::new(),
        }
    }

    pub(super) async fn run(&mut self) -> Result<RawResponse, Error> {
        loop {
            let request = self.source.next().await?;
            let outcome = self.send_once(request).await?;
            let renewed = self.tell_credentials(&outcome).await?;
            if renewed && self.source.has_next() {
                continue;
            }
            match self.wait_before_retry(&outcome) {
                Err(note) => return self.finish(outcome, note),
                Ok(_) if !self.source.has_next() => return self.finish(outcome, None),
                Ok(repeat) => {
                    self.repeats.count(repeat);
                    self.report.reach(Stage::Retry);
                    let (retry, wait) = (self.repeats.all(), repeat.wait);
                    tracing::info!(retry, ?wait, "sending the request again");
                    sleep(wait).await;
                }
            }
        }
    }

    /// Sends the request once. The outer error is one of ours: nothing was sent.
    async fn send_once(&mut self, mut request: Request) -> Result<Result<Answer, Broken>, Error> {
        self.attempts += 1;
        self.report.reach(Stage::RateLimit);
        let repeats = self.repeats.all();
        if repeats > 0 {
            request.headers_mut().insert(RETRY_COUNT, repeats.into());
            if let Some(id) = &self.first_request_id {
                request.headers_mut().insert(RETRY_FOR, id.clone());
            }
        }
        let permit = match &self.inner.governor {
            Some(governor) => governor
                .admit(
                    &self.source.method,
                    &self.call,
                    self.source.url.path(),
                    self.deadline,
                )
                .await
                .map(Some)
                .map_err(Error::held_back)?,
            None => None,
        };
        if let Some(limit) = &self.inner.org_limit {
            let admitted = limit.admit(self.deadline).await;
            admitted.map_err(Error::held_back)?;
        }
        self.report.reach(Stage::Credentials);
        // Last, so that a token or proof does not age while the call waits.
        let credentials = self
            .inner
            .credentials
            .headers(self.request_context(request.headers()))
            .await?;
        request.headers_mut().extend(credentials);
        self.report.sending();
        let outcome = self.transmit(request).await?;
        self.report.sent(&outcome);
        if let (Some(permit), Ok(answer)) = (permit, &outcome) {
            permit.settle(&answer.headers);
        }
        Ok(outcome)
    }

    /// Gives the request to the transport, before the eyes of the observers.
    async fn transmit(&mut self, mut request: Request) -> Result<Result<Answer, Broken>, Error> {
        let attempt = Attempt {
            operation: self.call.operation,
            method: &self.source.method,
            path: self.call.path,
            number: self.attempts,
            org: &self.inner.org,
        };
        let observers = &self.inner.observers;
        let watched = Watched::start(observers, attempt, self.deadline, request.headers_mut());
        self.sent.clone_from(request.headers());
        let limit = self.inner.attempt_timeout;
        let connecting = self.report.connecting();
        let sending = connecting.watch(self.inner.transport.send(request, &self.call));
        let outcome = timeout(limit, sending)
            .await
            .unwrap_or_else(|elapsed| Err(Broken::may_have_arrived(elapsed).timed_out().into()));
        watched.end(&outcome);
        match outcome {
            Ok(answer) => Ok(Ok(answer.within(&self.call))),
            Err(SendError::Broken(broken)) => Ok(Err(broken)),
            Err(SendError::Refused(error)) => Err(error),
        }
    }

    /// Shows the answer to the credentials provider; true if it wants the request sent again.
    async fn tell_credentials(&mut self, outcome: &Result<Answer, Broken>) -> Result<bool, Error> {
        let Ok(answer) = outcome else {
            return Ok(false);
        };
        if self.first_request_id.is_none() {
            self.first_request_id =
                request_id(&answer.headers).and_then(|id| HeaderValue::from_str(id).ok());
        }
        let response = ResponseContext {
            status: answer.status,
            headers: &answer.headers,
            body: &answer.body,
        };
        let credentials = &self.inner.credentials;
        self.report.reach(Stage::Credentials);
        let after = credentials
            .on_response(self.request_context(&self.sent), response)
            .await?;
        self.report.reach(Stage::Answer);
        let AfterResponse::SendAgain(renewed) = after else {
            return Ok(false);
        };
        if !answer.status.is_client_error() || self.renewals.contains(&renewed) {
            return Ok(false);
        }
        self.renewals.push(renewed);
        Ok(true)
    }

    /// How long to wait before sending again; the error is that there is to be no retry, and
    /// why, where that is worth telling.
    fn wait_before_retry(
        &self,
        outcome: &Result<Answer, Broken>,
    ) -> Result<Repeat, Option<String>> {
        let failure = match outcome {
            Ok(answer) if answer.status.is_success() => return Err(None),
            Ok(answer) => Failure::Status(answer),
            Err(broken) => Failure::Broken(broken),
        };
        let idempotent = self
            .call
            .idempotent
            .unwrap_or_else(|| self.source.method.is_idempotent());
        let repeatable = Repeatable {
            has_copy: self.source.has_next(),
            idempotent,
            has_deadline: self.deadline.is_some(),
        };
        let policy = &self.inner.retry;
        let jitter = (self.inner.jitter)();
        let repeat = policy
            .repeat(failure, repeatable, &self.repeats, jitter)
            .ok_or(None)?;
        let wait = repeat.wait;
        if wait > policy.max_backoff {
            return Err(Some(format!(
                "not retried: the server asks for {}s, more than the longest wait of {}s",
                wait.as_secs(),
                policy.max_backoff.as_secs()
            )));
        }
        if self
            .deadline
            .is_some_and(|deadline| deadline.duration_since(Instant::now()) < wait)
        {
            return Err(Some(format!(
                "not retried: waiting {:.1}s would pass the call's deadline",
                wait.as_secs_f64()
            )));
        }
        Ok(repeat)
    }

    fn finish(
        &self,
        outcome: Result<Answer, Broken>,
        note: Option<String>,
    ) -> Result<RawResponse, Error> {
        let answer = match outcome {
            Ok(answer) => answer,
            Err(broken) => return Err(Error::from_broken(broken).with_note(note)),
        };
        if !answer.status.is_success() {
            return Err(Error::from_answer(answer).with_note(note));
        }
        if answer.cut {
            let limit = self.call.limit(answer.status);
            return Err(Error::too_large(limit).of_response(answer.status, answer.headers));
        }
        Ok(RawResponse {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            url: self.source.url.clone(),
            attempts: self.attempts,
        })
    }

    /// The error of a call that was cut after `limit`.
    pub(super) fn out_of_time(&mut self, limit: Duration) -> Error {
        self.report.cut();
        let stage = self.report.progress().stage;
        Error::timeout(format!(
            "the call took longer than its {limit:?}, {stage} in the end"
        ))
    }

    /// Adds to an error how far the call came.
    pub(super) fn end(&mut self, result: Result<RawResponse, Error>) -> Result<RawResponse, Error> {
        self.report.end();
        result.map_err(|error| error.with_progress(self.report.progress()))
    }

    fn request_context<'c>(&'c self, headers: &'c HeaderMap) -> RequestContext<'c> {
        RequestContext {
            method: &self.source.method,
            url: &self.source.url,
            attempt: self.attempts,
            headers,
        }
    }
}

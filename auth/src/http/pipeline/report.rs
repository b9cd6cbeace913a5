//! What is known of a call while it runs, and what its span says of it in the end.

use http::StatusCode;
use tracing::Span;

use crate::error::request_id;
use crate::error::{Progress, Stage};
use crate::http::transport::{Answer, Broken, Connecting};

/// How far a call has come. When it is dropped it is written into the span, so that a call that its
/// caller gives up tells as much as one that ends.
#[derive(Debug)]
pub(super) struct Report {
    progress: Progress,
    /// Status and request id of the latest answer.
    answered: Option<(StatusCode, Option<String>)>,
    connecting: Connecting,
    ended: bool,
}

impl Report {
    pub(super) fn new() -> Self {
        Self {
            progress: Progress::START,
            answered: None,
            connecting: Connecting::default(),
            ended: false,
        }
    }

    pub(super) fn progress(&self) -> Progress {
        self.progress
    }

    pub(super) fn reach(&mut self, stage: Stage) {
        self.progress.stage = stage;
    }

    /// An attempt goes out.
    pub(super) fn sending(&mut self) {
        self.progress.attempts += 1;
        self.reach(Stage::Answer);
    }

    /// Knows whether the attempt that is on its way has a connection.
    pub(super) fn connecting(&self) -> Connecting {
        self.connecting.clone()
    }

    /// An attempt has ended.
    pub(super) fn sent(&mut self, outcome: &Result<Answer, Broken>) {
        match outcome {
            Ok(answer) => {
                let id = request_id(&answer.headers).map(str::to_owned);
                self.answered = Some((answer.status, id));
                // What is refused (4xx) has no effect; a server error may come after it. 408 is
                // said by a server that has not read on.
                self.progress.may_have_arrived |= !answer.status.is_client_error()
                    || answer.status == StatusCode::REQUEST_TIMEOUT;
            }
            Err(broken) if broken.unsent => self.reach(Stage::Connect),
            Err(_) => self.progress.may_have_arrived = true,
        }
    }

    /// The call was cut: nobody knows of the attempt that was on its way, if there was one.
    pub(super) fn cut(&mut self) {
        if self.progress.stage == Stage::Answer {
            self.progress.may_have_arrived = true;
            if self.connecting.is() {
                self.reach(Stage::Connect);
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        let span = Span::current();
        span.record("attempts", self.progress.attempts);
        if let Some((status, id)) = &self.answered {
            span.record("status", status.as_u16());
            span.record("request_id", id.as_deref());
        }
        if !self.ended {
            span.record("error", "cancelled");
        }
    }
}

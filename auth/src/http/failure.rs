//! The errors that come of calls and their responses.

use http::{Method, StatusCode};

use super::call::Call;
use super::rate_limit;
use super::response::RawResponse;
use super::retry;
use super::transport::{Answer, Broken};
use crate::Error;

impl Error {
    /// Names the call that failed, where that is not known yet.
    #[must_use]
    pub fn with_call(self, call: &Call, method: &Method) -> Self {
        self.of_call(call.operation, call.path, method)
    }

    /// Adds the status and headers of the response that the failure is about.
    #[must_use]
    pub fn with_response(self, response: &RawResponse) -> Self {
        self.of_response(response.status, response.headers.clone())
    }

    pub(crate) fn from_broken(broken: Broken) -> Self {
        let connect = broken.connect_failure();
        Self::broken(broken.timed_out, broken.unsent, connect, broken.source)
    }

    pub(crate) fn from_answer(answer: Answer) -> Self {
        let retry_after = match answer.status {
            StatusCode::TOO_MANY_REQUESTS => retry::reset_wait(&answer.headers),
            StatusCode::LOCKED | StatusCode::SERVICE_UNAVAILABLE => {
                rate_limit::retry_after(&answer.headers)
            }
            _ => None,
        };
        Self::api(answer.status, answer.headers, answer.body, retry_after)
    }
}

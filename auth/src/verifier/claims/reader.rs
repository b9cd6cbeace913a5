//! Taking typed claims out of a token's JSON.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::time;
use crate::verifier::error::VerifyError;
use crate::verifier::json::Members;

/// Most seconds from 1970 that a time may be: what JSON numbers hold exactly. Beyond it, sums
/// with other times would overflow sooner or later.
const FARTHEST: u64 = 1 << 53;

/// The claims that have not been taken yet. A claim that is there is of its right type or an
/// error; `null` is no type.
pub(crate) struct Reader(Members);

impl Reader {
    pub(crate) fn new(claims: impl Into<Members>) -> Self {
        Self(claims.into())
    }

    /// What nobody took.
    pub(crate) fn into_rest(self) -> Map<String, Value> {
        self.0.into()
    }

    pub(crate) fn has(&self, claim: &str) -> bool {
        self.0.has(claim)
    }

    /// A text, which stays.
    pub(crate) fn peek(&self, claim: &str) -> Option<&str> {
        self.0.get(claim)?.as_str()
    }

    /// The values of an object's members, which stay.
    pub(crate) fn members(&self, claim: &str) -> Option<Vec<&Value>> {
        Some(self.0.get(claim)?.as_object()?.values().collect())
    }

    /// A text.
    #[inline]
    pub(crate) fn text(&mut self, claim: &'static str) -> Result<Option<String>, VerifyError> {
        match self.0.remove(claim) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(claim, "a text")),
        }
    }

    /// A text of at least one character.
    pub(crate) fn filled(&mut self, claim: &'static str) -> Result<Option<String>, VerifyError> {
        match self.text(claim)? {
            Some(text) if text.is_empty() => Err(wrong(claim, "a text that is not empty")),
            text => Ok(text),
        }
    }

    /// A text, or a list of texts.
    pub(crate) fn texts(
        &mut self,
        claim: &'static str,
    ) -> Result<Option<Vec<String>>, VerifyError> {
        let as_text = |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        let texts = match self.0.remove(claim) {
            None => return Ok(None),
            Some(Value::String(text)) => Some(vec![text]),
            Some(Value::Array(values)) => values.into_iter().map(as_text).collect(),
            Some(_) => None,
        };
        texts
            .map(Some)
            .ok_or_else(|| wrong(claim, "a text or a list of texts"))
    }

    /// A `NumericDate`: seconds since 1970. Parts of a second are dropped.
    pub(crate) fn seconds(&mut self, claim: &'static str) -> Result<Option<i64>, VerifyError> {
        let Some(value) = self.0.remove(claim) else {
            return Ok(None);
        };
        #[allow(clippy::cast_possible_truncation)] // `as` stops at the ends, which are too far.
        let seconds = value
            .as_i64()
            .or_else(|| Some(value.as_f64()?.floor() as i64));
        let is_countable =
            |seconds: &i64| seconds.abs_diff(0) <= FARTHEST && time(*seconds).is_some();
        seconds
            .filter(is_countable)
            .map(Some)
            .ok_or_else(|| wrong(claim, "a number of seconds since 1970"))
    }

    /// As [`Reader::seconds`].
    pub(crate) fn time(&mut self, claim: &'static str) -> Result<Option<SystemTime>, VerifyError> {
        Ok(self.seconds(claim)?.and_then(time))
    }

    /// A JSON object.
    pub(crate) fn object(
        &mut self,
        claim: &'static str,
    ) -> Result<Option<Map<String, Value>>, VerifyError> {
        match self.0.remove(claim) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(wrong(claim, "an object")),
        }
    }
}

fn wrong(claim: &str, expected: &'static str) -> VerifyError {
    VerifyError::ClaimType {
        claim: claim.to_owned(),
        expected,
    }
}

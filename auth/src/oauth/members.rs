//! The members of a successful JSON answer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::{Error, Secret};

/// A JSON object that is taken apart member by member. No error repeats what it holds.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(body).map(Self).map_err(|_| {
            Error::decode(
                "$",
                "expected a JSON object; is the issuer that of an authorization server?",
                None,
            )
        })
    }

    /// A text; missing, null and empty are none.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok((!text.is_empty()).then_some(text)),
            Some(_) => Err(wrong(name, "expected a string")),
        }
    }

    pub(super) fn secret(&mut self, name: &str) -> Result<Option<Secret>, Error> {
        Ok(self.text(name)?.map(Secret::from))
    }

    pub(super) fn required(&mut self, name: &str) -> Result<String, Error> {
        self.text(name)?
            .ok_or_else(|| wrong(name, "is missing or empty"))
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            // Some providers behind Okta write claims that way.
            Some(Value::String(text)) if text == "true" || text == "false" => {
                Ok(Some(text == "true"))
            }
            Some(_) => Err(wrong(name, "expected true or false")),
        }
    }

    /// A number of whole seconds, which some servers write as a text.
    pub(super) fn seconds(&mut self, name: &str) -> Result<Option<Duration>, Error> {
        let number = match self.take(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        number
            .map(|seconds| Some(Duration::from_secs(seconds)))
            .ok_or_else(|| wrong(name, "expected a whole number of seconds, 0 or more"))
    }

    /// A time, in seconds since 1970. One that no clock can show is none.
    pub(super) fn time(&mut self, name: &str) -> Result<Option<SystemTime>, Error> {
        let since = self.seconds(name)?;
        Ok(since.and_then(|since| UNIX_EPOCH.checked_add(since)))
    }

    /// A text, or a list of them.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, Error> {
        let text = |value| match value {
            Value::String(text) => Ok(text),
            _ => Err(wrong(name, "expected a string or a list of strings")),
        };
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.into_iter().map(text).collect(),
            Some(one) => Ok(vec![text(one)?]),
        }
    }

    /// Any member; null is none.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// What was not taken.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

/// The error for a member that is not what it should be.
pub(super) fn wrong(name: &str, why: &str) -> Error {
    Error::decode(format!("$.{name}"), why, None)
}

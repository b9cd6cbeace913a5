//! Calling operations through the typed API, with arguments from the table.

use bytes::Bytes;
use futures::future::BoxFuture;
use okta_sdk::round_trip::Expected;
use okta_sdk::{Client, Error, FilePart, Output, RawResponse, Request, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An operation, and how it is called.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Okta's operation id.
    pub operation: &'static str,
    /// Calls it, if the arguments fit its types.
    pub call: fn(&Client, &Given<'_>) -> Result<Pending, serde_json::Error>,
}

/// Which arguments a call is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that it cannot do without.
    Required,
    /// All there are.
    All,
}

/// Arguments of a call, from its entry in the table.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    entry: &'a Value,
    scope: Scope,
}

impl<'a> Given<'a> {
    /// Arguments from an entry of the table.
    #[must_use]
    pub fn new(entry: &'a Value, scope: Scope) -> Self {
        Self { entry, scope }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.entry["given_path"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn param(&self, name: &str) -> Option<&'a Value> {
        let params = ["query", "headers"].map(|place| self.entry[place].as_array());
        let param = params
            .into_iter()
            .flatten()
            .flatten()
            .find(|param| param["name"] == name)?;
        let wanted = self.scope == Scope::All || param["required"] == true;
        wanted.then_some(&param["given"])
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.param(name)?.as_str().map(str::to_owned)
    }

    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.param(name)?.as_bool()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.param(name)?.as_i64()
    }

    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.param(name)?.as_array()?.iter();
        Some(items.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let body = &self.entry["body"];
        let body = if self.scope == Scope::All {
            &body["given"]
        } else {
            &body["minimal"]
        };
        T::deserialize(body)
    }

    pub(crate) fn optional_body<T: DeserializeOwned>(
        &self,
    ) -> Result<Option<T>, serde_json::Error> {
        (self.scope == Scope::All).then(|| self.body()).transpose()
    }

    pub(crate) fn bytes(&self) -> Bytes {
        self.entry["body"]["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
            .into()
    }

    pub(crate) fn file(&self) -> FilePart {
        FilePart::new("logo.png", "image/png", self.bytes())
    }
}

/// A call on its way, and how its answer is decoded.
#[allow(missing_debug_implementations)] // holds a future
pub struct Pending {
    response: BoxFuture<'static, Result<RawResponse, Error>>,
    decode: fn(&RawResponse) -> Result<Value, Error>,
}

impl Pending {
    /// Waits for the answer: the response, and what it was decoded into as JSON.
    ///
    /// # Errors
    /// If the call fails; the result inside, if only decoding does.
    pub async fn answer(self) -> Result<(RawResponse, Result<Value, Error>), Error> {
        let response = self.response.await?;
        let value = (self.decode)(&response);
        Ok((response, value))
    }
}

fn pending<T: Output>(
    request: Request<T>,
    decode: fn(&RawResponse) -> Result<Value, Error>,
) -> Pending {
    Pending {
        response: Box::pin(request.raw()),
        decode,
    }
}

pub(crate) fn json<T: Output + Serialize>(request: Request<T>) -> Pending {
    pending(request, |response| {
        let value = T::from_response(response, Expected::default())?;
        serde_json::to_value(value).map_err(|error| Error::other("cannot be encoded", error))
    })
}

pub(crate) fn text(request: Request<Text>) -> Pending {
    pending(request, |response| {
        Ok(Text::from_response(response, Expected::default())?
            .into_string()
            .into())
    })
}

#[allow(dead_code)] // no operation of this release answers with bytes alone
pub(crate) fn bytes(request: Request<Bytes>) -> Pending {
    pending(request, |response| {
        Ok(String::from_utf8_lossy(&response.body).into())
    })
}

/// Sets an option of a call, if it is given: `set!(call, given, limit = integer("limit"));`
macro_rules! set {
    ($call:ident, $given:ident, $setter:ident = $kind:ident($name:literal)) => {
        if let Some(value) = $given.$kind($name) {
            $call = $call.$setter(value);
        }
    };
}

pub(crate) use set;

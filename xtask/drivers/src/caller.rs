//! Calling operations through the typed API, with arguments from the table.

use bytes::Bytes;
use futures::future::BoxFuture;
use okta_sdk::{CallFuture, Client, Error, FilePart, Page, Response, StatusCode, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An operation, and how it is called.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Okta's document that has the operation.
    pub document: &'static str,
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

    #[allow(dead_code)] // which types parameters have depends on the document
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.param(name)?.as_f64()
    }

    #[allow(dead_code)]
    pub(crate) fn integers(&self, name: &str) -> Option<Vec<i64>> {
        let items = self.param(name)?.as_array()?.iter();
        Some(items.filter_map(Value::as_i64).collect())
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
        let wanted = self.scope == Scope::All || self.entry["body"]["wanted"] == true;
        wanted.then(|| self.body()).transpose()
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

/// A call on its way.
#[allow(missing_debug_implementations)] // holds a future
pub struct Pending(BoxFuture<'static, Result<Answer, Error>>);

/// The status of an answer, and what it was decoded into as JSON; of a list the items of its first
/// page.
#[derive(Debug)]
pub struct Answer {
    /// The status, always 2xx.
    pub status: StatusCode,
    /// What it was decoded into, or why it could not be.
    pub value: Result<Value, Error>,
    /// Of a list, each item by itself.
    pub items: Option<Vec<Result<Value, Error>>>,
}

impl Answer {
    fn new(status: StatusCode, value: Result<Value, Error>) -> Self {
        Self {
            status,
            value,
            items: None,
        }
    }
}

impl Pending {
    /// Waits for the answer.
    ///
    /// # Errors
    /// If the call fails; the result in the answer, if only decoding does.
    pub async fn answer(self) -> Result<Answer, Error> {
        self.0.await
    }
}

fn pending<T: Send + 'static>(
    call: CallFuture<T>,
    read: fn(T) -> Result<Answer, Error>,
) -> Pending {
    Pending(Box::pin(async move {
        match call.await.and_then(read) {
            Ok(answer) => Ok(answer),
            Err(error) => match error.status() {
                Some(status) if error.is_decode() => Ok(Answer::new(status, Err(error))),
                _ => Err(error),
            },
        }
    }))
}

fn as_json(value: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| Error::other("cannot be encoded", error))
}

pub(crate) fn json<T: Serialize + Send + 'static>(call: CallFuture<Response<T>>) -> Pending {
    pending(call, |response| {
        let status = response.status();
        Ok(Answer::new(status, Ok(as_json(response.into_inner())?)))
    })
}

pub(crate) fn list<T: Serialize + Send + 'static>(call: CallFuture<Page<T>>) -> Pending {
    pending(call, |page| {
        let items = page.items.into_iter();
        let items: Vec<_> = items.map(|item| item.and_then(as_json)).collect();
        Ok(Answer {
            items: Some(items.clone()),
            ..Answer::new(page.status, items.into_iter().collect())
        })
    })
}

pub(crate) fn text(call: CallFuture<Response<Text>>) -> Pending {
    pending(call, |response| {
        let status = response.status();
        let text = response.into_inner().into_string();
        Ok(Answer::new(status, Ok(text.into())))
    })
}

#[allow(dead_code)] // no operation of this release answers with bytes alone
pub(crate) fn bytes(call: CallFuture<Response<Bytes>>) -> Pending {
    pending(call, |response| {
        let text = String::from_utf8_lossy(&response).into_owned();
        Ok(Answer::new(response.status(), Ok(text.into())))
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

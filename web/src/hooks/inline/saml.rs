//! SAML assertion inline hooks.

use std::fmt;

use okta_sdk::models::SamlPayLoad;
use serde_json::{Value, json};

use super::answer::{Operation, body, claim, error, patch};
use super::kind::{InlineHookKind, sealed};

/// Asked before Okta sends a SAML assertion to an app.
///
/// By default, a handler that fails changes nothing: Okta sends the assertion as it is, which it also
/// does when no answer comes.
///
/// Source: <https://developer.okta.com/docs/reference/saml-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum SamlHook {}

/// The answer of a [`SamlHook`]. A new one changes nothing. Changes are in the order in which they
/// are called.
#[derive(Clone, Default)]
#[must_use]
pub struct SamlAnswer {
    operations: Vec<Operation>,
    error: Option<String>,
}

impl SamlAnswer {
    /// The assertion as it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// No change. Okta writes this text into its System Log as why the hook failed.
    pub fn failed(summary: impl Into<String>) -> Self {
        Self {
            error: Some(summary.into()),
            ..Self::default()
        }
    }

    /// Adds an attribute with these values, as text: `NameFormat` is basic, and `xsi:type` is
    /// `xs:string`. For others, use [`add`](Self::add).
    pub fn add_claim<V: Into<String>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values: Vec<_> = values
            .into_iter()
            .map(
                |value| json!({ "attributes": { "xsi:type": "xs:string" }, "value": value.into() }),
            )
            .collect();
        let format = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
        let attribute = json!({
            "attributes": { "NameFormat": format },
            "attributeValues": values,
        });
        self.add(claim(name), attribute)
    }

    /// Gives an attribute's value another text. `index` counts from 0.
    pub fn replace_claim(self, name: &str, index: usize, value: impl Into<String>) -> Self {
        let path = format!("{}/attributeValues/{index}/value", claim(name));
        self.replace(path, value.into())
    }

    /// Adds what is not in the assertion. `path` is a JSON pointer (RFC 6901) within the request's
    /// `data.assertion`, such as `/claims/department`.
    pub fn add(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        let operation = Operation::add(path.into(), value.into());
        self.operations.push(operation);
        self
    }

    /// Gives a part of the assertion another value. `path` is as for [`add`](Self::add), such as
    /// `/subject/nameId`.
    pub fn replace(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        let operation = Operation::replace(path.into(), value.into());
        self.operations.push(operation);
        self
    }
}

impl sealed::Kind for SamlHook {}

impl InlineHookKind for SamlHook {
    const EVENT_TYPE: &'static str = "com.okta.saml.tokens.transform";
    type Request = SamlPayLoad;
    type Answer = SamlAnswer;

    fn safe_failure() -> SamlAnswer {
        SamlAnswer::new()
    }

    fn body(answer: &SamlAnswer) -> Option<Value> {
        let patch = patch("com.okta.assertion.patch", &answer.operations);
        body(
            patch.into_iter().collect(),
            answer.error.as_deref().map(error),
        )
    }
}

// Without the values of attributes, which may be about a person.
impl fmt::Debug for SamlAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SamlAnswer")
            .field("operations", &self.operations)
            .field("error", &self.error)
            .finish()
    }
}

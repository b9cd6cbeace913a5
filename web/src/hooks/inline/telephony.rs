//! Telephony inline hooks.

use okta_sdk::models::TelephonyRequest;
use serde_json::{Map, Value, json};

use super::answer::{body, command, error};
use super::kind::{InlineHookKind, sealed};

/// Asked to deliver a one-time passcode by text message or call.
///
/// By default, a handler that fails leaves the delivery to Okta's own providers, which Okta also does
/// when no answer comes. They are heavily rate-limited, and the user may get the passcode twice.
///
/// Source: <https://developer.okta.com/docs/reference/telephony-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum TelephonyHook {}

/// The answer of a [`TelephonyHook`].
#[derive(Clone, Debug)]
#[must_use]
pub struct TelephonyAnswer(Outcome);

#[derive(Clone, Debug)]
enum Outcome {
    Delivery(Delivery),
    Error(String),
    LeftToOkta,
}

#[derive(Clone, Debug)]
struct Delivery {
    status: &'static str,
    provider: String,
    transaction_id: Option<String>,
    transaction_metadata: Option<String>,
}

impl TelephonyAnswer {
    /// The provider has delivered the passcode.
    pub fn sent(provider: impl Into<String>) -> Self {
        Self::delivery("SUCCESSFUL", provider.into())
    }

    /// The provider has it, and does not know yet whether it was delivered.
    pub fn pending(provider: impl Into<String>) -> Self {
        Self::delivery("PENDING", provider.into())
    }

    /// The provider could not deliver it.
    pub fn failed(provider: impl Into<String>) -> Self {
        Self::delivery("FAILED", provider.into())
    }

    /// It could not be delivered, and the user may be shown this text. Okta documents both that its
    /// own providers try next and that nothing is delivered.
    pub fn error(summary: impl Into<String>) -> Self {
        Self(Outcome::Error(summary.into()))
    }

    /// Okta delivers it by its own providers. This is status 204: Okta skips the hook at each status
    /// but 200.
    pub fn leave_to_okta() -> Self {
        Self(Outcome::LeftToOkta)
    }

    /// The provider's id of the delivery. Ignored where the answer names no provider.
    pub fn transaction(mut self, id: impl Into<String>) -> Self {
        if let Outcome::Delivery(delivery) = &mut self.0 {
            delivery.transaction_id = Some(id.into());
        }
        self
    }

    /// Whatever else is to be known of the delivery, such as `Duration=300ms`. Ignored where the
    /// answer names no provider.
    pub fn metadata(mut self, text: impl Into<String>) -> Self {
        if let Outcome::Delivery(delivery) = &mut self.0 {
            delivery.transaction_metadata = Some(text.into());
        }
        self
    }

    fn delivery(status: &'static str, provider: String) -> Self {
        Self(Outcome::Delivery(Delivery {
            status,
            provider,
            transaction_id: None,
            transaction_metadata: None,
        }))
    }
}

impl Delivery {
    fn value(&self) -> Value {
        let mut value = Map::new();
        value.insert("status".to_owned(), self.status.into());
        value.insert("provider".to_owned(), self.provider.clone().into());
        for (name, text) in [
            ("transactionId", &self.transaction_id),
            ("transactionMetadata", &self.transaction_metadata),
        ] {
            if let Some(text) = text {
                value.insert(name.to_owned(), text.clone().into());
            }
        }
        json!([value])
    }
}

impl sealed::Kind for TelephonyHook {}

impl InlineHookKind for TelephonyHook {
    const EVENT_TYPE: &'static str = "com.okta.telephony.provider";
    type Request = TelephonyRequest;
    type Answer = TelephonyAnswer;

    fn safe_failure() -> TelephonyAnswer {
        TelephonyAnswer::leave_to_okta()
    }

    fn body(answer: &TelephonyAnswer) -> Option<Value> {
        match &answer.0 {
            Outcome::Delivery(delivery) => {
                let command = command("com.okta.telephony.action", delivery.value());
                body(vec![command], None)
            }
            Outcome::Error(summary) => body(Vec::new(), Some(error(summary))),
            Outcome::LeftToOkta => None,
        }
    }
}

//! Registration inline hooks.

use std::collections::BTreeMap;
use std::fmt;

use okta_sdk::models::RegistrationInlineHookRequest;
use serde_json::{Map, Value, json};

use super::answer::{body, command};
use super::kind::{InlineHookKind, sealed};

/// Asked when someone registers, or completes their profile later (progressive enrollment).
///
/// By default, a handler that fails denies the registration, which Okta also does when no answer
/// comes.
///
/// Source: <https://developer.okta.com/docs/reference/registration-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum RegistrationHook {}

/// The answer of a [`RegistrationHook`].
#[derive(Clone)]
#[must_use]
pub struct RegistrationAnswer {
    registration: &'static str,
    profile: BTreeMap<String, Value>,
    progressive: BTreeMap<String, Value>,
    error: Option<(String, Vec<RejectedField>)>,
}

/// An attribute of the profile that is why a registration is denied.
#[derive(Clone, Debug)]
#[must_use]
pub struct RejectedField {
    attribute: String,
    reason: String,
    summary: String,
}

impl RegistrationAnswer {
    /// Lets the person register.
    pub fn allow() -> Self {
        Self::new("ALLOW")
    }

    /// Does not, and shows Okta's own text.
    pub fn deny() -> Self {
        Self::new("DENY")
    }

    /// Does not, and shows this text, and those of the attributes that are why.
    pub fn deny_because(
        summary: impl Into<String>,
        fields: impl IntoIterator<Item = RejectedField>,
    ) -> Self {
        Self {
            error: Some((summary.into(), fields.into_iter().collect())),
            ..Self::deny()
        }
    }

    fn new(registration: &'static str) -> Self {
        Self {
            registration,
            profile: BTreeMap::new(),
            progressive: BTreeMap::new(),
            error: None,
        }
    }

    /// Sets an attribute of the profile of someone who registers (`self.service.registration`). The
    /// org's user schema must have it, and it cannot be the password.
    pub fn set(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.profile.insert(attribute.into(), value.into());
        self
    }

    /// Sets an attribute of the profile of someone who completes it (`progressive.profile`).
    pub fn set_progressive(
        mut self,
        attribute: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        self.progressive.insert(attribute.into(), value.into());
        self
    }
}

impl RejectedField {
    /// The attribute's name, a code for why it is rejected, such as `INVALID_EMAIL_DOMAIN`, and the
    /// text to show.
    pub fn new(
        attribute: impl Into<String>,
        reason: impl Into<String>,
        summary: impl Into<String>,
    ) -> Self {
        Self {
            attribute: attribute.into(),
            reason: reason.into(),
            summary: summary.into(),
        }
    }

    fn cause(&self) -> Value {
        json!({
            "errorSummary": self.summary,
            "reason": self.reason,
            "locationType": "body",
            "location": format!("data.userProfile.{}", self.attribute),
            "domain": "end-user",
        })
    }
}

impl sealed::Kind for RegistrationHook {}

impl InlineHookKind for RegistrationHook {
    const EVENT_TYPE: &'static str = "com.okta.user.pre-registration";
    type Request = RegistrationInlineHookRequest;
    type Answer = RegistrationAnswer;

    fn safe_failure() -> RegistrationAnswer {
        RegistrationAnswer::deny()
    }

    fn body(answer: &RegistrationAnswer) -> Option<Value> {
        let mut commands = Vec::new();
        for (kind, profile) in [
            ("com.okta.user.profile.update", &answer.profile),
            (
                "com.okta.user.progressive.profile.update",
                &answer.progressive,
            ),
        ] {
            if !profile.is_empty() {
                let profile: Map<_, _> = profile.clone().into_iter().collect();
                commands.push(command(kind, profile));
            }
        }
        let registration = json!({ "registration": answer.registration });
        commands.push(command("com.okta.action.update", registration));
        let error = answer.error.as_ref().map(|(summary, fields)| {
            let causes: Vec<_> = fields.iter().map(RejectedField::cause).collect();
            json!({ "errorSummary": summary, "errorCauses": causes })
        });
        body(commands, error)
    }
}

// Without the values of attributes, which are about a person.
impl fmt::Debug for RegistrationAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationAnswer")
            .field("registration", &self.registration)
            .field("profile", &self.profile.keys())
            .field("progressive", &self.progressive.keys())
            .field("error", &self.error)
            .finish()
    }
}

//! Passwords, recovery questions and where a user's credentials live.

use std::borrow::Cow;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::object::Object;
use crate::problem::Problem;

/// The password of every active user of a seed. It protects nothing: it is on the login page.
pub(crate) const PASSWORD: &str = "Emulated-Okta-1";

/// How a user proves who they are. Secrets are held, and never shown again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Credentials {
    pub(crate) password: Option<Password>,
    pub(crate) recovery_question: Option<RecoveryQuestion>,
    pub(crate) provider: Provider,
}

/// A password, or the knowledge that there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Password {
    Known(#[serde(with = "secret")] SecretString),
    /// Imported as a hash: the org cannot compare it itself.
    Imported,
    /// Another system knows it: the service of an inline hook is asked at the first login.
    Hooked,
}

/// A security question and its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecoveryQuestion {
    pub(crate) question: String,
    #[serde(with = "secret")]
    pub(crate) answer: SecretString,
}

/// The directory that checks the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provider {
    pub(crate) kind: Cow<'static, str>,
    pub(crate) name: Cow<'static, str>,
}

impl Provider {
    /// The org itself, as for almost all users.
    const OKTA: &'static str = "OKTA";

    pub(crate) fn new(kind: &str, name: &str) -> Self {
        let held = |text: &str| match text {
            Self::OKTA => Cow::Borrowed(Self::OKTA),
            other => Cow::Owned(other.to_owned()),
        };
        Self {
            kind: held(kind),
            name: held(name),
        }
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            password: None,
            recovery_question: None,
            provider: Provider::new(Provider::OKTA, Provider::OKTA),
        }
    }
}

impl Credentials {
    /// Takes over what a request's `credentials` names; tells whether that set a password.
    pub(crate) fn update(&mut self, given: Option<&Value>) -> Result<bool, Problem> {
        let Some(given) = given.filter(|given| !given.is_null()) else {
            return Ok(false);
        };
        if let (Some(kind), name) = (
            given["provider"]["type"].as_str(),
            &given["provider"]["name"],
        ) {
            self.provider = Provider::new(kind, name.as_str().unwrap_or(kind));
        }
        let question = &given["recovery_question"];
        if let (Some(question), Some(answer)) =
            (question["question"].as_str(), question["answer"].as_str())
        {
            self.recovery_question = Some(RecoveryQuestion {
                question: question.to_owned(),
                answer: answer.into(),
            });
        }
        let password = match &given["password"] {
            Value::Object(password) if password.contains_key("value") => {
                Some(Password::Known(acceptable(&password["value"])?))
            }
            Value::Object(password) if password.contains_key("hash") => Some(Password::Imported),
            Value::Object(password) if password.contains_key("hook") => Some(hooked(password)?),
            _ => None,
        };
        let set = password.is_some();
        if set {
            self.password = password;
        }
        Ok(set)
    }
}

/// A password that the hook of the org is asked for: there is one such hook, the default.
fn hooked(password: &Object) -> Result<Password, Problem> {
    match password["hook"]["type"].as_str() {
        Some("default") => Ok(Password::Hooked),
        _ => Err(Problem::validation(
            "password",
            ["password.hook.type: must be default"],
        )),
    }
}

/// Okta's default policy asks for more; the org only refuses what no policy allows.
pub(crate) fn acceptable(password: &Value) -> Result<SecretString, Problem> {
    match password.as_str() {
        Some(password) if password.chars().count() >= 8 => Ok(password.into()),
        _ => Err(Problem::validation(
            "password",
            ["password: Password requirements were not met. It must have at least 8 characters"],
        )),
    }
}

/// Secrets as they are written where the org is kept, and nowhere else.
mod secret {
    use secrecy::{ExposeSecret, SecretString};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        secret: &SecretString,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose_secret())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SecretString, D::Error> {
        String::deserialize(deserializer).map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_what_an_update_does_not_name() {
        let mut credentials = Credentials::default();
        let first = json!({
            "password": { "value": "correct horse" },
            "recovery_question": { "question": "Pet?", "answer": "Horse" },
        });
        assert!(credentials.update(Some(&first)).unwrap());
        assert!(
            !credentials
                .update(Some(&json!({ "provider": { "type": "LDAP" } })))
                .unwrap()
        );
        assert!(matches!(credentials.password, Some(Password::Known(_))));
        let question = credentials.recovery_question.unwrap();
        assert_eq!(question.question, "Pet?");
        assert_eq!(question.answer.expose_secret(), "Horse");
        assert_eq!(credentials.provider, Provider::new("LDAP", "LDAP"));
    }

    #[test]
    fn a_hash_counts_as_a_password() {
        let mut credentials = Credentials::default();
        let imported = json!({ "password": { "hash": { "algorithm": "BCRYPT" } } });
        assert!(credentials.update(Some(&imported)).unwrap());
    }

    #[test]
    fn a_hook_has_to_be_the_default() {
        let mut credentials = Credentials::default();
        let hooked = |kind: &str| json!({ "password": { "hook": { "type": kind } } });
        assert!(credentials.update(Some(&hooked("default"))).unwrap());
        assert!(matches!(credentials.password, Some(Password::Hooked)));
        assert!(credentials.update(Some(&hooked("other"))).is_err());
    }

    #[test]
    fn no_secret_in_debug_output() {
        let mut credentials = Credentials::default();
        let given = json!({
            "password": { "value": "correct horse" },
            "recovery_question": { "question": "Pet?", "answer": "Silver" },
        });
        credentials.update(Some(&given)).unwrap();
        let shown = format!("{credentials:?}");
        assert!(
            !shown.contains("correct horse") && !shown.contains("Silver"),
            "{shown}"
        );
    }
}

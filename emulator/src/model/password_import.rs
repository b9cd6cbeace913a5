//! Passwords that another system knows. The service of the org's password import hook is asked at the
//! first login, and the password is the org's own from then on.
//!
//! Source: <https://developer.okta.com/docs/guides/password-import-inline-hook/>.

use serde_json::{Value, json};

use crate::org::Org;
use crate::org::credentials::Password;
use crate::org::events;
use crate::org::inline_hooks::Question;
use crate::org::users::Status;

const KIND: &str = "com.okta.user.credential.password.import";

/// A login of someone whose password another system knows.
pub(crate) struct Import {
    user: u64,
    password: String,
    pub(crate) question: Question,
}

impl Org {
    /// What has to be asked before someone logs in by this name and password; none if the org knows
    /// the password itself, or has no such hook. `path` is where the login is, `base` the org's URL.
    pub(crate) fn password_import(
        &self,
        (name, password): (String, String),
        (path, base): (&str, &str),
    ) -> Option<Import> {
        let position = self.find_user(&name).ok()?;
        let user = self.users.get(position)?;
        let waits = matches!(user.credentials.password, Some(Password::Hooked));
        if !waits || user.status != Status::Active {
            return None;
        }
        let hook = self.first_inline_hook(KIND)?;
        let data = json!({
            "context": {
                "request": self.asking_request(path),
                "credential": { "username": user.login(), "password": password },
            },
            "action": { "credential": "UNVERIFIED" },
        });
        let source = format!("{base}/api/v1/inlineHooks/{hook}");
        let question = self.question(hook, KIND, source, data)?;
        Some(Import {
            user: position,
            password,
            question,
        })
    }

    /// Keeps a password that the service has verified. Anything else leaves it as it is, so that the
    /// login fails and the next one asks again.
    pub(crate) fn import_password(&mut self, import: &Import, answer: Result<Value, String>) {
        let Import {
            user,
            password,
            question,
        } = import;
        let failure = answer.as_ref().err();
        self.record_inline_hook(&question.hook, failure.map(String::as_str));
        let now = self.now;
        let Some(user) = self.users.get_mut(*user) else {
            return;
        };
        // Someone may have set another one meanwhile.
        if !matches!(user.credentials.password, Some(Password::Hooked)) {
            return;
        }
        let target = user.target();
        let outcome = answer.and_then(|answer| match is_verified(&answer) {
            true => Ok(()),
            false => Err("The service did not verify the password".to_owned()),
        });
        if outcome.is_ok() {
            user.credentials.password = Some(Password::Known(password.as_str().into()));
            user.password_changed = Some(now);
            user.last_updated = now;
        }
        let failure = outcome.err();
        self.record_outcome(events::PASSWORD_IMPORTED, [target], failure.as_deref());
    }
}

/// Whether the last command that says something of the password says that it is right.
fn is_verified(answer: &Value) -> bool {
    let commands = answer["commands"].as_array().into_iter().flatten();
    let mut updates = commands.filter(|command| command["type"] == "com.okta.action.update");
    updates
        .next_back()
        .is_some_and(|update| update["value"]["credential"] == "VERIFIED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_command_verifies() {
        let command =
            |kind: &str, value: Value| json!({ "commands": [{ "type": kind, "value": value }] });
        let update = "com.okta.action.update";
        assert!(is_verified(&command(
            update,
            json!({ "credential": "VERIFIED" })
        )));
        for answer in [
            command(update, json!({ "credential": "UNVERIFIED" })),
            command(update, json!({ "credential": true })),
            command(update, json!("VERIFIED")),
            command("com.okta.user.update", json!({ "credential": "VERIFIED" })),
            json!({ "commands": [], "credential": "VERIFIED" }),
            json!({ "error": {} }),
            Value::Null,
        ] {
            assert!(!is_verified(&answer), "{answer}");
        }
    }
}

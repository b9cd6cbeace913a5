//! Passwords, recovery questions and where a user's credentials live.

pub(crate) mod operations;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::org::Org;
use crate::org::credentials::{Password, acceptable};
use crate::org::events;
use crate::problem::Problem;

impl Org {
    /// Changes a password for someone who knows the old one.
    pub(crate) fn change_password(
        &mut self,
        position: u64,
        old: &Value,
        new: &Value,
    ) -> Result<(), Problem> {
        let user = self.user(position)?;
        let known = match (&user.credentials.password, old.as_str()) {
            (Some(Password::Known(password)), Some(old)) => password.expose_secret() == old,
            _ => false,
        };
        if !known {
            let cause = "oldPassword: The credentials provided were incorrect.";
            return Err(Problem::credentials_not_updated(cause));
        }
        let new = acceptable(new)?;
        self.set_password(position, new)
    }

    /// Sets a new password for someone who knows the answer to the recovery question.
    pub(crate) fn recover_password(
        &mut self,
        position: u64,
        answer: &Value,
        new: &Value,
    ) -> Result<(), Problem> {
        let question = &self.user(position)?.credentials.recovery_question;
        let right = match (question, answer.as_str()) {
            // Okta does not tell letter cases of an answer apart.
            (Some(question), Some(answer)) => {
                question.answer.expose_secret().to_lowercase() == answer.to_lowercase()
            }
            _ => false,
        };
        if !right {
            return Err(Problem::wrong_answer());
        }
        let new = acceptable(new)?;
        self.set_password(position, new)
    }

    fn set_password(&mut self, position: u64, password: SecretString) -> Result<(), Problem> {
        let now = self.now;
        let user = self.user_mut(position)?;
        user.credentials.password = Some(Password::Known(password));
        user.password_changed = Some(now);
        user.last_updated = now;
        let target = user.target();
        self.record(events::PASSWORD_UPDATED, [target]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::model::fixture::{ACTIVATE, org, person};

    #[test]
    fn changing_a_password_takes_the_old_one() {
        let mut org = org();
        let mut request = person("isaac@example.com");
        request.insert(
            "credentials".to_owned(),
            json!({ "password": { "value": "correct horse" } }),
        );
        let user = org.create_user(&request, ACTIVATE).unwrap();
        let change = |org: &mut Org, old: &str, new: &str| {
            org.change_password(user, &json!(old), &json!(new))
                .map_err(|problem| problem.code)
        };
        assert_eq!(
            change(&mut org, "wrong horse", "battery staple"),
            Err("E0000014")
        );
        assert_eq!(change(&mut org, "correct horse", "short"), Err("E0000001"));
        assert_eq!(change(&mut org, "correct horse", "battery staple"), Ok(()));
        assert_eq!(change(&mut org, "battery staple", "correct horse"), Ok(()));
    }

    #[test]
    fn the_recovery_answer_opens_once_it_is_right() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let recover = |org: &mut Org, answer: &str| {
            let outcome = org.recover_password(user, &json!(answer), &json!("battery staple"));
            outcome.map_err(|problem| problem.code)
        };
        assert_eq!(recover(&mut org, "Silver"), Err("E0000087"));
        let question = json!({ "recovery_question": { "question": "Pet?", "answer": "Silver" } });
        let update = crate::object::Object::from_iter([("credentials".to_owned(), question)]);
        org.update_user(user, &update, false).unwrap();
        assert_eq!(recover(&mut org, "Gold"), Err("E0000087"));
        assert_eq!(recover(&mut org, "silver"), Ok(()));
    }
}

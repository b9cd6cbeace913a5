//! Factors of users: enrolled, activated and verified by a code, an answer or a push. Codes of
//! authenticator apps are really checked; those of text messages, calls and e-mails are made up and
//! can be read by tests. Whoever asks about a push finds that it was accepted.

pub(crate) mod operations;

use serde_json::Value;

use crate::clock::Timestamp;
use crate::object::Object;
use crate::org::Org;
use crate::org::challenges::PushResult;
use crate::org::events::{self, EventKind, Target};
use crate::org::factors::{Factor, KINDS, Kind, Verified};
use crate::org::profile;
use crate::problem::Problem;

/// How long a question's answer has to be.
const ANSWER: usize = 4;

impl Org {
    /// The factors of a user.
    pub(crate) fn factors_of(&self, user: u64) -> impl Iterator<Item = &Factor> {
        let factors = self.factors.iter().map(|(_, factor)| factor);
        factors.filter(move |factor| factor.user == user)
    }

    /// The position of a factor of a user.
    pub(crate) fn find_factor(&self, user: u64, id: &str) -> Result<u64, Problem> {
        let found = self.factors.position(id);
        let own = found.filter(|at| self.factors.get(*at).is_some_and(|it| it.user == user));
        own.ok_or_else(|| Problem::not_found(id, "UserFactor"))
    }

    pub(crate) fn factor(&self, position: u64) -> Result<&Factor, Problem> {
        self.factors.get(position).ok_or_else(Problem::internal)
    }

    fn factor_mut(&mut self, position: u64) -> Result<&mut Factor, Problem> {
        self.factors.get_mut(position).ok_or_else(Problem::internal)
    }

    /// Enrolls a factor with `factorType`, `provider` and `profile`.
    pub(crate) fn enroll_factor(
        &mut self,
        user: u64,
        body: &Object,
        activate: bool,
    ) -> Result<u64, Problem> {
        let (kind, provider, prefix, vendor) = known(body)?;
        let like = |it: &Factor| (it.kind, it.provider) == (kind, provider);
        if self.factors_of(user).any(like) {
            let cause = "A factor of this type is already set up.";
            return Err(Problem::validation("factorEnrollRequest", [cause]));
        }
        let mut profile = body
            .get("profile")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let answer = complete(kind, self.user(user)?.email(), &mut profile)?;
        let key = (kind == "token:software:totp").then(|| self.ids.secret(20).into_bytes());
        let factor = Factor {
            id: self.ids.object(prefix),
            user,
            kind,
            provider,
            vendor,
            active: activate
                || matches!(kind, "question" | "token" | "token:hardware" | "token:hotp"),
            profile,
            key,
            created: self.now,
            last_updated: self.now,
            answer,
        };
        let active = factor.active;
        let position = self.factors.insert(factor);
        if active {
            self.record_factor(position, events::FACTOR_ACTIVATED)?;
        }
        self.send_code(position)?;
        Ok(position)
    }

    /// Removes the factor of the kind that a request names if it was never activated.
    pub(crate) fn drop_unfinished_factor(&mut self, user: u64, body: &Object) {
        let Ok((kind, provider, ..)) = known(body) else {
            return;
        };
        let is_unfinished = |it: &Factor| {
            it.user == user && !it.active && (it.kind, it.provider) == (kind, provider)
        };
        let found = self.factors.iter().find(|(_, it)| is_unfinished(it));
        if let Some(position) = found.map(|(position, _)| position) {
            self.factors.remove(position);
        }
    }

    /// Activates a factor by the first code of it.
    pub(crate) fn activate_factor(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let now = self.now;
        let factor = self.factor(position)?;
        let sent = self.challenges.code(position, now);
        if !factor.active && !factor.accepts(body, sent, now) {
            return Err(Problem::wrong_passcode());
        }
        self.challenges.spend_code(position);
        let factor = self.factor_mut(position)?;
        let was_active = std::mem::replace(&mut factor.active, true);
        factor.last_updated = now;
        match was_active {
            true => Ok(()),
            false => self.record_factor(position, events::FACTOR_ACTIVATED),
        }
    }

    /// Takes a factor from its user.
    pub(crate) fn remove_factor(&mut self, position: u64) -> Result<(), Problem> {
        self.record_factor(position, events::FACTOR_DEACTIVATED)?;
        self.factors.remove(position);
        Ok(())
    }

    fn record_factor(&mut self, position: u64, kind: EventKind) -> Result<(), Problem> {
        let factor = self.factor(position)?;
        let user = self.user(factor.user)?.target();
        let factor = Target::new(
            &factor.id,
            "AuthenticatorEnrollment",
            "unknown",
            factor.kind,
        );
        self.record(kind, [user, factor]);
        Ok(())
    }

    /// Verifies a factor, or begins to.
    pub(crate) fn verify_factor(
        &mut self,
        position: u64,
        body: &Object,
    ) -> Result<Verified, Problem> {
        let now = self.now;
        let factor = self.factor(position)?;
        if !factor.active {
            let cause = "The factor has not been activated.";
            return Err(Problem::validation("factorVerifyRequest", [cause]));
        }
        if factor.kind == "push" {
            let id = format!("mst{}", self.ids.secret(17));
            self.challenges.send_push(id.clone(), position, now);
            return Ok(Verified::Waiting(id));
        }
        if factor.is_sent() && !body.contains_key("passCode") {
            self.send_code(position)?;
            return Ok(Verified::Challenge);
        }
        if !factor.accepts(body, self.challenges.code(position, now), now) {
            return Err(Problem::wrong_passcode());
        }
        // A code that was sent is good once.
        self.challenges.spend_code(position);
        Ok(Verified::Success)
    }

    /// What became of a push.
    pub(crate) fn push_result(&self, position: u64, id: &str) -> Result<PushResult, Problem> {
        let found = self.challenges.push(id, position, self.now);
        found.ok_or_else(|| Problem::not_found(id, "FactorTransaction"))
    }

    /// The code that a factor takes at `now`: that of the user's authenticator app, or the one that was
    /// sent last.
    pub(crate) fn passcode(&self, position: u64, now: Timestamp) -> Option<String> {
        let factor = self.factors.get(position)?;
        let sent = || self.challenges.code(position, now).map(str::to_owned);
        factor.app_code(now).or_else(sent)
    }

    /// Sends a code, if the factor has codes that are sent.
    pub(crate) fn send_code(&mut self, position: u64) -> Result<(), Problem> {
        let number = self
            .ids
            .secret(8)
            .bytes()
            .fold(0_u64, |number, byte| number * 61 + u64::from(byte));
        if self.factor(position)?.is_sent() {
            let (code, now) = (format!("{:06}", number % 1_000_000), self.now);
            self.challenges.send_code(position, code, now);
        }
        self.send_passcode(position)
    }

    /// Removes all factors of a user.
    pub(crate) fn remove_factors(&mut self, user: u64) {
        let own = self
            .factors
            .iter()
            .filter(|(_, factor)| factor.user == user);
        let positions: Vec<u64> = own.map(|(position, _)| position).collect();
        for position in positions {
            self.factors.remove(position);
        }
    }
}

fn known(body: &Object) -> Result<Kind, Problem> {
    let text = |name: &str| profile::text(body, name);
    let (kind, provider) = (text("factorType"), text("provider"));
    if kind.is_empty() {
        return Err(Problem::blank("factorType"));
    }
    let provider = if provider.is_empty() {
        "OKTA"
    } else {
        provider
    };
    let mut kinds = KINDS.iter().filter(|(known, ..)| *known == kind);
    let found = kinds.find(|(_, known, ..)| *known == provider);
    found.copied().ok_or_else(|| {
        let cause = format!("factorType: {provider} has no factor {kind}");
        Problem::validation("factorType", [cause])
    })
}

/// Checks what a kind needs in its profile; gives the answer of a question, which nobody sees again.
fn complete(kind: &str, email: &str, profile: &mut Object) -> Result<Option<String>, Problem> {
    let has = |profile: &Object, name: &str| profile.get(name).is_some_and(Value::is_string);
    match kind {
        "call" | "sms" if !has(profile, "phoneNumber") => Err(Problem::blank("phoneNumber")),
        "question" if !has(profile, "question") => Err(Problem::blank("question")),
        "question" => {
            let answer = profile.remove("answer");
            let answer = answer.as_ref().and_then(Value::as_str).unwrap_or_default();
            if answer.chars().count() < ANSWER {
                let cause = format!("answer: must have at least {ANSWER} characters");
                return Err(Problem::validation("answer", [cause]));
            }
            Ok(Some(answer.to_owned()))
        }
        "email" => {
            profile.entry("email").or_insert_with(|| email.into());
            Ok(None)
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::model::fixture::{STAGE, org, person};

    fn enrolled(body: Value) -> (Org, Result<u64, Problem>) {
        let mut org = org();
        let user = org.create_user(&person("a@example.com"), STAGE).unwrap();
        let factor = org.enroll_factor(user, body.as_object().unwrap(), false);
        (org, factor)
    }

    fn code(code: &str) -> Object {
        Object::from_iter([("passCode".to_owned(), json!(code))])
    }

    #[test]
    fn an_app_is_activated_and_verified_by_its_codes() {
        let body = json!({ "factorType": "token:software:totp", "provider": "GOOGLE" });
        let (mut org, factor) = enrolled(body);
        let factor = factor.unwrap();
        assert_eq!(
            org.activate_factor(factor, &code("000000")),
            Err(Problem::wrong_passcode())
        );
        assert!(org.verify_factor(factor, &code("000000")).is_err());
        let right = org.passcode(factor, org.now).unwrap();
        org.activate_factor(factor, &code(&right)).unwrap();
        assert_eq!(
            org.verify_factor(factor, &code(&right)),
            Ok(Verified::Success)
        );
        let wrong = org.verify_factor(factor, &code("000000"));
        assert_eq!(wrong, Err(Problem::wrong_passcode()));
    }

    #[test]
    fn a_code_that_was_sent_is_good_once() {
        let sms = json!({ "factorType": "sms", "profile": { "phoneNumber": "+15555550100" } });
        let (mut org, factor) = enrolled(sms);
        let factor = factor.unwrap();
        let first = org.passcode(factor, org.now).unwrap();
        org.activate_factor(factor, &code(&first)).unwrap();
        assert_eq!(
            org.verify_factor(factor, &Object::new()),
            Ok(Verified::Challenge)
        );
        let second = org.passcode(factor, org.now).unwrap();
        assert_ne!(first, second);
        assert_eq!(
            org.verify_factor(factor, &code(&second)),
            Ok(Verified::Success)
        );
        assert!(org.verify_factor(factor, &code(&second)).is_err());
    }

    #[test]
    fn a_question_keeps_its_answer_to_itself() {
        let profile = json!({ "question": "first_award", "answer": "Spelling" });
        let (mut org, factor) = enrolled(json!({ "factorType": "question", "profile": profile }));
        let factor = factor.unwrap();
        assert!(!org.factor(factor).unwrap().profile.contains_key("answer"));
        let answer = |text: &str| Object::from_iter([("answer".to_owned(), json!(text))]);
        assert!(org.verify_factor(factor, &answer("Sports")).is_err());
        assert_eq!(
            org.verify_factor(factor, &answer("spelling")),
            Ok(Verified::Success)
        );
    }

    #[test]
    fn factors_are_of_a_kind_that_there_is_and_there_once() {
        for body in [
            json!({}),
            json!({ "factorType": "moon" }),
            json!({ "factorType": "sms" }),
            json!({ "factorType": "webauthn", "provider": "OKTA" }),
            json!({ "factorType": "question", "profile": { "question": "first_award", "answer": "a" } }),
        ] {
            assert!(enrolled(body.clone()).1.is_err(), "{body}");
        }
        let push = json!({ "factorType": "push", "provider": "OKTA" });
        let (mut org, first) = enrolled(push.clone());
        let user = org.factor(first.unwrap()).unwrap().user;
        assert!(
            org.enroll_factor(user, push.as_object().unwrap(), false)
                .is_err()
        );
        org.reset_factors(user).unwrap();
        assert_eq!(org.factors_of(user).count(), 0);
    }
}

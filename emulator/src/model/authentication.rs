//! How users log in, at `/api/v1/authn` and at the login page: the password, then a factor if that is
//! asked for. Too many wrong passwords or codes lock them out.
//!
//! Source: <https://developer.okta.com/docs/reference/api/authn/>.

pub(crate) mod operations;
mod second_factor;

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::oauth::memory::sessions::{Second, Session};
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::{Outcome, Step, Transaction};
use crate::org::credentials::{Password, acceptable};
use crate::org::events;
use crate::org::policies::{Assurance, by_priority};
use crate::org::tickets::Purpose;
use crate::org::users::Status;
use crate::problem::Problem;

/// How many wrong passwords lock a user out, if no policy says another number.
const ATTEMPTS: u64 = 10;

impl Org {
    /// The user whose name and password these are. A wrong one is counted, and the last one too many locks
    /// the user out. The status of the user is not looked at, apart from that.
    pub(crate) fn check_password(&mut self, name: &str, password: &str) -> Option<u64> {
        let position = self.find_user(name).ok()?;
        let user = self.users.get(position)?;
        if user.status == Status::LockedOut {
            return None;
        }
        let right = match &user.credentials.password {
            Some(Password::Known(known)) => known.expose_secret() == password,
            Some(Password::Imported | Password::Hooked) | None => return None,
        };
        if right {
            self.authentications.succeed(position);
            return Some(position);
        }
        let failures = self.authentications.fail(position);
        let most = self.lockout()["maxAttempts"].as_u64().unwrap_or(ATTEMPTS);
        if most > 0 && failures >= most {
            self.authentications.succeed(position);
            self.lock_out(position);
        }
        None
    }

    /// Locks a user out who could log in until now.
    fn lock_out(&mut self, position: u64) {
        if !user_can_be_locked(self, position) {
            return;
        }
        let locked = self.transition(position, Status::LockedOut, events::USER_LOCKED);
        if let Err(problem) = locked {
            tracing::error!(?problem, "a user could not be locked out");
        }
    }

    /// The user whose name and password these are, if the user may log in.
    pub(crate) fn log_in(&mut self, name: &str, password: &str) -> Option<u64> {
        let position = self.check_password(name, password)?;
        let user = self.users.get(position)?;
        (user.status == Status::Active).then_some(position)
    }

    /// `settings.password.lockout` of the password policy that counts first.
    fn lockout(&self) -> &Value {
        let policies = by_priority(&self.policies, "PASSWORD");
        let first = policies.into_iter().find(|(_, policy)| policy.active);
        let settings = first.and_then(|(_, policy)| policy.body.get("settings"));
        settings.map_or(&Value::Null, |settings| &settings["password"]["lockout"])
    }

    /// The first step of a login.
    fn begin_login(&mut self, name: &str, password: &str) -> Result<Outcome, Problem> {
        let Some(position) = self.check_password(name, password) else {
            let found = self.find_user(name).ok();
            let status = found.and_then(|at| self.users.get(at)).map(|it| it.status);
            let openly = self.lockout()["showLockoutFailures"] == true;
            return match status {
                Some(Status::LockedOut) if openly => Ok(Outcome::LockedOut),
                _ => Err(Problem::authentication_failed()),
            };
        };
        match self.user(position)?.status {
            Status::Active => self.after_password(position),
            Status::PasswordExpired => Ok(self.unfinished(position, Step::ChangePassword)),
            _ => Err(Problem::authentication_failed()),
        }
    }

    /// What comes once the password was right: a factor, if the user has one or has to have one.
    fn after_password(&mut self, user: u64) -> Result<Outcome, Problem> {
        let has_factor = self.factors_of(user).any(|factor| factor.active);
        match self.assurance(user, None) {
            Assurance::Denied => Err(Problem::authentication_failed()),
            Assurance::Password if !has_factor => self.finished(user, None),
            _ => Ok(self.begin_second_factor(user)),
        }
    }

    fn unfinished(&mut self, user: u64, step: Step) -> Outcome {
        let token = format!("00{}", self.ids.secret(40));
        self.go_on(&token, user, step)
    }

    /// The login of a user is done, with this second factor.
    pub(super) fn finished(
        &mut self,
        user: u64,
        second: Option<Second>,
    ) -> Result<Outcome, Problem> {
        let token = format!("20111{}", self.ids.secret(36));
        let now = self.now;
        self.user_mut(user)?.last_login = Some(now);
        let session = Session {
            second,
            ..Session::by_password(user, now)
        };
        self.authentications.finish(token.clone(), session, now);
        Ok(Outcome::Finished(user, token))
    }

    pub(crate) fn transaction(&self, token: &str) -> Result<Transaction, Problem> {
        let found = self.authentications.of(token, self.now);
        found.ok_or_else(Problem::invalid_token)
    }

    /// A login goes on under its token with another step.
    pub(super) fn go_on(&mut self, token: &str, user: u64, step: Step) -> Outcome {
        let (token, now) = (token.to_owned(), self.now);
        let logins = &mut self.authentications;
        let begun = logins.begin(token.clone(), user, step, None, now);
        Outcome::Unfinished(token, begun)
    }

    /// A password that has expired is changed by who knows it.
    fn change_expired(
        &mut self,
        token: &str,
        old: &Value,
        new: &Value,
    ) -> Result<Outcome, Problem> {
        let user = self.transaction(token)?.user;
        self.change_password(user, old, new)?;
        self.authentications.end(token);
        if self.user(user)?.status == Status::PasswordExpired {
            self.transition(user, Status::Active, events::PASSWORD_UPDATED)?;
        }
        self.after_password(user)
    }

    /// Sends an e-mail by which the password can be reset. Nobody learns whether there is such a user.
    fn send_recovery(&mut self, name: &str) -> Result<(), Problem> {
        let Ok(user) = self.find_user(name) else {
            return Ok(());
        };
        match self.user(user)?.status {
            Status::Active | Status::PasswordExpired | Status::Recovery | Status::LockedOut => {
                self.send_link(user, Purpose::PasswordReset, "ForgotPassword")
            }
            _ => Ok(()),
        }
    }

    /// The token of that e-mail begins a recovery: by the question, if the user has one.
    fn begin_recovery(&mut self, token: &str) -> Result<Outcome, Problem> {
        let ticket = self.ticket(token).ok_or_else(Problem::invalid_token)?;
        let user = self.user(ticket.user)?;
        let step = match user.credentials.recovery_question {
            Some(_) => Step::AnswerQuestion,
            None => Step::ResetPassword,
        };
        Ok(self.unfinished(ticket.user, step))
    }

    fn answer_question(&mut self, token: &str, answer: &str) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        if transaction.step != Step::AnswerQuestion {
            return Err(Problem::wrong_status());
        }
        let user = self.user(transaction.user)?;
        let question = user.credentials.recovery_question.as_ref();
        let right = question.is_some_and(|question| {
            question.answer.expose_secret().to_lowercase() == answer.to_lowercase()
        });
        if !right {
            return Err(Problem::wrong_answer());
        }
        Ok(self.go_on(token, transaction.user, Step::ResetPassword))
    }

    /// The new password at the end of a recovery.
    fn choose_password(&mut self, token: &str, new: &Value) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        if transaction.step != Step::ResetPassword {
            return Err(Problem::wrong_status());
        }
        let password = acceptable(new)?;
        let (user, now) = (transaction.user, self.now);
        let person = self.user_mut(user)?;
        person.credentials.password = Some(Password::Known(password));
        person.password_changed = Some(now);
        self.tickets.forget(user);
        self.authentications.end(token);
        self.authentications.succeed(user);
        self.transition(user, Status::Active, events::PASSWORD_UPDATED)?;
        self.after_password(user)
    }

    /// The login that a session token stands for, if its user may still log in.
    pub(crate) fn redeem_session_token(&mut self, token: &str) -> Option<Session> {
        let session = self.authentications.redeem(token, self.now)?;
        let status = self.users.get(session.user)?.status;
        (status == Status::Active).then_some(session)
    }
}

fn user_can_be_locked(org: &Org, position: u64) -> bool {
    let user = org.users.get(position);
    user.is_some_and(|user| matches!(user.status, Status::Active | Status::PasswordExpired))
}

/// A member of a body that is text.
fn member<'b>(body: &'b Object, name: &str) -> Result<&'b str, Problem> {
    let text = body.get(name).and_then(Value::as_str);
    text.ok_or_else(|| Problem::blank(name))
}

/// A new or an old password, which a body says as text.
fn password(body: &Object, name: &str) -> Result<Value, Problem> {
    member(body, name).map(|text| json!(text))
}

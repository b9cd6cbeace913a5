//! The second factor of a login: chosen, proven, and set up by who has none.

use crate::oauth::memory::sessions::{Method, Second};
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::{Outcome, Step, Transaction};
use crate::org::challenges::PushResult;
use crate::org::factors::Verified;
use crate::problem::Problem;

/// How many codes that are wrong in a row lock a user out.
const ATTEMPTS: u64 = 5;

impl Org {
    /// The user has given the password: what follows is one of the user's factors, or a factor to be
    /// set up.
    pub(crate) fn begin_second_factor(&mut self, user: u64) -> Outcome {
        let has_factor = self.factors_of(user).any(|factor| factor.active);
        let step = match has_factor {
            true => Step::ChooseFactor,
            false => Step::EnrollFactor,
        };
        self.unfinished(user, step)
    }

    /// The user proves a factor, or has its code or its push sent.
    pub(crate) fn prove_factor(
        &mut self,
        token: &str,
        factor: &str,
        body: &Object,
    ) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        if !matches!(transaction.step, Step::ChooseFactor | Step::ProveFactor(_)) {
            return Err(Problem::wrong_status());
        }
        let user = transaction.user;
        let position = self.find_factor(user, factor)?;
        if transaction.step == Step::ProveFactor(position)
            && let Some(push) = transaction.push.clone()
        {
            return self.look_at_push(token, transaction, position, &push);
        }
        match self.verify_factor(position, body) {
            Ok(Verified::Success) => self.proven(token, user, position),
            Ok(Verified::Challenge) => Ok(self.go_on(token, user, Step::ProveFactor(position))),
            Ok(Verified::Waiting(push)) => {
                let (step, now) = (Step::ProveFactor(position), self.now);
                let logins = &mut self.authentications;
                let begun = logins.begin(token.to_owned(), user, step, Some(push), now);
                Ok(Outcome::Unfinished(token.to_owned(), begun))
            }
            Err(problem) if problem == Problem::wrong_passcode() => {
                Err(self.failed(token, user, problem))
            }
            Err(problem) => Err(problem),
        }
    }

    /// The user chooses a factor: its code or its push is sent, if it has one.
    pub(crate) fn choose_factor(&mut self, token: &str, factor: &str) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        if !matches!(transaction.step, Step::ChooseFactor | Step::ProveFactor(_)) {
            return Err(Problem::wrong_status());
        }
        let user = transaction.user;
        let position = self.find_factor(user, factor)?;
        let chosen = self.factor(position)?;
        if chosen.is_sent() || chosen.kind == "push" {
            self.go_on(token, user, Step::ChooseFactor);
            return self.prove_factor(token, factor, &Object::new());
        }
        Ok(self.go_on(token, user, Step::ProveFactor(position)))
    }

    /// What became of the push that was sent. After one that was not accepted, the next try sends
    /// another.
    fn look_at_push(
        &mut self,
        token: &str,
        transaction: Transaction,
        factor: u64,
        push: &str,
    ) -> Result<Outcome, Problem> {
        match self.challenges.push(push, factor, self.now) {
            Some(PushResult::Accepted) => self.proven(token, transaction.user, factor),
            Some(PushResult::Waiting) => Ok(Outcome::Unfinished(token.to_owned(), transaction)),
            Some(PushResult::Rejected | PushResult::TimedOut) | None => {
                self.go_on(token, transaction.user, transaction.step);
                Ok(Outcome::Unfinished(token.to_owned(), transaction))
            }
        }
    }

    fn proven(&mut self, token: &str, user: u64, factor: u64) -> Result<Outcome, Problem> {
        self.authentications.end(token);
        self.authentications.succeed_factor(user);
        let second = Second {
            method: Method::of(self.factor(factor)?.kind),
            at: self.now,
        };
        self.finished(user, Some(second))
    }

    /// Counts a code that was wrong. The last one too many locks the user out and ends the login.
    fn failed(&mut self, token: &str, user: u64, problem: Problem) -> Problem {
        if self.authentications.fail_factor(user) < ATTEMPTS {
            return problem;
        }
        self.authentications.succeed_factor(user);
        self.authentications.end(token);
        self.lock_out(user);
        Problem::user_locked()
    }

    /// Back to the choice of factors.
    pub(crate) fn choose_again(&mut self, token: &str) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        match transaction.step {
            Step::ProveFactor(_) | Step::ChooseFactor => {
                Ok(self.go_on(token, transaction.user, Step::ChooseFactor))
            }
            Step::ActivateFactor(_) | Step::EnrollFactor => {
                Ok(self.go_on(token, transaction.user, Step::EnrollFactor))
            }
            _ => Err(Problem::wrong_status()),
        }
    }

    /// The user sets a factor up. One of that kind which was begun and not finished gives way.
    pub(crate) fn enroll_in_login(
        &mut self,
        token: &str,
        body: &Object,
    ) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        if !matches!(
            transaction.step,
            Step::EnrollFactor | Step::ActivateFactor(_)
        ) {
            return Err(Problem::wrong_status());
        }
        let user = transaction.user;
        self.drop_unfinished_factor(user, body);
        let position = self.enroll_factor(user, body, false)?;
        if self.factor(position)?.active {
            return self.proven(token, user, position);
        }
        Ok(self.go_on(token, user, Step::ActivateFactor(position)))
    }

    /// The first code shows that the factor is set up, and ends the login.
    pub(crate) fn activate_in_login(
        &mut self,
        token: &str,
        factor: &str,
        body: &Object,
    ) -> Result<Outcome, Problem> {
        let transaction = self.transaction(token)?;
        let position = self.find_factor(transaction.user, factor)?;
        if transaction.step != Step::ActivateFactor(position) {
            return Err(Problem::wrong_status());
        }
        self.activate_factor(position, body)?;
        self.proven(token, transaction.user, position)
    }
}

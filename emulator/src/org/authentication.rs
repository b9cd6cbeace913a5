//! Logins under way, at `/api/v1/authn` and at the login page, and failed ones.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::oauth::memory::sessions::Session;
use crate::tracked::TrackedMap;
use crate::tracked::expiring::{Expiring, ExpiringMap};
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;

/// How long a login may take, in seconds.
const STATE_LIFETIME: i64 = 300;
/// How long a session token is good, in seconds.
const SESSION_TOKEN_LIFETIME: i64 = 300;

/// What a user has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Choose another password, knowing the old one.
    ChangePassword,
    /// Choose one of the factors.
    ChooseFactor,
    /// Say the code of the factor at this position.
    ProveFactor(u64),
    /// Set up a factor: there is none, and one is asked for.
    EnrollFactor,
    /// Show that the factor at this position is set up.
    ActivateFactor(u64),
    /// Answer the recovery question.
    AnswerQuestion,
    /// Choose a new password.
    ResetPassword,
}

/// A login under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    /// The position of the user.
    pub(crate) user: u64,
    pub(crate) step: Step,
    /// The id of the push that was sent for it.
    pub(crate) push: Option<String>,
    pub(crate) expires: Timestamp,
}

/// How a login goes on.
pub(crate) enum Outcome {
    /// There is more to do, under this state token.
    Unfinished(String, Transaction),
    /// The user is logged in. The position of the user, and the session token.
    Finished(u64, String),
    /// The user is locked out, and the policy says so openly.
    LockedOut,
}

/// A finished login that becomes a session.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Finished {
    session: Session,
    expires: Timestamp,
}

impl Expiring for Transaction {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

impl Expiring for Finished {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

/// What logins are remembered by.
#[derive(Default)]
pub(crate) struct Authentications {
    /// By state token.
    transactions: ExpiringMap<String, Transaction>,
    /// By session token.
    finished: ExpiringMap<String, Finished>,
    /// How often the password was wrong since it was right, by the position of the user.
    failures: TrackedMap<u64, u64>,
    /// The same for second factors.
    factor_failures: TrackedMap<u64, u64>,
}

/// Tokens are not for logs.
impl fmt::Debug for Authentications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authentications").finish_non_exhaustive()
    }
}

impl Authentications {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            transactions,
            finished,
            failures,
            factor_failures,
        } = self;
        visit("authentications", transactions);
        visit("session tokens", finished);
        visit("failed authentications", failures);
        visit("failed factors", factor_failures);
    }

    /// Forgets what is due.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.transactions.sweep(now, |_, _| ());
        self.finished.sweep(now, |_, _| ());
    }

    /// Notes a login under way, and gives it as it is now.
    pub(crate) fn begin(
        &mut self,
        token: String,
        user: u64,
        step: Step,
        push: Option<String>,
        now: Timestamp,
    ) -> Transaction {
        let transaction = Transaction {
            user,
            step,
            push,
            expires: now.later(STATE_LIFETIME),
        };
        self.transactions.insert(token, transaction.clone());
        transaction
    }

    /// The login that a state token stands for.
    pub(crate) fn of(&self, token: &str, now: Timestamp) -> Option<Transaction> {
        let transaction = self.transactions.get(token).cloned();
        transaction.filter(|transaction| now < transaction.expires)
    }

    pub(crate) fn end(&mut self, token: &str) {
        self.transactions.remove(token);
    }

    /// Notes a finished login, and says when its token expires.
    pub(crate) fn finish(&mut self, token: String, session: Session, now: Timestamp) -> Timestamp {
        let expires = now.later(SESSION_TOKEN_LIFETIME);
        self.finished.insert(token, Finished { session, expires });
        expires
    }

    /// The login that a session token stands for. It is good once.
    pub(crate) fn redeem(&mut self, token: &str, now: Timestamp) -> Option<Session> {
        let finished = self.finished.remove(token)?;
        (now < finished.expires).then_some(finished.session)
    }

    /// Counts a wrong password, and says how many there were.
    pub(crate) fn fail(&mut self, user: u64) -> u64 {
        let failures = self.failures.get_or_insert_with(user, u64::default);
        *failures += 1;
        *failures
    }

    pub(crate) fn succeed(&mut self, user: u64) {
        self.failures.remove(&user);
    }

    /// Counts a second factor that was not proven, and says how many there were.
    pub(crate) fn fail_factor(&mut self, user: u64) -> u64 {
        let failures = self.factor_failures.get_or_insert_with(user, u64::default);
        *failures += 1;
        *failures
    }

    pub(crate) fn succeed_factor(&mut self, user: u64) {
        self.factor_failures.remove(&user);
    }
}

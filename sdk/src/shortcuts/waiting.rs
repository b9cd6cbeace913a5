//! Waiting for what Okta does later than it answers.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::Error;
use crate::models::UserStatus;
use crate::resources::Users;

/// The first wait between two looks; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The longest wait between two looks.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

impl Users {
    /// Waits until a user has a status. It looks at once, and then less and less often; `timeout`
    /// limits all of it.
    ///
    /// `user_id` is an id or a login.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/user/getuser>.
    ///
    /// # Errors
    /// A timeout that tells the last status; else what the call gives, also if there is no such
    /// user.
    pub async fn wait_for_status(
        &self,
        user_id: impl crate::PathParameter,
        status: UserStatus,
        timeout: Duration,
    ) -> Result<(), Error> {
        let deadline = Deadline::after(timeout);
        let mut last = None;
        let mut waits = Waits::default();
        loop {
            let user = self.get(&user_id).timeout(deadline.left()).await;
            last = match user {
                Ok(user) if user.status.as_ref() == Some(&status) => return Ok(()),
                Ok(user) => user.status,
                Err(error) => return Err(deadline.error(error, || unchanged(&status, &last))),
            };
            if !deadline.wait(waits.next()).await {
                return Err(deadline.passed(&unchanged(&status, &last)));
            }
        }
    }

    /// Waits until a user is seen to be in a group, as after an assignment or by a group rule. It
    /// looks at once, and then less and less often; `timeout` limits all of it.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/userresources/listusergroups>.
    ///
    /// # Errors
    /// A timeout that says so; else what the call gives, also if there is no such user.
    #[cfg(feature = "groups")]
    pub async fn wait_for_group(
        &self,
        path: crate::paths::GroupUser<impl crate::PathParameter, impl crate::PathParameter>,
        timeout: Duration,
    ) -> Result<(), Error> {
        let deadline = Deadline::after(timeout);
        let group = path.group_id.segment();
        let absent = || "the user is not in the group".to_owned();
        let mut waits = Waits::default();
        loop {
            let groups = self.list_groups(&path.user_id).timeout(deadline.left());
            match groups.all().await {
                Ok(groups) if groups.iter().any(|it| it.id.as_str() == group) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(deadline.error(error, absent)),
            }
            if !deadline.wait(waits.next()).await {
                return Err(deadline.passed(&absent()));
            }
        }
    }
}

fn unchanged(wanted: &UserStatus, last: &Option<UserStatus>) -> String {
    let last = last.as_ref().map_or("unknown", |status| status.as_str());
    format!("the status of the user is {last} and not {wanted}")
}

/// How long to wait between looks.
struct Waits(Duration);

impl Default for Waits {
    fn default() -> Self {
        Self(FIRST_WAIT)
    }
}

impl Waits {
    fn next(&mut self) -> Duration {
        let wait = self.0;
        self.0 = (wait * 2).min(LONGEST_WAIT);
        wait
    }
}

/// When waiting ends, and how long it was to take.
struct Deadline {
    timeout: Duration,
    start: Instant,
}

impl Deadline {
    fn after(timeout: Duration) -> Self {
        let start = Instant::now();
        Self { timeout, start }
    }

    fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.start.elapsed())
    }

    /// Waits, but not past the end; whether there is time to look once more.
    async fn wait(&self, wait: Duration) -> bool {
        let left = self.left();
        sleep(wait.min(left)).await;
        wait < left
    }

    /// A call failed: if that is because time was up, the error says what was waited for.
    fn error(&self, error: Error, state: impl FnOnce() -> String) -> Error {
        match error.is_timeout() && self.left().is_zero() {
            true => self.passed(&state()),
            false => error,
        }
    }

    fn passed(&self, state: &str) -> Error {
        Error::timeout(format!("after {:?}, {state}", self.timeout))
    }
}

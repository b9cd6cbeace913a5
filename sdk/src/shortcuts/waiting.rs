//! Waiting for what Okta does later than it answers.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::models::UserStatus;
use crate::resources::Users;
use crate::shortcuts::owned;
use crate::{CallFuture, Error, Id, PathParameter};

/// The first wait between two looks; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The maximum wait between two looks.
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
    pub fn wait_for_status(
        &self,
        user_id: impl PathParameter,
        status: UserStatus,
        timeout: Duration,
    ) -> CallFuture<()> {
        let (users, user_id) = (self.clone(), owned(&user_id));
        CallFuture::new("Users::wait_for_status", async move {
            until_status(&users, &user_id, status, Deadline::after(timeout)).await
        })
    }

    /// Waits until a user is a member of a group, as after an assignment or by a group rule. It
    /// looks at once, and then less and less often; `timeout` limits all of it.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/userresources/listusergroups>.
    ///
    /// # Errors
    /// A timeout that says so; else what the call gives, also if there is no such user.
    #[cfg(feature = "groups")]
    pub fn wait_for_group(
        &self,
        path: crate::paths::GroupUser<impl PathParameter, impl PathParameter>,
        timeout: Duration,
    ) -> CallFuture<()> {
        let users = self.clone();
        let (user_id, group_id) = (owned(&path.user_id), owned(&path.group_id));
        CallFuture::new("Users::wait_for_group", async move {
            until_in_group(&users, &user_id, &group_id, Deadline::after(timeout)).await
        })
    }
}

async fn until_status(
    users: &Users,
    user_id: &Id,
    status: UserStatus,
    deadline: Deadline,
) -> Result<(), Error> {
    let mut last = None;
    let mut waits = Waits::default();
    loop {
        let user = users.get(user_id).timeout(deadline.left()).await;
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

#[cfg(feature = "groups")]
async fn until_in_group(
    users: &Users,
    user_id: &Id,
    group_id: &Id,
    deadline: Deadline,
) -> Result<(), Error> {
    if !group_id.is_present() {
        let why = "is absent; pass one that Okta has sent";
        return Err(Error::invalid_argument("group_id", why));
    }
    let absent = || "the user is not in the group".to_owned();
    let mut waits = Waits::default();
    loop {
        let groups = users.list_groups(user_id).timeout(deadline.left());
        match groups.all().await {
            Ok(groups) if groups.iter().any(|group| group.id == *group_id) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(deadline.error(error, absent)),
        }
        if !deadline.wait(waits.next()).await {
            return Err(deadline.passed(&absent()));
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

//! Users by login.

use crate::models::User;
use crate::resources::Users;
use crate::search::field;
use crate::{CallFuture, Error};

impl Users {
    /// The user with exactly this login, whatever characters are in it. Upper and lower case are
    /// the same, as they are for Okta.
    ///
    /// `get` finds by login too, but not one that holds a `/`, and it takes a login without its
    /// domain for the whole. This one searches, and a search may miss what was written in the last
    /// seconds.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/user/listusers>.
    ///
    /// # Errors
    /// What the call gives. That there is no such user is no error, but `None`.
    pub fn find_by_login(&self, login: impl Into<String>) -> CallFuture<Option<User>> {
        let (users, login) = (self.clone(), login.into());
        CallFuture::new("Users::find_by_login", async move {
            found(&users, &login).await
        })
    }
}

async fn found(users: &Users, login: &str) -> Result<Option<User>, Error> {
    let wanted = login.to_lowercase();
    let same = |user: &User| {
        let login = user.profile.as_ref().and_then(|it| it.login.as_deref());
        login.is_some_and(|login| login.to_lowercase() == wanted)
    };
    let mut found = users
        .list()
        .search(field("profile.login").eq(login))
        .stream();
    while let Some(user) = found.try_next().await? {
        if same(&user) {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

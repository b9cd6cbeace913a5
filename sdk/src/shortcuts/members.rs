//! Members of a group.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::paths::GroupUser;
use crate::resources::Groups;
use crate::shortcuts::owned;
use crate::{CallFuture, Error, Id, PathParameter};

/// How many members are added or removed at the same time.
const AT_ONCE: usize = 4;

/// What [`Groups::set_members`] changed: ids of users, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MembershipChange {
    /// Those who came in.
    pub added: Vec<String>,
    /// Those who had to go.
    pub removed: Vec<String>,
}

impl Groups {
    /// Makes these users the members of a group: adds who is missing, and then removes everybody
    /// else. Without users the group becomes empty.
    ///
    /// `user_ids` are ids and not logins, since a member is known by id alone.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/group/assignusertogroup>.
    ///
    /// # Errors
    /// An argument error if an id is absent, before anything is changed. The first failure of a
    /// call ends it; what was changed by then stays, and calling this again does the rest.
    pub fn set_members(
        &self,
        group_id: impl PathParameter,
        user_ids: impl IntoIterator<Item = impl Into<Id>>,
    ) -> CallFuture<MembershipChange> {
        let (groups, group_id) = (self.clone(), owned(&group_id));
        let wanted = user_ids.into_iter().map(Into::into).map(text);
        let wanted = wanted.collect::<Result<BTreeSet<_>, _>>();
        CallFuture::new("Groups::set_members", async move {
            set(&groups, &group_id, wanted?).await
        })
    }
}

async fn set(
    groups: &Groups,
    group_id: &Id,
    wanted: BTreeSet<String>,
) -> Result<MembershipChange, Error> {
    let members = groups.list_users(group_id).all().await?;
    let members = members.into_iter().map(|user| text(user.id));
    let members = members.collect::<Result<BTreeSet<_>, _>>()?;
    let change = MembershipChange {
        added: wanted.difference(&members).cloned().collect(),
        removed: members.difference(&wanted).cloned().collect(),
    };
    each(&change.added, |user_id| {
        let path = GroupUser {
            group_id,
            user_id: &user_id,
        };
        groups.assign_user(path).into_future()
    })
    .await?;
    each(&change.removed, |user_id| {
        let path = GroupUser {
            group_id,
            user_id: &user_id,
        };
        groups.unassign_user(path).into_future()
    })
    .await?;
    Ok(change)
}

/// Calls for each user, a few at the same time.
async fn each(
    users: &[String],
    call: impl Fn(String) -> CallFuture<()> + Send,
) -> Result<(), Error> {
    stream::iter(users.to_vec())
        .map(call)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

fn text(id: Id) -> Result<String, Error> {
    String::try_from(id).map_err(|absent| Error::invalid_argument("user_ids", absent.to_string()))
}

//! Groups by name.

use crate::models::{Group, GroupRequest, OktaUserGroupProfile};
use crate::resources::{Groups, ListGroups};
use crate::search::field;
use crate::shortcuts::ensured::{Ensured, find_or_create};
use crate::{CallFuture, Error};

impl Groups {
    /// The group of the org's own with exactly this name. Groups that come from applications or
    /// directories do not count, and may have the same name.
    ///
    /// It searches, and a search may miss what was written in the last seconds.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/group/listgroups>.
    ///
    /// # Errors
    /// What the call gives. That there is no such group is no error, but `None`.
    pub fn find_by_name(&self, name: impl Into<String>) -> CallFuture<Option<Group>> {
        let (groups, name) = (self.clone(), name.into());
        CallFuture::new(
            "Groups::find_by_name",
            async move { find(&groups, &name).await },
        )
    }

    /// The group of the org's own with this name, or else a new one. If somebody else makes it at
    /// the same time, it is theirs.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/group/addgroup>.
    ///
    /// # Errors
    /// What the calls give.
    pub fn find_or_create(&self, name: impl Into<String>) -> CallFuture<Ensured<Group>> {
        let (groups, name) = (self.clone(), name.into());
        CallFuture::new("Groups::find_or_create", async move {
            ensure(&groups, &name).await
        })
    }
}

async fn find(groups: &Groups, name: &str) -> Result<Option<Group>, Error> {
    let named = field("profile.name").eq(name);
    let own = field("type").eq("OKTA_GROUP");
    named_so(groups.list().search(own.and(named)), name).await
}

async fn ensure(groups: &Groups, name: &str) -> Result<Ensured<Group>, Error> {
    let found = find(groups, name).await?;
    let profile = OktaUserGroupProfile::new().name(name);
    let create = groups.add(GroupRequest::new().profile(profile));
    find_or_create(found, create, async |conflict| {
        // A look-up by `q` knows of groups that a search does not know of yet.
        let found = named_so(groups.list().q(name), name).await?;
        found.ok_or(conflict)
    })
    .await
}

/// The first group in a list with exactly this name.
async fn named_so(list: ListGroups, name: &str) -> Result<Option<Group>, Error> {
    let mut groups = list.stream();
    while let Some(group) = groups.try_next().await? {
        let own = group
            .type_
            .as_ref()
            .is_none_or(|it| it.as_str() == "OKTA_GROUP");
        let profile = group.profile.as_ref();
        if own && profile.and_then(|it| it.name.as_deref()) == Some(name) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

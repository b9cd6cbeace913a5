//! Owners of groups.

pub(crate) mod operations;

use serde_json::{Value, json};

use crate::object::Object;
use crate::org::Org;
use crate::org::group_owners::{Owner, OwnerKind};
use crate::problem::Problem;

impl Org {
    /// Makes a user or a group an owner, and gives the id.
    pub(crate) fn assign_owner(&mut self, group: u64, body: &Object) -> Result<String, Problem> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (id, kind) = match (text("id"), text("type")) {
            ("", _) => return Err(Problem::blank("id")),
            (_, "") => return Err(Problem::blank("type")),
            (id, "GROUP") => (
                self.group(self.find_group(id)?)?.id.clone(),
                OwnerKind::Group,
            ),
            (id, _) => {
                let user = self.users.position(id);
                user.ok_or_else(|| Problem::not_found(id, "User"))?;
                (id.to_owned(), OwnerKind::User)
            }
        };
        if self.owners.get(group, &id).is_some() {
            let cause = format!("id: {id} is an owner of the group already");
            return Err(Problem::validation("id", [cause]));
        }
        let owner = Owner {
            id: id.clone(),
            kind,
            last_updated: self.now,
        };
        self.owners.add(group, owner);
        Ok(id)
    }

    /// An owner of a group.
    pub(crate) fn owner(&self, group: u64, id: &str) -> Result<&Owner, Problem> {
        let owner = self.owners.get(group, id);
        owner.ok_or_else(|| Problem::not_found(id, "GroupOwner"))
    }

    pub(crate) fn remove_owner(&mut self, group: u64, id: &str) -> Result<(), Problem> {
        self.owner(group, id)?;
        self.owners.remove(group, id);
        Ok(())
    }

    /// An owner on the wire.
    fn shown_owner(&self, owner: &Owner) -> Value {
        let user = self.users.position(&owner.id);
        let group = self.groups.position(&owner.id);
        let name = match owner.kind {
            OwnerKind::User => user
                .and_then(|it| self.users.get(it))
                .map(|it| it.display_name()),
            OwnerKind::Group => group
                .and_then(|it| self.groups.get(it))
                .map(|it| it.name().to_owned()),
        };
        json!({
            "id": owner.id,
            "type": owner.kind.as_str(),
            "displayName": name.unwrap_or_default(),
            "resolved": true,
            "originType": "OKTA_DIRECTORY",
            "lastUpdated": owner.last_updated,
        })
    }
}

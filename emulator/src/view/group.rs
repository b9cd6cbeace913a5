//! Groups and group rules.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use crate::org::Org;
use crate::org::group_rules::{GroupRule, RuleStatus};
use crate::org::groups::Group;

/// A group on the wire.
#[derive(Debug)]
pub(crate) struct GroupView<'o> {
    pub(crate) group: &'o Group,
    pub(crate) base: &'o str,
}

impl Serialize for GroupView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let group = self.group;
        let own = format!("{}/api/v1/groups/{}", self.base, group.id);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &group.id)?;
        map.serialize_entry("created", &group.created)?;
        map.serialize_entry("lastUpdated", &group.last_updated)?;
        map.serialize_entry("lastMembershipUpdated", &group.last_membership_updated)?;
        map.serialize_entry("objectClass", &["okta:user_group"])?;
        map.serialize_entry("type", group.kind.as_str())?;
        map.serialize_entry("profile", &group.profile)?;
        map.serialize_entry(
            "_links",
            &json!({
                "self": { "href": own },
                "logo": [],
                "users": { "href": format!("{own}/users") },
                "apps": { "href": format!("{own}/apps") },
            }),
        )?;
        map.end()
    }
}

/// A group with `_embedded.stats`, as `expand=stats` asks for.
pub(crate) fn group_with_stats(org: &Org, position: u64, group: &Group, base: &str) -> Value {
    let mut value = json!(GroupView { group, base });
    let apps = org
        .apps
        .iter()
        .filter(|(_, app)| app.groups.contains_key(&position))
        .count();
    value["_embedded"] = json!({ "stats": {
        "usersCount": org.memberships.count(position),
        "appsCount": apps,
        "groupPushMappingsCount": 0,
        "hasAdminPrivilege": !group.roles.is_empty(),
    } });
    value
}

/// A group rule on the wire.
pub(crate) fn rule(rule: &GroupRule) -> Value {
    json!({
        "type": "group_rule",
        "id": rule.id,
        "status": rule.status.as_str(),
        "name": rule.name,
        "created": rule.created,
        "lastUpdated": rule.last_updated,
        "conditions": rule.conditions,
        "actions": rule.actions,
        "allGroupsValid": rule.status != RuleStatus::Invalid,
    })
}

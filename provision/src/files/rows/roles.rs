//! Who is an administrator.

use okta_sdk::models::RoleType;
use serde_json::{Map, Value};

use super::Rows;
use crate::desired::{Principal, Role, RoleList};
use crate::files::row::{Field, Place, Row};

/// How a role is written that is more than a type.
const MEMBERS: &str = "{role: …, resourceSet: …}, {role: …, groups: […]} or {role: …, apps: […]}";

impl Rows {
    pub(super) fn roles(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let user = row.take("user").map(|it| self.as_text(it));
        let group = row.take("group").map(|it| self.as_text(it));
        let principal = match (user, group) {
            (Some(login), None) => Principal::user(&login?),
            (None, Some(name)) => Principal::group(&name?),
            _ => {
                self.problem(place, "write either user or group, who gets the roles");
                return None;
            }
        };
        if !self.principals.insert(principal.clone()) {
            self.problem(place, format!("the roles of {principal} are there twice"));
        }
        let mut list = RoleList::new(principal);
        if self.flag(row, "exclusive") {
            list = list.exclusive();
        }
        if let Some(field) = row.take("roles") {
            for role in self.role_set(field) {
                list = list.role(role);
            }
        }
        self.desired.roles(list);
        Some(())
    }

    pub(super) fn role_set(&mut self, Field { value, place, .. }: Field) -> Vec<Role> {
        let Value::Array(items) = value else {
            self.problem(place, "roles have to be a list");
            return Vec::new();
        };
        let roles = items.into_iter().filter_map(|item| match item {
            Value::String(role) => self.standard(place, role).map(Role::Standard),
            Value::Object(members) => self.role(place, &members),
            _ => {
                self.problem(place, format!("a role has to be text, or {MEMBERS}"));
                None
            }
        });
        roles.collect()
    }

    /// A custom role, or a standard one for some groups or applications.
    fn role(&mut self, place: Place, members: &Map<String, Value>) -> Option<Role> {
        let name = members.get("role").and_then(Value::as_str);
        let (set, groups, apps) = (
            members.get("resourceSet").and_then(Value::as_str),
            members.get("groups").and_then(texts),
            members.get("apps").and_then(texts),
        );
        let role = match (members.len(), name, set, groups, apps) {
            (2, Some(label), Some(resource_set), None, None) => Role::Custom {
                label: label.to_owned(),
                resource_set: resource_set.to_owned(),
            },
            (2, Some(role), None, Some(groups), None) => {
                Role::for_groups(self.standard(place, role.to_owned())?, groups)
            }
            (2, Some(role), None, None, Some(apps)) => {
                Role::for_apps(self.standard(place, role.to_owned())?, apps)
            }
            _ => {
                self.problem(place, format!("a role that is no text is {MEMBERS}"));
                return None;
            }
        };
        if let Some(why) = role.unfit() {
            self.problem(place, why);
            return None;
        }
        Some(role)
    }

    /// The type of a standard role.
    fn standard(&mut self, place: Place, role: String) -> Option<String> {
        let is_known = RoleType::VALUES.contains(&role.as_str());
        if !is_known {
            let known = RoleType::VALUES.join(", ");
            let message = format!("{role} is no role of Okta's; write one of {known}");
            self.problem(place, message);
        }
        is_known.then_some(role)
    }
}

/// The texts of a list of nothing else.
fn texts(list: &Value) -> Option<Vec<&str>> {
    let texts = list.as_array()?.iter().map(Value::as_str);
    texts.collect()
}

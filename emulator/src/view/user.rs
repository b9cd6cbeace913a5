//! Users.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use crate::org::Org;
use crate::org::users::{Status, User};

/// How much a user's `_links` tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserDetail {
    /// In a list: only the user itself.
    Brief,
    /// Alone: what can be done with the user in this status, too.
    Full,
}

/// A user on the wire, written straight from the org's state: lists of users are the org's
/// largest answers.
#[derive(Debug)]
pub(crate) struct UserView<'o> {
    pub(crate) org: &'o Org,
    pub(crate) user: &'o User,
    pub(crate) base: &'o str,
    pub(crate) detail: UserDetail,
}

impl Serialize for UserView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let user = self.user;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &user.id)?;
        map.serialize_entry("status", user.status.as_str())?;
        map.serialize_entry("created", &user.created)?;
        map.serialize_entry("activated", &user.activated)?;
        map.serialize_entry("statusChanged", &user.status_changed)?;
        map.serialize_entry("lastLogin", &user.last_login)?;
        map.serialize_entry("lastUpdated", &user.last_updated)?;
        map.serialize_entry("passwordChanged", &user.password_changed)?;
        map.serialize_entry("type", &json!({ "id": self.user.kind }))?;
        map.serialize_entry("profile", &user.profile)?;
        let mut credentials = credentials(user);
        credentials["emails"] =
            json!([{ "value": user.email(), "status": "VERIFIED", "type": "PRIMARY" }]);
        map.serialize_entry("credentials", &credentials)?;
        map.serialize_entry("_links", &self.links())?;
        map.end()
    }
}

/// What may be told of a user's credentials: that there are some.
pub(crate) fn credentials(user: &User) -> Value {
    let held = &user.credentials;
    let provider = json!({ "type": held.provider.kind, "name": held.provider.name });
    let mut shown = json!({ "provider": provider });
    if held.password.is_some() {
        shown["password"] = json!({});
    }
    if let Some(question) = &held.recovery_question {
        shown["recovery_question"] = json!({ "question": question.question });
    }
    shown
}

impl UserView<'_> {
    fn links(&self) -> Value {
        let own = format!("{}/api/v1/users/{}", self.base, self.user.id);
        let mut links = json!({ "self": { "href": own } });
        if self.detail == UserDetail::Brief {
            return links;
        }
        let kind = &self.user.kind;
        let types = &self.org.user_types;
        let known = types.position(kind).and_then(|at| types.get(at));
        let schema = known.map_or("default", |kind| &kind.schema.id);
        links["type"] = json!({ "href": format!("{}/api/v1/meta/types/user/{kind}", self.base) });
        links["schema"] =
            json!({ "href": format!("{}/api/v1/meta/schemas/user/{schema}", self.base) });
        for (name, path) in operations(self.user.status) {
            links[name] = json!({ "href": format!("{own}/{path}"), "method": "POST" });
        }
        links
    }
}

/// The operations that Okta offers in each status, with their paths.
fn operations(status: Status) -> Vec<(&'static str, &'static str)> {
    const ACTIVATE: (&str, &str) = ("activate", "lifecycle/activate");
    const REACTIVATE: (&str, &str) = ("reactivate", "lifecycle/reactivate");
    const DEACTIVATE: (&str, &str) = ("deactivate", "lifecycle/deactivate");
    const RESET_FACTORS: (&str, &str) = ("resetFactors", "lifecycle/reset_factors");
    const RESET_PASSWORD: (&str, &str) = ("resetPassword", "lifecycle/reset_password");
    match status {
        Status::Staged => vec![ACTIVATE, RESET_FACTORS],
        Status::Provisioned => vec![REACTIVATE, RESET_PASSWORD, RESET_FACTORS, DEACTIVATE],
        Status::Active => vec![
            ("suspend", "lifecycle/suspend"),
            RESET_PASSWORD,
            ("expirePassword", "lifecycle/expire_password"),
            ("changePassword", "credentials/change_password"),
            RESET_FACTORS,
            DEACTIVATE,
        ],
        Status::Recovery | Status::PasswordExpired => {
            vec![RESET_PASSWORD, RESET_FACTORS, DEACTIVATE]
        }
        Status::LockedOut => vec![("unlock", "lifecycle/unlock"), RESET_PASSWORD, DEACTIVATE],
        Status::Suspended => vec![("unsuspend", "lifecycle/unsuspend"), DEACTIVATE],
        Status::Deprovisioned => vec![ACTIVATE],
    }
}

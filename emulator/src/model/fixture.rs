//! What the unit tests of the state machine start from.
#![allow(clippy::unwrap_used)]

use chrono::DateTime;
use serde_json::json;

use crate::clock::Clock;
use crate::object::Object;
use crate::org::Org;
use crate::org::users::Creation;

pub(crate) const STAGE: Creation = Creation {
    activate: false,
    provider: false,
    change_password: false,
};
pub(crate) const ACTIVATE: Creation = Creation {
    activate: true,
    ..STAGE
};

/// An empty org on New Year's Day of 2026, which takes any attribute.
pub(crate) fn org() -> Org {
    let start = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let mut org = Org::new(Clock::fixed(start).stamp());
    org.lax_profiles = true;
    org
}

/// A create request for a person with that login.
pub(crate) fn person(login: &str) -> Object {
    let profile =
        json!({ "login": login, "email": login, "firstName": "Isaac", "lastName": "Brock" });
    Object::from_iter([("profile".to_owned(), profile)])
}

/// A create request for a group.
pub(crate) fn group(name: &str) -> Object {
    Object::from_iter([("profile".to_owned(), json!({ "name": name }))])
}

/// A create request for a bookmark.
pub(crate) fn bookmark(label: &str) -> Object {
    Object::from_iter([
        ("label".to_owned(), json!(label)),
        ("signOnMode".to_owned(), json!("BOOKMARK")),
    ])
}

impl Org {
    /// The event types in the System Log so far.
    pub(crate) fn logged(&self) -> Vec<&'static str> {
        self.log.iter().map(|event| event.kind.name).collect()
    }
}

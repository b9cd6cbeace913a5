//! What the System Log says of the objects that the store keeps: event types that Okta's catalog has,
//! and nothing of what it does not have.
//!
//! Source: <https://developer.okta.com/docs/reference/api/event-types/>.

use serde_json::Value;

use super::kinds;
use crate::document::nameless;
use crate::org::Org;
use crate::org::events::{EventKind, Target};

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Create,
    Update,
    Delete,
    Activate,
    Deactivate,
}

impl Deed {
    /// What a verb at the end of a path does.
    pub(super) fn of_verb(verb: &str) -> Option<Self> {
        match verb.to_ascii_lowercase().as_str() {
            "activate" => Some(Self::Activate),
            "deactivate" => Some(Self::Deactivate),
            _ => None,
        }
    }
}

macro_rules! events {
    ($($collection:literal, $thing:literal: $($deed:ident = $name:literal),*;)*) => {
        /// By the template of the collection, without names; settings by their own.
        const EVENTS: &[(&str, Deed, EventKind)] = &[$($(
            ($collection, Deed::$deed, EventKind {
                name: $name, message: concat!(stringify!($deed), " ", $thing),
            }),
        )*)*];
    };
}

events! {
    "/api/v1/authenticators", "authenticator":
        Create = "security.authenticator.lifecycle.create",
        Update = "security.authenticator.lifecycle.update",
        Activate = "security.authenticator.lifecycle.activate",
        Deactivate = "security.authenticator.lifecycle.deactivate";
    "/api/v1/behaviors", "behavior settings":
        Create = "security.behavior.settings.create",
        Update = "security.behavior.settings.update",
        Delete = "security.behavior.settings.delete";
    "/api/v1/brands/{}/templates/email/{}/customizations", "custom email template":
        Create = "system.email.template.create",
        Update = "system.email.template.update",
        Delete = "system.email.template.delete";
    "/api/v1/devices", "device":
        Activate = "device.lifecycle.activate",
        Deactivate = "device.lifecycle.deactivate",
        Delete = "device.lifecycle.delete";
    "/api/v1/idps", "identity provider":
        Create = "system.idp.lifecycle.create",
        Update = "system.idp.lifecycle.update",
        Delete = "system.idp.lifecycle.delete",
        Activate = "system.idp.lifecycle.activate",
        Deactivate = "system.idp.lifecycle.deactivate";
    "/api/v1/inlineHooks", "inline hook":
        Create = "inline_hook.created",
        Update = "inline_hook.updated",
        Delete = "inline_hook.deleted",
        Activate = "inline_hook.activated",
        Deactivate = "inline_hook.deactivated";
    "/api/v1/logStreams", "log stream":
        Create = "system.log_stream.lifecycle.create",
        Update = "system.log_stream.lifecycle.update",
        Delete = "system.log_stream.lifecycle.delete",
        Activate = "system.log_stream.lifecycle.activate",
        Deactivate = "system.log_stream.lifecycle.deactivate";
    "/api/v1/mappings", "profile mapping":
        Update = "directory.mapping.update";
    "/api/v1/threats/configuration", "ThreatInsight configuration":
        Update = "security.threat.configuration.update";
    "/api/v1/trustedOrigins", "trusted origin":
        Create = "security.trusted_origin.create",
        Update = "security.trusted_origin.update",
        Delete = "security.trusted_origin.delete",
        Activate = "security.trusted_origin.activate",
        Deactivate = "security.trusted_origin.deactivate";
    "/api/v1/zones", "network zone":
        Create = "zone.create",
        Update = "zone.update",
        Delete = "zone.delete",
        Activate = "zone.activate",
        Deactivate = "zone.deactivate";
}

/// Members that are the name of an object.
const NAMES: [&str; 4] = ["name", "label", "displayName", "id"];

/// Writes to the System Log what was done to an object, if Okta has an event for it.
pub(super) fn record(org: &mut Org, collection: &str, deed: Deed, object: &Value) {
    let template = nameless(collection);
    let found = EVENTS
        .iter()
        .find(|(known, done, _)| *known == template && *done == deed);
    let Some((_, _, event)) = found else {
        return;
    };
    let id = object["id"].as_str().unwrap_or_default();
    let name = NAMES.iter().find_map(|name| object[*name].as_str());
    let target = Target::new(
        id,
        kinds::of(collection).name,
        "unknown",
        name.unwrap_or_default(),
    );
    org.record(*event, [target]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::document;

    #[test]
    fn every_line_is_of_a_path_of_the_document_and_of_one_event() {
        let mut names = BTreeSet::new();
        for (template, _, event) in EVENTS {
            let below = format!("{template}/{{}}");
            let mut paths = document().operations().iter().map(|it| nameless(&it.path));
            assert!(paths.any(|it| it == *template || it == below), "{template}");
            assert!(names.insert(event.name), "{}", event.name);
        }
    }
}

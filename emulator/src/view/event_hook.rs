//! Event hooks.

use serde_json::{Value, json};

use crate::org::event_hooks::EventHook;

/// An event hook on the wire. The value of its secret header is not shown.
pub(crate) fn event_hook(hook: &EventHook, base: &str) -> Value {
    let own = format!("{base}/api/v1/eventHooks/{}", hook.id);
    let mut channel = hook.channel.clone();
    if let Some(scheme) = channel["config"]["authScheme"].as_object_mut() {
        scheme.remove("value");
    }
    json!({
        "id": hook.id,
        "name": hook.name,
        "description": hook.description,
        "status": if hook.active { "ACTIVE" } else { "INACTIVE" },
        "verificationStatus": if hook.verified { "VERIFIED" } else { "UNVERIFIED" },
        "created": hook.created,
        "createdBy": hook.created_by,
        "lastUpdated": hook.last_updated,
        "events": { "type": "EVENT_TYPE", "items": hook.events, "filter": hook.filter },
        "channel": channel,
        "_links": {
            "self": { "href": own },
            "verify": { "href": format!("{own}/lifecycle/verify") },
            "deactivate": { "href": format!("{own}/lifecycle/deactivate") },
        },
    })
}

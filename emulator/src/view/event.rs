//! Entries of the System Log.

use serde_json::{Value, json};

use crate::org::events::Event;

/// An event on the wire.
pub(crate) fn event(event: &Event) -> Value {
    let request = &event.request;
    let targets: Vec<Value> = event
        .targets
        .iter()
        .map(|target| {
            json!({
                "id": target.id,
                "type": target.kind,
                "alternateId": target.alternate_id,
                "displayName": target.display_name,
                "detailEntry": null,
            })
        })
        .collect();
    json!({
        "uuid": event.uuid,
        "published": event.published,
        "eventType": event.kind.name,
        "version": "0",
        "severity": "INFO",
        "displayMessage": event.kind.message,
        "actor": {
            "id": event.actor.id,
            "type": event.actor.kind,
            "alternateId": event.actor.alternate_id,
            "displayName": event.actor.display_name,
            "detailEntry": null,
        },
        "client": {
            "userAgent": { "rawUserAgent": request.user_agent, "os": "Unknown", "browser": "UNKNOWN" },
            "zone": "null",
            "device": "Unknown",
            "id": null,
            "ipAddress": request.address,
            "geographicalContext": null,
        },
        "outcome": { "result": event.result(), "reason": event.failure },
        "target": targets,
        "transaction": { "type": "WEB", "id": request.id, "detail": {} },
        "debugContext": { "debugData": { "requestId": request.id, "requestUri": request.path } },
        "authenticationContext": {
            "authenticationProvider": null,
            "credentialProvider": null,
            "credentialType": null,
            "issuer": null,
            "interface": null,
            "authenticationStep": 0,
            "externalSessionId": "unknown",
        },
        "securityContext": {
            "asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null,
        },
        "request": { "ipChain": [{
            "ip": request.address, "geographicalContext": null, "version": "V4", "source": null,
        }] },
    })
}

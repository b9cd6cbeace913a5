//! The stream of security event tokens, and what is in a token.

use serde_json::{Value, json};

use crate::org::events::Event;
use crate::org::signal_stream::{SUPPORTED, Signal, SignalStream, signal_of};

/// A stream on the wire. Its authorization is not shown.
pub(crate) fn signal_stream(stream: &SignalStream, base: &str) -> Value {
    json!({
        "stream_id": stream.id,
        "iss": base,
        "aud": stream.audience,
        "delivery": { "method": stream.method, "endpoint_url": stream.endpoint },
        "events_supported": SUPPORTED,
        "events_requested": stream.requested,
        "events_delivered": stream.delivered().collect::<Vec<_>>(),
        "format": "iss_sub",
        "min_verification_interval": null,
    })
}

/// `events` of the token that tells of an event; none if Okta sends none, or it is of no user.
pub(crate) fn signal(event: &Event, issuer: &str) -> Option<Value> {
    let signal = signal_of(event.kind)?;
    let target = event.targets.iter().find(|target| target.kind == "User");
    let user = match target {
        Some(target) => &target.id,
        None if event.actor.kind == "User" => &event.actor.id,
        None => return None,
    };
    let initiating = match event.actor.kind {
        "User" if event.actor.id == *user => "user",
        "User" => "admin",
        _ => "system",
    };
    let subject = json!({ "format": "iss_sub", "iss": issuer, "sub": user });
    let mut told = json!({
        "subject": subject,
        "initiating_entity": initiating,
        "reason_admin": { "en": event.kind.message },
        "event_timestamp": event.published.0.timestamp_millis(),
    });
    let changes = match signal {
        Signal::SessionRevoked => {
            told["subject"] = json!({ "user": subject });
            None
        }
        Signal::Password(change) => Some((
            "password".to_owned(),
            change,
            "PASSWORD_AS_FACTOR".to_owned(),
        )),
        Signal::AllFactors(change) => {
            Some(("ALL_FACTORS".to_owned(), change, "ALL_FACTORS".to_owned()))
        }
        Signal::Factor(change) => {
            let kind = event.targets.iter().find(|target| target.kind != "User");
            let kind = kind.map_or("", |factor| factor.display_name.as_str());
            Some((credential(kind), change, named(kind)))
        }
    };
    if let Some((credential, change, name)) = changes {
        told["credential_type"] = json!(credential);
        told["change_type"] = json!(change);
        told["friendly_name"] = json!(name);
    }
    Some(json!({ signal.uri(): told }))
}

/// The credential of CAEP that a factor of this type is; its own name where CAEP has none.
fn credential(factor: &str) -> String {
    match factor {
        "sms" => "phone-sms".to_owned(),
        "call" => "phone-voice".to_owned(),
        "webauthn" => "fido2-roaming".to_owned(),
        "u2f" => "fido-u2f".to_owned(),
        "push" => "app".to_owned(),
        token if token.starts_with("token") => "app".to_owned(),
        other => named(other),
    }
}

/// The type of a factor as Okta's events name factors: `token:software:totp` is `TOKEN_SOFTWARE_TOTP`.
fn named(factor: &str) -> String {
    factor.replace(':', "_").to_uppercase()
}

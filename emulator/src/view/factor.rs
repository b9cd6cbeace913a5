//! Factors of users.

use serde_json::{Value, json};

use crate::org::factors::Factor;
use crate::org::passcodes;
use crate::org::users::User;

/// A factor on the wire. The key of an authenticator app is shown until the factor is active.
pub(crate) fn factor(factor: &Factor, user: &User, base: &str) -> Value {
    let owner = format!("{base}/api/v1/users/{}", user.id);
    let own = format!("{owner}/factors/{}", factor.id);
    let post =
        |path: &str| json!({ "href": format!("{own}/{path}"), "hints": { "allow": ["POST"] } });
    let mut links = json!({
        "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
        "user": { "href": owner, "hints": { "allow": ["GET"] } },
    });
    match factor.active {
        true => links["verify"] = post("verify"),
        false => links["activate"] = post("lifecycle/activate"),
    }
    let mut shown = json!({
        "id": factor.id,
        "factorType": factor.kind,
        "provider": factor.provider,
        "vendorName": factor.vendor,
        "status": if factor.active { "ACTIVE" } else { "PENDING_ACTIVATION" },
        "created": factor.created,
        "lastUpdated": factor.last_updated,
        "profile": factor.profile,
        "_links": links,
    });
    if let Some(activation) = activation(factor) {
        shown["_embedded"] = json!({ "activation": activation });
    }
    shown
}

/// What is needed to set a factor up.
pub(super) fn activation(factor: &Factor) -> Option<Value> {
    match (&factor.key, factor.kind) {
        _ if factor.active => None,
        (Some(key), _) => Some(json!({
            "timeStep": passcodes::STEP,
            "sharedSecret": passcodes::base32(key),
            "encoding": "base32",
            "keyLength": key.len(),
        })),
        (None, "push") => Some(json!({ "factorResult": "WAITING" })),
        _ => None,
    }
}

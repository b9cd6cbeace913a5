//! Sessions.

use serde_json::{Value, json};

use crate::oauth::memory::sessions::{Held, methods};
use crate::org::users::User;

/// A session on the wire.
pub(crate) fn session(id: &str, held: Held, user: &User, org: &str, base: &str) -> Value {
    let own = format!("{base}/api/v1/sessions/me");
    let allow = |methods: &[&str]| json!({ "allow": methods });
    let mut shown = json!({
        "id": id,
        "login": user.login(),
        "userId": user.id,
        "createdAt": held.created,
        "expiresAt": held.expires,
        "status": "ACTIVE",
        "lastPasswordVerification": held.created,
        "amr": methods(held.session.second),
        "idp": { "id": org, "type": "OKTA" },
        "mfaActive": held.session.second.is_some(),
        "_links": {
            "self": { "href": own, "hints": allow(&["GET", "DELETE"]) },
            "refresh": { "href": format!("{own}/lifecycle/refresh"), "hints": allow(&["POST"]) },
            "user": {
                "name": user.display_name(),
                "href": format!("{base}/api/v1/users/me"),
                "hints": allow(&["GET"]),
            },
        },
    });
    if let Some(second) = held.session.second {
        shown["lastFactorVerification"] = json!(second.at);
    }
    shown
}

//! Secrets and public keys of OAuth clients.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::org::apps::App;
use crate::org::client_secrets::ClientSecret;

/// A secret of a client on the wire.
pub(crate) fn client_secret(app: &App, secret: &ClientSecret, base: &str) -> Value {
    let own = format!(
        "{base}/api/v1/apps/{}/credentials/secrets/{}",
        app.id, secret.id
    );
    let hash = digest(&SHA256, secret.secret.as_bytes());
    json!({
        "id": secret.id,
        "client_secret": secret.secret,
        "secret_hash": URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default()),
        "status": if secret.active { "ACTIVE" } else { "INACTIVE" },
        "created": secret.created,
        "lastUpdated": secret.last_updated,
        "_links": switch(&own, secret.active),
    })
}

/// A public key of a client on the wire.
pub(crate) fn client_key(app: &App, key: &Value, base: &str) -> Value {
    let id = key["id"].as_str().unwrap_or_default();
    let own = format!("{base}/api/v1/apps/{}/credentials/jwks/{id}", app.id);
    let mut shown = key.clone();
    shown["_links"] = switch(&own, key["status"] != "INACTIVE");
    for name in ["created", "lastUpdated"] {
        if shown[name].is_null() {
            shown[name] = json!(app.created);
        }
    }
    shown
}

fn switch(own: &str, active: bool) -> Value {
    if active {
        return json!({ "deactivate": { "href": format!("{own}/lifecycle/deactivate") } });
    }
    json!({
        "activate": { "href": format!("{own}/lifecycle/activate") },
        "delete": { "href": own },
    })
}

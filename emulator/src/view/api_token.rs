//! API tokens.

use serde_json::{Value, json};

use crate::org::api_tokens::ApiToken;
use crate::org::users::User;

/// How long a token lasts that nobody uses, in seconds.
const WINDOW: i64 = 30 * 24 * 3600;

/// An API token on the wire. The token itself is never shown.
pub(crate) fn api_token(token: &ApiToken, user: &User, base: &str) -> Value {
    let own = format!("{base}/api/v1/api-tokens/{}", token.id);
    json!({
        "id": token.id,
        "name": token.name,
        "userId": user.id,
        "clientName": "Okta API",
        "tokenWindow": "P30D",
        "network": token.network,
        "created": token.created,
        "lastUpdated": token.last_updated,
        "expiresAt": token.last_updated.later(WINDOW),
        "_link": { "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } } },
    })
}

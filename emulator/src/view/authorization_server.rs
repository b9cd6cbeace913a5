//! Authorization servers, their keys, scopes and claims.

use serde_json::{Value, json};

use crate::org::authorization_servers::{AuthorizationServer, Claim, ClaimValue, Scope};

/// An authorization server on the wire. `kid` is the id of the key that signs.
pub(crate) fn authorization_server(server: &AuthorizationServer, kid: &str, base: &str) -> Value {
    let own = format!("{base}/api/v1/authorizationServers/{}", server.id);
    let issuer = server.issuer(base);
    let (status, other) = match server.active {
        true => ("ACTIVE", "deactivate"),
        false => ("INACTIVE", "activate"),
    };
    let metadata =
        |name: &str| json!({ "name": name, "href": format!("{issuer}/.well-known/{name}") });
    let mut shown = server.body.clone();
    for (name, value) in [
        ("id", json!(server.id)),
        ("name", json!(server.name)),
        ("audiences", json!([server.audience])),
        ("issuer", json!(issuer)),
        ("status", json!(status)),
        ("created", json!(server.created)),
        ("lastUpdated", json!(server.last_updated)),
        (
            "credentials",
            json!({ "signing": { "kid": kid, "rotationMode": "AUTO", "use": "sig" } }),
        ),
        (
            "_links",
            json!({
                "self": { "href": own },
                "scopes": { "href": format!("{own}/scopes") },
                "claims": { "href": format!("{own}/claims") },
                "policies": { "href": format!("{own}/policies") },
                "rotateKey": { "href": format!("{own}/credentials/lifecycle/keyRotate") },
                "metadata": [
                    metadata("oauth-authorization-server"),
                    metadata("openid-configuration"),
                ],
                other: { "href": format!("{own}/lifecycle/{other}") },
            }),
        ),
    ] {
        shown.insert(name.to_owned(), value);
    }
    Value::Object(shown)
}

/// A key of a server.
pub(crate) fn server_key(public: &Value, status: &str, server: &str, base: &str) -> Value {
    let mut shown = public.clone();
    let kid = public["kid"].as_str().unwrap_or_default();
    let own = format!("{base}/api/v1/authorizationServers/{server}/credentials/keys/{kid}");
    shown["status"] = json!(status);
    shown["alg"] = json!("RS256");
    shown["_links"] = json!({ "self": { "href": own } });
    shown
}

/// A scope of a server.
pub(crate) fn scope(scope: &Scope, server: &str, base: &str) -> Value {
    let own = format!(
        "{base}/api/v1/authorizationServers/{server}/scopes/{}",
        scope.id
    );
    let mut shown = scope.body.clone();
    for (name, value) in [
        ("id", json!(scope.id)),
        ("name", json!(scope.name)),
        ("system", json!(scope.system)),
        ("_links", json!({ "self": { "href": own } })),
    ] {
        shown.insert(name.to_owned(), value);
    }
    Value::Object(shown)
}

/// A claim of a server.
pub(crate) fn claim(claim: &Claim, server: &str, base: &str) -> Value {
    let own = format!(
        "{base}/api/v1/authorizationServers/{server}/claims/{}",
        claim.id
    );
    let (kind, value) = match &claim.value {
        ClaimValue::Expression(text) => ("EXPRESSION", text),
        ClaimValue::Groups(_, text) => ("GROUPS", text),
        ClaimValue::System(text) => ("SYSTEM", text),
    };
    let mut shown = json!({
        "id": claim.id,
        "name": claim.name,
        "status": if claim.active { "ACTIVE" } else { "INACTIVE" },
        "claimType": claim.token.name(),
        "valueType": kind,
        "value": value,
        "conditions": { "scopes": claim.scopes },
        "system": claim.system,
        "alwaysIncludeInToken": claim.always,
        "_links": { "self": { "href": own } },
    });
    if let ClaimValue::Groups(filter, _) = &claim.value {
        shown["group_filter_type"] = json!(filter.name());
    }
    shown
}

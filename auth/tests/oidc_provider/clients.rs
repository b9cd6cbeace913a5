//! The applications that the provider knows.

use std::sync::OnceLock;

use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::ClientAuthentication;
use serde_json::{Value, json};

/// Where logins come back. Nobody listens there: the browser of these tests stops in front of it.
pub const REDIRECT_URI: &str = "http://127.0.0.1:1/callback";
pub const LOGGED_OUT_URI: &str = "http://127.0.0.1:1/goodbye";

/// A secret that HTTP Basic must percent-encode first (RFC 6749, section 2.3.1).
pub const CLIENT_SECRET: &str = "a secret: 100% +&=/?";

/// The audience of JWT access tokens signed by RS256, and that of ones signed by ES256.
pub const AUDIENCE: &str = "api://default";
pub const ES256_AUDIENCE: &str = "api://es256";

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA_GRANT: &str = "urn:openid:params:grant-type:ciba";

/// The private key of the clients that have one of `algorithm`.
pub fn client_key(algorithm: Algorithm) -> &'static SigningKey {
    static RS256: OnceLock<SigningKey> = OnceLock::new();
    static ES256: OnceLock<SigningKey> = OnceLock::new();
    let (key, id) = match algorithm {
        Algorithm::Rs256 => (&RS256, "rsa"),
        _ => (&ES256, "ec"),
    };
    key.get_or_init(|| SigningKey::generate(algorithm).unwrap().with_key_id(id))
}

/// How the client proves who it is.
pub fn authentication(client_id: &str) -> ClientAuthentication {
    match client_id {
        "spa" => ClientAuthentication::none(),
        "web_post" | "service_post" => ClientAuthentication::secret_post(CLIENT_SECRET),
        "service_RS256" => ClientAuthentication::private_key(client_key(Algorithm::Rs256).clone()),
        "service_ES256" | "service_dpop" => {
            ClientAuthentication::private_key(client_key(Algorithm::Es256).clone())
        }
        _ => ClientAuthentication::secret_basic(CLIENT_SECRET),
    }
}

/// What provider.mjs reads.
pub fn configuration() -> Value {
    json!({
        "clients": [
            web_app("web", "client_secret_basic"),
            web_app("web_post", "client_secret_post"),
            with(web_app("web_es256", "client_secret_basic"), json!({
                "id_token_signed_response_alg": "ES256",
            })),
            with(web_app("web_par", "client_secret_basic"), json!({
                "require_pushed_authorization_requests": true,
            })),
            with(web_app("web_dpop", "client_secret_basic"), json!({
                "dpop_bound_access_tokens": true,
            })),
            public_app("spa"),
            service("service_basic", "client_secret_basic"),
            service("service_post", "client_secret_post"),
            keyed_service("service_RS256", Algorithm::Rs256),
            keyed_service("service_ES256", Algorithm::Es256),
            with(keyed_service("service_dpop", Algorithm::Es256), json!({
                "dpop_bound_access_tokens": true,
            })),
            with(service("service_opaque", "client_secret_basic"), json!({
                "default_resource": null,
            })),
        ],
        "resources": {
            AUDIENCE: {"alg": "RS256", "scope": "api:read api:write"},
            ES256_AUDIENCE: {"alg": "ES256", "scope": "api:read api:write"},
        },
    })
}

fn web_app(client_id: &str, authentication: &str) -> Value {
    json!({
        "client_id": client_id,
        "client_secret": CLIENT_SECRET,
        "token_endpoint_auth_method": authentication,
        "grant_types": ["authorization_code", "refresh_token", DEVICE_GRANT, CIBA_GRANT],
        "response_types": ["code"],
        "redirect_uris": [REDIRECT_URI],
        "post_logout_redirect_uris": [LOGGED_OUT_URI],
        "backchannel_token_delivery_mode": "poll",
        "default_resource": AUDIENCE,
    })
}

fn public_app(client_id: &str) -> Value {
    json!({
        "client_id": client_id,
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "response_types": ["code"],
        "redirect_uris": [REDIRECT_URI],
    })
}

fn service(client_id: &str, authentication: &str) -> Value {
    json!({
        "client_id": client_id,
        "client_secret": CLIENT_SECRET,
        "token_endpoint_auth_method": authentication,
        "grant_types": ["client_credentials"],
        "response_types": [],
        "redirect_uris": [],
        "default_resource": AUDIENCE,
    })
}

fn keyed_service(client_id: &str, algorithm: Algorithm) -> Value {
    let audience = match algorithm {
        Algorithm::Rs256 => AUDIENCE,
        _ => ES256_AUDIENCE,
    };
    with(
        service(client_id, "private_key_jwt"),
        json!({
            "client_secret": null,
            "token_endpoint_auth_signing_alg": algorithm.as_str(),
            "jwks": {"keys": [client_key(algorithm).public_jwk()]},
            "default_resource": audience,
        }),
    )
}

/// The configuration with one more member for the client `client_id`.
pub fn configuration_with(client_id: &str, changes: Value) -> Value {
    let mut configuration = configuration();
    let clients = configuration["clients"].as_array_mut().unwrap();
    let client = clients
        .iter_mut()
        .find(|client| client["client_id"] == client_id);
    let client = client.unwrap();
    *client = with(client.take(), changes);
    configuration
}

/// `base` with the members of `changes`; null takes one away.
fn with(mut base: Value, changes: Value) -> Value {
    let members = base.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap().clone() {
        if value.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value);
        }
    }
    base
}

//! What a server says about itself: its metadata and its public keys. OpenID Connect Discovery 1.0,
//! RFC 8414, RFC 7517.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::oauth::clients::client::Client;
use crate::oauth::endpoints::response;
use crate::oauth::servers;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt::ALGORITHMS;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// How clients may prove who they are.
const METHODS: [&str; 4] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "none",
];

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub(crate) fn metadata(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    if let Some(id) = request.form.get("client_id")
        && Client::find(org, id).is_none()
    {
        let text = "Invalid value for 'client_id' parameter.";
        return Err(OAuthError::new(400, "invalid_client", text));
    }
    let base = servers::endpoint(org, request.server, &request.base, "")?;
    let endpoint = |name| format!("{base}{name}");
    let mut metadata = json!({
        "issuer": servers::issuer(org, request.server, &request.base)?,
        "authorization_endpoint": endpoint("authorize"),
        "token_endpoint": endpoint("token"),
        "jwks_uri": endpoint("keys"),
        "introspection_endpoint": endpoint("introspect"),
        "revocation_endpoint": endpoint("revoke"),
        "end_session_endpoint": endpoint("logout"),
        "device_authorization_endpoint": endpoint("device/authorize"),
        "pushed_authorization_request_endpoint": endpoint("par"),
        "backchannel_authentication_endpoint": endpoint("bc/authorize"),
        "backchannel_token_delivery_modes_supported": ["poll"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:openid:params:grant-type:ciba",
        ],
        "subject_types_supported": ["public"],
        "scopes_supported": servers::published_scopes(org, request.server),
        "token_endpoint_auth_methods_supported": METHODS,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ALGORITHMS,
        "request_parameter_supported": false,
        "claims_supported": [
            "ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "sub",
        ],
    });
    if request.last_segment() == "openid-configuration" {
        describe_id_tokens(&mut metadata, endpoint("userinfo"));
    }
    Ok(response::json(&metadata))
}

fn describe_id_tokens(metadata: &mut Value, userinfo: String) {
    metadata["userinfo_endpoint"] = json!(userinfo);
    metadata["id_token_signing_alg_values_supported"] = json!(["RS256"]);
    metadata["claims_supported"] = json!([
        "iss",
        "ver",
        "sub",
        "aud",
        "iat",
        "exp",
        "jti",
        "auth_time",
        "amr",
        "idp",
        "nonce",
        "name",
        "nickname",
        "preferred_username",
        "given_name",
        "middle_name",
        "family_name",
        "email",
        "email_verified",
        "profile",
        "zoneinfo",
        "locale",
        "address",
        "phone_number",
        "updated_at",
        "at_hash",
    ]);
}

/// `GET /keys`.
pub(crate) fn keys(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let mut response = response::json(&org.oauth.keys.published(request.server)?);
    let lifetime = HeaderValue::from_static("max-age=3600, must-revalidate");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, lifetime);
    Ok(response)
}

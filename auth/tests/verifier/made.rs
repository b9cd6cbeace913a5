//! Tokens made to order.

use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::{Clock, Issuer, Verifier, VerifierBuilder};
use serde_json::{Value, json};

pub const NOW: i64 = 1_800_000_000;
pub const ISSUER: &str = "https://acme.okta.com/oauth2/default";
pub const AUDIENCE: &str = "api://default";
pub const CLIENT: &str = "0oaClient";
pub const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The server's key.
pub static RSA: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Rs256, "rsa"));
/// A key that the server does not have.
pub static OTHER_RSA: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Rs256, "rsa"));
pub static EC: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256, "ec"));

pub fn key(algorithm: Algorithm, id: &str) -> SigningKey {
    SigningKey::generate(algorithm).unwrap().with_key_id(id)
}

pub fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap())
}

pub fn issuer() -> Issuer {
    Issuer::parse(ISSUER).unwrap()
}

/// Takes tokens of [`RSA`].
pub fn builder() -> VerifierBuilder {
    Verifier::builder(issuer())
        .audience(AUDIENCE)
        .client_id(CLIENT)
        .clock(Clock::fixed(at(NOW)))
        .keys(JwkSet::new(vec![RSA.public_jwk()]))
}

pub fn verifier() -> Verifier {
    builder().build().unwrap()
}

/// As Okta's custom authorization servers make them.
pub fn access_claims() -> Value {
    json!({
        "ver": 1, "jti": "AT.one", "iss": ISSUER, "aud": AUDIENCE, "iat": NOW - 10,
        "exp": NOW + 3600, "cid": CLIENT, "uid": "00uUser", "scp": ["openid", "orders:read"],
        "auth_time": NOW - 60, "sub": "ada@example.com", "groups": ["Everyone", "Admins"],
        "tier": 3,
    })
}

pub fn id_claims() -> Value {
    json!({
        "ver": 1, "jti": "ID.one", "iss": ISSUER, "aud": CLIENT, "iat": NOW - 10,
        "exp": NOW + 3600, "sub": "00uUser", "amr": ["pwd", "mfa"], "idp": "00oIdp",
        "nonce": "n-0S6", "auth_time": NOW - 60, "name": "Ada", "email": "ada@example.com",
        "email_verified": true, "preferred_username": "ada", "acr": "urn:okta:loa:2fa:any",
    })
}

pub fn logout_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "iat": NOW - 10, "exp": NOW + 110, "jti": "one",
        "sub": "00uUser", "sid": "102session", "events": {LOGOUT: {}},
    })
}

/// `claims` with one changed, or left out if `value` is null.
pub fn with(mut claims: Value, claim: &str, value: Value) -> Value {
    let members = claims.as_object_mut().unwrap();
    match value {
        Value::Null => members.remove(claim),
        value => members.insert(claim.to_owned(), value),
    };
    claims
}

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signed by `key` as Okta does: with no `typ`.
pub fn sign(key: &SigningKey, claims: &Value) -> String {
    let header = json!({"kid": key.key_id(), "alg": key.algorithm().as_str()});
    sign_texts(key, &header.to_string(), &claims.to_string())
}

/// Signed by [`RSA`], with one member of the header changed.
pub fn sign_with(member: &str, value: Value, claims: &Value) -> String {
    let header = with(json!({"kid": "rsa", "alg": "RS256"}), member, value);
    sign_texts(&RSA, &header.to_string(), &claims.to_string())
}

pub fn sign_texts(key: &SigningKey, header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", base64(header), base64(claims));
    let signature = base64(key.sign(signed.as_bytes()).unwrap());
    format!("{signed}.{signature}")
}

/// The name of a variant.
pub fn name(error: &impl Debug) -> String {
    let text = format!("{error:?}");
    text.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap()
        .to_owned()
}

/// Refused, by the check of that name, and the message does not repeat the token.
pub async fn assert_refused(verifier: &Verifier, token: &str, variant: &str) {
    let error = verifier.verify_access_token(token).await.unwrap_err();
    assert_eq!(name(&error), variant, "{error}: {token:.200}");
    let signature = token.rsplit('.').next().unwrap();
    let message = format!("{error} {error:?}");
    assert!(
        signature.len() < 20 || !message.contains(signature),
        "{message}"
    );
    assert!(message.len() < 1000, "{message}");
}

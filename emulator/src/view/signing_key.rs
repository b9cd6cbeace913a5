//! Keys with which applications and identity providers sign, and what others are told of them.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::org::apps::App;
use crate::org::signing_keys::{Csr, KeyCredential, PublicKey, TrustedKey};

/// A key on the wire, RFC 7517; none if it has no certificate yet.
pub(crate) fn signing_key(key: &KeyCredential) -> Option<Value> {
    let certificate = key.certificate.as_ref()?;
    Some(json!({
        "kid": key.kid,
        "kty": "RSA",
        "use": "sig",
        "n": certificate.modulus,
        "e": certificate.exponent,
        "x5c": [STANDARD.encode(&certificate.der)],
        "x5t#S256": thumbprint(&certificate.der),
        "created": key.created,
        "lastUpdated": key.created,
        "expiresAt": key.expires,
    }))
}

/// The thumbprint of a certificate, RFC 7517 section 4.9.
fn thumbprint(der: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, der))
}

/// A certificate by which an identity provider is trusted.
pub(crate) fn trusted_key(key: &TrustedKey) -> Value {
    let certificate = &key.certificate;
    let mut shown = json!({
        "kid": key.kid,
        "use": "sig",
        "x5c": certificate.chain,
        "x5t#S256": thumbprint(&certificate.der),
        "created": key.created,
        "lastUpdated": key.last_updated,
        "expiresAt": certificate.expires,
    });
    match &certificate.key {
        PublicKey::Rsa { modulus, exponent } => {
            shown["kty"] = json!("RSA");
            shown["n"] = json!(modulus);
            shown["e"] = json!(exponent);
        }
        PublicKey::EllipticCurve => shown["kty"] = json!("EC"),
    }
    shown
}

/// A request for a certificate, below the URL of its collection.
pub(crate) fn csr(request: &Csr, requests: &str) -> Value {
    let own = format!("{requests}/{}", request.id);
    json!({
        "id": request.id,
        "created": request.created,
        "csr": STANDARD.encode(&request.der),
        "kty": "RSA",
        "_links": {
            "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
            "publish": {
                "href": format!("{own}/lifecycle/publish"), "hints": { "allow": ["POST"] },
            },
        },
    })
}

/// SAML 2.0 metadata of an application; none if its key has no certificate yet.
pub(crate) fn saml_metadata(app: &App, key: &KeyCredential, base: &str) -> Option<String> {
    let certificate = STANDARD.encode(&key.certificate.as_ref()?.der);
    let id = &app.id;
    let entity = escaped(&format!("{base}/{id}"));
    let location = escaped(&format!("{base}/app/{}/{id}/sso/saml", app.name));
    let service = |binding: &str| {
        format!(
            "<md:SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{location}\"/>"
        )
    };
    let formats = [
        "1.1:nameid-format:unspecified",
        "1.1:nameid-format:emailAddress",
    ];
    let formats = formats.map(|format| {
        format!("<md:NameIDFormat>urn:oasis:names:tc:SAML:{format}</md:NameIDFormat>")
    });
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"{entity}\"><md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:KeyDescriptor use=\"signing\">\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{}{}{}\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        formats.concat(),
        service("HTTP-POST"),
        service("HTTP-Redirect"),
    ))
}

/// Text as the value of an XML attribute.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

//! Signed JSON Web Tokens of clients, RFC 7515 and RFC 7519.

use std::str::FromStr;

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::Value;

/// The algorithms that clients may sign with.
pub(crate) const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/// A token that was taken apart. Nothing in it is true before [`Jwt::is_signed_by`] says so.
pub(crate) struct Jwt<'t> {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: &'t str,
    signature: &'t str,
}

impl<'t> Jwt<'t> {
    pub(crate) fn parse(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            let value: Value = serde_json::from_slice(&bytes).ok()?;
            value.is_object().then_some(value)
        };
        Some(Self {
            header: read(header)?,
            claims: read(claims)?,
            signed,
            signature,
        })
    }

    pub(crate) fn algorithm(&self) -> &str {
        self.header["alg"].as_str().unwrap_or_default()
    }

    /// A claim that is text.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims[claim].as_str()
    }

    /// A claim that is a moment, in seconds since the epoch.
    pub(crate) fn seconds(&self, claim: &str) -> Option<i64> {
        let value = &self.claims[claim];
        // Some clients write a fraction.
        value
            .as_i64()
            .or_else(|| value.as_f64().map(|seconds| seconds as i64))
    }

    /// Whether the private half of this public key signed the token, with an algorithm of
    /// [`ALGORITHMS`].
    pub(crate) fn is_signed_by(&self, key: &Value) -> bool {
        let algorithm = self.algorithm();
        let other_use = key["alg"].as_str().is_some_and(|alg| alg != algorithm);
        if other_use || !ALGORITHMS.contains(&algorithm) {
            return false;
        }
        let verified = match algorithm {
            "ES512" => self.verify_p521(key),
            _ => self.verify(key, algorithm),
        };
        verified.unwrap_or(false)
    }

    fn verify(&self, key: &Value, algorithm: &str) -> Option<bool> {
        let algorithm = Algorithm::from_str(algorithm).ok()?;
        let key = DecodingKey::from_jwk(&public_key(key)?).ok()?;
        // jsonwebtoken tells the curves apart by the length of the point.
        let asymmetric = [AlgorithmFamily::Rsa, AlgorithmFamily::Ec].contains(&key.family());
        let message = self.signed.as_bytes();
        let verified = jsonwebtoken::crypto::verify(self.signature, message, &key, algorithm);
        Some(asymmetric && verified.ok()?)
    }

    /// jsonwebtoken has no P-521.
    fn verify_p521(&self, key: &Value) -> Option<bool> {
        if key["crv"] != "P-521" {
            return None;
        }
        let mut point = vec![4];
        for coordinate in ["x", "y"] {
            point.extend(URL_SAFE_NO_PAD.decode(key[coordinate].as_str()?).ok()?);
        }
        let signature = URL_SAFE_NO_PAD.decode(self.signature).ok()?;
        let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point);
        Some(key.verify(self.signed.as_bytes(), &signature).is_ok())
    }
}

/// The thumbprint of a public key, RFC 7638.
pub(crate) fn thumbprint(key: &Value) -> Option<String> {
    public_key(key)?.thumbprint(ThumbprintHash::SHA256).ok()
}

fn public_key(key: &Value) -> Option<Jwk> {
    serde_json::from_value(key.clone()).ok()
}

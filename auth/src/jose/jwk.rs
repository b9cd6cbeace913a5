//! Public keys.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Algorithm, base64url, sha256};
use crate::Error;

/// A public key as JSON (RFC 7517): RSA, EC on P-256, P-384 or P-521, or Ed25519 (RFC 8037).
///
/// The private members of a key are not read, so this type cannot hold any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    material: Material,
    key_id: Option<String>,
    algorithm: Option<String>,
    public_key_use: Option<String>,
    /// What the key may do, `key_ops` (RFC 7517, section 4.3).
    operations: Option<Vec<String>>,
    /// When it ends, `exp`, in seconds since 1970 (OpenID Federation 1.0, section 8.7.2).
    expires_at: Option<i64>,
}

/// The numbers of a key, big-endian in base64url, as they came: a thumbprint covers the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Rsa { n: String, e: String },
    Ec { curve: Curve, x: String, y: String },
    Ed25519 { x: String },
}

/// A curve of RFC 7518, section 6.2.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(crate) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The one algorithm for keys on this curve.
    pub(crate) const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
            Self::P521 => Algorithm::Es512,
        }
    }

    /// The bytes of a coordinate.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

impl Jwk {
    /// Reads a key from its JSON object. Private and unknown members are left out; null is a
    /// member that is not there.
    ///
    /// # Errors
    /// A configuration error that names the member that is missing or wrong, the kind of key
    /// that cannot be used, or that the key is revoked (`revoked`, OpenID Federation 1.0).
    pub fn from_json(json: &Value) -> Result<Self, Error> {
        let members = Members(json);
        if members.get("revoked").is_some() {
            return Err(refuse("it is revoked"));
        }
        let number = |name: &str| {
            members
                .text(name)?
                .filter(|text| base64url::decode(text).is_some_and(|bytes| !bytes.is_empty()))
                .ok_or_else(|| refuse(format!("its `{name}` is not a number in base64url")))
        };
        let material = match members.text("kty")?.as_deref() {
            Some("RSA") => Material::Rsa {
                n: number("n")?,
                e: number("e")?,
            },
            Some("EC") => {
                let name = members.text("crv")?.unwrap_or_default();
                let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name);
                Material::Ec {
                    curve: curve.ok_or_else(|| refuse("its `crv` is not P-256, P-384 or P-521"))?,
                    x: number("x")?,
                    y: number("y")?,
                }
            }
            Some("OKP") => Material::Ed25519 {
                x: ed25519_point(json).ok_or_else(|| {
                    refuse("its `crv` is not Ed25519, or its `x` is not 32 bytes in base64url")
                })?,
            },
            _ => return Err(refuse("its `kty` is neither RSA, EC nor OKP")),
        };
        Ok(Self {
            material,
            key_id: members.text("kid")?,
            algorithm: members.text("alg")?,
            public_key_use: members.text("use")?,
            operations: members.texts("key_ops")?,
            expires_at: members.time("exp")?,
        })
    }

    pub(crate) fn new(material: Material) -> Self {
        Self {
            material,
            key_id: None,
            algorithm: None,
            public_key_use: None,
            operations: None,
            expires_at: None,
        }
    }

    pub(crate) fn with_key_id(mut self, key_id: Option<String>) -> Self {
        self.key_id = key_id;
        self
    }

    pub(crate) fn with_signature_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm.as_str().to_owned());
        self.public_key_use = Some("sig".to_owned());
        self
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// The key's id, `kid`.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The algorithm that the key is meant for, `alg`, as it came.
    #[must_use]
    pub fn algorithm(&self) -> Option<&str> {
        self.algorithm.as_deref()
    }

    /// When the key ends, in seconds since 1970; `None` if it does not say.
    pub(crate) fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Whether the key may check signatures by `algorithm`: of the right kind, and none of `use`,
    /// `key_ops` and `alg` says otherwise.
    #[must_use]
    pub fn can_verify(&self, algorithm: Algorithm) -> bool {
        let fits = match self.material {
            Material::Rsa { .. } => algorithm.is_rsa(),
            Material::Ec { curve, .. } => curve.algorithm() == algorithm,
            Material::Ed25519 { .. } => algorithm == Algorithm::EdDsa,
        };
        let is_meant = self.algorithm().is_none_or(|name| algorithm.is_named(name));
        let is_for_signatures = self
            .public_key_use
            .as_deref()
            .is_none_or(|key_use| key_use == "sig");
        fits && is_meant && is_for_signatures && self.may("verify")
    }

    fn may(&self, operation: &str) -> bool {
        let mut listed = self.operations.iter().flatten();
        self.operations.is_none() || listed.any(|listed| listed == operation)
    }

    /// The SHA-256 thumbprint of the key in base64url (RFC 7638), which DPoP-bound tokens carry
    /// as `jkt`.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // Required members alone, in the order of their names, no white space: exactly what
        // serde_json writes for a map.
        let canonical = Value::Object(self.required_members()).to_string();
        base64url::encode(sha256(canonical))
    }

    fn required_members(&self) -> Map<String, Value> {
        let members = match &self.material {
            Material::Rsa { n, e } => json!({"e": e, "kty": "RSA", "n": n}),
            Material::Ec { curve, x, y } => {
                json!({"crv": curve.name(), "kty": "EC", "x": x, "y": y})
            }
            Material::Ed25519 { x } => json!({"crv": "Ed25519", "kty": "OKP", "x": x}),
        };
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The key's JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = self.required_members();
        for (name, value) in [
            ("kid", &self.key_id),
            ("alg", &self.algorithm),
            ("use", &self.public_key_use),
        ] {
            if let Some(value) = value {
                members.insert(name.to_owned(), Value::from(value.as_str()));
            }
        }
        if let Some(operations) = &self.operations {
            members.insert("key_ops".to_owned(), json!(operations));
        }
        if let Some(end) = self.expires_at {
            members.insert("exp".to_owned(), json!(end));
        }
        Value::Object(members)
    }
}

/// The members of a key. One of a type that it cannot have is an error: what it says of the key
/// is not understood, and may be that the key is not to be used.
struct Members<'a>(&'a Value);

impl<'a> Members<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = value.as_str().map(str::to_owned);
        text.map(Some)
            .ok_or_else(|| refuse(format!("its `{name}` is not a text")))
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let texts = value.as_array().and_then(|items| {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>()
        });
        texts
            .map(Some)
            .ok_or_else(|| refuse(format!("its `{name}` is not a list of texts")))
    }

    /// A `NumericDate` (RFC 7519, section 2), in whole seconds.
    fn time(&self, name: &str) -> Result<Option<i64>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        // Floats saturate, and a part of a second does not matter.
        #[allow(clippy::cast_possible_truncation)]
        let seconds = value
            .as_i64()
            .or_else(|| value.as_f64().map(|time| time as i64));
        seconds
            .map(Some)
            .ok_or_else(|| refuse(format!("its `{name}` is not a time")))
    }
}

/// The member `x` of an Ed25519 key (RFC 8037, section 2).
fn ed25519_point(json: &Value) -> Option<String> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let x = text("x").filter(|_| text("crv") == Some("Ed25519"))?;
    let is_point = base64url::decode(x).is_some_and(|bytes| bytes.len() == 32);
    is_point.then(|| x.to_owned())
}

fn refuse(why: impl AsRef<str>) -> Error {
    Error::configuration(format!("the JWK cannot be used: {}", why.as_ref()))
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::from_json(&json).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;

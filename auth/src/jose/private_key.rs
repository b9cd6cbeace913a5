//! Reading private keys: PEM of the usual kinds, and JWK.

use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    RsaKeyPair, RsaPublicKeyComponents,
};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;

use super::base64url;
use super::jwk::{Curve, Jwk, Material};
use super::verifying_key::uncompressed_point;
use crate::Error;

/// A private key of a kind that can be used.
pub(super) enum PrivateKey {
    Rsa(RsaKeyPair),
    Ec(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`).
    pub(super) fn from_pem(pem: &str) -> Result<Self, Error> {
        if pem.contains("ENCRYPTED") {
            return Err(refuse(
                "it is encrypted; decrypt it first, with `openssl pkcs8 -in key.pem`",
            ));
        }
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| {
            refuse("no private key is in the PEM text; write it whole, from -----BEGIN to -----END")
        })?;
        let der = key.secret_der();
        let rsa = RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der));
        if let Ok(key) = rsa {
            return Ok(Self::Rsa(key));
        }
        if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            return Ok(Self::Ed25519(key));
        }
        Curve::ALL
            .into_iter()
            .find_map(|curve| {
                let key = EcdsaKeyPair::from_private_key_der(signing(curve), der).ok()?;
                Some(Self::Ec(curve, key))
            })
            .ok_or_else(|| {
                refuse(
                    "it is neither RSA of 2048 to 8192 bits, EC on P-256, P-384 or P-521, nor \
                     Ed25519",
                )
            })
    }

    /// RFC 7518, sections 6.2.2 and 6.3.2; RFC 8037, section 2.
    pub(super) fn from_jwk(json: &Value) -> Result<Self, Error> {
        match Jwk::from_json(json)?.material() {
            Material::Rsa { n, e } => rsa_from_jwk(json, n, e),
            Material::Ec { curve, x, y } => ec_from_jwk(json, *curve, x, y),
            Material::Ed25519 { x } => ed25519_from_jwk(json, x),
        }
    }

    pub(super) fn generate_ec(curve: Curve) -> Result<Self, Error> {
        let key = EcdsaKeyPair::generate(signing(curve)).map_err(not_generated)?;
        Ok(Self::Ec(curve, key))
    }

    pub(super) fn generate_ed25519() -> Result<Self, Error> {
        let key = Ed25519KeyPair::generate().map_err(not_generated)?;
        Ok(Self::Ed25519(key))
    }

    pub(super) fn generate_rsa() -> Result<Self, Error> {
        let key = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).map_err(not_generated)?;
        Ok(Self::Rsa(key))
    }
}

fn rsa_from_jwk(json: &Value, n: &str, e: &str) -> Result<PrivateKey, Error> {
    let private = |name: &str| private_member(json, name);
    let public = |text: &str| base64url::decode(text).unwrap_or_default();
    let components = KeyPairComponents {
        public_key: RsaPublicKeyComponents {
            n: public(n),
            e: public(e),
        },
        d: private("d")?,
        p: private("p")?,
        q: private("q")?,
        dP: private("dp")?,
        dQ: private("dq")?,
        qInv: private("qi")?,
    };
    RsaKeyPair::from_components(&components)
        .map(PrivateKey::Rsa)
        .map_err(|_| {
            refuse("its numbers do not make an RSA key of 2048 to 8192 bits; write the whole JWK")
        })
}

fn ec_from_jwk(json: &Value, curve: Curve, x: &str, y: &str) -> Result<PrivateKey, Error> {
    let mismatch = || refuse("its numbers are not those of one key on its curve");
    let secret = private_member(json, "d")?;
    let missing = curve
        .size()
        .checked_sub(secret.len())
        .ok_or_else(mismatch)?;
    // Some libraries leave zeros at the front out.
    let secret = [vec![0; missing], secret].concat();
    let point = uncompressed_point(curve, x, y).ok_or_else(mismatch)?;
    EcdsaKeyPair::from_private_key_and_public_key(signing(curve), &secret, &point)
        .map(|key| PrivateKey::Ec(curve, key))
        .map_err(|_| mismatch())
}

fn ed25519_from_jwk(json: &Value, x: &str) -> Result<PrivateKey, Error> {
    let seed = private_member(json, "d")?;
    let point = base64url::decode(x).unwrap_or_default();
    Ed25519KeyPair::from_seed_and_public_key(&seed, &point)
        .map(PrivateKey::Ed25519)
        .map_err(|_| refuse("its members `d` and `x` are not those of one Ed25519 key"))
}

fn private_member(json: &Value, name: &str) -> Result<Vec<u8>, Error> {
    json.get(name)
        .and_then(Value::as_str)
        .and_then(base64url::decode)
        .ok_or_else(|| {
            refuse(format!(
                "its member `{name}` is missing or not base64url; write the private JWK, not the \
                 public one"
            ))
        })
}

const fn signing(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    }
}

pub(super) fn refuse(why: impl AsRef<str>) -> Error {
    Error::configuration(format!("the private key cannot be used: {}", why.as_ref()))
}

fn not_generated(error: aws_lc_rs::error::Unspecified) -> Error {
    Error::other("no key could be generated", error)
}

//! Checking signatures.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
};

use super::jwk::{Curve, Material};
use super::{Algorithm, Jwk, base64url};

/// A public key, parsed once for one algorithm. Parsing takes about as long as checking a
/// signature, so it is not done for each token.
#[derive(Clone, Debug)]
pub(crate) struct VerifyingKey(ParsedPublicKey);

impl VerifyingKey {
    /// The key for `algorithm`; `None` if it is not one that can be used for it: of another
    /// kind, weak (RSA below 2048 bits), or not on its curve.
    pub(crate) fn new(jwk: &Jwk, algorithm: Algorithm) -> Option<Self> {
        match jwk.material() {
            Material::Rsa { n, e } => {
                let parameters = match algorithm {
                    Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => return None,
                };
                let components = rsa_numbers(n, e)?;
                components.to_parsed_public_key(parameters).ok()
            }
            Material::Ec { curve, x, y } => {
                if curve.algorithm() != algorithm {
                    return None;
                }
                let parameters = match curve {
                    Curve::P256 => &ECDSA_P256_SHA256_FIXED,
                    Curve::P384 => &ECDSA_P384_SHA384_FIXED,
                    Curve::P521 => &ECDSA_P521_SHA512_FIXED,
                };
                let point = uncompressed_point(*curve, x, y)?;
                ParsedPublicKey::new(parameters, point).ok()
            }
            Material::Ed25519 { x } => {
                if algorithm != Algorithm::EdDsa {
                    return None;
                }
                ParsedPublicKey::new(&ED25519, base64url::decode(x)?).ok()
            }
        }
        .map(Self)
    }

    /// Whether `signature` is this key's, of `message`.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

/// The numbers of a key that is worth using: aws-lc-rs finds out about others only when it checks
/// a signature.
fn rsa_numbers(n: &str, e: &str) -> Option<RsaPublicKeyComponents<Vec<u8>>> {
    let (n, e) = (number(n)?, number(e)?);
    let bits = n.len() * 8 - n.first()?.leading_zeros() as usize;
    let is_odd = e.last()? % 2 == 1;
    let fits = (2048..=8192).contains(&bits) && is_odd && e != [1];
    fits.then_some(RsaPublicKeyComponents { n, e })
}

/// The bytes of a number, without zeros before them.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = base64url::decode(text)?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[start..].to_vec())
}

/// SEC 1, section 2.3.3. Coordinates are of full length (RFC 7518, section 6.2.1.2).
pub(super) fn uncompressed_point(curve: Curve, x: &str, y: &str) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for coordinate in [x, y] {
        let bytes = base64url::decode(coordinate)?;
        if bytes.len() != curve.size() {
            return None;
        }
        point.extend(bytes);
    }
    Some(point)
}

//! Private keys in memory.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::jwk::{Curve, Jwk, Material};
use super::private_key::{PrivateKey, refuse};
use super::{Algorithm, JwtSigner, SigningInput, base64url, pasted};
use crate::{Error, Secret};

/// A private key that signs: RSA of 2048 bits and more, EC on P-256, P-384 or P-521, or Ed25519.
/// Cheap to clone; `Debug` shows its id and algorithm alone.
///
/// ```
/// use okta_auth::jose::{Algorithm, SigningKey};
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let key = SigningKey::generate(Algorithm::Es256)?.with_key_id("key-1");
/// // Give this to Okta, as the public key of your service app:
/// println!("{}", key.public_jwk().to_json());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SigningKey {
    key: Arc<PrivateKey>,
    algorithm: Algorithm,
    key_id: Option<String>,
    material: Material,
}

impl SigningKey {
    /// Reads a private key from text: PEM (PKCS#8, PKCS#1 or SEC 1), a private JWK as JSON, or a
    /// JWK set that holds one. PEM may be indented, and may have lost its line ends.
    /// RSA keys sign by RS256 unless the JWK's `alg` says PS256, EC keys by the algorithm of
    /// their curve. A JWK brings its `kid`.
    ///
    /// # Errors
    /// A configuration error that says what is wrong with the text, without repeating it.
    pub fn parse(text: &Secret) -> Result<Self, Error> {
        let text = text.expose().trim();
        if !text.starts_with('{') {
            return Self::new(PrivateKey::from_pem(pasted::pem(text).expose())?);
        }
        let json: Value = serde_json::from_str(text)
            .map_err(|_| refuse("the text begins with `{` and is not JSON; write a private JWK"))?;
        let json = pasted::single_jwk(json)?;
        let key = Self::new(PrivateKey::from_jwk(&json)?)?;
        let jwk = Jwk::from_json(&json)?;
        let key = match jwk.algorithm() {
            Some(name) => key.with_algorithm(name.parse()?)?,
            None => key,
        };
        Ok(match jwk.key_id() {
            Some(key_id) => key.with_key_id(key_id),
            None => key,
        })
    }

    /// Makes a new key for `algorithm`; RSA keys have 2048 bits.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn generate(algorithm: Algorithm) -> Result<Self, Error> {
        let key = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => PrivateKey::generate_rsa()?,
            Algorithm::Es256 => PrivateKey::generate_ec(Curve::P256)?,
            Algorithm::Es384 => PrivateKey::generate_ec(Curve::P384)?,
            Algorithm::Es512 => PrivateKey::generate_ec(Curve::P521)?,
            Algorithm::EdDsa => PrivateKey::generate_ed25519()?,
        };
        Self::new(key)?.with_algorithm(algorithm)
    }

    fn new(key: PrivateKey) -> Result<Self, Error> {
        let (algorithm, material) = match &key {
            PrivateKey::Rsa(pair) => {
                let numbers = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                if numbers.n.len() < 256 {
                    return Err(refuse("it has fewer than 2048 bits; make a longer one"));
                }
                let material = Material::Rsa {
                    n: base64url::encode(&numbers.n),
                    e: base64url::encode(&numbers.e),
                };
                (Algorithm::Rs256, material)
            }
            PrivateKey::Ec(curve, pair) => {
                // An uncompressed point: 4, then both coordinates.
                let point = pair.public_key().as_ref();
                let (x, y) = point
                    .get(1..)
                    .and_then(|both| both.split_at_checked(curve.size()))
                    .ok_or_else(|| refuse("its public half cannot be derived"))?;
                let material = Material::Ec {
                    curve: *curve,
                    x: base64url::encode(x),
                    y: base64url::encode(y),
                };
                (curve.algorithm(), material)
            }
            PrivateKey::Ed25519(pair) => {
                let x = base64url::encode(pair.public_key().as_ref());
                (Algorithm::EdDsa, Material::Ed25519 { x })
            }
        };
        Ok(Self {
            key: Arc::new(key),
            algorithm,
            key_id: None,
            material,
        })
    }

    /// Signs by `algorithm`: RS256 or PS256 for an RSA key, the one of its curve for any other.
    ///
    /// # Errors
    /// A configuration error if the key is of another kind.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, Error> {
        let fits = match &*self.key {
            PrivateKey::Rsa(_) => algorithm.is_rsa(),
            PrivateKey::Ec(curve, _) => curve.algorithm() == algorithm,
            PrivateKey::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        if !fits {
            return Err(refuse(format!(
                "it is not of the kind that {algorithm} takes"
            )));
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Sets the id under which Okta knows the public key.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// The algorithm that it signs by.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The id under which Okta knows the public key.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The public half, with its id and algorithm.
    #[must_use]
    pub fn public_jwk(&self) -> Jwk {
        self.bare_public_jwk()
            .with_key_id(self.key_id.clone())
            .with_signature_algorithm(self.algorithm)
    }

    /// The public half, with nothing but its numbers.
    pub(crate) fn bare_public_jwk(&self) -> Jwk {
        Jwk::new(self.material.clone())
    }

    /// The signature of `message`, as [`JwtSigner::sign`] describes it.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        let signed = match &*self.key {
            PrivateKey::Rsa(pair) => {
                let padding = match self.algorithm {
                    Algorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature)
                    .map(|()| signature)
            }
            PrivateKey::Ec(_, pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec()),
            PrivateKey::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec()),
        };
        signed.map_err(|error| Error::other("the private key did not sign", error))
    }

    /// The token of `header` (with `alg` added) and `claims`, signed.
    pub(crate) fn token(&self, mut header: Value, claims: &Value) -> Result<String, Error> {
        header["alg"] = self.algorithm.as_str().into();
        let input = SigningInput::new(&header, claims);
        let signature = self.sign(input.as_bytes())?;
        Ok(input.with_signature(&signature))
    }
}

impl JwtSigner for SigningKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Self::sign(self, message)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! Whoever can sign: a key in memory, or one that never leaves its vault.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Algorithm, SigningInput};
use crate::Error;

/// Signs JWTs with a private key that may be anywhere, such as in a key management service.
/// [`SigningKey`](super::SigningKey) is one for keys in memory.
///
/// ```
/// use okta_auth::Error;
/// use okta_auth::jose::{Algorithm, JwtSigner};
///
/// #[derive(Debug)]
/// struct InKms;
///
/// impl JwtSigner for InKms {
///     fn algorithm(&self) -> Algorithm {
///         Algorithm::Es256
///     }
///     fn key_id(&self) -> Option<&str> {
///         Some("my-key")
///     }
///     async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
///         # let kms_sign = |_: &[u8]| Ok::<_, std::io::Error>(vec![0; 64]);
///         kms_sign(message).map_err(|error| Error::other("the KMS did not sign", error))
///     }
/// }
/// ```
pub trait JwtSigner: Debug + Send + Sync + 'static {
    /// The algorithm of the signatures.
    fn algorithm(&self) -> Algorithm;

    /// The id under which Okta knows the public key, `kid`.
    fn key_id(&self) -> Option<&str>;

    /// The signature of `message` as RFC 7518, section 3 has it: for ECDSA the two numbers side
    /// by side (64, 96 or 132 bytes), not DER.
    ///
    /// # Errors
    /// If the signature cannot be made.
    fn sign(&self, message: &[u8]) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;
}

/// Any [`JwtSigner`], shared. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Signer(Arc<dyn Erased>);

impl Signer {
    /// The token of `claims`, signed. `kind` is the header's `typ`.
    pub(crate) async fn token(&self, kind: &str, claims: &Value) -> Result<String, Error> {
        let mut header = json!({"alg": self.0.algorithm().as_str(), "typ": kind});
        if let Some(key_id) = self.0.key_id() {
            header["kid"] = key_id.into();
        }
        let input = SigningInput::new(&header, claims);
        let signature = self.0.sign(input.as_bytes()).await?;
        Ok(input.with_signature(&signature))
    }
}

impl<T: JwtSigner> From<T> for Signer {
    fn from(signer: T) -> Self {
        Self(Arc::new(signer))
    }
}

/// The twin of [`JwtSigner`] that can be a trait object.
trait Erased: Debug + Send + Sync {
    fn algorithm(&self) -> Algorithm;
    fn key_id(&self) -> Option<&str>;
    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, Error>>;
}

impl<T: JwtSigner> Erased for T {
    fn algorithm(&self) -> Algorithm {
        JwtSigner::algorithm(self)
    }

    fn key_id(&self) -> Option<&str> {
        JwtSigner::key_id(self)
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, Error>> {
        JwtSigner::sign(self, message).boxed()
    }
}

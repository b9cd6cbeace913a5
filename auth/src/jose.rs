//! JSON Object Signing and Encryption, the part that Okta uses: signatures.
//!
//! - A **JWT** (RFC 7519) is three parts with dots between them: a header, claims, a signature.
//! - A **JWK** (RFC 7517) is a key written as JSON. A **JWK set** is what an authorization server
//!   publishes so that others can check its signatures; each key has an id, `kid`.
//! - A **signing key** is the private half. A service app proves who it is with one
//!   (`private_key_jwt`), and DPoP binds tokens to one.
//!
//! Only asymmetric algorithms exist here: with `none` or HMAC a token could be made by whoever
//! checks it, so there is no way to ask for them.

mod algorithm;
pub(crate) mod base64url;
mod compact;
mod jwk;
mod jwk_set;
mod pasted;
mod private_key;
mod random;
mod sha256;
mod signer;
mod signing_key;
mod verifying_key;

pub use self::algorithm::Algorithm;
pub use self::jwk::Jwk;
pub use self::jwk_set::JwkSet;
pub use self::signer::{JwtSigner, Signer};
pub use self::signing_key::SigningKey;

pub(crate) use self::compact::SigningInput;
pub(crate) use self::random::random;
pub(crate) use self::sha256::sha256;
pub(crate) use self::verifying_key::VerifyingKey;

//! Public keys as Okta's API takes them.

use okta_auth::jose::{Jwk, SigningKey};

use crate::codec::{Slot, Strictness, decode};
use crate::models::JsonWebKey;

/// The public key, RSA or EC, with its `kid` and `alg` where it has them: to be registered with an
/// app.
impl From<&Jwk> for JsonWebKey {
    fn from(key: &Jwk) -> Self {
        // A key is a flat object of strings: every member that the model knows fits.
        let json = key.to_json().to_string();
        decode(json.as_bytes(), Strictness::Lenient).unwrap_or_else(|_| Self::vacant())
    }
}

/// The public half of the key.
impl From<&SigningKey> for JsonWebKey {
    fn from(key: &SigningKey) -> Self {
        Self::from(&key.public_jwk())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use okta_auth::jose::Algorithm;

    use super::*;

    #[test]
    fn public_halves_become_keys_of_an_app() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let key = SigningKey::generate(algorithm).unwrap().with_key_id("k1");
            let model = JsonWebKey::from(&key);
            let sent = serde_json::to_value(&model).unwrap();
            assert_eq!(sent, key.public_jwk().to_json());
            assert!(sent.get("d").is_none(), "the private half stays here");
            assert!(model.extra.is_empty(), "{:?}", model.extra);
        }
    }
}

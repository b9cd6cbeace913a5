//! Proof that whoever exchanges a code is the one who began the login (RFC 7636).

use super::random;
use crate::jose::{base64url, sha256};
use crate::{Error, Secret};

/// A new verifier: 43 characters that nobody can guess (section 4.1).
pub(super) fn verifier() -> Result<Secret, Error> {
    random::value()
}

/// What is told of the verifier in advance, by the method `S256` (section 4.2).
pub(super) fn challenge(verifier: &Secret) -> String {
    base64url::encode(sha256(verifier.expose()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn verifiers_have_the_length_and_characters_of_the_rfc() {
        let verifier = verifier().unwrap();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        assert!((43..=128).contains(&verifier.expose().len()));
        assert!(verifier.expose().chars().all(allowed));
    }
}

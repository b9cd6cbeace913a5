//! Why a token was not accepted.

mod display;

use std::error::Error as StdError;
use std::time::Duration;

use super::dpop::fault::ProofError;
use crate::Error;
use crate::jose::Algorithm;

/// The check that a token did not pass. `Display` says what was expected and what was found, and
/// never shows the token, a nonce or a hash.
///
/// An API answers with [`VerifyError::status`] and [`VerifyError::challenge`].
#[derive(Debug)]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is longer than the verifier takes.
    TooLong {
        /// Its bytes.
        length: usize,
        /// Most bytes.
        limit: usize,
    },
    /// The token is not three parts with dots between them.
    Parts {
        /// How many there are; five are an encrypted token (JWE).
        found: usize,
    },
    /// A part is not base64url as RFC 7515 has it: no padding, no other characters.
    Base64 {
        /// Which part: `header`, `claims` or `signature`.
        part: &'static str,
    },
    /// A part is not a JSON object.
    Json {
        /// Which part: `header` or `claims`.
        part: &'static str,
    },
    /// A member is there twice.
    DuplicateMember {
        /// Which part: `header` or `claims`.
        part: &'static str,
        /// The member.
        name: String,
    },
    /// A member of the header is not a text.
    HeaderType {
        /// The member.
        name: &'static str,
    },
    /// The header names extensions that must be understood (`crit`, RFC 7515, section 4.1.11).
    Critical,
    /// The algorithm is not one that the verifier allows.
    Algorithm {
        /// Those allowed.
        allowed: Vec<Algorithm>,
        /// The header's `alg`.
        found: Option<String>,
    },
    /// The header's `typ` is that of another kind of token.
    TokenType {
        /// The types expected.
        expected: &'static str,
        /// The header's `typ`.
        found: String,
    },
    /// An access token of the org authorization server, which only Okta can check.
    OrgServerToken,
    /// The token names no key, and not exactly one key could have signed it.
    NoKeyId {
        /// How many keys could have.
        fitting: usize,
    },
    /// The server has no key of that id.
    UnknownKeyId {
        /// The header's `kid`.
        key_id: String,
    },
    /// The server's key of that id is not for that algorithm, or not one to be trusted: RSA below
    /// 2048 bits, a point off its curve, for encryption.
    UnfitKey {
        /// The header's `kid`.
        key_id: String,
        /// The header's `alg`.
        algorithm: Algorithm,
    },
    /// The signature is not that of the key.
    Signature,
    /// The keys of the server cannot be obtained.
    Keys(Error),
    /// The verifier was not told what this check needs.
    NotSetUp {
        /// The setting of the builder.
        setting: &'static str,
    },
    /// It is not an access token.
    NotAnAccessToken {
        /// By which sign.
        sign: &'static str,
    },
    /// It is not an ID token.
    NotAnIdToken {
        /// By which sign.
        sign: &'static str,
    },
    /// It is not a security event token.
    NotASecurityEvent {
        /// By which sign.
        sign: &'static str,
    },
    /// It is not a logout token.
    NotALogoutToken {
        /// By which sign.
        sign: &'static str,
    },
    /// A claim is not there.
    MissingClaim {
        /// The claim.
        claim: &'static str,
    },
    /// A claim is of another JSON type, or of a value that it cannot have.
    ClaimType {
        /// The claim.
        claim: String,
        /// The type expected.
        expected: &'static str,
    },
    /// The token is of another issuer.
    Issuer {
        /// The verifier's issuer.
        expected: String,
        /// The token's `iss`.
        found: String,
    },
    /// The token is for others.
    Audience {
        /// The verifier's audiences, one of which is required.
        expected: Vec<String>,
        /// The token's `aud`.
        found: Vec<String>,
    },
    /// The token's life is over. Times are seconds since 1970.
    Expired {
        /// The token's `exp`.
        expires_at: i64,
        /// The time now.
        now: i64,
    },
    /// The token's life has not begun. Times are seconds since 1970.
    NotYetValid {
        /// The token's `nbf`.
        not_before: i64,
        /// The time now.
        now: i64,
    },
    /// The token says that it was made in the future. Times are seconds since 1970.
    IssuedInFuture {
        /// The token's `iat`.
        issued_at: i64,
        /// The time now.
        now: i64,
    },
    /// The token was issued to a client that is not on the list.
    ClientId {
        /// Those that are.
        allowed: Vec<String>,
        /// The token's `cid`.
        found: String,
    },
    /// The ID token was issued to another client.
    AuthorizedParty {
        /// The verifier's client id.
        expected: String,
        /// The token's `azp`.
        found: String,
    },
    /// The ID token has no nonce, and the login sent one.
    NonceMissing,
    /// The ID token has a nonce, and the login sent none.
    NonceUnexpected,
    /// The ID token is the answer to another login.
    NonceMismatch,
    /// The ID token came with another access token.
    AccessTokenHash,
    /// The ID token came with another device secret.
    DeviceSecretHash,
    /// The refreshed ID token is about another user.
    Subject {
        /// The subject of the one before.
        expected: String,
        /// The token's `sub`.
        found: String,
    },
    /// The user's last login is longer ago than was asked for. Times are in seconds.
    AuthenticationTooOld {
        /// Most seconds since the login.
        max_age: i64,
        /// How many have passed.
        age: i64,
    },
    /// The token says that the user logged in after it was issued. Times are seconds since 1970.
    AuthenticationInFuture {
        /// The token's `auth_time`.
        auth_time: i64,
        /// The token's `iat`.
        issued_at: i64,
    },
    /// The token is valid, but was issued longer ago than the verifier takes it. Times are in
    /// seconds.
    TooOld {
        /// Most seconds since it was issued.
        max_age: i64,
        /// How many have passed.
        age: i64,
    },
    /// The token was taken before, and is good once.
    Replayed,
    /// It is not known whether the token, or its DPoP proof, was taken before: the cache failed.
    ReplayCache(Error),
    /// The user logged in by other means than were asked for.
    AuthenticationContext {
        /// Those asked for.
        expected: Vec<String>,
        /// The token's `acr`.
        found: String,
    },
    /// The access token is bound to a key, and nobody has proved possession of it: call
    /// [`Verifier::verify_dpop_access_token`](super::Verifier::verify_dpop_access_token) or
    /// [`Verifier::verify_with_certificate`](super::Verifier::verify_with_certificate).
    Bound {
        /// The members of the claim `cnf`: `jkt` for DPoP, `x5t#S256` for a certificate.
        method: String,
    },
    /// The access token is not bound to a key in this way, and in no other as well.
    NotBound {
        /// The member of `cnf` that is required.
        method: &'static str,
    },
    /// The access token is bound to another certificate.
    Certificate,
    /// The DPoP proof is not good.
    Proof(ProofError),
    /// The DPoP proof has no nonce of this server, or an old one. The answer is to have `nonce` in
    /// its header `DPoP-Nonce`.
    DpopNonce {
        /// The nonce to send.
        nonce: String,
    },
    /// The user's login is not strong or not recent enough for what is asked (RFC 9470).
    InsufficientAuthentication {
        /// The values of `acr` any of which will do; empty if it does not matter.
        acr_values: Vec<String>,
        /// How long ago the login may be, if that matters.
        max_age: Option<Duration>,
    },
    /// The access token lacks a scope.
    Scope {
        /// The required scope.
        needed: String,
        /// Those that it has.
        found: Vec<String>,
    },
    /// The token's user is not in a group.
    Group {
        /// The required group.
        needed: String,
        /// Those named.
        found: Vec<String>,
    },
}

/// Longest piece of an unchecked token in a message, in characters.
const MOST_TEXT: usize = 100;

/// Text of a token whose signature has not been checked: anyone may have written it.
pub(super) fn unchecked(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

impl StdError for VerifyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Keys(error) | Self::ReplayCache(error) => Some(error),
            Self::Proof(error) => Some(error),
            _ => None,
        }
    }
}

impl From<VerifyError> for Error {
    /// An error of the credentials. If the keys could not be obtained, the reason for that as it
    /// is.
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Keys(error) | VerifyError::ReplayCache(error) => error,
            error => {
                Self::credentials(format!("the token was not accepted: {error}")).with_source(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_token_are_cut() {
        let (long, many) = ("x".repeat(5_000_000), vec!["x".repeat(100_000); 1000]);
        let (expected, needed) = ("e".to_owned(), "n".to_owned());
        let found = long.clone();
        for error in [
            VerifyError::Issuer { expected, found },
            VerifyError::Scope {
                needed: needed.clone(),
                found: many.clone(),
            },
            VerifyError::Group {
                needed,
                found: many.clone(),
            },
            VerifyError::Audience {
                expected: Vec::new(),
                found: many,
            },
            VerifyError::DuplicateMember {
                part: "claims",
                name: long,
            },
        ] {
            let text = error.to_string();
            assert!(text.len() < 3500, "{} bytes", text.len());
            assert!(Error::from(error).to_string().len() < 3500);
        }
    }
}

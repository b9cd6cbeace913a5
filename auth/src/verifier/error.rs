//! Why a token was not accepted.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use super::dpop::fault::ProofError;
use crate::Error;
use crate::error::one_line;
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

/// Most texts of a list in a token that a message repeats.
const MOST_LISTED: usize = 10;

/// Text of a token whose signature has not been checked: anyone may have written it.
pub(super) fn unchecked(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length, limit } => {
                write!(f, "the token has {length} bytes: expected up to {limit}")
            }
            Self::Parts { found: 5 } => f.write_str(
                "the token has 5 parts, so it is encrypted (JWE): expected a signed token of 3",
            ),
            Self::Parts { found } => write!(
                f,
                "the token has {found} part(s) with dots between them: expected 3 (an opaque \
                 token is checked by introspection)"
            ),
            Self::Base64 { part } => {
                write!(
                    f,
                    "the {part} is not base64url: expected it without padding"
                )
            }
            Self::Json { part } => write!(f, "the {part} is not a JSON object"),
            Self::DuplicateMember { part, name } => {
                write!(f, "the {part} has {} twice: expected it once", Text(name))
            }
            Self::HeaderType { name } => write!(f, "the header's `{name}` is not a text"),
            Self::Critical => {
                f.write_str("the header has `crit`: no extension of RFC 7515 is known here")
            }
            Self::Algorithm { allowed, found } => {
                let allowed = Listed(allowed);
                match found {
                    Some(found) => write!(f, "the algorithm is {found:?}: expected {allowed}"),
                    None => write!(f, "the header has no `alg`: expected {allowed}"),
                }
            }
            Self::TokenType { expected, found } => {
                write!(f, "the header's `typ` is {found:?}: expected {expected}")
            }
            Self::OrgServerToken => f.write_str(
                "access tokens of the org authorization server can be checked by Okta alone: use \
                 introspection, or a custom authorization server such as …/oauth2/default",
            ),
            Self::NoKeyId { fitting } => write!(
                f,
                "the header has no `kid`, and {fitting} of the server's keys fit: expected exactly \
                 one"
            ),
            Self::UnknownKeyId { key_id } => {
                write!(
                    f,
                    "the server has no key {key_id:?}: is the token of this issuer?"
                )
            }
            Self::UnfitKey { key_id, algorithm } => {
                write!(
                    f,
                    "the server's key {key_id:?} cannot be used for {algorithm}"
                )
            }
            Self::Signature => f.write_str("the signature is not that of the server's key"),
            Self::Keys(error) => write!(f, "the server's keys cannot be obtained: {error}"),
            Self::NotSetUp { setting } => write!(
                f,
                "the verifier has no `{setting}` to check against: set it with its builder"
            ),
            Self::NotAnAccessToken { sign } => write!(f, "not an access token: it has {sign}"),
            Self::NotAnIdToken { sign } => write!(f, "not an ID token: it has {sign}"),
            Self::NotASecurityEvent { sign } => {
                write!(f, "not a security event token: it has {sign}")
            }
            Self::NotALogoutToken { sign } => write!(f, "not a logout token: it has {sign}"),
            Self::MissingClaim { claim } => write!(f, "the claim `{claim}` is missing"),
            Self::ClaimType { claim, expected } => {
                write!(
                    f,
                    "the claim `{claim}` is not what it should be: expected {expected}"
                )
            }
            Self::Issuer { expected, found } => {
                write!(f, "the issuer is {}: expected {expected:?}", Text(found))
            }
            Self::Audience { expected, found } => {
                write!(
                    f,
                    "the audience is {}: expected one of {expected:?}",
                    Texts(found)
                )
            }
            Self::Expired { expires_at, now } => {
                write!(f, "the token expired at {expires_at}: it is {now} now")
            }
            Self::NotYetValid { not_before, now } => {
                write!(f, "the token is valid from {not_before}: it is {now} now")
            }
            Self::IssuedInFuture { issued_at, now } => {
                write!(f, "the token was issued at {issued_at}: it is {now} now")
            }
            Self::ClientId { allowed, found } => {
                write!(
                    f,
                    "the client is {}: expected one of {allowed:?}",
                    Text(found)
                )
            }
            Self::AuthorizedParty { expected, found } => {
                write!(
                    f,
                    "the authorized party is {}: expected {expected:?}",
                    Text(found)
                )
            }
            Self::NonceMissing => f.write_str("the nonce is missing: expected that of the login"),
            Self::NonceUnexpected => f.write_str("there is a nonce: expected none"),
            Self::NonceMismatch => f.write_str("the nonce is not that of the login"),
            Self::AccessTokenHash => f.write_str(
                "`at_hash` is not that of the access token: they do not belong together",
            ),
            Self::DeviceSecretHash => f.write_str(
                "`ds_hash` is not that of the device secret: they do not belong together",
            ),
            Self::Subject { expected, found } => {
                write!(f, "the subject is {}: expected {expected:?}", Text(found))
            }
            Self::AuthenticationTooOld { max_age, age } => {
                write!(
                    f,
                    "the user logged in {age} s ago: expected up to {max_age} s"
                )
            }
            Self::AuthenticationInFuture {
                auth_time,
                issued_at,
            } => write!(
                f,
                "the user logged in at {auth_time}, but the token was issued at {issued_at}"
            ),
            Self::TooOld { max_age, age } => {
                write!(
                    f,
                    "the token was issued {age} s ago: expected up to {max_age} s"
                )
            }
            Self::Replayed => f.write_str("the token was taken before, and is good once"),
            Self::ReplayCache(error) => {
                write!(f, "it is not known whether this was taken before: {error}")
            }
            Self::AuthenticationContext { expected, found } => {
                write!(f, "`acr` is {}: expected one of {expected:?}", Text(found))
            }
            Self::Bound { method } if method == "jkt" => f.write_str(
                "the token is bound to a DPoP key: call `verify_dpop_access_token` with the \
                 request",
            ),
            Self::Bound { method } if method == "x5t#S256" => f.write_str(
                "the token is bound to a certificate: call `verify_with_certificate` with that of \
                 the client",
            ),
            Self::Bound { method } => write!(
                f,
                "the token is bound to a key by {method:?}, which cannot be checked here"
            ),
            Self::NotBound { method } => write!(
                f,
                "the token is not bound to a key by `{method}` and nothing else"
            ),
            Self::Certificate => f.write_str("the token is bound to another certificate"),
            Self::Proof(error) => write!(f, "the DPoP proof is not good: {error}"),
            Self::DpopNonce { .. } => {
                f.write_str("the DPoP proof has no nonce of this server, or an old one")
            }
            Self::InsufficientAuthentication {
                acr_values,
                max_age,
            } => {
                f.write_str("the user's login is not strong or recent enough: expected")?;
                if !acr_values.is_empty() {
                    write!(f, " `acr` one of {acr_values:?}")?;
                }
                match max_age {
                    Some(max_age) => write!(f, " up to {} s ago", max_age.as_secs()),
                    None => Ok(()),
                }
            }
            Self::Scope { needed, found } => {
                write!(
                    f,
                    "the token lacks the scope {needed:?}: it has {}",
                    Texts(found)
                )
            }
            Self::Group { needed, found } => {
                write!(
                    f,
                    "the user is not in the group {needed:?}: found {}",
                    Texts(found)
                )
            }
        }
    }
}

/// A text of a token, as far as a message repeats it.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", one_line(self.0))
    }
}

/// Texts of a token, as many and as far as a message repeats them.
struct Texts<'a>(&'a [String]);

impl fmt::Display for Texts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().take(MOST_LISTED).map(|text| one_line(text));
        f.debug_list().entries(shown).finish()?;
        match self.0.len().checked_sub(MOST_LISTED) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

struct Listed<'a>(&'a [Algorithm]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|algorithm| algorithm.as_str()).collect();
        f.write_str(&names.join(" or "))
    }
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

//! What errors of the verifier say.

use std::fmt;

use super::VerifyError;
use crate::error::one_line;
use crate::jose::Algorithm;

/// Most texts of a list in a token that a message repeats.
const MOST_LISTED: usize = 10;

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

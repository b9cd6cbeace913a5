//! Why a proof was not accepted.

use std::error::Error as StdError;
use std::fmt;

use crate::jose::Algorithm;

/// The check of RFC 9449, section 4.3 that a DPoP proof did not pass. `Display` never shows the
/// proof nor a claim of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The request has no `DPoP` header, or several.
    Headers {
        /// How many it has.
        found: usize,
    },
    /// The proof is longer than is taken.
    TooLong {
        /// Its bytes.
        length: usize,
        /// Most bytes.
        limit: usize,
    },
    /// The proof is not a signed JWT: three parts in base64url, JSON objects, no member twice.
    Form,
    /// The header's `typ` is not `dpop+jwt`.
    Type,
    /// The header's `alg` is not one of those allowed.
    Algorithm {
        /// Those allowed.
        allowed: Vec<Algorithm>,
    },
    /// The header's `jwk` is missing, or not a public key for the header's `alg`.
    Key,
    /// The header's `jwk` has a private key.
    PrivateKey,
    /// The key is not the one that the access token is bound to.
    Thumbprint,
    /// The signature is not that of the key.
    Signature,
    /// A claim is missing, empty, or of another type.
    Claim {
        /// The claim.
        claim: &'static str,
    },
    /// The claim `htm` is not the request's method.
    Method,
    /// The claim `htu` is not the request's URL.
    Url,
    /// The request's own URL, as the caller gave it, is not one of RFC 3986.
    RequestUrl,
    /// The proof was made too long ago. Times are seconds since 1970.
    TooOld {
        /// The proof's `iat`.
        issued_at: i64,
        /// The time now.
        now: i64,
    },
    /// The proof says that it was made in the future. Times are seconds since 1970.
    InFuture {
        /// The proof's `iat`.
        issued_at: i64,
        /// The time now.
        now: i64,
    },
    /// The claim `ath` is not the hash of the access token.
    TokenHash,
    /// The proof was here before.
    Replayed,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headers { found } => {
                write!(f, "the request has {found} `DPoP` headers: expected one")
            }
            Self::TooLong { length, limit } => {
                write!(f, "it has {length} bytes: expected up to {limit}")
            }
            Self::Form => f.write_str("it is not a signed JWT"),
            Self::Type => f.write_str("the header's `typ` is not dpop+jwt"),
            Self::Algorithm { allowed } => {
                let names: Vec<_> = allowed.iter().map(|known| known.as_str()).collect();
                write!(f, "the header's `alg` is not {}", names.join(" or "))
            }
            Self::Key => {
                f.write_str("the header's `jwk` is missing or not a public key for its `alg`")
            }
            Self::PrivateKey => f.write_str("the header's `jwk` has a private key"),
            Self::Thumbprint => {
                f.write_str("its key is not the one that the access token is bound to")
            }
            Self::Signature => f.write_str("the signature is not that of its key"),
            Self::Claim { claim } => {
                write!(f, "the claim `{claim}` is missing or not what it should be")
            }
            Self::Method => f.write_str("`htm` is not the method of the request"),
            Self::Url => f.write_str("`htu` is not the URL of the request"),
            Self::RequestUrl => f.write_str(
                "the URL of the request cannot be compared: expected scheme, host and path by RFC \
                 3986",
            ),
            Self::TooOld { issued_at, now } => {
                write!(
                    f,
                    "it was made at {issued_at}, too long ago: it is {now} now"
                )
            }
            Self::InFuture { issued_at, now } => {
                write!(f, "it was made at {issued_at}: it is {now} now")
            }
            Self::TokenHash => f.write_str("`ath` is not the hash of the access token"),
            Self::Replayed => f.write_str("it was used before"),
        }
    }
}

impl StdError for ProofError {}

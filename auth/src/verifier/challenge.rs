//! What a resource server answers when it refuses: the status, and the challenge in the header
//! `WWW-Authenticate`.

use std::fmt;
use std::time::Duration;

use http::{HeaderValue, StatusCode};

use super::error::VerifyError;
use crate::jose::Algorithm;

/// A challenge: which token a resource server wants to see (RFC 6750, section 3; RFC 9449,
/// section 7.1; RFC 9470, section 3). It becomes the value of `WWW-Authenticate`.
///
/// ```
/// use okta_auth::verifier::Challenge;
///
/// // The answer to a request without a token, with 401.
/// assert_eq!(Challenge::bearer().to_string(), "Bearer");
/// assert_eq!(
///     Challenge::bearer().error("insufficient_scope").scope("orders:read").to_string(),
///     r#"Bearer error="insufficient_scope", scope="orders:read""#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Challenge {
    scheme: &'static str,
    parameters: Vec<(&'static str, String)>,
}

impl Challenge {
    /// Wants a bearer token.
    pub fn bearer() -> Self {
        Self::new("Bearer")
    }

    /// Wants a token with a DPoP proof.
    pub fn dpop() -> Self {
        Self::new("DPoP")
    }

    /// The same for a client that sent its token with a DPoP proof: most errors of tokens do not
    /// know how the token came, and ask for a bearer token.
    pub fn as_dpop(self) -> Self {
        Self {
            scheme: Self::dpop().scheme,
            ..self
        }
    }

    /// The value of a parameter, such as `error` or `error_description`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| *known == name)?;
        Some(value)
    }

    /// Whether it wants a DPoP proof.
    pub(super) fn wants_proof(&self) -> bool {
        self.scheme == "DPoP"
    }

    fn new(scheme: &'static str) -> Self {
        Self {
            scheme,
            parameters: Vec::new(),
        }
    }

    /// Names the protected area.
    pub fn realm(self, realm: &str) -> Self {
        self.with("realm", realm)
    }

    /// What was wrong with the token, such as `invalid_token`.
    pub fn error(self, code: &str) -> Self {
        self.with("error", code)
    }

    /// The same for developers.
    pub fn error_description(self, text: &str) -> Self {
        self.with("error_description", text)
    }

    /// The scopes that are required, with spaces between them.
    pub fn scope(self, scopes: &str) -> Self {
        self.with("scope", scopes)
    }

    /// The algorithms that proofs may be signed by.
    pub fn algorithms(self, algorithms: &[Algorithm]) -> Self {
        let names: Vec<_> = algorithms.iter().map(|known| known.as_str()).collect();
        self.with("algs", &names.join(" "))
    }

    /// The authentication context classes, any of which will do, the best first.
    pub fn acr_values<'a>(self, values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        self.with("acr_values", &values.join(" "))
    }

    /// How long ago the user's login may be, in whole seconds.
    pub fn max_age(self, max_age: Duration) -> Self {
        self.with("max_age", &max_age.as_secs().to_string())
    }

    /// Adds a parameter or replaces it. Characters that no parameter may have (RFC 6750, section
    /// 3) are left out, so that none can end the quoted text.
    fn with(mut self, name: &'static str, value: &str) -> Self {
        let may_be = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        self.parameters.retain(|(known, _)| *known != name);
        self.parameters
            .push((name, value.chars().filter(may_be).collect()));
        self
    }

    /// The value of `WWW-Authenticate`.
    #[must_use]
    pub fn to_header_value(&self) -> HeaderValue {
        // Cannot fail: all characters are printable ASCII.
        HeaderValue::try_from(self.to_string())
            .unwrap_or_else(|_| HeaderValue::from_static(self.scheme))
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme)?;
        for (place, (name, value)) in self.parameters.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma} {name}=\"{value}\"")?;
        }
        Ok(())
    }
}

impl VerifyError {
    /// The status that a resource server answers with: 401 for a token or proof that is not
    /// good, 403 for one that allows too little, 503 if the server's keys or the memory of proofs
    /// cannot be asked, 500 for a verifier that is not set up.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Keys(_) | Self::ReplayCache(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotSetUp { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Scope { .. } | Self::Group { .. } => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// The challenge that goes with that status; none with 500 and 503, nor where no other token
    /// would do. It tells no more of the verifier's settings than a client needs.
    ///
    /// [`Verifier::challenge`](super::Verifier::challenge) adds the algorithms that proofs may be
    /// signed by. With [`VerifyError::DpopNonce`] goes the header `DPoP-Nonce` as well.
    #[must_use]
    pub fn challenge(&self) -> Option<Challenge> {
        let refused =
            |challenge: Challenge, code, text| Some(challenge.error(code).error_description(text));
        match self {
            Self::Keys(_) | Self::ReplayCache(_) | Self::NotSetUp { .. } | Self::Group { .. } => {
                None
            }
            Self::Scope { needed, .. } => Some(
                Challenge::bearer()
                    .error("insufficient_scope")
                    .scope(needed),
            ),
            Self::InsufficientAuthentication {
                acr_values,
                max_age,
            } => Some(step_up(acr_values, *max_age)),
            Self::Proof(error) => {
                refused(Challenge::dpop(), "invalid_dpop_proof", &error.to_string())
            }
            Self::DpopNonce { .. } => refused(
                Challenge::dpop(),
                "use_dpop_nonce",
                "The proof needs the nonce of the header DPoP-Nonce.",
            ),
            Self::Bound { method } if method == "jkt" => refused(
                Challenge::dpop(),
                "invalid_token",
                "The token is bound to a key: send it as DPoP, with a proof.",
            ),
            Self::NotBound { method: "jkt" } => refused(
                Challenge::dpop(),
                "invalid_token",
                "The token is not bound to a DPoP key.",
            ),
            Self::Expired { .. } => {
                refused(Challenge::bearer(), "invalid_token", "The token expired.")
            }
            _ => refused(
                Challenge::bearer(),
                "invalid_token",
                "The token is not good here.",
            ),
        }
    }
}

/// RFC 9470, section 3.
fn step_up(acr_values: &[String], max_age: Option<Duration>) -> Challenge {
    let challenge = Challenge::bearer().error("insufficient_user_authentication");
    let challenge = match acr_values {
        [] => challenge,
        values => challenge.acr_values(values.iter().map(String::as_str)),
    };
    match max_age {
        Some(max_age) => challenge.max_age(max_age),
        None => challenge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_end_its_quotes_or_the_header() {
        let challenge = Challenge::bearer()
            .realm("a\", error=\"b")
            .error_description("x\\\"\r\nSet-Cookie: y\u{e4}\u{7f}");
        let expected = r#"Bearer realm="a, error=b", error_description="xSet-Cookie: y""#;
        assert_eq!(challenge.to_string(), expected);
        assert_eq!(challenge.to_header_value(), expected);
    }

    #[test]
    fn a_parameter_is_there_once() {
        let challenge = Challenge::dpop()
            .error("a")
            .algorithms(&[Algorithm::Es256, Algorithm::EdDsa])
            .error("b");
        assert_eq!(
            Challenge::bearer().error("a").as_dpop(),
            Challenge::dpop().error("a")
        );
        assert_eq!(
            challenge.to_string(),
            r#"DPoP algs="ES256 EdDSA", error="b""#
        );
        assert_eq!(challenge.get("error"), Some("b"));
        assert_eq!(challenge.get("scope"), None);
    }
}

//! DPoP: tokens that only the holder of a key can use, RFC 9449.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, Method};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Timestamp;
use crate::oauth::memory::once::Once;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt::{self, ALGORITHMS, Jwt};
use crate::oauth::words::unguessable::unguessable;
use crate::tracked::Tracked;
use crate::tracked::expiring::ExpiringMap;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;

/// How old a proof may be, and how far ahead its clock, in seconds.
const WINDOW: i64 = 300;
/// How long a nonce is good, in seconds.
const NONCE_LIFETIME: i64 = 24 * 3600;

/// Proofs seen so far, and the nonce that new ones need.
#[derive(Default)]
pub(crate) struct Guard {
    /// Proofs by the thumbprint of their key and their `jti`.
    seen: ExpiringMap<(String, String), Once>,
    nonce: Tracked<Option<Nonce>>,
    pub(crate) rules: Tracked<Rules>,
}

/// What is asked of proofs.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rules {
    /// At the token endpoints.
    pub(crate) requires_nonce: bool,
    /// At the API and `/userinfo`.
    pub(crate) resources_require_nonce: bool,
    /// How `htu` is compared.
    pub(crate) comparison: HtuComparison,
}

#[derive(Serialize, Deserialize)]
struct Nonce {
    value: String,
    expires: i64,
}

impl Default for Rules {
    /// Okta's token endpoints always ask for a nonce, its API never does.
    fn default() -> Self {
        Self {
            requires_nonce: true,
            resources_require_nonce: false,
            comparison: HtuComparison::DecodedPath,
        }
    }
}

/// How the claim `htu` of a proof is compared with the request.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) enum HtuComparison {
    /// With the origin and the decoded path of the request: what clients report of Okta, whose answer
    /// to `%40` for `@` is 400 `invalid_dpop_proof`.
    DecodedPath,
    /// As RFC 9449, section 4.3 has it.
    Rfc,
}

impl HtuComparison {
    fn is_same(self, given: &str, called: &str) -> bool {
        match self {
            Self::DecodedPath => same_decoded(given, called),
            Self::Rfc => same_target(given, called),
        }
    }
}

/// A request that must have a proof.
pub(crate) struct Target<'r> {
    pub(crate) method: &'r Method,
    pub(crate) url: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) now: i64,
}

impl Guard {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { seen, nonce, rules } = self;
        visit("DPoP proofs", seen);
        visit("DPoP nonce", nonce);
        visit("DPoP rules", rules);
    }

    /// Forgets what is due.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.seen.sweep(now, |_, _| ());
    }

    /// Lets the nonce expire now.
    pub(crate) fn expire_nonce(&mut self) {
        *self.nonce = None;
    }

    /// The nonce that is good now.
    pub(crate) fn nonce(&mut self, now: i64) -> Result<String, OAuthError> {
        if let Some(nonce) = self.nonce.as_ref().filter(|nonce| now < nonce.expires) {
            return Ok(nonce.value.clone());
        }
        let value = unguessable()?;
        *self.nonce = Some(Nonce {
            value: value.clone(),
            expires: now + NONCE_LIFETIME,
        });
        Ok(value)
    }

    /// The thumbprint of the key behind the proof at the token endpoint.
    pub(crate) fn verify_for_token(&mut self, target: &Target<'_>) -> Result<String, OAuthError> {
        let token = header(target.headers)?;
        let proof = Proof::verified(token, target, self.rules.comparison)?;
        if self.rules.requires_nonce {
            self.check_nonce(&proof, target.now)?;
        }
        self.seal(proof)
    }

    /// The thumbprint of the key behind the proof that comes with an access token.
    pub(crate) fn verify_for_resource(
        &mut self,
        target: &Target<'_>,
        access_token: &str,
    ) -> Result<String, OAuthError> {
        let token = header(target.headers)?;
        let proof = Proof::verified(token, target, self.rules.comparison)?;
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, access_token.as_bytes()));
        if proof.jwt.text("ath") != Some(hash.as_str()) {
            return refused("The DPoP proof's 'ath' must be the hash of the access token.");
        }
        if self.rules.resources_require_nonce {
            self.check_nonce(&proof, target.now)?;
        }
        self.seal(proof)
    }

    fn check_nonce(&mut self, proof: &Proof<'_>, now: i64) -> Result<(), OAuthError> {
        let nonce = self.nonce(now)?;
        if proof.jwt.text("nonce") == Some(nonce.as_str()) {
            Ok(())
        } else {
            Err(OAuthError::use_dpop_nonce(nonce))
        }
    }

    /// Notes a proof of this thumbprint and `jti`; tells whether it is the first one. `issued` is its
    /// `iat`, in seconds since the epoch.
    pub(crate) fn is_first(&mut self, serial: (String, String), issued: i64) -> bool {
        let is_first = !self.seen.contains_key(&serial);
        // From then on it is refused for its age.
        let until = issued.saturating_add(WINDOW + 1);
        self.seen.insert(serial, Once::until(until));
        is_first
    }

    /// A proof is good once.
    fn seal(&mut self, proof: Proof<'_>) -> Result<String, OAuthError> {
        let jti = proof.jwt.text("jti").unwrap_or_default().to_owned();
        match self.is_first((proof.thumbprint.clone(), jti), proof.issued) {
            true => Ok(proof.thumbprint),
            false => refused("The DPoP proof JWT has already been used."),
        }
    }
}

fn refused<T>(description: &str) -> Result<T, OAuthError> {
    Err(OAuthError::invalid_dpop_proof(description))
}

/// The `DPoP` header, of which there must be one.
fn header(headers: &HeaderMap) -> Result<&str, OAuthError> {
    let mut lines = headers.get_all("dpop").iter();
    match (lines.next().map(|line| line.to_str()), lines.next()) {
        (Some(Ok(proof)), None) => Ok(proof),
        (None, _) => refused("The DPoP proof JWT header is missing."),
        _ => refused("There must be one DPoP header."),
    }
}

/// A proof whose signature, target and time are right.
struct Proof<'t> {
    jwt: Jwt<'t>,
    thumbprint: String,
    /// `iat`, in seconds since the epoch.
    issued: i64,
}

impl<'t> Proof<'t> {
    fn verified(
        token: &'t str,
        target: &Target<'_>,
        comparison: HtuComparison,
    ) -> Result<Self, OAuthError> {
        let Some(jwt) = Jwt::parse(token) else {
            return refused("The DPoP proof is not a signed JWT.");
        };
        let key = &jwt.header["jwk"];
        if jwt.header["typ"] != "dpop+jwt" {
            return refused("The DPoP proof JWT header must have 'typ' dpop+jwt.");
        }
        if !ALGORITHMS.contains(&jwt.algorithm()) {
            return refused("The DPoP proof JWT header has an 'alg' that is not supported.");
        }
        if ["d", "p", "q", "k"].iter().any(|part| !key[part].is_null()) {
            return refused("The DPoP proof's 'jwk' must not have a private key.");
        }
        let Some(thumbprint) = jwt::thumbprint(key).filter(|_| jwt.is_signed_by(key)) else {
            return refused("The DPoP proof's signature does not fit its 'jwk'.");
        };
        if jwt.text("jti").is_none_or(str::is_empty) {
            return refused("The DPoP proof must have 'jti'.");
        }
        if jwt.text("htm") != Some(target.method.as_str()) {
            return refused("The DPoP proof's 'htm' must be the method of the request.");
        }
        if !jwt
            .text("htu")
            .is_some_and(|htu| comparison.is_same(htu, target.url))
        {
            return refused("The DPoP proof's 'htu' must be the URL of the request.");
        }
        let window = target.now - WINDOW..=target.now + WINDOW;
        let issued = jwt.seconds("iat").filter(|at| window.contains(at));
        let Some(issued) = issued else {
            return refused("The DPoP proof's 'iat' is missing or too far from now.");
        };
        Ok(Self {
            jwt,
            thumbprint,
            issued,
        })
    }
}

/// Whether a proof names the origin and the decoded path of a request. The origin has a normal form,
/// and the path is text.
fn same_decoded(given: &str, called: &str) -> bool {
    let path = given.find("://").and_then(|at| given.get(at + 3..));
    let path = path.and_then(|rest| Some(&rest[rest.find('/')?..]));
    match (Url::parse(given), Url::parse(called), path) {
        (Ok(given), Ok(called), Some(path)) => {
            let decoded = percent_decode_str(called.path()).decode_utf8();
            given.origin() == called.origin() && decoded.is_ok_and(|decoded| decoded == path)
        }
        _ => false,
    }
}

/// The same URL in normal form, apart from query and fragment, RFC 9449 section 4.3.
fn same_target(given: &str, called: &str) -> bool {
    let bare = |text: &str| {
        let url = Url::parse(text).ok()?;
        Some((url.origin(), normal(url.path())))
    };
    bare(given).is_some_and(|given| Some(given) == bare(called))
}

/// A path in which only reserved characters are encoded, with capital digits: RFC 3986, section 6.2.2.
fn normal(path: &str) -> Vec<u8> {
    let mut normal = Vec::with_capacity(path.len());
    let mut parts = path.split('%');
    normal.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|c| c.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normal.push(byte);
            }
            Some(byte) => normal.extend(format!("%{byte:02X}").bytes()),
            None => normal.push(b'%'),
        }
        normal.extend(part.bytes().skip(if byte.is_some() { 2 } else { 0 }));
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_compared_in_normal_form() {
        let joe = "http://okta.example/users/joe";
        for (given, called, decoded, by_rfc) in [
            (joe, joe, true, true),
            ("http://okta.example:80/users/joe", joe, true, true),
            ("HTTP://OKTA.example/users/joe", joe, true, true),
            ("http://okta.example/users/%6aoe", joe, false, true),
            (joe, "http://okta.example/users/%6Aoe", true, true),
            (
                "http://okta.example/a%3ab",
                "http://okta.example/a%3Ab",
                false,
                true,
            ),
            (
                "http://okta.example/a:b",
                "http://okta.example/a%3Ab",
                true,
                false,
            ),
            (
                "http://okta.example/users/joe?limit=1#top",
                joe,
                false,
                true,
            ),
            ("http://okta.example/groups/../users/joe", joe, false, true),
            ("https://okta.example/users/joe", joe, false, false),
            ("http://okta.example:8080/users/joe", joe, false, false),
            ("http://okta.example/users/Joe", joe, false, false),
            ("http://okta.example", "http://okta.example/", false, true),
            ("users/joe", joe, false, false),
            ("http://okta.example/%", "http://okta.example/%", true, true),
            (
                "http://okta.example/%2\u{e9}",
                "http://okta.example/",
                false,
                false,
            ),
        ] {
            for (comparison, expected) in [
                (HtuComparison::DecodedPath, decoded),
                (HtuComparison::Rfc, by_rfc),
            ] {
                assert_eq!(
                    comparison.is_same(given, called),
                    expected,
                    "{given} {called}"
                );
            }
        }
    }
}

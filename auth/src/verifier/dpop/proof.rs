//! The checks of a proof, RFC 9449, section 4.3.

use std::time::Duration;

use serde_json::Value;

use super::checks::DpopChecks;
use super::fault::ProofError;
use super::request::DpopRequest;
use super::target::Target;
use crate::Clock;
use crate::jose::{Algorithm, Jwk, VerifyingKey, base64url, sha256};
use crate::verifier::claims::Reader;
use crate::verifier::error::VerifyError;
use crate::verifier::json::Members;
use crate::verifier::jws::Parts;
use crate::verifier::replay::SeenId;

/// Most bytes of a proof. One by an RSA key of 8192 bits has some 3,500.
const LONGEST_PROOF: usize = 8 * 1024;

/// Most bytes of a `jti`.
const LONGEST_ID: usize = 256;

/// Members of a JWK that only a private or a shared key has (RFC 7518, section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Checks that `request` proves possession of the key whose thumbprint is `bound_to`, which is
/// that of `token`.
pub(in crate::verifier) async fn check(
    request: &DpopRequest<'_>,
    token: &str,
    bound_to: &str,
    checks: &DpopChecks,
    clock: &Clock,
) -> Result<(), VerifyError> {
    let now = clock.unix_seconds();
    let proof = Proof::signed(request, bound_to, checks).map_err(VerifyError::Proof)?;
    proof
        .check(request, token, checks, now)
        .map_err(VerifyError::Proof)?;
    if let Some(nonces) = &checks.nonces
        && !proof.nonce.is_some_and(|nonce| nonces.takes(&nonce, now))
    {
        let nonce = nonces.issue(now);
        return Err(VerifyError::DpopNonce { nonce });
    }
    let lifetime = proof.issued_at.saturating_sub(now) + checks.window + 1;
    let lifetime = Duration::from_secs(lifetime.unsigned_abs());
    let seen = SeenId::new(id(bound_to, &proof.id), clock.now(), clock.now() + lifetime);
    match checks.is_new(seen).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(VerifyError::Proof(ProofError::Replayed)),
        Err(error) => Err(VerifyError::ReplayCache(error)),
    }
}

/// What a proof says. Its signature is good.
struct Proof {
    id: String,
    method: String,
    url: String,
    issued_at: i64,
    token_hash: String,
    nonce: Option<String>,
}

impl Proof {
    /// Reads the one proof of `request` if it is signed by the key of `bound_to`.
    fn signed(
        request: &DpopRequest<'_>,
        bound_to: &str,
        checks: &DpopChecks,
    ) -> Result<Self, ProofError> {
        let [proof] = request.proofs[..] else {
            let found = request.proofs.len();
            return Err(ProofError::Headers { found });
        };
        let (length, limit) = (proof.len(), LONGEST_PROOF);
        if length > limit {
            return Err(ProofError::TooLong { length, limit });
        }
        let form = |_| ProofError::Form;
        let proof = std::str::from_utf8(proof).map_err(|_| ProofError::Form)?;
        let parts = Parts::split(proof, limit).map_err(form)?;
        let key = key(&parts.header().map_err(form)?, bound_to, checks)?;
        let signature = parts.signature().map_err(form)?;
        if !key.verify(parts.signed, &signature) {
            return Err(ProofError::Signature);
        }
        Self::read(Reader::new(parts.claims().map_err(form)?))
    }

    fn read(mut claims: Reader) -> Result<Self, ProofError> {
        let mut text = |claim| {
            let text = claims.filled(claim).ok().flatten();
            text.ok_or(ProofError::Claim { claim })
        };
        let (id, method, url) = (text("jti")?, text("htm")?, text("htu")?);
        let token_hash = text("ath")?;
        let wrong = |claim| ProofError::Claim { claim };
        let nonce = claims.text("nonce").map_err(|_| wrong("nonce"))?;
        let issued_at = claims.seconds("iat").ok().flatten();
        if id.len() > LONGEST_ID {
            return Err(wrong("jti"));
        }
        Ok(Self {
            id,
            method,
            url,
            issued_at: issued_at.ok_or_else(|| wrong("iat"))?,
            token_hash,
            nonce,
        })
    }

    fn check(
        &self,
        request: &DpopRequest<'_>,
        token: &str,
        checks: &DpopChecks,
        now: i64,
    ) -> Result<(), ProofError> {
        if self.method != request.method.as_str() {
            return Err(ProofError::Method);
        }
        let called = Target::parse(request.url).ok_or(ProofError::RequestUrl)?;
        if Target::parse(&self.url) != Some(called) {
            return Err(ProofError::Url);
        }
        checks.check_time(self.issued_at, now)?;
        if self.token_hash != base64url::encode(sha256(token)) {
            return Err(ProofError::TokenHash);
        }
        Ok(())
    }
}

/// The key of a proof's header, if it is the one of that thumbprint. Others are not even parsed.
fn key(header: &Members, bound_to: &str, checks: &DpopChecks) -> Result<VerifyingKey, ProofError> {
    let text = |name| header.get(name).and_then(Value::as_str);
    if header.has("crit") {
        return Err(ProofError::Form);
    }
    if text("typ") != Some("dpop+jwt") {
        return Err(ProofError::Type);
    }
    let is_named = |known: &&Algorithm| text("alg").is_some_and(|name| known.is_named(name));
    let Some(algorithm) = checks.algorithms.iter().find(is_named) else {
        let allowed = checks.algorithms.clone();
        return Err(ProofError::Algorithm { allowed });
    };
    let jwk = header.get("jwk").ok_or(ProofError::Key)?;
    if PRIVATE_MEMBERS.iter().any(|name| jwk.get(name).is_some()) {
        return Err(ProofError::PrivateKey);
    }
    let jwk = Jwk::from_json(jwk).map_err(|_| ProofError::Key)?;
    if jwk.thumbprint() != bound_to {
        return Err(ProofError::Thumbprint);
    }
    jwk.can_verify(*algorithm)
        .then(|| VerifyingKey::new(&jwk, *algorithm))
        .flatten()
        .ok_or(ProofError::Key)
}

/// What a proof is remembered by: an id is unique among those of one key only.
fn id(thumbprint: &str, jti: &str) -> [u8; 32] {
    sha256(format!("{thumbprint}.{jti}"))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::Method;

    use super::*;

    /// RFC 9449, section 7.1; the thumbprint is in section 6.1.
    const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik\
        VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR\
        nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE\
        QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj\
        oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z\
        WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF\
        c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E\
        OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
    const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    const THUMBPRINT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    #[tokio::test]
    async fn the_proof_of_the_rfc_is_good_once() {
        let url = "https://resource.example.org/protectedresource";
        let request = DpopRequest::new(&Method::GET, url).proof(PROOF);
        let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_562_262_618));
        let checks = DpopChecks::new();
        for is_first in [true, false] {
            let result = check(&request, TOKEN, THUMBPRINT, &checks, &clock).await;
            assert_eq!(result.is_ok(), is_first, "{result:?}");
        }
        let other = check(&request, "another", THUMBPRINT, &checks, &clock).await;
        assert!(
            matches!(other, Err(VerifyError::Proof(ProofError::TokenHash))),
            "{other:?}"
        );
    }
}

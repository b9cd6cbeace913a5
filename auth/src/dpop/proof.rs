//! What a proof says.

use http::Method;
use serde_json::{Value, json};

use super::DpopKey;
use crate::jose::{base64url, random, sha256};
use crate::{Error, Secret};

/// A proof about one sending of a request (RFC 9449, section 4.2).
pub(super) struct Proof<'a> {
    pub(super) method: &'a Method,
    /// The URL, as the server wants it spelled.
    pub(super) htu: &'a str,
    pub(super) issued_at: i64,
    pub(super) access_token: Option<&'a Secret>,
    pub(super) nonce: Option<&'a str>,
}

impl Proof<'_> {
    pub(super) fn signed_by(&self, key: &DpopKey) -> Result<String, Error> {
        key.sign(&self.claims(&random_id()?))
    }

    fn claims(&self, id: &str) -> Value {
        let mut claims = json!({
            "jti": id,
            "htm": self.method.as_str(),
            "htu": self.htu,
            "iat": self.issued_at,
        });
        if let Some(token) = self.access_token {
            claims["ath"] = hash(token).into();
        }
        if let Some(nonce) = self.nonce {
            claims["nonce"] = nonce.into();
        }
        claims
    }
}

fn hash(token: &Secret) -> String {
    base64url::encode(sha256(token.expose()))
}

fn random_id() -> Result<String, Error> {
    Ok(base64url::encode(random::<16>()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_claims_are_those_of_the_rfc() {
        // RFC 9449, sections 7.1 and 8.2.
        let token = Secret::from("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
        let proof = Proof {
            method: &Method::GET,
            htu: "https://resource.example.org/protectedresource",
            issued_at: 1_562_262_618,
            access_token: Some(&token),
            nonce: Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"),
        };
        assert_eq!(
            proof.claims("e1j3V_bKic8-LAEB"),
            json!({
                "jti": "e1j3V_bKic8-LAEB",
                "htm": "GET",
                "htu": "https://resource.example.org/protectedresource",
                "iat": 1_562_262_618,
                "ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo",
                "nonce": "eyJ7S_zG.eyJH0-Z.HX4w-7v",
            })
        );
    }

    #[test]
    fn ids_have_128_random_bits() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| random_id().unwrap()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| base64url::decode(id).unwrap().len() == 16)
        );
    }
}

//! Requests for certificates that another authority signs (RFC 2986). The key pair of a request becomes
//! a key of the signer when the certificate is published.

use super::signer::Signer;
use super::x509;
use crate::body::Content;
use crate::object::Object;
use crate::org::Org;
use crate::org::signing_keys::{Certificate, Csr, KeyCredential, PublicKey};
use crate::problem::Problem;

/// How many requests a signer can have at a time.
const MOST_REQUESTS: usize = 100;
/// How many days a certificate is good at least.
const DAYS: i64 = 90;
/// The seconds of a day.
const DAY: i64 = 24 * 60 * 60;

impl Org {
    /// Makes a key pair and a request for its certificate, and gives the request.
    pub(super) fn request_certificate(
        &mut self,
        signer: &Signer,
        metadata: &Object,
    ) -> Result<Csr, Problem> {
        if self.signing.requests(&signer.id).len() >= MOST_REQUESTS {
            let who = signer.word();
            let cause = format!(
                "The {who} has {MOST_REQUESTS} certificate signing requests; publish or revoke \
                 one of them first"
            );
            return Err(Problem::validation("csr", [cause]));
        }
        let params = x509::request_params(metadata)?;
        let pair = self.signing.take_pair();
        let key = self.oauth.keys.key(pair).map_err(|_| Problem::internal())?;
        let request = Csr {
            id: self.ids.secret(43),
            created: self.now,
            pair,
            der: x509::request(&params, &key).ok_or_else(Problem::internal)?,
        };
        self.signing.add_request(&signer.id, request.clone());
        Ok(request)
    }

    pub(super) fn request(&self, signer: &Signer, id: &str) -> Result<&Csr, Problem> {
        let mut requests = self.signing.requests(&signer.id).iter();
        let request = requests.find(|request| request.id == id);
        request.ok_or_else(|| Problem::not_found(id, "Csr"))
    }

    /// Removes a request, and its key pair.
    pub(super) fn revoke_request(&mut self, signer: &Signer, id: &str) -> Result<(), Problem> {
        let request = self.signing.remove_request(&signer.id, id);
        let request = request.ok_or_else(|| Problem::not_found(id, "Csr"))?;
        self.oauth.keys.forget(request.pair);
        Ok(())
    }

    /// Makes a key of the signer out of a request and the certificate that it got, and gives the key's
    /// id. The request is gone then.
    pub(super) fn publish_request(
        &mut self,
        signer: &Signer,
        id: &str,
        content: &Content,
    ) -> Result<String, Problem> {
        let request = self.request(signer, id)?;
        let pair = request.pair;
        let issued = x509::issued(content)?;
        let refused = |cause: &str| Err(Problem::validation("certificate", [cause]));
        let of_request = x509::key_of_request(&request.der);
        let PublicKey::Rsa { modulus, exponent } = issued.key else {
            return refused("The certificate doesn't match the CSR.");
        };
        if of_request.is_none_or(|key| key != issued.key_der) {
            return refused("The certificate doesn't match the CSR.");
        }
        let (from, until) = (issued.from.epoch_seconds(), issued.expires.epoch_seconds());
        if until - from < DAYS * DAY || until <= self.now.epoch_seconds() {
            return refused("The certificate must be valid for more than 90 days.");
        }
        self.check_room_for_key(signer)?;
        let kid = self.ids.secret(43);
        let certificate = Certificate {
            pair,
            modulus,
            exponent,
            der: issued.der,
        };
        let key = KeyCredential::new(kid.clone(), self.now, issued.expires, Some(certificate));
        self.signing.remove_request(&signer.id, id);
        self.signing.add(&signer.id, key);
        Ok(kid)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::model::fixture::org;
    use crate::model::signing_keys::MOST_KEYS;

    fn signer() -> Signer {
        Signer {
            id: "0oa1".to_owned(),
            collection: "/api/v1/idps",
            app: None,
            kid: None,
        }
    }

    fn cause(problem: Problem) -> String {
        problem.causes.into_iter().next().unwrap_or_default()
    }

    #[test]
    fn requests_have_a_bound() {
        let (mut org, signer) = (org(), signer());
        let request = Csr {
            id: "1".to_owned(),
            created: org.now,
            pair: org.signing.take_pair(),
            der: Vec::new(),
        };
        for _ in 0..MOST_REQUESTS {
            org.signing.add_request(&signer.id, request.clone());
        }
        let refused = org.request_certificate(&signer, &Object::new());
        assert_eq!(
            cause(refused.unwrap_err()),
            "The identity provider has 100 certificate signing requests; publish or revoke one of \
             them first"
        );
        org.revoke_request(&signer, "1").unwrap();
        assert!(org.request_certificate(&signer, &Object::new()).is_ok());
    }

    #[test]
    fn keys_have_a_bound() {
        let (mut org, signer) = (org(), signer());
        for _ in 0..MOST_KEYS {
            org.generate_key(&signer, 2).unwrap();
        }
        let expected = "The identity provider has 100 signing keys, and can have no more";
        let refused = org.generate_key(&signer, 2).unwrap_err();
        assert_eq!(cause(refused), expected);
        let other = Signer {
            id: "0oa2".to_owned(),
            ..self::signer()
        };
        let kid = org.generate_key(&other, 2).unwrap();
        let refused = org.clone_key(&other, &kid, &signer).unwrap_err();
        assert_eq!(cause(refused), expected);
    }

    #[test]
    fn who_is_gone_leaves_no_key_behind() {
        let (mut org, signer) = (org(), signer());
        let other = Signer {
            id: "0oa2".to_owned(),
            ..self::signer()
        };
        let kid = org.generate_key(&signer, 2).unwrap();
        org.clone_key(&signer, &kid, &other).unwrap();
        let subject = json!({ "subject": { "commonName": "a" } });
        org.request_certificate(&signer, subject.as_object().unwrap())
            .unwrap();
        org.forget_signer(&signer.id);
        assert!(org.signing.find(&signer.id, &kid).is_none());
        assert!(org.signing.requests(&signer.id).is_empty());
        assert!(org.certified(&other, &kid).is_ok());
        org.forget_signer(&other.id);
        // The key is gone with the last who had it.
        org.signing.share(&signer.id, &kid);
        assert!(org.signing.find(&signer.id, &kid).is_none());
    }
}

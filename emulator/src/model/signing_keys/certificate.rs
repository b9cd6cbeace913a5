//! The certificates of signing keys, RFC 5280: each signs for itself, as Okta's do.

use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};
use secrecy::ExposeSecret;

use crate::clock::Timestamp;
use crate::oauth::memory::keys::SigningKey;
use crate::org::signing_keys::Certificate;

/// A certificate that names `app` and is good between two moments, to the second.
pub(super) fn of(
    key: &SigningKey,
    app: &str,
    from: Timestamp,
    until: Timestamp,
) -> Option<Certificate> {
    let pair = KeyPair::from_pem(key.pem.expose_secret()).ok()?;
    let moment = |stamp: Timestamp| {
        let seconds = u64::try_from(stamp.epoch_seconds()).ok()?;
        date_time_ymd(1970, 1, 1).checked_add(Duration::from_secs(seconds).try_into().ok()?)
    };
    let mut params = CertificateParams::default();
    params.not_before = moment(from)?;
    params.not_after = moment(until)?;
    params.distinguished_name = DistinguishedName::new();
    for (part, value) in [
        (DnType::OrganizationName, "Okta Emulator"),
        (DnType::OrganizationalUnitName, "SSOProvider"),
        (DnType::CommonName, app),
    ] {
        params.distinguished_name.push(part, value);
    }
    let signed = params.self_signed(&pair).ok()?;
    let member = |name: &str| key.public[name].as_str().map(str::to_owned);
    Some(Certificate {
        modulus: member("n")?,
        exponent: member("e")?,
        der: signed.der().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use x509_parser::prelude::{FromDer, X509Certificate};
    use x509_parser::public_key::PublicKey;

    use super::*;
    use crate::oauth::memory::keys::{self, KeyName};

    #[test]
    fn the_key_signs_for_itself() {
        let key = keys::key(KeyName::Sample).unwrap();
        let stamp = |text| Timestamp::parse(text).unwrap();
        let (from, until) = (stamp("2026-01-01T12:30:15Z"), stamp("2036-01-01T12:30:15Z"));
        let made = of(&key, "0oa1", from, until).unwrap();
        let (rest, read) = X509Certificate::from_der(&made.der).unwrap();
        assert!(rest.is_empty());
        let subject = read.subject().to_string();
        assert_eq!(subject, "O=Okta Emulator, OU=SSOProvider, CN=0oa1");
        assert_eq!(read.issuer(), read.subject());
        let validity = read.validity();
        assert_eq!(validity.not_before.timestamp(), from.epoch_seconds());
        assert_eq!(validity.not_after.timestamp(), until.epoch_seconds());
        let Ok(PublicKey::RSA(public)) = read.public_key().parsed() else {
            unreachable!("the key is RSA");
        };
        let modulus = public.modulus.strip_prefix(&[0]).unwrap_or(public.modulus);
        assert_eq!(URL_SAFE_NO_PAD.encode(modulus), made.modulus);
        assert_eq!(URL_SAFE_NO_PAD.encode(public.exponent), made.exponent);
        let spki: &[u8] = &read.public_key().subject_public_key.data;
        let verifier = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki);
        let signature: &[u8] = &read.signature_value.data;
        verifier
            .verify(read.tbs_certificate.as_ref(), signature)
            .unwrap();
    }
}

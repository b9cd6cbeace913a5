//! Certificates (RFC 5280) and requests for them (RFC 2986): what is written, and what is read.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType, date_time_ymd};
use secrecy::ExposeSecret;
use serde_json::Value;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::oid_registry::{OID_EC_P256, OID_NIST_EC_P384, OID_NIST_EC_P521};
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey as Parsed;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::body::Content;
use crate::clock::Timestamp;
use crate::oauth::memory::keys::{KeyName, SigningKey};
use crate::object::Object;
use crate::org::signing_keys::{Certificate, PublicKey};
use crate::problem::Problem;

/// The members of a request's subject, in the order in which Okta writes them.
const SUBJECT: [(&str, DnType); 6] = [
    ("countryName", DnType::CountryName),
    ("stateOrProvinceName", DnType::StateOrProvinceName),
    ("localityName", DnType::LocalityName),
    ("organizationName", DnType::OrganizationName),
    ("organizationalUnitName", DnType::OrganizationalUnitName),
    ("commonName", DnType::CommonName),
];
/// How many characters each of them can have, and each DNS name.
const LONGEST_NAME: usize = 255;
/// How many DNS names a request can have.
const MOST_NAMES: usize = 100;

/// The media types of certificates. The third, `application/x-x509-ca-cert`, may be either.
const DER: &str = "application/pkix-cert";
const PEM: &str = "application/x-pem-file";

/// A certificate that the key signs for itself, as Okta's do. It names `name` and is good between two
/// moments, to the second.
pub(super) fn self_signed(
    pair: KeyName,
    key: &SigningKey,
    name: &str,
    from: Timestamp,
    until: Timestamp,
) -> Option<Certificate> {
    let signer = KeyPair::from_pem(key.pem.expose_secret()).ok()?;
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
        (DnType::CommonName, name),
    ] {
        params.distinguished_name.push(part, value);
    }
    let signed = params.self_signed(&signer).ok()?;
    let member = |name: &str| key.public[name].as_str().map(str::to_owned);
    Some(Certificate {
        pair,
        modulus: member("n")?,
        exponent: member("e")?,
        der: signed.der().to_vec(),
    })
}

/// What a request for a certificate says: the subject and the DNS names of its metadata.
pub(super) fn request_params(metadata: &Object) -> Result<CertificateParams, Problem> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let subject = metadata.get("subject").unwrap_or(&Value::Null);
    for (member, kind) in SUBJECT {
        let Some(text) = subject[member].as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        check_length(&format!("subject.{member}"), text)?;
        params.distinguished_name.push(kind, text);
    }
    let names = metadata.get("subjectAltNames").map(|it| &it["dnsNames"]);
    let names = names
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let member = "subjectAltNames.dnsNames";
    if names.len() > MOST_NAMES {
        let cause = format!("{member}: must be {MOST_NAMES} names at most");
        return Err(Problem::validation(member, [cause]));
    }
    for name in names.iter().filter_map(Value::as_str) {
        check_length(member, name)?;
        let name = name.try_into().map_err(|_| {
            let cause = format!("{member}: must be DNS names, in ASCII");
            Problem::validation(member, [cause])
        })?;
        params.subject_alt_names.push(SanType::DnsName(name));
    }
    Ok(params)
}

fn check_length(member: &str, text: &str) -> Result<(), Problem> {
    if text.chars().count() <= LONGEST_NAME {
        return Ok(());
    }
    let cause = format!("{member}: must be {LONGEST_NAME} characters at most");
    Err(Problem::validation(member, [cause]))
}

/// A request for a certificate of a key, in DER.
pub(super) fn request(params: &CertificateParams, key: &SigningKey) -> Option<Vec<u8>> {
    let pair = KeyPair::from_pem(key.pem.expose_secret()).ok()?;
    let request = params.serialize_request(&pair).ok()?;
    Some(request.der().to_vec())
}

/// The public key of a request.
pub(super) fn key_of_request(der: &[u8]) -> Option<Vec<u8>> {
    let (_, request) = X509CertificationRequest::from_der(der).ok()?;
    let key = request.certification_request_info.subject_pki;
    Some(key.subject_public_key.data.to_vec())
}

/// A certificate of another authority.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) der: Vec<u8>,
    pub(crate) from: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) key: PublicKey,
    /// The public key as it stands in the certificate.
    pub(crate) key_der: Vec<u8>,
}

/// The certificate that a body has, in the form that its content type names.
pub(super) fn issued(content: &Content) -> Result<Issued, Problem> {
    let bytes = match content.is_base64 {
        true => decoded(&content.bytes),
        false => Some(content.bytes.to_vec()),
    };
    let bytes = bytes.ok_or_else(|| wrong("The certificate is not Base64"))?;
    let is_pem = bytes.trim_ascii_start().starts_with(b"-----BEGIN");
    if content.media_type == DER && is_pem {
        return Err(wrong(&format!("The certificate of {DER} must be in DER")));
    }
    if content.media_type == PEM && !is_pem {
        return Err(wrong(&format!("The certificate of {PEM} must be in PEM")));
    }
    let der = match is_pem {
        false => Some(bytes),
        true => parse_x509_pem(&bytes)
            .ok()
            .filter(|(_, pem)| pem.label == "CERTIFICATE")
            .map(|(_, pem)| pem.contents),
    };
    let issued = der.and_then(read);
    issued.ok_or_else(|| wrong("The certificate is no X.509 certificate that can be read"))
}

fn wrong(cause: &str) -> Problem {
    Problem::validation("certificate", [cause])
}

/// Base64 in any of its forms, with or without padding and line breaks.
pub(crate) fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let letters = text.iter().filter(|letter| !letter.is_ascii_whitespace());
    let letters = letters.map(|letter| match letter {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    });
    let letters: Vec<u8> = letters.collect();
    let end = letters.iter().rposition(|letter| *letter != b'=');
    STANDARD_NO_PAD.decode(letters.get(..=end?)?).ok()
}

/// A certificate in DER with a key that Okta takes: RSA, or on one of three curves.
pub(crate) fn read(der: Vec<u8>) -> Option<Issued> {
    let (rest, certificate) = X509Certificate::from_der(&der).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let validity = certificate.validity();
    let (from, expires) = (
        Timestamp::at_epoch_seconds(validity.not_before.timestamp())?,
        Timestamp::at_epoch_seconds(validity.not_after.timestamp())?,
    );
    let info = certificate.public_key();
    let (key, key_der) = (public_key(info)?, info.subject_public_key.data.to_vec());
    Some(Issued {
        from,
        expires,
        key,
        key_der,
        der,
    })
}

fn public_key(info: &SubjectPublicKeyInfo<'_>) -> Option<PublicKey> {
    match info.parsed().ok()? {
        Parsed::RSA(key) => {
            let modulus = key.modulus.strip_prefix(&[0]).unwrap_or(key.modulus);
            Some(PublicKey::Rsa {
                modulus: URL_SAFE_NO_PAD.encode(modulus),
                exponent: URL_SAFE_NO_PAD.encode(key.exponent),
            })
        }
        Parsed::EC(_) => {
            let curve = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
            let known = [OID_EC_P256, OID_NIST_EC_P384, OID_NIST_EC_P521];
            known.contains(&curve).then_some(PublicKey::EllipticCurve)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::oauth::memory::keys;
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    #[test]
    fn the_key_signs_for_itself() {
        let key = keys::key(KeyName::Sample).unwrap();
        let stamp = |text| Timestamp::parse(text).unwrap();
        let (from, until) = (stamp("2026-01-01T12:30:15Z"), stamp("2036-01-01T12:30:15Z"));
        let made = self_signed(KeyName::Sample, &key, "0oa1", from, until).unwrap();
        let (rest, read) = X509Certificate::from_der(&made.der).unwrap();
        assert!(rest.is_empty());
        let subject = read.subject().to_string();
        assert_eq!(subject, "O=Okta Emulator, OU=SSOProvider, CN=0oa1");
        assert_eq!(read.issuer(), read.subject());
        let validity = read.validity();
        assert_eq!(validity.not_before.timestamp(), from.epoch_seconds());
        assert_eq!(validity.not_after.timestamp(), until.epoch_seconds());
        let public = public_key(read.public_key());
        let (modulus, exponent) = (made.modulus.clone(), made.exponent.clone());
        assert_eq!(public, Some(PublicKey::Rsa { modulus, exponent }));
        let spki: &[u8] = &read.public_key().subject_public_key.data;
        let verifier = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki);
        let signature: &[u8] = &read.signature_value.data;
        verifier
            .verify(read.tbs_certificate.as_ref(), signature)
            .unwrap();
    }
}

//! A certificate authority: it signs what servers ask certificates for, and has one for itself.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    CertificateParams, CertificateSigningRequestParams, Issuer, KeyPair, PKCS_RSA_SHA256,
    RsaKeySize, date_time_ymd,
};

/// The authority.
#[derive(Debug)]
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in DER and Base64.
    pub(super) certificate: String,
}

impl Authority {
    pub(super) fn new() -> Result<Self> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let params = lasting(CertificateParams::default());
        let certificate = STANDARD.encode(params.self_signed(&key)?.der());
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate,
        })
    }

    /// The certificate in PEM for a request in PKCS #10, which is in DER and Base64.
    pub(super) fn certify(&self, request: &str) -> Result<String> {
        let der = STANDARD.decode(request).context("the request")?;
        let request = CertificateSigningRequestParams::from_der(&der.into())?;
        let request = CertificateSigningRequestParams {
            params: lasting(request.params),
            ..request
        };
        Ok(request.signed_by(&self.issuer)?.pem())
    }
}

/// What is good whenever it is looked at.
fn lasting(mut params: CertificateParams) -> CertificateParams {
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2099, 1, 1);
    params
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn requests_are_certified_if_their_keys_signed_them() {
        let authority = Authority::new().unwrap();
        let key = KeyPair::generate().unwrap();
        let request = CertificateParams::new(["a.example.com".to_owned()]).unwrap();
        let mut der = request.serialize_request(&key).unwrap().der().to_vec();
        let certified = authority.certify(&STANDARD.encode(&der)).unwrap();
        assert!(certified.starts_with("-----BEGIN CERTIFICATE-----"));
        if let Some(last) = der.last_mut() {
            *last ^= 1;
        }
        assert!(authority.certify(&STANDARD.encode(&der)).is_err());
        assert!(authority.certify("no Base64").is_err());
    }
}

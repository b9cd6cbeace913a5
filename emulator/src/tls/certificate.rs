//! The certificate of an emulator: made on the spot, or given.

use std::fmt;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::stream::Acceptor;
use crate::error::Error;

/// The names under which an emulator is called on its own machine.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// With which certificate an emulator speaks TLS.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    authority: Option<String>,
}

impl Tls {
    /// A certificate for `localhost`, `127.0.0.1` and `::1`, by a certificate authority that is made
    /// for it. Clients have to trust [`authority`](Self::authority).
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] if no certificate can be made.
    pub fn generated() -> Result<Self, Error> {
        Self::generated_for(&[])
    }

    /// The same for these host names and addresses as well, such as the name of a container.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] if a name is no host name.
    pub fn generated_for(names: &[&str]) -> Result<Self, Error> {
        let authority_key = KeyPair::generate().map_err(refused)?;
        let authority = authority()?;
        let certificate = authority.self_signed(&authority_key).map_err(refused)?;
        let issuer = Issuer::new(authority, authority_key);
        let names: Vec<String> = LOCAL
            .iter()
            .chain(names)
            .map(|name| (*name).to_owned())
            .collect();
        let server = CertificateParams::new(names).map_err(refused)?;
        let key = KeyPair::generate().map_err(refused)?;
        let own = server.signed_by(&key, &issuer).map_err(refused)?;
        let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Ok(Self {
            config: config(vec![own.der().clone()], private)?,
            authority: Some(certificate.pem()),
        })
    }

    /// A certificate of your own: the chain, the server's own certificate first, and its private key,
    /// both in PEM.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] if one of them cannot be read, or if they do not belong together.
    pub fn from_pem(chain: &str, private_key: &str) -> Result<Self, Error> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(refused)?;
        if chain.is_empty() {
            return Err(refused("there is no BEGIN CERTIFICATE in it"));
        }
        let private = PrivateKeyDer::from_pem_slice(private_key.as_bytes())
            .map_err(|_| refused("its private key is not in PEM, or is encrypted"))?;
        Ok(Self {
            config: config(chain, private)?,
            authority: None,
        })
    }

    /// The certificate of the authority in PEM, for clients to trust. None if the certificate was
    /// given.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    pub(crate) fn acceptor(&self) -> Acceptor {
        Acceptor::new(TlsAcceptor::from(Arc::clone(&self.config)))
    }
}

/// Private keys are not for logs.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

fn authority() -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::new()).map_err(refused)?;
    let name = "Authority of an emulated Okta org";
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    private: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(refused)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn refused(reason: impl fmt::Display) -> Error {
    Error::Certificate {
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_with_the_reason() {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        assert!(Tls::from_pem(&pem, &key.serialize_pem()).is_ok());
        let other = KeyPair::generate().unwrap().serialize_pem();
        for (chain, private, reason) in [
            ("", key.serialize_pem(), "BEGIN CERTIFICATE"),
            (pem.as_str(), String::new(), "private key"),
            (pem.as_str(), other, "certificate"),
        ] {
            let error = Tls::from_pem(chain, &private).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}

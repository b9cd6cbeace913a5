//! The settings of certificates.

#[cfg(feature = "rustls")]
mod files;

use std::path::{Path, PathBuf};

use okta_auth::{Error, Secret};

use super::layer::Layers;
use super::setting::Setting;
use super::{Config, value};

/// The files of certificates.
#[derive(Clone, Debug)]
pub(super) struct Tls {
    roots: Vec<PathBuf>,
    certificate: Option<PathBuf>,
    private_key: Option<PathBuf>,
    password: Option<Secret>,
}

impl Tls {
    pub(super) fn read(layers: &Layers) -> Result<Self, Error> {
        let tls = Self {
            roots: layers
                .read(Setting::TlsRootCertificates, value::paths)?
                .unwrap_or_default(),
            certificate: layers.read(Setting::TlsCertificate, value::path)?,
            private_key: layers.read(Setting::TlsPrivateKey, value::path)?,
            password: layers.read(Setting::TlsPassword, value::secret)?,
        };
        check_feature(layers)?;
        for key in [Setting::TlsPrivateKey, Setting::TlsPassword] {
            if tls.certificate.is_none() && layers.source(key).is_some() {
                let why = "there is no client certificate; set tls.certificate too";
                return Err(layers.blame(key, why));
            }
        }
        Ok(tls)
    }
}

/// Certificates that are set must not be left out without a word.
fn check_feature(layers: &Layers) -> Result<(), Error> {
    let set = [Setting::TlsRootCertificates, Setting::TlsCertificate];
    match set.into_iter().find(|key| layers.source(*key).is_some()) {
        Some(key) if !cfg!(feature = "rustls") => {
            let why = "needs the feature `rustls` of okta-sdk; turn it on in Cargo.toml, or set \
                       certificates in the TLS library of yours";
            Err(layers.blame(key, why))
        }
        _ => Ok(()),
    }
}

impl Config {
    /// Files of certificate authorities to trust besides those of the system:
    /// `tls.rootCertificates`, a list or one path.
    #[must_use]
    pub fn root_certificate_files(&self) -> &[PathBuf] {
        &self.tls.roots
    }

    /// The file of the certificate that says who the client is: `tls.certificate`.
    #[must_use]
    pub fn client_certificate_file(&self) -> Option<&Path> {
        self.tls.certificate.as_deref()
    }

    /// The file of that certificate's private key, if it has one of its own: `tls.privateKey`.
    #[must_use]
    pub fn client_key_file(&self) -> Option<&Path> {
        self.tls.private_key.as_deref()
    }

    /// The password of that certificate's file, if it is PKCS#12: `tls.password`.
    #[must_use]
    pub fn client_certificate_password(&self) -> Option<&Secret> {
        self.tls.password.as_ref()
    }
}

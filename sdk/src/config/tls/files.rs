//! From files to certificates.

use std::path::Path;

use okta_auth::{ClientCertificate, Error, RootCertificates, Secret};

use crate::Config;
use crate::config::file;
use crate::config::setting::Setting;

impl Config {
    /// The certificate authorities to trust besides those of the system, from the files of
    /// `tls.rootCertificates`, which are read now; `None` if it is not set.
    ///
    /// # Errors
    /// A configuration error that names the setting and the file that cannot be used.
    pub fn root_certificates(&self) -> Result<Option<RootCertificates>, Error> {
        let roots = self.root_certificate_files().iter().map(|path| {
            roots(path).map_err(|error| self.layers.blame(Setting::TlsRootCertificates, error))
        });
        let roots = roots.collect::<Result<Vec<_>, _>>()?;
        Ok(roots.into_iter().reduce(RootCertificates::and))
    }

    /// The certificate that says who the client is, from the files of `tls.certificate` and
    /// `tls.privateKey`, which are read now; `None` if it is not set.
    ///
    /// # Errors
    /// A configuration error that names the setting and the file that cannot be used.
    pub fn client_certificate(&self) -> Result<Option<ClientCertificate>, Error> {
        let Some(path) = self.client_certificate_file() else {
            return Ok(None);
        };
        let blame = |key| move |error| self.layers.blame(key, error);
        let certificate = read(path).map_err(blame(Setting::TlsCertificate))?;
        let key = self.client_key_file().map(read).transpose();
        let key = key.map_err(blame(Setting::TlsPrivateKey))?;
        client(certificate, key, self.client_certificate_password())
            .map(Some)
            .map_err(blame(Setting::TlsCertificate))
    }
}

fn roots(path: &Path) -> Result<RootCertificates, Error> {
    match read(path)? {
        Form::Pem(pem) => RootCertificates::from_pem(pem.expose()),
        Form::Der(der) => RootCertificates::from_der(&der),
        Form::Pkcs12(_) => Err(Error::configuration(
            "the root certificates are in a PKCS#12 file; write PEM or DER",
        )),
    }
}

/// The certificate with the key that is in the same file, or in another one of the same form.
fn client(
    certificate: Form,
    key: Option<Form>,
    password: Option<&Secret>,
) -> Result<ClientCertificate, Error> {
    match (certificate, key) {
        (Form::Pkcs12(file), None) => pkcs12(&file, password),
        (Form::Pkcs12(_), Some(_)) => Err(Error::configuration(
            "is a PKCS#12 file, which has its private key in it; remove tls.privateKey",
        )),
        _ if password.is_some() => Err(Error::configuration(
            "has a password (tls.password) but is no PKCS#12 file; remove the password",
        )),
        (Form::Pem(pem), None) => ClientCertificate::from_pem(&pem),
        (Form::Pem(pem), Some(Form::Pem(key))) => {
            let both = format!("{}\n{}", pem.expose(), key.expose());
            ClientCertificate::from_pem(&both.into())
        }
        (Form::Der(der), Some(Form::Der(key))) => ClientCertificate::from_der([der], &key),
        (Form::Der(_), None) => Err(Error::configuration(
            "is DER, which has no private key in it; set tls.privateKey too",
        )),
        _ => Err(Error::configuration(
            "and tls.privateKey are of two forms; write both as PEM or both as DER",
        )),
    }
}

#[cfg(feature = "pkcs12")]
fn pkcs12(file: &[u8], password: Option<&Secret>) -> Result<ClientCertificate, Error> {
    let none = Secret::from("");
    ClientCertificate::from_pkcs12(file, password.unwrap_or(&none))
}

#[cfg(not(feature = "pkcs12"))]
fn pkcs12(_: &[u8], _: Option<&Secret>) -> Result<ClientCertificate, Error> {
    Err(Error::configuration(
        "is a PKCS#12 file; turn on the feature `pkcs12` of okta-sdk in Cargo.toml, or write PEM, \
         as `openssl pkcs12 -nodes -in FILE -out FILE.pem` makes it",
    ))
}

/// What a file of certificates or keys is.
enum Form {
    Pem(Secret),
    Pkcs12(Vec<u8>),
    Der(Vec<u8>),
}

fn read(path: &Path) -> Result<Form, Error> {
    let bytes = file::bytes(path).map_err(|error| {
        let path = path.display();
        Error::configuration(format!("the file {path} cannot be read: {error}"))
    })?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN ") => Form::Pem(text.into()),
        Ok(text) => Form::Der(text.into_bytes()),
        Err(error) if is_pkcs12(error.as_bytes()) => Form::Pkcs12(error.into_bytes()),
        Err(error) => Form::Der(error.into_bytes()),
    })
}

/// Whether it begins as RFC 7292, section 4 says: a sequence, and the version 3 as a number. A
/// certificate or key has another sequence or another version there.
fn is_pkcs12(der: &[u8]) -> bool {
    let content = match der {
        [0x30, length @ ..0x80, ..] => der.get(2..).filter(|_| *length > 0),
        [0x30, length, ..] => der.get(2 + usize::from(length & 0x7f)..),
        _ => None,
    };
    content.is_some_and(|content| content.starts_with(&[2, 1, 3]))
}

#[cfg(test)]
mod tests;

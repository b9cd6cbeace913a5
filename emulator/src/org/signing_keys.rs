//! Keys with which applications sign assertions, each with its certificate.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// A key of an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppKey {
    pub(crate) kid: String,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    /// Made when somebody first asks for it, as RSA keys take long.
    pub(crate) certificate: Option<Certificate>,
}

/// The public half of a key, and the certificate that it signed for itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) modulus: String,
    pub(crate) exponent: String,
    /// X.509, in DER.
    pub(crate) der: Vec<u8>,
}

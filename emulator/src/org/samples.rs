//! What the org knows of the applications that tests and demonstrations start with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An OIDC application of the org, and the credentials that go with it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SampleClient {
    /// The id of the application, for `/api/v1/apps/{appId}`.
    pub app_id: String,
    /// The OAuth client id.
    pub client_id: String,
    /// The client secret, if the application authenticates with one.
    pub client_secret: Option<String>,
    /// The private key in PKCS #8 PEM, if the application authenticates with one.
    pub private_key_pem: Option<String>,
    /// The `kid` of that key in the application's key set.
    pub key_id: Option<String>,
}

impl fmt::Debug for SampleClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |secret: &Option<String>| secret.as_ref().map(|_| "[redacted]");
        f.debug_struct("SampleClient")
            .field("app_id", &self.app_id)
            .field("client_id", &self.client_id)
            .field("client_secret", &hidden(&self.client_secret))
            .field("private_key_pem", &hidden(&self.private_key_pem))
            .field("key_id", &self.key_id)
            .finish()
    }
}

/// The sample applications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Samples {
    pub(crate) web: SampleClient,
    pub(crate) native: SampleClient,
    pub(crate) trusted: SampleClient,
    /// Without its key until that is asked for.
    pub(crate) service: SampleClient,
}

//! An access token, ready to be sent.

use std::time::SystemTime;

use http::HeaderValue;

use crate::dpop::DpopProofs;
use crate::secret::secret_header;
use crate::{Error, Secret};

/// An access token with its scheme, its key and its end.
pub(crate) struct AccessToken {
    text: Secret,
    authorization: HeaderValue,
    proofs: DpopProofs,
    expires_at: Option<SystemTime>,
}

impl AccessToken {
    /// `proofs` have the key that the token is bound to, or none if it is a bearer token.
    /// Without `expires_at` it is good until it is refused.
    ///
    /// # Errors
    /// If the text is empty or cannot be sent in a header.
    pub(crate) fn new(
        text: Secret,
        proofs: DpopProofs,
        expires_at: Option<SystemTime>,
    ) -> Result<Self, Error> {
        let token = text.expose();
        let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let authorization = secret_header(&[proofs.scheme(), token]);
        let (true, Some(authorization)) = (is_token, authorization) else {
            return Err(Error::decode(
                "$.access_token",
                "it is empty or has characters that no token has",
                None,
            ));
        };
        Ok(Self {
            text,
            authorization,
            proofs,
            expires_at,
        })
    }

    pub(crate) fn text(&self) -> &Secret {
        &self.text
    }

    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }

    pub(crate) fn proofs(&self) -> &DpopProofs {
        &self.proofs
    }

    pub(crate) fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }
}

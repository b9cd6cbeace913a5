//! The header by which Okta shows that it is Okta.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Digest, SHA256, digest};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use okta_auth::{Error, Secret};

/// The header, and the secrets that it may hold, of which only hashes are kept: they have one
/// length, so that the time of a comparison tells nothing of the secret's.
#[derive(Clone)]
pub(super) struct HeaderCheck {
    name: HeaderName,
    hashes: Vec<Digest>,
}

impl HeaderCheck {
    /// A check for `secrets` in the header `name`; without one in `Authorization`.
    pub(super) fn new(name: Option<&str>, secrets: &[Secret]) -> Result<Self, Error> {
        let name = name.map_or(Ok(AUTHORIZATION), |name| {
            HeaderName::try_from(name).map_err(|_| {
                Error::configuration(format!(
                    "`{}` is not the name of a header; write such as x-hook-secret",
                    name.escape_debug()
                ))
            })
        })?;
        let fits = |secret: &Secret| {
            let text = secret.expose();
            // A header's value comes without white space around it.
            text.trim() == text && !text.is_empty() && HeaderValue::try_from(text).is_ok()
        };
        if !secrets.iter().all(fits) {
            return Err(Error::configuration(
                "the hook's secret is empty, or no header can have it; write the text that the \
                 value of the hook's `authScheme` is, without white space around it",
            ));
        }
        let hash = |secret: &Secret| digest(&SHA256, secret.expose().as_bytes());
        let hashes = secrets.iter().map(hash).collect();
        Ok(Self { name, hashes })
    }

    /// Whether the header is there once and holds one of the secrets. All are compared, whichever
    /// it is.
    pub(super) fn passes(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(&self.name).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        let given = digest(&SHA256, value.as_bytes());
        self.hashes.iter().fold(false, |passes, hash| {
            passes | verify_slices_are_equal(hash.as_ref(), given.as_ref()).is_ok()
        })
    }
}

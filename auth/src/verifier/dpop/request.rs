//! The request that a proof comes with.

use std::fmt;

use http::{HeaderMap, Method};

/// A request that carries a DPoP-bound access token: what its proof has to fit.
///
/// ```
/// use http::{HeaderMap, Method};
/// use okta_auth::verifier::DpopRequest;
///
/// # let headers = HeaderMap::new();
/// # let path = "/orders/7";
/// // The public URL: behind a proxy, the one that the client called.
/// let url = format!("https://api.acme.com{path}");
/// let request = DpopRequest::new(&Method::GET, &url).headers(&headers);
/// ```
#[derive(Clone)]
pub struct DpopRequest<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a str,
    pub(super) proofs: Vec<&'a [u8]>,
}

impl<'a> DpopRequest<'a> {
    /// A request of `method` to `url`, the absolute URL that the client called. Its host is to
    /// come from your configuration: a `Host` header is written by whoever calls. Its path is to be
    /// as it was sent, still percent-encoded. Query and fragment do not count.
    #[must_use]
    pub fn new(method: &'a Method, url: &'a str) -> Self {
        Self {
            method,
            url,
            proofs: Vec::new(),
        }
    }

    /// Takes all values of the header `DPoP`. There must be exactly one, and the verifier sees to
    /// that: do not choose among them.
    #[must_use]
    pub fn headers(mut self, headers: &'a HeaderMap) -> Self {
        let values = headers.get_all("dpop").iter();
        self.proofs.extend(values.map(http::HeaderValue::as_bytes));
        self
    }

    /// Adds one value of the header `DPoP`, for requests of another HTTP library.
    #[must_use]
    pub fn proof(mut self, value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.proofs.push(value.as_ref());
        self
    }
}

impl fmt::Debug for DpopRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopRequest")
            .field("method", &self.method)
            .field("proofs", &self.proofs.len())
            .finish_non_exhaustive()
    }
}

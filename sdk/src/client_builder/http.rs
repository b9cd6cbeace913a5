//! What the caller changes of the HTTP client.

use std::fmt;
use std::sync::Arc;

use okta_auth::PipelineBuilder;
use reqwest::ClientBuilder as HttpBuilder;

use super::ClientBuilder;

type Change = dyn Fn(HttpBuilder) -> HttpBuilder + Send + Sync;

/// The changes, in the order in which they are made.
#[derive(Clone, Default)]
pub(super) struct HttpChanges(Vec<Arc<Change>>);

impl HttpChanges {
    pub(super) fn apply(&self, requests: PipelineBuilder) -> PipelineBuilder {
        let changes = self.0.iter().map(Arc::clone);
        changes.fold(requests, |requests, change| {
            requests.http(move |http| change(http))
        })
    }
}

impl fmt::Debug for HttpChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpChanges({})", self.0.len())
    }
}

impl ClientBuilder {
    /// Changes any other setting of the client that connections are made by, those for tokens of a
    /// service app among them: name resolution, default headers, keep-alive. `change` gets the
    /// client's builder with all settings on it, and gives it back changed. Called again, it makes
    /// one more change.
    ///
    /// Three things are put back afterwards: redirects are not followed, for credentials would follow
    /// them; bodies are not inflated by the client, but here, where they are bounded; and the client
    /// repeats nothing, for [`max_retries`](Self::max_retries) knows what may be sent twice. All else
    /// is as `change` leaves it: what it turns off, such as the check of certificates, is off for
    /// credentials too.
    ///
    /// ```
    /// # fn run() -> Result<(), okta_sdk::Error> {
    /// let okta = okta_sdk::Client::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .api_token("00abc")
    ///     .http(|http| http.resolve("acme.okta.com", ([192, 0, 2, 1], 443).into()))
    ///     .build()?;
    /// # Ok(()) }
    /// # run().unwrap();
    /// ```
    pub fn http(
        mut self,
        change: impl Fn(HttpBuilder) -> HttpBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.0.push(Arc::new(change));
        self
    }
}

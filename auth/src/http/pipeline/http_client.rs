//! The HTTP client of a pipeline's own, and what a caller may change of it.

use std::env::consts::{ARCH, OS};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::{ClientBuilder, redirect, retry};

use super::proxy::Proxy;
#[cfg(feature = "rustls")]
use super::tls::Tls;
use crate::http::transport::WatchConnections;
use crate::{Error, OrgUrl};

/// Idle connections are closed before load balancers close them (60 s is usual), so that no
/// request goes out on a connection that is about to be reset.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of connections.
#[derive(Clone, Debug)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Duration,
    pub(super) user_agent_extra: Option<String>,
    pub(super) proxy: Option<Proxy>,
    #[cfg(feature = "rustls")]
    pub(super) tls: Tls,
    changes: Vec<Change>,
}

/// A function of the caller's.
#[derive(Clone)]
struct Change(Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>);

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            user_agent_extra: None,
            proxy: None,
            #[cfg(feature = "rustls")]
            tls: Tls::default(),
            changes: Vec::new(),
        }
    }
}

impl HttpSettings {
    /// Has `change` made after all settings, and after the changes before it.
    pub(super) fn change(
        &mut self,
        change: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) {
        self.changes.push(Change(Arc::new(change)));
    }

    /// A client for requests to `org`.
    pub(super) fn client(&self, org: &OrgUrl) -> Result<reqwest::Client, Error> {
        let client = safe(self.changed(self.configured(org)?));
        client.build().map_err(|error| {
            Error::configuration("the HTTP client cannot be set up").with_source(error)
        })
    }

    fn configured(&self, org: &OrgUrl) -> Result<ClientBuilder, Error> {
        let mut client = reqwest::Client::builder()
            .user_agent(self.user_agent()?)
            .connect_timeout(self.connect_timeout)
            .connector_layer(WatchConnections)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT);
        if let Some(proxy) = &self.proxy {
            client = client.proxy(proxy.to_reqwest()?);
        } else if org.as_url().scheme() == "http" {
            client = client.no_proxy();
        }
        #[cfg(feature = "rustls")]
        let client = self.tls.apply(client);
        Ok(client)
    }

    fn changed(&self, client: ClientBuilder) -> ClientBuilder {
        if self.changes.is_empty() {
            return client;
        }
        let changes = self.changes.iter();
        let client = changes.fold(client, |client, change| (change.0)(client));
        // A retry that nobody here knows of would send a code or a proof twice.
        client.retry(retry::never())
    }

    fn user_agent(&self) -> Result<HeaderValue, Error> {
        let extra = self.user_agent_extra.as_deref().unwrap_or_default();
        let text = format!(
            "okta-sdk-rust/{} rust/{} {OS}/{ARCH} {extra}",
            env!("CARGO_PKG_VERSION"),
            env!("OKTA_RUSTC_VERSION"),
        );
        HeaderValue::try_from(text.trim_end()).map_err(|_| {
            Error::configuration(
                "the extra user agent has characters that no header may have; write plain text \
                 such as my-app/1.2",
            )
        })
    }
}

/// What holds whatever a caller has changed: credentials follow no redirect, and bodies are
/// inflated here, where they are bounded.
fn safe(client: ClientBuilder) -> ClientBuilder {
    client
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_user_agent_names_sdk_compiler_and_platform() {
        let text = |settings: HttpSettings| {
            let agent = settings.user_agent().unwrap();
            agent.to_str().unwrap().to_owned()
        };
        let plain = text(HttpSettings::default());
        assert!(
            plain.starts_with("okta-sdk-rust/") && plain.contains(" rust/1."),
            "{plain}"
        );
        assert!(plain.ends_with(&format!("{OS}/{ARCH}")), "{plain}");
        let extra = Some("my-app/1.2".to_owned());
        let with_extra = HttpSettings {
            user_agent_extra: extra,
            ..HttpSettings::default()
        };
        assert!(text(with_extra).ends_with(" my-app/1.2"));
    }
}

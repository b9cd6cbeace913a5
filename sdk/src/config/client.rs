//! From settings to a client.

use okta_auth::Error;

use super::Config;
use crate::ClientBuilder;

impl ClientBuilder {
    /// Starts from the settings of `config`; setters called afterwards win over them.
    ///
    /// # Errors
    /// As [`Config::credentials`]; and for a file of certificates that cannot be used.
    pub fn from_config(config: &Config) -> Result<Self, Error> {
        let mut builder = Self::default().allow_http(config.disable_https_check());
        if let Some(org_url) = config.org_url() {
            builder = builder.org_url(org_url.as_str());
        }
        if let Some(service) = config.service()? {
            builder = builder.service(service);
        } else if let Some(credentials) = config.credentials()? {
            builder = builder.credentials(credentials);
        }
        if let Some(enabled) = config.dpop_enabled() {
            builder = builder.dpop(enabled);
        }
        if let Some(life) = config.dpop_key_rotation() {
            builder = builder.dpop_key_rotation(life);
        }
        if let Some(timeout) = config.connection_timeout() {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = config.request_timeout() {
            builder = builder.request_timeout(timeout);
        }
        if let Some(bytes) = config.max_response_bytes() {
            builder = builder.max_response_bytes(bytes);
        }
        if let Some(compression) = config.compression() {
            builder = builder.compression(compression);
        }
        if let Some(retries) = config.max_retries() {
            builder = builder.max_retries(retries);
        }
        if let Some(longest) = config.max_backoff() {
            builder = builder.max_backoff(longest);
        }
        if let Some(share) = config.rate_limit_share() {
            builder = builder.rate_limit_share(share);
        }
        if let Some(limit) = config.org_limit() {
            builder = builder.org_limit(limit);
        }
        if let Some(extra) = config.user_agent_extra() {
            builder = builder.user_agent_extra(extra);
        }
        if let Some(proxy) = config.proxy() {
            builder = builder.proxy(proxy.clone());
        }
        #[cfg(feature = "rustls")]
        if let Some(roots) = config.root_certificates()? {
            builder = builder.root_certificates(roots);
        }
        #[cfg(feature = "rustls")]
        if let Some(certificate) = config.client_certificate()? {
            builder = builder.client_certificate(certificate);
        }
        Ok(builder)
    }
}

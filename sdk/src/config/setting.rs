//! The settings there are, and how they may be spelled.

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    OrgUrl,
    AuthorizationMode,
    Token,
    ClientId,
    Scopes,
    PrivateKey,
    PrivateKeyId,
    DpopEnabled,
    DpopKeyRotation,
    ConnectionTimeout,
    RequestTimeout,
    MaxResponseBytes,
    Compression,
    MaxRetries,
    MaxBackoff,
    RateLimitShare,
    OrgLimit,
    UserAgentExtra,
    ProxyHost,
    ProxyPort,
    ProxyUsername,
    ProxyPassword,
    TlsRootCertificates,
    TlsCertificate,
    TlsPrivateKey,
    TlsPassword,
    TrustCurrentDirectory,
    DisableHttpsCheck,
}

/// What is known of a setting.
pub(super) struct Facts {
    pub(super) key: Setting,
    /// The path in a file, below `okta`.
    pub(super) path: &'static str,
    /// Other paths that mean the same; some of Okta's SDKs write them.
    aliases: &'static [&'static str],
    /// What holds when it is not set, for [`super::Config::explain`].
    pub(super) default: &'static str,
    pub(super) secret: bool,
}

const fn facts(key: Setting, path: &'static str, default: &'static str) -> Facts {
    Facts {
        key,
        path,
        aliases: &[],
        default,
        secret: false,
    }
}

impl Facts {
    const fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    fn spellings(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.path).chain(self.aliases.iter().copied())
    }
}

/// All settings, in the order in which they are explained.
pub(super) static ALL: [Facts; 28] = [
    facts(Setting::OrgUrl, "client.orgUrl", "not set").or(&["client.oktaDomain"]),
    facts(
        Setting::AuthorizationMode,
        "client.authorizationMode",
        "SSWS",
    ),
    facts(Setting::Token, "client.token", "not set").secret(),
    facts(Setting::ClientId, "client.clientId", "not set"),
    facts(Setting::Scopes, "client.scopes", "not set"),
    facts(Setting::PrivateKey, "client.privateKey", "not set").secret(),
    facts(Setting::PrivateKeyId, "client.privateKeyId", "not set")
        .or(&["client.keyId", "client.kid"]),
    facts(
        Setting::DpopEnabled,
        "client.dpopEnabled",
        "when Okta asks for it",
    ),
    facts(
        Setting::DpopKeyRotation,
        "client.dpopKeyRotationInterval",
        "86400",
    ),
    facts(Setting::ConnectionTimeout, "client.connectionTimeout", "10"),
    facts(Setting::RequestTimeout, "client.requestTimeout", "0"),
    facts(
        Setting::MaxResponseBytes,
        "client.maxResponseBytes",
        "67108864",
    ),
    facts(Setting::Compression, "client.compression", "true"),
    facts(Setting::MaxRetries, "client.rateLimit.maxRetries", "2"),
    facts(Setting::MaxBackoff, "client.rateLimit.maxBackoff", "90"),
    facts(Setting::RateLimitShare, "client.rateLimit.share", "1"),
    facts(Setting::OrgLimit, "client.rateLimit.orgLimit", "none"),
    facts(Setting::UserAgentExtra, "client.userAgentExtra", "not set").or(&["client.userAgent"]),
    facts(Setting::ProxyHost, "client.proxy.host", "not set"),
    facts(Setting::ProxyPort, "client.proxy.port", "not set"),
    facts(Setting::ProxyUsername, "client.proxy.username", "not set"),
    facts(Setting::ProxyPassword, "client.proxy.password", "not set").secret(),
    facts(
        Setting::TlsRootCertificates,
        "client.tls.rootCertificates",
        "not set",
    ),
    facts(Setting::TlsCertificate, "client.tls.certificate", "not set"),
    facts(Setting::TlsPrivateKey, "client.tls.privateKey", "not set"),
    facts(Setting::TlsPassword, "client.tls.password", "not set").secret(),
    facts(
        Setting::TrustCurrentDirectory,
        "client.trustCurrentDirectory",
        "false",
    ),
    facts(
        Setting::DisableHttpsCheck,
        "testing.disableHttpsCheck",
        "false",
    )
    .or(&["testing.testingDisableHttpsCheck"]),
];

/// The setting that a path in a file (below `okta`) or a variable's name (after `OKTA_`) means.
pub(super) fn find(spelling: &str) -> Option<Setting> {
    let wanted = plain(spelling);
    ALL.iter()
        .find(|facts| facts.spellings().any(|known| plain(known) == wanted))
        .map(|facts| facts.key)
}

/// Whether an unknown key of a file or variable is a setting of Okta's other SDKs.
pub(super) fn is_of_other_sdks(key: &str) -> bool {
    let key = plain(key);
    ["oktaclientcache", "oktaclientlogging"]
        .iter()
        .any(|prefix| key.starts_with(prefix))
}

/// Leaves out case and separators, in which files, variables and SDKs differ.
pub(super) fn plain(spelling: &str) -> String {
    spelling
        .chars()
        .filter(|c| !matches!(c, '.' | '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_means_one_setting() {
        for (spelling, key) in [
            ("client.orgUrl", Some(Setting::OrgUrl)),
            ("CLIENT_ORGURL", Some(Setting::OrgUrl)),
            ("client.oktaDomain", Some(Setting::OrgUrl)),
            ("CLIENT_RATELIMIT_MAXRETRIES", Some(Setting::MaxRetries)),
            ("CLIENT_RATE_LIMIT_MAX_RETRIES", Some(Setting::MaxRetries)),
            ("CLIENT_KEYID", Some(Setting::PrivateKeyId)),
            ("CLIENT_PRIVATEKEYID", Some(Setting::PrivateKeyId)),
            ("CLIENT_DPOPENABLED", Some(Setting::DpopEnabled)),
            ("CLIENT_DPOP_ENABLED", Some(Setting::DpopEnabled)),
            (
                "CLIENT_DPOPKEYROTATIONINTERVAL",
                Some(Setting::DpopKeyRotation),
            ),
            ("CLIENT_USERAGENT", Some(Setting::UserAgentExtra)),
            (
                "CLIENT_CONNECTION_TIMEOUT",
                Some(Setting::ConnectionTimeout),
            ),
            (
                "TESTING_DISABLE_HTTPS_CHECK",
                Some(Setting::DisableHttpsCheck),
            ),
            (
                "TESTING_TESTINGDISABLEHTTPSCHECK",
                Some(Setting::DisableHttpsCheck),
            ),
            ("client.cache.enabled", None),
            ("orgUrl", None),
        ] {
            assert_eq!(find(spelling), key, "{spelling}");
        }
        for facts in &ALL {
            assert_eq!(find(facts.path), Some(facts.key));
        }
    }
}

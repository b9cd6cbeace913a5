//! Settings from files and the environment.

mod client;
mod explain;
mod file;
mod layer;
mod nearest;
mod service;
mod setting;
mod tls;
mod trust;
mod unknown;
mod value;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use okta_auth::{ApiToken, BearerToken, Credentials, Error, OrgUrl, Proxy, Secret};

use self::explain::Explanation;
use self::layer::{Layers, Place};
use self::setting::Setting;
use self::tls::Tls;
pub use self::unknown::UnknownSetting;
use crate::ClientBuilder;

/// How requests are authenticated: the setting `authorizationMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationMode {
    /// `SSWS`: by an API token.
    #[default]
    Ssws,
    /// `Bearer`: by an OAuth 2.0 access token that was obtained elsewhere.
    Bearer,
    /// `PrivateKey`: as an OAuth 2.0 service app that signs with its private key.
    PrivateKey,
}

/// Settings, where each of them came from, and the errors that say so.
///
/// Sources, later ones winning: defaults, `~/.okta/okta.yaml`, `./okta.yaml`, `./.okta.yaml`,
/// environment variables. The files are those of Okta's other SDKs:
///
/// ```yaml
/// okta:
///   client:
///     orgUrl: https://acme.okta.com
///     authorizationMode: SSWS       # or Bearer, or PrivateKey
///     token: "00abc"                # for SSWS and Bearer
///     connectionTimeout: 10         # seconds
///     requestTimeout: 120           # seconds, the whole call with its retries; 0 is no limit
///     maxResponseBytes: 67108864    # the body of an answer
///     compression: true             # ask for gzip
///     userAgentExtra: my-app/1.2
///     rateLimit: { maxRetries: 2, maxBackoff: 90 }
///     proxy: { host: proxy.example.com, port: 3128, username: joe, password: "…" }
///     tls:
///       rootCertificates: [company.pem]  # authorities to trust besides those of the system
///       certificate: client.pem     # who the client is, and its key if it is in there
///       privateKey: client.key      # the key, if it is not
/// ```
///
/// Certificates and keys are files with PEM or DER; with the feature `pkcs12`, `certificate` may be
/// a PKCS#12 file, whose password is `password`. A host of a proxy may be a URL; with the feature
/// `socks`, one such as `socks5h://proxy.example.com`.
///
/// With `authorizationMode: PrivateKey` a service app gets its own tokens:
///
/// ```yaml
/// okta:
///   client:
///     orgUrl: https://acme.okta.com
///     authorizationMode: PrivateKey
///     clientId: 0oa1b2c3d4e5f6g7h8i9
///     scopes: [okta.users.read, okta.groups.read]  # or text, with commas or spaces
///     privateKey: key.pem           # a file, or the key itself, as PEM or JWK
///     privateKeyId: my-key          # if Okta has several keys of the app
///     dpopEnabled: true             # default: when Okta asks for it
///     dpopKeyRotationInterval: 86400 # seconds
/// ```
///
/// The variable of a setting is `OKTA_CLIENT_` and its key: `OKTA_CLIENT_ORGURL`,
/// `OKTA_CLIENT_RATELIMIT_MAXRETRIES`. Case, underscores and hyphens do not matter, so
/// `OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES` is the same. `OKTA_TESTING_DISABLE_HTTPS_CHECK=true`
/// (`okta.testing.disableHttpsCheck`) allows `http` org URLs. Empty values count as not set.
///
/// A secret is sent where its owner says. A token, key or password of the home directory or the
/// environment is refused if a file of the current directory, which anyone may have written, would
/// say to which org, through which proxy or by whose certificate it goes; `OKTA_CLIENT_TRUSTCURRENTDIRECTORY=1` allows
/// that. A secret that stands beside one org's URL goes to no other org.
///
/// A name that means no setting is an error if it looks like one that is not set elsewhere, such as
/// `orgUlr`; any other is a warning in the log, and [`Config::unknown`] gives them all.
///
/// `Debug` and [`Config::explain`] hide secrets.
#[derive(Clone, Debug)]
pub struct Config {
    layers: Layers,
    org_url: Option<OrgUrl>,
    authorization_mode: AuthorizationMode,
    token: Option<Secret>,
    client_id: Option<String>,
    scopes: Vec<String>,
    private_key: Option<Secret>,
    private_key_id: Option<String>,
    dpop_enabled: Option<bool>,
    dpop_key_rotation: Option<Duration>,
    connection_timeout: Option<Duration>,
    request_timeout: Option<Duration>,
    max_response_bytes: Option<usize>,
    compression: Option<bool>,
    max_retries: Option<u32>,
    max_backoff: Option<Duration>,
    rate_limit_share: Option<f64>,
    org_limit: Option<u32>,
    user_agent_extra: Option<String>,
    proxy: Option<Proxy>,
    tls: Tls,
    disable_https_check: bool,
}

impl Config {
    /// Reads the files in the home and current directories, and the environment. A file that
    /// is not there is no error.
    ///
    /// # Errors
    /// A configuration error that names the file and key, or the environment variable, that
    /// has a bad value, and says what to write.
    pub fn load() -> Result<Self, Error> {
        let mut files = Vec::new();
        let home = std::env::home_dir().map(|home| home.join(".okta").join("okta.yaml"));
        files.extend(home.map(|file| (file, Place::Own)));
        let here = ["okta.yaml", ".okta.yaml"].map(PathBuf::from);
        files.extend(here.map(|file| (file, Place::CurrentDirectory)));
        Self::from_sources(&files, std::env::vars_os())
    }

    /// Reads this file only: for programs that serve several orgs.
    ///
    /// # Errors
    /// As [`Config::load`]; and if there is no such file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut layers = Layers::default();
        if !layers.add_file(path.as_ref(), Place::Own)? {
            let path = path.as_ref().display();
            return Err(Error::configuration(format!("there is no file {path}")));
        }
        Self::from_layers(layers)
    }

    fn from_sources(
        files: &[(PathBuf, Place)],
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Error> {
        let mut layers = Layers::default();
        for (file, place) in files {
            layers.add_file(file, *place)?;
        }
        layers.add_environment(variables)?;
        Self::from_layers(layers)
    }

    fn from_layers(layers: Layers) -> Result<Self, Error> {
        let disable_https_check = layers.read(Setting::DisableHttpsCheck, value::boolean)?;
        let disable_https_check = disable_https_check.unwrap_or(false);
        let parse_org = match disable_https_check {
            true => OrgUrl::parse_allowing_http,
            false => OrgUrl::parse,
        };
        let org_url = layers.read(Setting::OrgUrl, |raw| value::checked(raw, parse_org))?;
        trust::check(&layers, org_url.as_ref())?;
        unknown::check(&layers)?;
        Ok(Self {
            org_url,
            authorization_mode: layers
                .read(Setting::AuthorizationMode, value::authorization_mode)?
                .unwrap_or_default(),
            token: layers.read(Setting::Token, value::secret)?,
            client_id: layers.read(Setting::ClientId, value::text)?,
            scopes: layers
                .read(Setting::Scopes, value::scopes)?
                .unwrap_or_default(),
            private_key: layers.read(Setting::PrivateKey, value::private_key)?,
            private_key_id: layers.read(Setting::PrivateKeyId, value::text)?,
            dpop_enabled: layers.read(Setting::DpopEnabled, value::boolean)?,
            dpop_key_rotation: layers.read(Setting::DpopKeyRotation, value::key_life)?,
            connection_timeout: layers
                .read(Setting::ConnectionTimeout, value::positive_seconds)?
                .flatten(),
            request_timeout: layers
                .read(Setting::RequestTimeout, value::positive_seconds)?
                .flatten(),
            max_response_bytes: layers.read(Setting::MaxResponseBytes, value::bytes)?,
            compression: layers.read(Setting::Compression, value::boolean)?,
            max_retries: layers.read(Setting::MaxRetries, value::count)?,
            max_backoff: layers.read(Setting::MaxBackoff, value::seconds)?,
            rate_limit_share: layers.read(Setting::RateLimitShare, value::share)?,
            org_limit: layers.read(Setting::OrgLimit, value::positive_count)?,
            user_agent_extra: layers.read(Setting::UserAgentExtra, value::text)?,
            proxy: value::proxy(&layers)?,
            tls: Tls::read(&layers)?,
            disable_https_check,
            layers,
        })
    }

    /// The org: `orgUrl`.
    #[must_use]
    pub fn org_url(&self) -> Option<&OrgUrl> {
        self.org_url.as_ref()
    }

    /// How to authenticate: `authorizationMode`. Default `SSWS`.
    #[must_use]
    pub fn authorization_mode(&self) -> AuthorizationMode {
        self.authorization_mode
    }

    /// The API token or access token: `token`.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    /// The id of the service app: `clientId`.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The scopes that the service app asks for: `scopes`, a list, or text with commas or
    /// spaces.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The private key of the service app, as PEM, as JWK, or as the path of a file with one of
    /// them: `privateKey`.
    #[must_use]
    pub fn private_key(&self) -> Option<&Secret> {
        self.private_key.as_ref()
    }

    /// The id of the private key (`kid`): `privateKeyId`, or `keyId`.
    #[must_use]
    pub fn private_key_id(&self) -> Option<&str> {
        self.private_key_id.as_deref()
    }

    /// Whether tokens of the service app are bound to a key (DPoP): `dpopEnabled`. `None` for
    /// when Okta asks for it.
    #[must_use]
    pub fn dpop_enabled(&self) -> Option<bool> {
        self.dpop_enabled
    }

    /// How long a DPoP key is used for new tokens: `dpopKeyRotationInterval`, in seconds. `None`
    /// for the default.
    #[must_use]
    pub fn dpop_key_rotation(&self) -> Option<Duration> {
        self.dpop_key_rotation
    }

    /// Maximum time to make a connection: `connectionTimeout`, in seconds. `None` for the default.
    #[must_use]
    pub fn connection_timeout(&self) -> Option<Duration> {
        self.connection_timeout
    }

    /// Maximum time for a whole call with its retries: `requestTimeout`, in seconds. `None` for no
    /// limit.
    #[must_use]
    pub fn request_timeout(&self) -> Option<Duration> {
        self.request_timeout
    }

    /// Maximum length of the body of an answer: `maxResponseBytes`. Default 64 MiB.
    #[must_use]
    pub fn max_response_bytes(&self) -> Option<usize> {
        self.max_response_bytes
    }

    /// Whether to ask for `gzip`: `compression`. Default true.
    #[must_use]
    pub fn compression(&self) -> Option<bool> {
        self.compression
    }

    /// How often a failed request is sent again: `rateLimit.maxRetries`. `None` for the default.
    #[must_use]
    pub fn max_retries(&self) -> Option<u32> {
        self.max_retries
    }

    /// Maximum wait before a retry: `rateLimit.maxBackoff`, in seconds. `None` for the default.
    #[must_use]
    pub fn max_backoff(&self) -> Option<Duration> {
        self.max_backoff
    }

    /// Part of each rate limit that may be used: `rateLimit.share`, above 0 and up to 1. `None`
    /// for the default.
    #[must_use]
    pub fn rate_limit_share(&self) -> Option<f64> {
        self.rate_limit_share
    }

    /// Maximum number of requests in any sixty seconds: `rateLimit.orgLimit`. `None` for no limit.
    #[must_use]
    pub fn org_limit(&self) -> Option<u32> {
        self.org_limit
    }

    /// Text for the end of the user agent: `userAgentExtra`, or `userAgent`.
    #[must_use]
    pub fn user_agent_extra(&self) -> Option<&str> {
        self.user_agent_extra.as_deref()
    }

    /// The proxy: `proxy.host`, `proxy.port`, `proxy.username` and `proxy.password`.
    #[must_use]
    pub fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Whether `http` org URLs are allowed: `testing.disableHttpsCheck`.
    #[must_use]
    pub fn disable_https_check(&self) -> bool {
        self.disable_https_check
    }

    /// The credentials that these settings describe; `None` if there is nothing of them.
    ///
    /// # Errors
    /// A configuration error that names the setting that is missing or wrong.
    pub fn credentials(&self) -> Result<Option<Credentials>, Error> {
        match (self.authorization_mode, &self.token) {
            (AuthorizationMode::Ssws, Some(token)) => ApiToken::new(token.clone())
                .map(|token| Some(token.into()))
                .map_err(|error| self.layers.blame(Setting::Token, error)),
            (AuthorizationMode::Bearer, Some(token)) => BearerToken::new(token.clone())
                .map(|token| Some(token.into()))
                .map_err(|error| self.layers.blame(Setting::Token, error)),
            (AuthorizationMode::PrivateKey, _) => {
                let client = ClientBuilder::from_config(self)?;
                client.credentials_of_login().map(Some)
            }
            (_, None) if self.private_key.is_some() => Err(self.layers.blame(
                Setting::PrivateKey,
                "there is a private key but no token; set authorizationMode to say which to use",
            )),
            (_, None) => Ok(None),
        }
    }

    /// A table of all settings: key, value (secrets hidden) and source; then what was found
    /// and not used.
    ///
    /// ```no_run
    /// println!("{}", okta_sdk::Config::load()?.explain());
    /// # Ok::<(), okta_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn explain(&self) -> impl fmt::Display + '_ {
        Explanation(&self.layers)
    }
}

#[cfg(test)]
mod any_tests;
#[cfg(test)]
mod tests;

//! Settings of a login.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use okta_auth::oauth::{OAuthClient, Scopes};
use okta_auth::{Error, SealingKeys, Verifier};
use url::Url;

use super::OktaLogin;
use crate::app::{App, LoginRequest, Paths};
use crate::cookies::CookieRules;
use crate::failure::{ErrorPage, Failure};
use crate::pending::PendingLogins;
use crate::sessions::{Sessions, Timeouts};
use crate::site::Site;
use crate::vault::{SharedVault, TokenVault};

/// What no page of another site may do, unless the app says otherwise.
const POLICY: &str = "frame-ancestors 'none'; base-uri 'self'; object-src 'none'";

/// The longest life of a session that can be set.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Collects the settings of an [`OktaLogin`].
#[derive(Clone, Debug)]
#[must_use = "`build` makes the login"]
pub struct OktaLoginBuilder {
    oauth: OAuthClient,
    keys: SealingKeys,
    vault: SharedVault,
    request: LoginRequest,
    timeouts: Timeouts,
    login: String,
    logout: String,
    post_logout_redirect_uri: Option<String>,
    after_logout: String,
    back_channel: Option<(String, Verifier)>,
    front_channel: Option<String>,
    kept: Vec<String>,
    policy: String,
    error_page: Option<ErrorPage>,
}

impl OktaLogin {
    /// Starts a login with `oauth`, whose redirect URI says where the app is: `https`, or `http` on
    /// this machine. `keys` seal logins that have begun, and what `vault` keeps of sessions; all
    /// processes of an app need the same.
    pub fn builder(
        oauth: OAuthClient,
        keys: SealingKeys,
        vault: impl TokenVault,
    ) -> OktaLoginBuilder {
        OktaLoginBuilder {
            oauth,
            keys,
            vault: Arc::new(vault),
            request: LoginRequest {
                scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
                resources: Vec::new(),
                acr_values: Vec::new(),
                by_form_post: false,
                pushed: false,
            },
            timeouts: Timeouts {
                idle: Duration::from_secs(60 * 60),
                absolute: Duration::from_secs(12 * 60 * 60),
            },
            login: "/login".to_owned(),
            logout: "/logout".to_owned(),
            post_logout_redirect_uri: None,
            after_logout: "/".to_owned(),
            back_channel: None,
            front_channel: None,
            kept: Vec::new(),
            policy: POLICY.to_owned(),
            error_page: None,
        }
    }
}

impl OktaLoginBuilder {
    /// What the tokens are to allow; `openid` is among them anyway. Default: `openid`, `profile`,
    /// `email`. With `offline_access` there is a refresh token, and the access token is renewed.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.request.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The API that the access token is for, as a URL (RFC 8707). Called again, it adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.request.resources.push(resource.into());
        self
    }

    /// How strong every login must be, such as `["urn:okta:loa:2fa:any"]`.
    pub fn acr_values<I>(mut self, values: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.request.acr_values = values.into_iter().map(Into::into).collect();
        self
    }

    /// Has the callback come as a form that Okta's page posts, so that the code is in no URL. The
    /// cookies of logins are then `SameSite=None`. Okta's post does not bring the browser's
    /// session, so one that was there is not ended but left to its timeouts.
    pub fn form_post(mut self) -> Self {
        self.request.by_form_post = true;
        self
    }

    /// Sends the parameters of logins ahead, out of the browser's sight (RFC 9126).
    pub fn pushed(mut self) -> Self {
        self.request.pushed = true;
        self
    }

    /// How long a session lasts without a request, at least a minute. Default 1 hour.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.idle = timeout;
        self
    }

    /// How long a session lasts at most, up to 30 days. Default 12 hours. Make it no longer than
    /// refresh tokens last: a session whose refresh token is not good any more ends at the next
    /// refresh.
    pub fn absolute_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.absolute = timeout;
        self
    }

    /// The path that begins a login. Default `/login`.
    pub fn login_path(mut self, path: impl Into<String>) -> Self {
        self.login = path.into();
        self
    }

    /// The path that ends a session. Default `/logout`.
    pub fn logout_path(mut self, path: impl Into<String>) -> Self {
        self.logout = path.into();
        self
    }

    /// Where Okta sends the browser after a logout: one of the app integration's sign-out redirect
    /// URIs, exactly, with a path of its own that the app does not use otherwise, such as
    /// `https://app.example.com/signed-out`. Default: the browser stays at Okta's page.
    pub fn post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.post_logout_redirect_uri = Some(uri.into());
        self
    }

    /// The path where the user goes from there. Default `/`.
    pub fn after_logout(mut self, path: impl Into<String>) -> Self {
        self.after_logout = path.into();
        self
    }

    /// The path that Okta posts logout tokens to, with what checks them: a verifier of the same
    /// issuer with the app's [`client_id`](okta_auth::VerifierBuilder::client_id). An app of
    /// several processes gives it a [`replay_cache`](okta_auth::VerifierBuilder::replay_cache) that
    /// they share. A token that names a session at Okta ends that one, any other all of its user's.
    ///
    /// Source: OpenID Connect Back-Channel Logout 1.0
    pub fn back_channel_logout(mut self, path: impl Into<String>, verifier: Verifier) -> Self {
        self.back_channel = Some((path.into(), verifier));
        self
    }

    /// The path that Okta's logout page has the browser open in a frame, with `iss` and `sid`: the
    /// app integration's front-channel logout URI, with the session's id.
    ///
    /// Source: OpenID Connect Front-Channel Logout 1.0
    pub fn front_channel_logout(mut self, path: impl Into<String>) -> Self {
        self.front_channel = Some(path.into());
        self
    }

    /// What the browser's session holds under `key` outlives a login, such as a shopping cart. All
    /// else in it goes when the user logs out, when a request asks for the user of a session that is
    /// over, and when another user logs in, or the first one.
    pub fn keep(mut self, key: impl Into<String>) -> Self {
        self.kept.push(key.into());
        self
    }

    /// The header `Content-Security-Policy` of responses that have none. Default: `frame-ancestors
    /// 'none'; base-uri 'self'; object-src 'none'`. `form-action` would stop the logout, whose form
    /// leads to Okta, unless it allows the org.
    pub fn content_security_policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = policy.into();
        self
    }

    /// Writes the page, as HTML, that a browser is shown when something is refused or fails, in place
    /// of a plain one. Status and headers stay those of the failure, whose
    /// [`kind`](Failure::kind) has the words for the user; show its [`id`](Failure::id) too, by which
    /// the cause is found in the log. Requests that prefer JSON get JSON as before. `write` is not
    /// asynchronous: it has what it needs.
    ///
    /// ```no_run
    /// # use okta_web::{Failure, OktaLoginBuilder};
    /// fn with_error_page(login: OktaLoginBuilder) -> OktaLoginBuilder {
    ///     login.error_page(|failure: &Failure| {
    ///         let (text, id) = (failure.kind().text(), failure.id());
    ///         format!("<!doctype html><title>{text}</title><h1>{text}</h1><p>{id}</p>")
    ///     })
    /// }
    /// ```
    pub fn error_page(
        mut self,
        write: impl Fn(&Failure) -> String + Send + Sync + 'static,
    ) -> Self {
        self.error_page = Some(ErrorPage::new(write));
        self
    }

    /// Makes the login. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error for a client without a redirect URI of a web page, or with a DPoP key
    /// that is replaced or gone after a restart; for paths, scopes and timeouts that cannot be.
    pub fn build(mut self) -> Result<OktaLogin, Error> {
        let site = Site::of_redirect_uri(self.oauth.redirect_uri())?;
        self.check_timeouts()?;
        if self.oauth.dpop().is_some_and(|dpop| !dpop.has_own_key()) {
            return Err(Error::configuration(
                "sessions outlive a DPoP key that the client makes for itself; give the client a \
                 key of your own, by `Dpop::with_key`",
            ));
        }
        if !self.request.scopes.iter().any(|scope| scope == "openid") {
            self.request.scopes.insert(0, "openid".to_owned());
        }
        Scopes::new(&self.request.scopes)?;
        let policy = HeaderValue::try_from(&self.policy).map_err(|_| {
            Error::configuration("the content security policy has characters that no header has")
        })?;
        let paths = self.paths(&site)?;
        let verifier = self.back_channel.take().map(|(_, verifier)| verifier);
        if verifier
            .as_ref()
            .is_some_and(|known| known.issuer() != self.oauth.issuer())
        {
            return Err(Error::configuration(
                "the verifier of logout tokens is of another issuer than the OAuth client; give \
                 it the same",
            ));
        }
        let cookies = CookieRules::new(site.is_https());
        if !site.is_https() {
            tracing::warn!(
                "the app is on this machine without https: its cookies are neither `Secure` nor \
                 `__Host-`"
            );
        }
        let (keys, by_form_post) = (self.keys.clone(), self.request.by_form_post);
        let app = App {
            pending: PendingLogins::new(keys.clone(), cookies, by_form_post),
            sessions: Sessions::new(self.oauth.clone(), keys, self.vault, self.timeouts),
            oauth: self.oauth,
            site,
            paths,
            cookies,
            keys: self.keys,
            request: self.request,
            kept: self.kept,
            policy,
            error_page: self.error_page,
        };
        Ok(OktaLogin {
            app: Arc::new(app),
            absolute_timeout: self.timeouts.absolute,
            verifier,
        })
    }

    fn check_timeouts(&self) -> Result<(), Error> {
        let Timeouts { idle, absolute } = self.timeouts;
        if idle < Duration::from_secs(60) || absolute < idle || absolute > LONGEST {
            return Err(Error::configuration(
                "the timeouts of sessions cannot be: write an idle one of a minute or more, and an \
                 absolute one that is no shorter, up to 30 days",
            ));
        }
        Ok(())
    }

    fn paths(&self, site: &Site) -> Result<Paths, Error> {
        let logged_out = (self.post_logout_redirect_uri.as_deref())
            .map(|uri| path_at(uri, site))
            .transpose()?;
        let paths = Paths {
            login: self.login.clone(),
            callback: site.callback_path().to_owned(),
            logout: self.logout.clone(),
            back_channel: self.back_channel.as_ref().map(|(path, _)| path.clone()),
            front_channel: self.front_channel.clone(),
            logged_out,
            after_logout: self.after_logout.clone(),
        };
        let mut routes: Vec<_> = [&paths.login, &paths.callback, &paths.logout]
            .into_iter()
            .chain(&paths.logged_out)
            .chain(&paths.back_channel)
            .chain(&paths.front_channel)
            .collect();
        for path in routes.iter().copied().chain([&paths.after_logout]) {
            check_path(path, site)?;
        }
        let count = routes.len();
        routes.sort();
        routes.dedup();
        if routes.len() < count || routes.iter().any(|path| *path == "/") {
            return Err(Error::configuration(
                "login, callback and all kinds of logout need paths of their own, other than `/`; \
                 write such as /login, /callback, /logout and /signed-out",
            ));
        }
        Ok(paths)
    }
}

fn check_path(path: &str, site: &Site) -> Result<(), Error> {
    let fits = path.starts_with('/')
        && !path.contains(['{', '}', '?', '#', '\\', '*'])
        && site.join(path).is_some_and(|url| url.path() == path);
    if fits {
        return Ok(());
    }
    Err(Error::configuration(format!(
        "`{}` is not a path of a route; write such as /login",
        path.escape_debug()
    )))
}

/// The path of a URL of this site.
fn path_at(uri: &str, site: &Site) -> Result<String, Error> {
    let url = Url::parse(uri)
        .ok()
        .filter(|url| url.origin().ascii_serialization() == site.origin() && url.query().is_none());
    url.map(|url| url.path().to_owned()).ok_or_else(|| {
        Error::configuration(format!(
            "the post-logout redirect URI is not a page of the app; write one that begins with \
             {}/",
            site.origin()
        ))
    })
}

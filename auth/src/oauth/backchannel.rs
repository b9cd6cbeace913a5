//! Logging in a user who is elsewhere: CIBA.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::polling::Polling;
use super::{IdToken, OAuthClient, Poll, Scopes, Tokens};
use crate::{Error, Secret};

const GRANT_TYPE: &str = "urn:openid:params:grant-type:ciba";

/// Who is to log in (CIBA Core, section 7.1). `Debug` shows the kind alone.
#[derive(Clone)]
pub struct UserHint {
    name: &'static str,
    value: Secret,
}

impl UserHint {
    /// The user with this login, such as `joe@example.com`.
    pub fn login(username: impl Into<Secret>) -> Self {
        Self {
            name: "login_hint",
            value: username.into(),
        }
    }

    /// The user whom this ID token is about.
    #[must_use]
    pub fn id_token(token: &IdToken) -> Self {
        Self {
            name: "id_token_hint",
            value: token.raw.clone(),
        }
    }

    /// The user whom this token is about, made by someone whom the server trusts.
    pub fn login_hint_token(token: impl Into<Secret>) -> Self {
        Self {
            name: "login_hint_token",
            value: token.into(),
        }
    }
}

impl fmt::Debug for UserHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserHint({})", self.name)
    }
}

/// A back-channel login that is about to begin. Made by [`OAuthClient::backchannel`].
#[must_use = "the login begins with `start`"]
#[derive(Clone, Debug)]
pub struct Backchannel<'a> {
    client: &'a OAuthClient,
    hint: UserHint,
    scopes: Vec<String>,
    binding_message: Option<String>,
    requested_expiry: Option<Duration>,
}

impl OAuthClient {
    /// Asks a user who is elsewhere to log in, with a push notification: client-initiated
    /// back-channel authentication, in poll mode (OpenID Connect CIBA Core 1.0).
    ///
    /// Source: <https://developer.okta.com/docs/guides/configure-ciba/main/>
    ///
    /// ```no_run
    /// # use okta_auth::{Error, oauth::{OAuthClient, UserHint}};
    /// # async fn run(oauth: OAuthClient) -> Result<(), Error> {
    /// let mut login = oauth
    ///     .backchannel(UserHint::login("joe@example.com"))
    ///     .binding_message("Call 4711")
    ///     .start()
    ///     .await?;
    /// let tokens = login.wait().await?;
    /// # Ok(()) }
    /// ```
    pub fn backchannel(&self, hint: UserHint) -> Backchannel<'_> {
        Backchannel {
            client: self,
            hint,
            scopes: Vec::new(),
            binding_message: None,
            requested_expiry: None,
        }
    }
}

impl Backchannel<'_> {
    /// What the tokens are to allow. `openid` is added if it is not among them.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// What the user sees, so as to know what the login is for.
    pub fn binding_message(mut self, message: impl Into<String>) -> Self {
        self.binding_message = Some(message.into());
        self
    }

    /// How long the user has, in whole seconds; Okta takes 1 to 300.
    pub fn requested_expiry(mut self, expiry: Duration) -> Self {
        self.requested_expiry = Some(expiry);
        self
    }

    /// Begins the login: the user is notified, once.
    ///
    /// # Errors
    /// A configuration error for a client that cannot prove who it is; an argument error for an
    /// empty hint, an expiry below one second and a scope that cannot be one; OAuth's error, such
    /// as `unknown_user_id`; a decode error for an answer that lacks something.
    pub async fn start(self) -> Result<BackchannelLogin, Error> {
        self.client.require_confidential("back-channel login")?;
        let scopes = Scopes::new(self.scopes)?;
        let names = scopes.iter().filter(|name| *name != "openid");
        let scopes = Scopes::new(["openid"].into_iter().chain(names))?;
        if self.hint.value.expose().is_empty() {
            return Err(Error::invalid_argument(
                self.hint.name,
                "is empty; say who is to log in",
            ));
        }
        let expiry = self.requested_expiry.map(whole_seconds).transpose()?;
        let form = Form::default()
            .with_scopes(&scopes)
            .with(self.hint.name, self.hint.value)
            .with_some("binding_message", self.binding_message)
            // The specification's name, and Okta's.
            .with_some("requested_expiry", expiry.clone())
            .with_some("request_expiry", expiry);
        let post = Post {
            endpoint: Endpoint::Backchannel,
            form,
            repeatable: false,
        };
        let reply = self.client.post(post).await?;
        reply.read(|mut members| {
            let id = Secret::from(members.required("auth_req_id")?);
            let form = Form::grant(GRANT_TYPE).with("auth_req_id", id);
            let polling = Polling::begin(self.client, &mut members, form, scopes)?;
            Ok(BackchannelLogin { polling })
        })
    }
}

fn whole_seconds(expiry: Duration) -> Result<String, Error> {
    match expiry.as_secs() {
        0 => Err(Error::invalid_argument(
            "requested_expiry",
            "is less than a second; write 1 to 300 seconds",
        )),
        seconds => Ok(seconds.to_string()),
    }
}

/// A login that a user elsewhere was asked for.
#[derive(Clone)]
pub struct BackchannelLogin {
    polling: Polling,
}

impl BackchannelLogin {
    /// When it ends if the user does nothing.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.polling.expires_at
    }

    /// How long to wait between two calls of [`BackchannelLogin::poll`]. It grows when the server
    /// asks for that, or cannot be reached.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.polling.interval()
    }

    /// Waits until the user has logged in, as
    /// [`DeviceLogin::wait`](super::DeviceLogin::wait) does.
    ///
    /// # Errors
    /// OAuth's error: `access_denied` if the user refused, `expired_token` if the time is over; a
    /// credentials error for an ID token that does not verify; a decode error for an answer
    /// without a usable token.
    pub async fn wait(&mut self) -> Result<Tokens, Error> {
        self.polling.wait().await
    }

    /// Asks once, now, whether the user has logged in.
    ///
    /// # Errors
    /// As [`BackchannelLogin::wait`]; and those of a failing connection, after which it may be
    /// called again.
    pub async fn poll(&mut self) -> Result<Poll, Error> {
        self.polling.poll().await
    }
}

impl fmt::Debug for BackchannelLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackchannelLogin")
            .field("expires_at", &self.expires_at())
            .field("interval", &self.interval())
            .finish_non_exhaustive()
    }
}

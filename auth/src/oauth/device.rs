//! Logging in on another device, with a code to type.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::polling::Polling;
use super::{OAuthClient, Poll, Scopes, Tokens};
use crate::{Error, Secret};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A device login that is about to begin. Made by [`OAuthClient::device`].
#[must_use = "the login begins with `start`"]
#[derive(Clone, Debug)]
pub struct Device<'a> {
    client: &'a OAuthClient,
    scopes: Vec<String>,
}

impl OAuthClient {
    /// Begins a login at a device with no browser, such as a terminal: the user opens a page
    /// elsewhere and types a code (RFC 8628).
    ///
    /// Source: <https://developer.okta.com/docs/guides/device-authorization-grant/main/>
    ///
    /// ```no_run
    /// # use okta_auth::{Error, oauth::OAuthClient};
    /// # async fn run(oauth: OAuthClient) -> Result<(), Error> {
    /// let mut login = oauth.device().scopes(["openid", "offline_access"]).start().await?;
    /// println!("Go to {} and type {}", login.verification_uri, login.user_code);
    /// let tokens = login.wait().await?;
    /// # Ok(()) }
    /// ```
    pub fn device(&self) -> Device<'_> {
        Device {
            client: self,
            scopes: Vec::new(),
        }
    }
}

impl Device<'_> {
    /// What the tokens are to allow. Default: `openid` alone.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Begins the login.
    ///
    /// # Errors
    /// An argument error for a scope that cannot be one; OAuth's error, such as
    /// `invalid_client`; a decode error for an answer that lacks something.
    pub async fn start(self) -> Result<DeviceLogin, Error> {
        let mut scopes = Scopes::new(self.scopes)?;
        if scopes.is_empty() {
            scopes = Scopes::new(["openid"])?;
        }
        let post = Post {
            endpoint: Endpoint::Device,
            form: Form::default()
                .with("client_id", self.client.client_id())
                .with_scopes(&scopes),
            // A code that nobody types does no harm.
            repeatable: true,
        };
        let reply = self.client.post(post).await?;
        reply.read(|mut members| {
            let device_code = Secret::from(members.required("device_code")?);
            let form = Form::grant(GRANT_TYPE).with("device_code", device_code);
            Ok(DeviceLogin {
                user_code: members.required("user_code")?,
                verification_uri: members.required("verification_uri")?,
                verification_uri_complete: members.text("verification_uri_complete")?,
                polling: Polling::begin(self.client, &mut members, form, scopes)?,
            })
        })
    }
}

/// A login that goes on on another device. `Debug` shows no code.
#[derive(Clone)]
#[non_exhaustive]
pub struct DeviceLogin {
    /// What the user types.
    pub user_code: String,
    /// Where the user types it.
    pub verification_uri: String,
    /// The same with the code in it, for a link or a QR code.
    pub verification_uri_complete: Option<String>,
    polling: Polling,
}

impl DeviceLogin {
    /// When it ends if the user does nothing.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.polling.expires_at
    }

    /// How long to wait between two calls of [`DeviceLogin::poll`]. It grows when the server
    /// asks for that, or cannot be reached.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.polling.interval()
    }

    /// Waits until the user has logged in, asking the server at its pace. Failing connections
    /// are borne until the login ends.
    ///
    /// It can be stopped at any time (`select!`, a timeout) and called again.
    ///
    /// # Errors
    /// OAuth's error: `access_denied` if the user refused, `expired_token` if the time is over; a
    /// credentials error for an ID token that does not verify; a decode error for an answer
    /// without a usable token.
    pub async fn wait(&mut self) -> Result<Tokens, Error> {
        self.polling.wait().await
    }

    /// Asks once, now, whether the user has logged in: for programs with a loop of their own.
    ///
    /// # Errors
    /// As [`DeviceLogin::wait`]; and those of a failing connection, after which it may be called
    /// again.
    pub async fn poll(&mut self) -> Result<Poll, Error> {
        self.polling.poll().await
    }
}

impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin")
            .field("verification_uri", &self.verification_uri)
            .field("expires_at", &self.expires_at())
            .field("interval", &self.interval())
            .finish_non_exhaustive()
    }
}

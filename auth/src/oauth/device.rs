//! Logging in on another device, with a code to type.

use std::fmt;
use std::time::{Duration, SystemTime};

use url::Url;

use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::members::wrong;
use super::polling::Polling;
use super::redirect_uri::is_loopback;
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
    /// `invalid_client`; a decode error for an answer that lacks something, or sends the user to
    /// something else than an `https` page (or an `http` one on this machine).
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
                verification_uri: page("verification_uri", members.required("verification_uri")?)?,
                verification_uri_complete: members
                    .text("verification_uri_complete")?
                    .map(|uri| page("verification_uri_complete", uri))
                    .transpose()?,
                polling: Polling::begin(self.client, &mut members, form, scopes)?,
            })
        })
    }
}

/// A page that the user can be sent to. Programs show it as a link or open it: what opens something
/// else than a page, such as `javascript:` or a file, is refused.
fn page(name: &str, uri: String) -> Result<String, Error> {
    let has_odd_characters =
        uri.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
    match Url::parse(&uri) {
        Ok(url) if has_odd_characters || !is_page(&url) => Err(wrong(name, "is not an https URL")),
        Ok(_) => Ok(uri),
        Err(_) => Err(wrong(name, "is not a URL")),
    }
}

fn is_page(url: &Url) -> bool {
    let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    is_safe && url.username().is_empty() && url.password().is_none()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_sent_to_pages_and_nowhere_else() {
        for right in [
            "https://acme.okta.com/activate",
            "https://acme.okta.com/activate?user_code=ABCD",
            "http://localhost:8080/activate",
            "http://127.0.0.1:1/activate",
            "http://[::1]/activate",
        ] {
            let page = page("verification_uri", right.to_owned());
            assert_eq!(page.ok().as_deref(), Some(right));
        }
        for wrong in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "vscode://x",
            "http://acme.okta.com/activate",
            "http://evil.localhost/activate",
            "https://acme.okta.com@evil.com/",
            "https:\\\\evil.com",
            "https://evil.com/\u{1b}[2J",
            "java\nscript:alert(1)",
            "/activate",
            "activate",
        ] {
            let error = page("verification_uri", wrong.to_owned()).err();
            assert!(error.is_some_and(|error| error.is_decode()), "{wrong}");
        }
    }
}

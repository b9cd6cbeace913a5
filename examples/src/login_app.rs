//! An app that users log in to: one of yours, or the emulator's.

use anyhow::{Context, bail};
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Issuer, OrgUrl};
use okta_emulator::Emulator;

use crate::program::note;
use crate::settings::{login_org, variable};

/// The kind of app that a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Runs on a server and can keep a secret.
    Web,
    /// Runs on the user's own machine and cannot.
    Native,
}

/// The app, as a client of an authorization server.
#[derive(Debug)]
pub struct LoginApp {
    /// The client.
    pub oauth: OAuthClient,
    /// Where the browser comes back to after a login.
    pub redirect_uri: String,
    /// The org, where nobody's org is configured.
    pub emulator: Option<Emulator>,
}

impl LoginApp {
    /// The app of `OKTA_ORG_URL`, `OKTA_CLIENT_ID`, `OKTA_CLIENT_SECRET` (of a web app) and
    /// `OKTA_REDIRECT_URI`, at the issuer `OKTA_ISSUER` or else the org's custom server
    /// `default`; where `OKTA_ORG_URL` is not set, an app of an emulated org. Says which on
    /// standard error.
    ///
    /// # Errors
    /// If a variable is missing or wrong, or the emulator finds no free port.
    pub async fn configured(kind: Kind, redirect_uri: &str) -> anyhow::Result<Self> {
        let redirect_uri = variable("OKTA_REDIRECT_URI").unwrap_or_else(|| redirect_uri.to_owned());
        let Some(org) = login_org()? else {
            return Self::emulated(kind, redirect_uri).await;
        };
        let issuer = match variable("OKTA_ISSUER") {
            Some(issuer) => Issuer::parse(&issuer)?,
            None => Issuer::custom(&OrgUrl::parse(&org)?, "default")?,
        };
        let client_id = required("OKTA_CLIENT_ID", "the client id of your app")?;
        let secret = match kind {
            Kind::Web => Some(required("OKTA_CLIENT_SECRET", "your app's secret")?),
            Kind::Native => None,
        };
        note(format_args!("App: {client_id} at {}", issuer.as_str()));
        Ok(Self {
            oauth: client(issuer, client_id, secret, &redirect_uri)?,
            redirect_uri,
            emulator: None,
        })
    }

    async fn emulated(kind: Kind, redirect_uri: String) -> anyhow::Result<Self> {
        let emulator = Emulator::start()
            .await
            .context("the emulator did not start")?;
        let issuer = Issuer::parse(&emulator.issuer())?;
        let app = match kind {
            Kind::Web => emulator.web_app(),
            Kind::Native => emulator.native_app(),
        };
        let secret = app.client_secret.clone();
        let oauth = client(issuer, app.client_id.clone(), secret, &redirect_uri)?;
        note(format_args!(
            "App: {} at {}, emulated in this process, since none is configured. For yours, set \
             OKTA_ORG_URL and OKTA_CLIENT_ID.\nLog in as grace@example.com with the password \
             {}",
            app.client_id,
            emulator.issuer(),
            emulator.password()
        ));
        Ok(Self {
            oauth,
            redirect_uri,
            emulator: Some(emulator),
        })
    }
}

fn client(
    issuer: Issuer,
    client_id: String,
    secret: Option<String>,
    redirect_uri: &str,
) -> anyhow::Result<OAuthClient> {
    let authentication = match secret {
        Some(secret) => ClientAuthentication::secret_basic(secret),
        None => ClientAuthentication::none(),
    };
    Ok(OAuthClient::builder(issuer, client_id)
        .authentication(authentication)
        .redirect_uri(redirect_uri)?
        .build()?)
}

fn required(name: &str, what: &str) -> anyhow::Result<String> {
    match variable(name) {
        Some(value) => Ok(value),
        None => bail!("OKTA_ORG_URL is set and {name} is not; set it to {what}"),
    }
}

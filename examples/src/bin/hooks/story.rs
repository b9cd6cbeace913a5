//! What happens in an emulated org, so that it has something to send.

use anyhow::Context;
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Issuer, Secret};
use okta_emulator::Emulator;
use okta_sdk::Client;
use okta_sdk::models::{
    ChangePasswordRequest, CreateUserRequest, PasswordCredential, PasswordCredentialHook,
    UserCredentials, UserProfile,
};

use reqwest::redirect::Policy;

use crate::receivers::{LOGIN, PASSWORD};

/// Where the app is that people log in to. Nobody follows the browser there.
const CALLBACK: &str = "http://localhost:8000/callback";

/// A user is created whose password is elsewhere, logs in, and changes her password; then somebody
/// registers. Returns when the org has sent everything.
pub async fn happen(okta: &Client, emulator: &Emulator) -> anyhow::Result<()> {
    let profile = UserProfile::new()
        .first_name("Ada")
        .last_name("Lovelace")
        .email(LOGIN)
        .login(LOGIN);
    let elsewhere = PasswordCredentialHook::new().type_("default");
    let elsewhere = PasswordCredential::new().hook(elsewhere);
    let user =
        CreateUserRequest::new(profile).credentials(UserCredentials::new().password(elsewhere));
    let user = okta.users().create(user).await?;
    emulator.hooks_delivered().await;

    // The password hook is asked first, and then the token hook.
    let password = Secret::from(PASSWORD);
    let app = emulator.trusted_app();
    let secret = app.client_secret.clone();
    let secret = secret.context("the emulator's app has no secret")?;
    let oauth = OAuthClient::builder(Issuer::parse(&emulator.issuer())?, app.client_id.clone())
        .authentication(ClientAuthentication::secret_basic(secret))
        .build()?;
    oauth.password(LOGIN, &password).send().await?;

    let change = ChangePasswordRequest::new()
        .old_password(PasswordCredential::new().value(password))
        .new_password(PasswordCredential::new().value("Known to nobody else 2"));
    okta.users().change_password(&user.id, change).await?;
    emulator.hooks_delivered().await;
    sign_up(emulator).await?;
    emulator.hooks_delivered().await;
    Ok(())
}

/// Registers, as a browser does: by the link of the login page.
async fn sign_up(emulator: &Emulator) -> anyhow::Result<()> {
    let app = emulator.web_app();
    let oauth = OAuthClient::builder(Issuer::parse(&emulator.issuer())?, app.client_id.clone())
        .redirect_uri(CALLBACK)?
        .build()?;
    let login = oauth.login().scopes(["openid"]).start().await?;
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none());
    let browser = browser.build()?;
    let page = browser.get(login.url()).send().await?.text().await?;
    let link = page.split("href=\"/signup/").nth(1);
    let handle = link.and_then(|rest| rest.split('"').next());
    let handle = handle.context("the login page has no link to sign up")?;
    let form = [
        ("email", "isaac@example.com"),
        ("firstName", "Isaac"),
        ("lastName", "Newton"),
        ("password", "Opticks of 1704"),
    ];
    let url = format!("{}/signup/{handle}", emulator.org_url());
    let answer = browser.post(url).form(&form).send().await?;
    anyhow::ensure!(
        answer.status().is_redirection(),
        "the registration was answered with {}",
        answer.status()
    );
    Ok(())
}

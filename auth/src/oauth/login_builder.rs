//! Beginning a login.

use std::time::Duration;

use url::Url;

use super::form::Form;
use super::login::BeganAt;
use super::{Login, OAuthClient, Prompt, Scopes, pkce, random};
use crate::{Error, Secret, ServerMetadata};

/// How long a login may take, unless the caller says otherwise.
const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// Maximum of what the caller may say.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A login that is about to begin. Made by [`OAuthClient::login`].
#[must_use = "the login begins with `start`"]
#[derive(Clone, Debug)]
pub struct LoginBuilder<'a> {
    client: &'a OAuthClient,
    scopes: Vec<String>,
    prompts: Vec<Prompt>,
    acr_values: Vec<String>,
    max_age: Option<Duration>,
    lifetime: Duration,
    resources: Vec<String>,
    pushed: bool,
    others: Form,
}

impl OAuthClient {
    /// Begins a login in a browser: the authorization code flow with PKCE (RFC 6749, section
    /// 4.1; OpenID Connect Core, section 3.1). [`OAuthClient::exchange_code`] ends it.
    ///
    /// Source: <https://developer.okta.com/docs/guides/implement-grant-type/authcodepkce/main/>
    pub fn login(&self) -> LoginBuilder<'_> {
        LoginBuilder {
            client: self,
            scopes: Vec::new(),
            prompts: Vec::new(),
            acr_values: Vec::new(),
            max_age: None,
            lifetime: LIFETIME,
            resources: Vec::new(),
            pushed: false,
            others: Form::default(),
        }
    }
}

impl LoginBuilder<'_> {
    /// What the tokens are to allow, such as `["openid", "profile", "offline_access"]`. Default:
    /// `openid` alone.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// What the user is asked to do. Called again, it adds one more.
    pub fn prompt(mut self, prompt: Prompt) -> Self {
        self.prompts.push(prompt);
        self
    }

    /// The user name to fill in.
    pub fn login_hint(self, username: impl Into<Secret>) -> Self {
        self.param("login_hint", username)
    }

    /// The identity provider to log in at, by its id in Okta, such as `0oa62bfdjnK55Z5x80h7`.
    pub fn idp(self, id: impl Into<String>) -> Self {
        self.param("idp", id.into())
    }

    /// How strong the login must be, such as `["urn:okta:loa:2fa:any"]`. An ID token that says
    /// none of these is refused when the code is exchanged.
    pub fn acr_values<I>(mut self, values: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.acr_values = values.into_iter().map(Into::into).collect();
        self
    }

    /// How long ago the user may have logged in when this login begins, in whole seconds. An ID
    /// token that tells of an older login is refused when the code is exchanged. Clocks may be 10
    /// seconds apart.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// How long the login may take, in whole seconds, 1 second to 24 hours. A code that comes
    /// later is not exchanged. Default: 10 minutes.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The API that the access token is for, as a URL (RFC 8707, section 2.1). Called again, it
    /// adds one more. A single one is named again when the code is exchanged; of several,
    /// [`Refresh::resource`](super::Refresh::resource) names the one that a token is for.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// Has the callback come as a form that the browser posts, in place of a query.
    pub fn form_post(self) -> Self {
        self.param("response_mode", "form_post")
    }

    /// Sends the parameters ahead, out of the browser's sight (RFC 9126). That is done anyway
    /// where the server wants it.
    pub fn pushed(mut self, pushed: bool) -> Self {
        self.pushed = pushed;
        self
    }

    /// Adds any other parameter, such as `display` or `ui_locales`.
    pub fn param(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.others.add(name, value);
        self
    }

    /// Begins the login. Where parameters are sent ahead, that happens now.
    ///
    /// # Errors
    /// A configuration error for a client with no redirect URI; an argument error for a scope,
    /// resource or lifetime that cannot be one, [`Prompt::None`] along with another, and a parameter that is given
    /// twice; if the server's metadata cannot be obtained; OAuth's error if the server refuses the
    /// parameters sent ahead.
    pub async fn start(self) -> Result<Login, Error> {
        let client = self.client;
        let metadata = client.metadata().await?;
        let pushed = self.pushed || metadata.require_pushed_authorization_requests;
        let mut login = self.prepare()?;
        let mut form = self.parameters(&login)?;
        form.check_names()?;
        if pushed {
            let request = client.push(form).await?;
            login.url_ends_at = request.lifetime.map(|life| client.seconds_from_now(life));
            form = request.form;
        }
        login.url = authorization_url(&metadata, &form);
        Ok(login)
    }

    /// The login, with no URL yet.
    fn prepare(&self) -> Result<Login, Error> {
        let redirect_uri = self.client.redirect_uri().ok_or_else(|| {
            Error::configuration(
                "a login needs a redirect URI; set `redirect_uri` to one that the app integration \
                 has",
            )
        })?;
        if self.prompts.len() > 1 && self.prompts.contains(&Prompt::None) {
            return Err(Error::invalid_argument(
                "prompt",
                "is `none` along with another; ask for nothing, or leave `none` out",
            ));
        }
        let mut scopes = Scopes::new(&self.scopes)?;
        if scopes.is_empty() {
            scopes = Scopes::new(["openid"])?;
        }
        if self.lifetime.as_secs() == 0 || self.lifetime > LONGEST_LIFETIME {
            return Err(Error::invalid_argument(
                "lifetime",
                "is below a second or above 24 hours; write how long a user may take to log in",
            ));
        }
        let wants_id_token = scopes.contains("openid");
        Ok(Login {
            began_at: BeganAt(self.client.seconds_from_now(Duration::ZERO)),
            ends_at: self.client.seconds_from_now(self.lifetime),
            url_ends_at: None,
            resources: self.resources.clone(),
            url: String::new(),
            issuer: self.client.issuer().as_str().to_owned(),
            client_id: self.client.client_id().to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: random::value()?,
            code_verifier: pkce::verifier()?,
            nonce: wants_id_token.then(random::value).transpose()?,
            max_age: self.max_age.map(|age| age.as_secs()),
            acr_values: self.acr_values.clone(),
            scopes,
        })
    }

    fn parameters(self, login: &Login) -> Result<Form, Error> {
        let prompts: Vec<_> = self.prompts.iter().map(Prompt::as_str).collect();
        let listed = |values: &[&str]| (!values.is_empty()).then(|| values.join(" "));
        let acr_values: Vec<_> = login.acr_values.iter().map(String::as_str).collect();
        let mut form = Form::default()
            .with("response_type", "code")
            .with("client_id", login.client_id.as_str())
            .with("redirect_uri", login.redirect_uri.as_str())
            .with_scopes(&login.scopes)
            .with("state", login.state.clone())
            .with_some("nonce", login.nonce.clone())
            .with("code_challenge", pkce::challenge(&login.code_verifier))
            .with("code_challenge_method", "S256")
            .with_some("prompt", listed(&prompts))
            .with_some("acr_values", listed(&acr_values))
            .with_some("max_age", login.max_age.map(|age| age.to_string()))
            .with_resources(&login.resources)?;
        form.append(self.others);
        Ok(form)
    }
}

fn authorization_url(metadata: &ServerMetadata, form: &Form) -> String {
    let mut url: Url = metadata.authorization_endpoint.clone();
    url.query_pairs_mut().extend_pairs(form.pairs());
    url.into()
}

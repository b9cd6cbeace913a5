//! An emulated org and those who talk to it. Its clock stands still until a test moves it on, and
//! they all go by that clock, unless a test sets them apart.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method};
use okta_auth::jose::SigningKey;
use okta_auth::oauth::{
    Callback, ClientAuthentication, Login, LoginBuilder, OAuthClient, OAuthClientBuilder, Tokens,
};
use okta_auth::{
    ApiToken, Call, Clock, Credentials, Error, Issuer, OrgUrl, Pipeline, PipelineBuilder,
    RawResponse, ServiceApp, ServiceAppBuilder,
};
use okta_emulator::{Builder, Emulator, RecordedRequest, SampleClient};
use reqwest::Request;
use serde_json::{Value, json};

pub const GRACE: &str = "grace@example.com";
pub const REDIRECT_URI: &str = "http://localhost:8000/callback";
pub const TOKEN: &str = "/oauth2/v1/token";
pub const USERS: &str = "/api/v1/users";

/// 2026-01-01T00:00:00Z.
const START: Duration = Duration::from_secs(1_767_225_600);

/// The authorization servers of the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Org,
    Default,
}

pub const SERVERS: [Server; 2] = [Server::Org, Server::Default];

impl Server {
    /// The path of an endpoint such as `token`.
    pub fn path(self, endpoint: &str) -> String {
        match self {
            Self::Org => format!("/oauth2/v1/{endpoint}"),
            Self::Default => format!("/oauth2/default/v1/{endpoint}"),
        }
    }
}

pub struct Org {
    pub okta: Emulator,
}

impl Org {
    pub async fn start() -> Self {
        Self::of(Emulator::builder()).await
    }

    pub async fn of(builder: Builder) -> Self {
        let start = SystemTime::UNIX_EPOCH + START;
        let clock = okta_emulator::Clock::fixed(start.into());
        let okta = builder.clock(clock).start().await.unwrap();
        Self { okta }
    }

    /// A clock that shows the org's time.
    pub fn clock(&self) -> Clock {
        let clock = self.okta.clock().clone();
        Clock::new(move || clock.now().into())
    }

    pub fn now(&self) -> SystemTime {
        self.okta.clock().now().into()
    }

    pub fn pass(&self, seconds: u64) {
        self.okta.clock().advance(Duration::from_secs(seconds));
    }

    pub fn url(&self) -> OrgUrl {
        OrgUrl::parse(self.okta.org_url()).unwrap()
    }

    pub fn issuer(&self, server: Server) -> Issuer {
        match server {
            Server::Org => Issuer::org(&self.url()),
            Server::Default => Issuer::parse(&self.okta.issuer()).unwrap(),
        }
    }

    /// A client of `server` as `app`, which may log users in.
    pub fn client(&self, server: Server, app: &SampleClient) -> OAuthClientBuilder {
        OAuthClient::builder(self.issuer(server), &app.client_id)
            .authentication(authentication(app))
            .redirect_uri(REDIRECT_URI)
            .unwrap()
            .clock(self.clock())
            .requests(hasty)
    }

    /// The sample service app, which may read users.
    pub fn service_app(&self) -> ServiceAppBuilder {
        let app = self.okta.service_app();
        ServiceApp::builder(&self.url(), &app.client_id, authentication(app))
            .scopes(["okta.users.read"])
            .clock(self.clock())
            .requests(hasty)
    }

    /// Calls the org's API with `credentials`.
    pub fn api(&self, credentials: impl Into<Credentials>) -> Pipeline {
        let builder = Pipeline::builder(self.url(), credentials);
        hasty(builder).build().unwrap()
    }

    /// Calls the org's API as its administrator.
    pub fn management(&self) -> Pipeline {
        self.api(ApiToken::new(self.okta.token()).unwrap())
    }

    /// The requests to `path` so far.
    pub fn asked(&self, path: &str) -> Vec<RecordedRequest> {
        let requests = self.okta.requests().into_iter();
        requests.filter(|request| request.path == path).collect()
    }

    pub fn asked_for_tokens(&self) -> usize {
        self.asked(TOKEN).len()
    }

    /// Calls the API until the renewal that goes on behind the calls has sent `count` requests.
    /// None of the calls waits for it.
    pub async fn call_until_asked_for_tokens(&self, api: &Pipeline, count: usize) {
        for _ in 0..1000 {
            if self.asked_for_tokens() >= count {
                return;
            }
            assert_eq!(get(api, USERS).await.unwrap().attempts, 1);
        }
        panic!(
            "the renewal did not get so far: {}",
            self.asked_for_tokens()
        );
    }

    /// The id of a user.
    pub async fn user_id(&self, login: &str) -> String {
        let path = format!("{USERS}/{login}");
        let user = get(&self.management(), &path).await.unwrap();
        text(&user, "id")
    }

    /// Grace's browser goes to the login's URL and comes back.
    pub async fn visit(&self, login: &Login) -> Callback {
        let oauth = self.okta.oauth();
        oauth.log_in_automatically(Some(GRACE)).unwrap();
        Callback::parse(&redirect(login.url()).await).unwrap()
    }

    pub async fn log_in(
        &self,
        client: &OAuthClient,
        login: LoginBuilder<'_>,
    ) -> Result<Tokens, Error> {
        let login = login.start().await?;
        let callback = self.visit(&login).await;
        client.exchange_code(&login, &callback).await
    }

    /// Makes an application for everyone through the org's API.
    pub async fn register(&self, method: &str, settings: Value) -> SampleClient {
        let api = self.management();
        let body = json!({
            "label": "Registered",
            "signOnMode": "OPENID_CONNECT",
            "credentials": {"oauthClient": {"token_endpoint_auth_method": method}},
            "settings": {"oauthClient": settings},
        });
        let made = send(&api, Method::POST, "/api/v1/apps", Some(body))
            .await
            .unwrap();
        let groups = get(&api, "/api/v1/groups?q=Everyone").await.unwrap();
        let (app_id, everyone) = (text(&made, "id"), json_of(&groups)[0]["id"].clone());
        let path = format!(
            "/api/v1/apps/{app_id}/groups/{}",
            everyone.as_str().unwrap()
        );
        send(&api, Method::PUT, &path, Some(json!({})))
            .await
            .unwrap();

        let client = &json_of(&made)["credentials"]["oauthClient"];
        let member = |name: &str| client[name].as_str().map(str::to_owned);
        let mut app = SampleClient::default();
        app.client_id = member("client_id").unwrap();
        app.client_secret = member("client_secret");
        app.app_id = app_id;
        app
    }

    /// Lets an application ask for a scope of the org's API.
    pub async fn grant(&self, app: &SampleClient, scope: &str) {
        let path = format!("/api/v1/apps/{}/grants", app.app_id);
        let body = json!({"issuer": self.okta.org_url(), "scopeId": scope});
        let granted = send(&self.management(), Method::POST, &path, Some(body)).await;
        granted.unwrap();
    }

    /// Changes settings of an application's OAuth client.
    pub async fn change(&self, app: &SampleClient, settings: Value) {
        let (api, path) = (self.management(), format!("/api/v1/apps/{}", app.app_id));
        let mut body = json_of(&get(&api, &path).await.unwrap());
        for (name, value) in settings.as_object().unwrap() {
            body["settings"]["oauthClient"][name] = value.clone();
        }
        send(&api, Method::PUT, &path, Some(body)).await.unwrap();
    }
}

/// Retries that do not wait for real.
pub fn hasty(requests: PipelineBuilder) -> PipelineBuilder {
    requests.max_backoff(Duration::from_millis(1))
}

/// How `app` proves who it is.
pub fn authentication(app: &SampleClient) -> ClientAuthentication {
    match (&app.client_secret, &app.private_key_pem) {
        (Some(secret), _) => ClientAuthentication::secret_basic(secret.as_str()),
        (None, Some(pem)) => {
            let key = SigningKey::parse(&pem.as_str().into()).unwrap();
            ClientAuthentication::private_key(key.with_key_id(app.key_id.clone().unwrap()))
        }
        (None, None) => ClientAuthentication::none(),
    }
}

/// Where a browser is sent that goes to `url`.
pub async fn redirect(url: &str) -> String {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let answer = browser.get(url).send().await.unwrap();
    let status = answer.status();
    let location = answer.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| panic!("{status} and no redirect"));
    location.to_str().unwrap().to_owned()
}

pub async fn get(pipeline: &Pipeline, path: &str) -> Result<RawResponse, Error> {
    send(pipeline, Method::GET, path, None).await
}

pub async fn send(
    pipeline: &Pipeline,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Result<RawResponse, Error> {
    let url = pipeline.org_url().as_url().join(path).unwrap();
    let mut request = Request::new(method, url);
    if let Some(body) = body {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(body.to_string().into());
    }
    pipeline.send(request, &Call::new("test", "/test")).await
}

pub fn json_of(response: &RawResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn text(response: &RawResponse, member: &str) -> String {
    json_of(response)[member].as_str().unwrap().to_owned()
}

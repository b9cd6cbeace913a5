//! An app that several servers serve, and a browser that meets all of them.

use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::LOCATION;
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Clock, Issuer, SealingKey, SealingKeys};
use okta_emulator::Emulator;
use okta_web::{OktaLogin, TokenVault, User, UserSession};
use serde::{Deserialize, Serialize};
use tower_sessions::SessionStore;

use crate::client::Client;

/// Where browsers see the app.
pub const ORIGIN: &str = "http://localhost:8000";

/// What all servers of the app have in common.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
}

impl Settings {
    /// An app of `org`, where one user is logged in without being asked.
    pub fn of(org: &Emulator) -> Self {
        let oauth = org.oauth();
        oauth
            .log_in_automatically(Some("grace@example.com"))
            .unwrap();
        let client = org.web_app();
        Self {
            issuer: org.issuer(),
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.clone().unwrap(),
        }
    }
}

/// Serves the app, and gives its URL. The home page says who is logged in, by the server's `name`.
pub async fn serve<Store: SessionStore + Clone>(
    settings: &Settings,
    name: String,
    vault: impl TokenVault,
    store: Store,
    clock: Clock,
) -> String {
    let login = OktaLogin::builder(client(settings, clock), keys(), vault)
        .scopes(["openid", "profile", "offline_access"])
        .idle_timeout(Duration::from_secs(2 * 60 * 60))
        .build()
        .unwrap();
    let home = move |user: User| async move { format!("{name} {}", user.name().unwrap()) };
    let router = Router::new()
        .route("/", get(home))
        .route("/token", get(access_token))
        .merge(login.routes())
        .layer(login.layer(store));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn keys() -> SealingKeys {
    SealingKeys::new(SealingKey::new([7; 32]).unwrap())
}

fn client(settings: &Settings, clock: Clock) -> OAuthClient {
    let issuer = Issuer::parse(&settings.issuer).unwrap();
    let secret = settings.client_secret.as_str();
    OAuthClient::builder(issuer, settings.client_id.as_str())
        .authentication(ClientAuthentication::secret_basic(secret))
        .redirect_uri(&format!("{ORIGIN}/callback"))
        .unwrap()
        .clock(clock)
        .build()
        .unwrap()
}

async fn access_token(session: UserSession) -> Response {
    match session.access_token().await {
        Ok(token) => token.token.expose().to_owned().into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:?}")).into_response(),
    }
}

/// Begins a login at one server and ends it at the other.
pub async fn log_in(one: &str, two: &str) -> Client {
    let mut client = Client::new();
    let login = client.http.get(format!("{one}/login"));
    let okta = client.location(login).await;
    let back = client.http.get(okta).send().await.unwrap();
    let back = back.headers()[LOCATION].to_str().unwrap();
    let callback = back.strip_prefix(ORIGIN).unwrap();
    let callback = client.http.get(format!("{two}{callback}"));
    assert_eq!(client.location(callback).await, "/");
    client
}

/// Logs out at a server, which sends the browser on to Okta.
pub async fn log_out(server: &str, client: &mut Client, org: &Emulator) {
    let logout = client.http.post(format!("{server}/logout"));
    let okta = client.location(logout.header("origin", ORIGIN)).await;
    assert!(okta.starts_with(org.org_url()), "{okta}");
}

/// The access token that a server has for the browser's session.
pub async fn token(server: &str, mut client: Client) -> String {
    let response = client.open(&format!("{server}/token")).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

/// How many requests the org's token endpoint has had.
pub fn token_requests(org: &Emulator) -> usize {
    let requests = org.requests();
    let of_tokens = |path: &str| path.ends_with("/v1/token");
    requests
        .iter()
        .filter(|request| of_tokens(&request.path))
        .count()
}

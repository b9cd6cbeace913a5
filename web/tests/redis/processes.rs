//! An app of two processes, which have nothing in common but Redis and its settings.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use http::StatusCode;
use http::header::LOCATION;
use okta_emulator::Emulator;

use crate::client::Client;
use crate::process::{Process, Settings};
use crate::server::Server;

tests! {
    two_processes_behind_one_redis_have_their_sessions_in_common,
    two_processes_behind_one_redis_renew_a_token_once,
}

const ORIGIN: &str = "http://localhost:8000";
const HOUR: u64 = 60 * 60;

/// Two processes, and what is around them.
struct App {
    one: Process,
    two: Process,
    redis: Server,
    org: Emulator,
}

impl App {
    async fn start() -> Self {
        let org = Emulator::start().await.unwrap();
        let oauth = org.oauth();
        oauth
            .log_in_automatically(Some("grace@example.com"))
            .unwrap();
        let redis = Server::start();
        let client = org.web_app();
        let settings = Settings {
            origin: ORIGIN.to_owned(),
            issuer: org.issuer(),
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.clone().unwrap(),
            socket: redis.socket(),
        };
        Self {
            one: Process::start(&settings),
            two: Process::start(&settings),
            redis,
            org,
        }
    }

    /// Begins a login at one process and ends it at the other.
    async fn log_in(&self) -> Client {
        let mut client = Client::new();
        let login = client.http.get(format!("{}/login", self.one.url));
        let okta = client.location(login).await;
        let back = client.http.get(okta).send().await.unwrap();
        let back = back.headers()[LOCATION].to_str().unwrap();
        let callback = back.strip_prefix(ORIGIN).unwrap();
        let callback = client.http.get(format!("{}{callback}", self.two.url));
        assert_eq!(client.location(callback).await, "/");
        client
    }

    /// How many requests the org's token endpoint has had.
    fn token_requests(&self) -> usize {
        let requests = self.org.requests();
        let of_tokens = |path: &str| path.ends_with("/v1/token");
        requests
            .iter()
            .filter(|request| of_tokens(&request.path))
            .count()
    }
}

async fn two_processes_behind_one_redis_have_their_sessions_in_common() {
    let app = App::start().await;
    let mut client = app.log_in().await;
    for process in [&app.one, &app.two] {
        let page = client.open(&process.url).await.text().await.unwrap();
        assert_eq!(page, format!("{} Grace Hopper", process.id()));
    }
    assert_ne!(app.one.id(), app.two.id());

    let mut thief = client.clone();
    let logout = client.http.post(format!("{}/logout", app.one.url));
    let okta = client.location(logout.header("origin", ORIGIN)).await;
    assert!(okta.starts_with(app.org.org_url()), "{okta}");
    for process in [&app.one, &app.two] {
        let page = thief.open(&process.url).await;
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
    }
    let keys = app.redis.keys().await;
    let sessions = keys.iter().filter(|key| key.contains("web-session"));
    assert_eq!(sessions.count(), 0, "{keys:?}");
}

async fn two_processes_behind_one_redis_renew_a_token_once() {
    let mut app = App::start().await;
    let client = app.log_in().await;
    let first = token(&app.one, client.clone()).await;
    assert_eq!(token(&app.two, client.clone()).await, first);
    assert_eq!(app.token_requests(), 1);

    // The token is over, and the refresh token is not.
    app.org.clock().advance(Duration::from_secs(HOUR + 1));
    for process in [&mut app.one, &mut app.two] {
        process.set_ahead(HOUR + 1);
    }
    let both = [&app.one, &app.two];
    let requests = (0..20).map(|n| token(both[n % 2], client.clone()));
    let tokens: BTreeSet<_> = join_all(requests).await.into_iter().collect();
    assert_eq!(tokens.len(), 1);
    assert!(!tokens.contains(&first));
    assert_eq!(app.token_requests(), 2);
}

/// The access token that a process has for the browser's session.
async fn token(process: &Process, mut client: Client) -> String {
    let response = client.open(&format!("{}/token", process.url)).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

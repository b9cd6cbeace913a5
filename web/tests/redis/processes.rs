//! An app of two processes, which have nothing in common but Redis and its settings.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use http::StatusCode;
use okta_emulator::Emulator;

use crate::app::{self, log_in, log_out, token, token_requests};
use crate::process::{Process, Settings};
use crate::server::Server;

tests! {
    two_processes_behind_one_redis_have_their_sessions_in_common,
    two_processes_behind_one_redis_renew_a_token_once,
}

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
        let redis = Server::start();
        let settings = Settings {
            app: app::Settings::of(&org),
            socket: redis.socket(),
        };
        Self {
            one: Process::start(&settings),
            two: Process::start(&settings),
            redis,
            org,
        }
    }
}

async fn two_processes_behind_one_redis_have_their_sessions_in_common() {
    let app = App::start().await;
    let mut client = log_in(&app.one.url, &app.two.url).await;
    for process in [&app.one, &app.two] {
        let page = client.open(&process.url).await.text().await.unwrap();
        assert_eq!(page, format!("{} Grace Hopper", process.id()));
    }
    assert_ne!(app.one.id(), app.two.id());

    let mut thief = client.clone();
    log_out(&app.one.url, &mut client, &app.org).await;
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
    let client = log_in(&app.one.url, &app.two.url).await;
    let first = token(&app.one.url, client.clone()).await;
    assert_eq!(token(&app.two.url, client.clone()).await, first);
    assert_eq!(token_requests(&app.org), 1);

    // The token is over, and the refresh token is not.
    app.org.clock().advance(Duration::from_secs(HOUR + 1));
    for process in [&mut app.one, &mut app.two] {
        process.set_ahead(HOUR + 1);
    }
    let both = [&app.one, &app.two];
    let requests = (0..20).map(|n| token(&both[n % 2].url, client.clone()));
    let tokens: BTreeSet<_> = join_all(requests).await.into_iter().collect();
    assert_eq!(tokens.len(), 1);
    assert!(!tokens.contains(&first));
    assert_eq!(token_requests(&app.org), 2);
}

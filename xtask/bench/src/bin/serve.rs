//! An org that only lists its users: every page is rendered before the first is asked for.
//!
//! Its arguments are the number of users and how many come on a page. It writes its address, and ends with its input.
#![allow(clippy::print_stdout, reason = "it is the answer")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use serde::Deserialize;
use tokio::net::TcpListener;
use xtask_bench::{PAGE, page};

const RATE_LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

struct Org {
    address: String,
    pages: Vec<Bytes>,
}

/// What a list is asked for; a cursor is the number of a page.
#[derive(Deserialize)]
struct List {
    #[serde(default)]
    after: usize,
}

impl Org {
    fn new(address: SocketAddr, users: usize, per_page: usize) -> Self {
        let address = format!("http://{address}");
        let starts = (0..users).step_by(per_page);
        let pages = starts.map(|start| page(&address, start..start + per_page).into());
        let pages = pages.collect();
        Self { address, pages }
    }

    /// Okta gives two `Link` headers, that of the page itself first.
    fn list(&self, List { after }: &List) -> Response {
        let Some(page) = self.pages.get(*after) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let link = |after: usize, relation: &str| {
            let address = &self.address;
            let url = format!("{address}/api/v1/users?after={after}&limit={PAGE}");
            (header::LINK, format!(r#"<{url}>; rel="{relation}""#))
        };
        let following = after + 1;
        let next = (following < self.pages.len()).then(|| AppendHeaders([link(following, "next")]));
        let reset = SystemTime::now() + Duration::from_secs(60);
        let reset = reset.duration_since(UNIX_EPOCH).unwrap_or_default();
        (
            AppendHeaders([link(*after, "self")]),
            next,
            [
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (RATE_LIMIT, "600".to_owned()),
                (REMAINING, "599".to_owned()),
                (RESET, reset.as_secs().to_string()),
            ],
            page.clone(),
        )
            .into_response()
    }
}

fn argument(index: usize, what: &str) -> anyhow::Result<usize> {
    let argument = std::env::args().nth(index);
    let argument = argument.with_context(|| format!("write {what}"))?;
    argument
        .parse()
        .with_context(|| format!("that is not {what}"))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let users = argument(1, "how many users")?;
    let page = argument(2, "how many users on a page")?;
    ensure!(
        users > 0 && page > 0 && users.is_multiple_of(page),
        "the number of users has to be a multiple of {page}"
    );
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let org = Arc::new(Org::new(address, users, page));
    println!("http://{address}");

    thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let list =
        |State(org): State<Arc<Org>>, Query(list): Query<List>| async move { org.list(&list) };
    let routes = Router::new()
        .route("/api/v1/users", get(list))
        .with_state(org);
    axum::serve(listener, routes).await?;
    Ok(())
}

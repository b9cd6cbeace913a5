//! Orgs, runs, progress and failures as a web page.

use std::net::SocketAddr;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use okta_provision::fleet::{Fleet, Run, RunState};

use crate::status;

/// What keeps the page to itself: it needs no script, and nothing from elsewhere.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    /// The org whose runs these are; all orgs, else.
    org: Option<&'a str>,
    runs: &'a [Run],
    drained: bool,
}

impl Page<'_> {
    fn count(&self, state: RunState) -> usize {
        self.runs.iter().filter(|run| run.state == state).count()
    }
}

/// Serves the page until the process is stopped.
pub async fn serve(fleet: Fleet, listen: SocketAddr) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen at {listen}"))?;
    crate::say(&format!("http://{}", listener.local_addr()?))?;
    axum::serve(listener, router(fleet)).await?;
    Ok(())
}

fn router(fleet: Fleet) -> Router {
    Router::new()
        .route("/", get(all))
        .route("/orgs/{org}", get(one))
        .with_state(fleet)
}

async fn all(State(fleet): State<Fleet>) -> Response {
    page(&fleet, None).await
}

async fn one(State(fleet): State<Fleet>, Path(org): Path<String>) -> Response {
    page(&fleet, Some(&org)).await
}

async fn page(fleet: &Fleet, org: Option<&str>) -> Response {
    match write(fleet, org).await {
        Ok(page) => (HEADERS, Html(page)).into_response(),
        Err(error) => {
            tracing::error!("{error:#}");
            let words = "The database cannot be reached.";
            (StatusCode::SERVICE_UNAVAILABLE, HEADERS, words).into_response()
        }
    }
}

async fn write(fleet: &Fleet, org: Option<&str>) -> anyhow::Result<String> {
    let runs = fleet.runs(org).await?;
    let drained = fleet.is_drained().await?;
    let runs = &runs;
    Ok(Page { org, runs, drained }.render()?)
}

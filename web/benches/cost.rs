//! What a request costs over the same request to a bare handler of axum, in processor time, by rounds
//! in which each has its turn; and what a million visitors leave in memory who never log in.
//!
//! `cargo bench -p okta-web --bench cost`. It needs Linux, whose `/proc` tells the memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../tests/web/browser.rs"]
#[allow(dead_code)]
mod browser;

#[path = "../tests/web/site.rs"]
#[allow(dead_code)]
mod site;

use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ACCEPT, AUTHORIZATION, COOKIE};
use http::{Request, StatusCode};
use okta_auth::{Issuer, Verifier};
use okta_web::api::{Caller, RequireToken};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use tower::ServiceExt as _;

use browser::{Browser, GRACE, SESSION};
use site::Site;

const ROUNDS: usize = 101;
const REQUESTS: u32 = 500;
const VISITORS: u32 = 1_000_000;

/// All on one thread. The org is on it too, and has nothing to do while requests are measured.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let cookie = format!("{SESSION}={}", browser.session().unwrap());
    let token = browser.open(&site, "/token").await.text;

    let bare = Router::new().route("/me", get(|| async { "00u1k1u7AsAk6dZL3z0g3".to_owned() }));
    let api = api(&site);
    let check = RsaCheck::of(&site, &token).await;
    let bearer = format!("Bearer {token}");

    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let bare = cost(&bare, None).await;
        rounds.push([
            bare,
            cost(&site.router, Some((COOKIE.as_str(), &cookie))).await,
            cost(&api, Some((AUTHORIZATION.as_str(), &bearer))).await,
            used_by(|| (0..REQUESTS).for_each(|_| check.run())) / REQUESTS,
        ]);
    }
    let median = |of: &dyn Fn(&[Duration; 4]) -> f64| {
        let mut figures: Vec<f64> = rounds.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures[ROUNDS / 2]
    };
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let over = |[bare, ..]: &[Duration; 4], time: Duration| micros(time) - micros(*bare);
    println!("bare handler: {:.1} µs", median(&|round| micros(round[0])));
    println!(
        "page with a session in memory: {:.1} µs more",
        median(&|round| over(round, round[1]))
    );
    println!(
        "bare RSA check: {:.1} µs",
        median(&|round| micros(round[3]))
    );
    println!(
        "API with a verified token: {:.1} µs more, {:.2} times the RSA check",
        median(&|round| over(round, round[2])),
        median(&|round| over(round, round[2]) / micros(round[3]))
    );
    visitors(&site).await;
}

fn api(site: &Site) -> Router {
    let issuer = Issuer::parse(&site.org.issuer()).unwrap();
    let verifier = Verifier::builder(issuer).audience("api://default");
    Router::new()
        .route(
            "/me",
            get(|caller: Caller| async move { caller.subject().to_owned() }),
        )
        .route_layer(RequireToken::verifier(verifier.build().unwrap()))
}

/// The check of a token's signature alone, by the library that does it in the verifier.
struct RsaCheck {
    key: ParsedPublicKey,
    signed: String,
    signature: Vec<u8>,
}

impl RsaCheck {
    async fn of(site: &Site, token: &str) -> Self {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let header: Value = serde_json::from_slice(&decode(header)).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/v1/keys", site.org.issuer());
        let keys = http.get(url).send().await.unwrap().bytes().await.unwrap();
        let keys: Value = serde_json::from_slice(&keys).unwrap();
        let mut keys = keys["keys"].as_array().unwrap().iter();
        let key = keys.find(|key| key["kid"] == header["kid"]).unwrap();
        let number = |name: &str| decode(key[name].as_str().unwrap());
        let key = RsaPublicKeyComponents {
            n: number("n"),
            e: number("e"),
        };
        Self {
            key: key
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .unwrap(),
            signed: signed.to_owned(),
            signature: decode(signature),
        }
    }

    fn run(&self) {
        let signed = self.signed.as_bytes();
        self.key.verify_sig(signed, &self.signature).unwrap();
    }
}

fn decode(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// What one request for `/me` costs.
async fn cost(router: &Router, header: Option<(&str, &str)>) -> Duration {
    let before = used();
    for _ in 0..REQUESTS {
        let mut request = Request::get("/me");
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        to_bytes(response.into_body(), 100).await.unwrap();
    }
    (used() - before) / REQUESTS
}

fn used_by(work: impl FnOnce()) -> Duration {
    let before = used();
    work();
    used() - before
}

/// The processor time of this thread so far.
fn used() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// Many begin a login, each with a browser of their own, and are never seen again.
async fn visitors(site: &Site) {
    let writes = || {
        let of_vault = site.vault.writes.load(Ordering::Relaxed);
        of_vault + site.store.writes.load(Ordering::Relaxed)
    };
    visit(site, 10_000).await;
    let (before, stored) = (memory(), writes());
    visit(site, VISITORS).await;
    let after = memory();
    assert_eq!(writes(), stored);
    println!("{VISITORS} logins that nobody ends: {before} KiB before, {after} KiB after");
}

async fn visit(site: &Site, count: u32) {
    for _ in 0..count {
        let request = Request::get("/login?return_to=/me").header(ACCEPT, "text/html");
        let response = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
    }
}

/// The memory of this process, in KiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = resident.and_then(|line| line.split_whitespace().next());
    figure.unwrap().parse().unwrap()
}

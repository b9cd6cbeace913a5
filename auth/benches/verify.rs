//! What checking an access token costs, beside the RSA check that is at its heart and beside
//! another library that does the same. In the end it says how many times the bare check that is,
//! by rounds in which each has its turn: other work on the machine hits them alike.
//!
//! `cargo bench -p okta-auth --bench verify`
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::future::IntoFuture;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use futures::executor::block_on;
use jsonwebtoken::{DecodingKey, Validation, decode};
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::{Issuer, ServerMetadata, Verifier};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Where keys are fetched from, once.
struct Server {
    runtime: Runtime,
    listener: std::net::TcpListener,
    issuer: String,
}

impl Server {
    fn new() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        Self {
            runtime: Runtime::new().unwrap(),
            listener,
            issuer: format!("http://{address}/oauth2/default"),
        }
    }

    fn listen(&self) -> TcpListener {
        TcpListener::from_std(self.listener.try_clone().unwrap()).unwrap()
    }
}

/// A token as Okta's custom authorization servers make them.
struct Token {
    key: SigningKey,
    signed: String,
    signature: Vec<u8>,
}

impl Token {
    fn new(issuer: &str) -> Self {
        let key = SigningKey::generate(Algorithm::Rs256)
            .unwrap()
            .with_key_id("U5R8cHbGw445Qbq8zVO1PcCpXL8yG6IcovVa3laCoxM");
        let header = json!({"kid": key.key_id(), "alg": "RS256"});
        let claims = json!({
            "ver": 1, "jti": "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE", "iss": issuer,
            "aud": "api://default", "sub": "00uk1u7AsAk6dZL3z0g3", "iat": 1_700_000_000,
            "exp": 4_000_000_000_i64, "cid": "nmdP1fcyvdVO11AL7ECm", "uid": "00ujmkLgagxeRrAg20g3",
            "scp": ["openid", "email", "profile", "orders:read"], "auth_time": 1_699_999_000,
            "groups": ["Everyone", "Engineering"],
        });
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = key.sign(signed.as_bytes()).unwrap();
        Self {
            key,
            signed,
            signature,
        }
    }

    fn text(&self) -> String {
        format!(
            "{}.{}",
            self.signed,
            URL_SAFE_NO_PAD.encode(&self.signature)
        )
    }

    /// A number of the public key.
    fn number(&self, name: &str) -> String {
        self.key.public_jwk().to_json()[name]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

fn bare(token: &Token) -> ParsedPublicKey {
    let number = |name| URL_SAFE_NO_PAD.decode(token.number(name)).unwrap();
    RsaPublicKeyComponents {
        n: number("n"),
        e: number("e"),
    }
    .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
    .unwrap()
}

/// A verifier that has fetched its keys from a server and remembers up to `remembered` tokens.
fn okta_auth(server: &Server, token: &Token, remembered: usize) -> Verifier {
    let keys = serde_json::to_string(&JwkSet::new(vec![token.key.public_jwk()])).unwrap();
    let issuer = Issuer::parse(&server.issuer).unwrap();
    let verifier = Verifier::builder(issuer.clone())
        .audience("api://default")
        .metadata(ServerMetadata::okta(&issuer))
        .remember_tokens(remembered)
        .build()
        .unwrap();
    server.runtime.block_on(async {
        let app = Router::new().route("/oauth2/default/v1/keys", get(move || async { keys }));
        let served = axum::serve(server.listen(), app).into_future();
        let served = tokio::spawn(served);
        for _ in 0..2 {
            verifier.verify_access_token(&token.text()).await.unwrap();
        }
        served.abort();
    });
    verifier
}

fn jsonwebtoken(issuer: &str, token: &Token) -> (DecodingKey, Validation) {
    let key = DecodingKey::from_rsa_components(&token.number("n"), &token.number("e")).unwrap();
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&["api://default"]);
    (key, validation)
}

/// Says how many times what `bare` takes `whole` takes: the median of many short rounds.
fn compare(bare: impl Fn(), whole: impl Fn()) {
    let batch = |run: &dyn Fn()| -> Duration {
        let start = Instant::now();
        (0..10).for_each(|_| run());
        start.elapsed()
    };
    let round = |_| {
        let bare = batch(&bare).as_secs_f64();
        batch(&whole).as_secs_f64() / bare
    };
    let mut ratios: Vec<f64> = (0..4000).map(round).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "okta-auth: {:.3} times the bare check",
        ratios[ratios.len() / 2]
    );
}

fn verify(criterion: &mut Criterion) {
    let server = Server::new();
    let token = Token::new(&server.issuer);
    let text = token.text();
    let mut group = criterion.benchmark_group("verify");

    let key = bare(&token);
    group.bench_function("bare aws-lc-rs, parsed key", |bencher| {
        let message = token.signed.as_bytes();
        bencher.iter(|| {
            key.verify_sig(black_box(message), &token.signature)
                .unwrap()
        });
    });

    let verifier = okta_auth(&server, &token, 0);
    let remembering = okta_auth(&server, &token, 1000);
    group.bench_function("okta-auth", |bencher| {
        bencher.iter(|| block_on(verifier.verify_access_token(black_box(&text))).unwrap());
    });

    group.bench_function("okta-auth, remembered", |bencher| {
        bencher.iter(|| block_on(remembering.verify_access_token(black_box(&text))).unwrap());
    });
    compare(
        || {
            key.verify_sig(black_box(token.signed.as_bytes()), &token.signature)
                .unwrap()
        },
        || drop(block_on(verifier.verify_access_token(black_box(&text))).unwrap()),
    );

    let (key, validation) = jsonwebtoken(&server.issuer, &token);
    group.bench_function("jsonwebtoken", |bencher| {
        bencher.iter(|| decode::<Value>(black_box(&text), &key, &validation).unwrap());
    });
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);

//! What checking an access token costs, beside the RSA check that is at its heart and beside
//! another library that does the same.
//!
//! `cargo bench -p okta-auth --bench verify`
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use futures::executor::block_on;
use jsonwebtoken::{DecodingKey, Validation, decode};
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::{Clock, Issuer, Verifier};
use serde_json::{Value, json};

const ISSUER: &str = "https://acme.okta.com/oauth2/default";

/// A token as Okta's custom authorization servers make them.
struct Token {
    key: SigningKey,
    signed: String,
    signature: Vec<u8>,
}

impl Token {
    fn new() -> Self {
        let key = SigningKey::generate(Algorithm::Rs256)
            .unwrap()
            .with_key_id("U5R8cHbGw445Qbq8zVO1PcCpXL8yG6IcovVa3laCoxM");
        let header = json!({"kid": key.key_id(), "alg": "RS256"});
        let claims = json!({
            "ver": 1, "jti": "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE", "iss": ISSUER,
            "aud": "api://default", "sub": "00uk1u7AsAk6dZL3z0g3", "iat": 1_800_000_000,
            "exp": 1_800_003_600, "cid": "nmdP1fcyvdVO11AL7ECm", "uid": "00ujmkLgagxeRrAg20g3",
            "scp": ["openid", "email", "profile", "orders:read"], "auth_time": 1_799_999_000,
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

fn okta_auth(token: &Token) -> Verifier {
    let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    Verifier::builder(Issuer::parse(ISSUER).unwrap())
        .audience("api://default")
        .clock(Clock::fixed(now))
        .keys(JwkSet::new(vec![token.key.public_jwk()]))
        .build()
        .unwrap()
}

fn jsonwebtoken(token: &Token) -> (DecodingKey, Validation) {
    let key = DecodingKey::from_rsa_components(&token.number("n"), &token.number("e")).unwrap();
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&["api://default"]);
    (key, validation)
}

fn verify(criterion: &mut Criterion) {
    let token = Token::new();
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

    let verifier = okta_auth(&token);
    group.bench_function("okta-auth", |bencher| {
        bencher.iter(|| block_on(verifier.verify_access_token(black_box(&text))).unwrap());
    });

    let (key, validation) = jsonwebtoken(&token);
    group.bench_function("jsonwebtoken", |bencher| {
        bencher.iter(|| decode::<Value>(black_box(&text), &key, &validation).unwrap());
    });
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);

//! What the fuzz targets do. Each function takes any bytes and panics only if something is wrong
//! in `okta-auth`. `auth/tests/fuzz.rs` includes this file too, so that both do the same.

use std::io::Write;
use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::FutureExt;
use http::header::{CONTENT_ENCODING, HeaderName, LINK};
use http::{HeaderMap, HeaderValue, Method, Response};
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::oauth::Callback;
use okta_auth::transport::Answer;
use okta_auth::verifier::{DpopRequest, ProofError};
use okta_auth::{
    Call, Clock, IdTokenChecks, Issuer, RateLimit, Secret, ServerMetadata, Verifier, VerifyError,
    link,
};
use url::Url;

const ISSUER: &str = "https://acme.okta.com/oauth2/default";
const AUDIENCE: &str = "api://default";
const CLIENT: &str = "0oaClient";
const NOW: u64 = 1_800_000_000;

/// The key of RFC 7515, appendix A.3.
const KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"ec",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

const HEADER: &[u8] = br#"{"alg":"ES256","kid":"ec"}"#;

static SIGNING_KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::parse(&Secret::from(KEY)).expect("the RFC's key"));

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    verifier(JwkSet::new(vec![SIGNING_KEY.public_jwk()])).expect("a key that fits")
});

fn issuer() -> Issuer {
    Issuer::parse(ISSUER).expect("an issuer")
}

fn verifier(keys: JwkSet) -> Option<Verifier> {
    Verifier::builder(issuer())
        .audience(AUDIENCE)
        .client_id(CLIENT)
        .algorithms(Algorithm::ALL)
        .clock(Clock::fixed(UNIX_EPOCH + Duration::from_secs(NOW)))
        .keys(keys)
        .build()
        .ok()
}

/// The verifier has its keys, so nothing is waited for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("no request is made")
}

/// A token, as text, and as claims and as a header that are signed by the right key.
pub fn jwt(data: &[u8]) {
    // A good signature cannot be come by.
    assert!(!is_taken(&String::from_utf8_lossy(data)));
    if is_taken(&sign(HEADER, data)) {
        let claims: serde_json::Value = serde_json::from_slice(data).expect("claims are JSON");
        assert_eq!(claims["iss"], ISSUER);
        assert!(claims["exp"].is_number() && claims["iat"].is_number());
    }
    is_taken(&sign(
        data,
        br#"{"iss":"https://acme.okta.com/oauth2/default"}"#,
    ));
}

fn sign(header: &[u8], claims: &[u8]) -> String {
    let part = |bytes| URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SIGNING_KEY.sign(signed.as_bytes()).expect("random numbers");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Whether `token` is taken, as at most one kind.
fn is_taken(token: &str) -> bool {
    let errors: Vec<VerifyError> = [
        at_once(VERIFIER.verify_access_token(token)).err(),
        at_once(VERIFIER.verify_id_token(token, &IdTokenChecks::new())).err(),
        at_once(VERIFIER.verify_logout_token(token)).err(),
    ]
    .into_iter()
    .flatten()
    .collect();
    for error in &errors {
        assert!(!error.to_string().is_empty() && !format!("{error:?}").is_empty());
    }
    assert!(errors.len() >= 2, "one token is of two kinds");
    errors.len() == 2
}

/// A DPoP proof, as text, and as claims and as a header that are signed by the key of the token.
pub fn dpop_proof(data: &[u8]) {
    assert!(!is_proof(data));
    if is_proof(proof_of(data).as_bytes()) {
        let claims: serde_json::Value = serde_json::from_slice(data).expect("claims are JSON");
        assert_eq!(claims["htm"], "GET");
        assert_eq!(claims["ath"], token_hash());
        assert!(claims["iat"].is_number() && claims["jti"].is_string());
    }
    is_proof(sign(data, br#"{"htm":"GET"}"#).as_bytes());
}

/// A proof with these claims, by the key that the access token is bound to.
pub fn proof_of(claims: &[u8]) -> String {
    let jwk = SIGNING_KEY.public_jwk().to_json();
    let jwk: serde_json::Map<_, _> = ["kty", "crv", "x", "y"]
        .map(|name| (name.to_owned(), jwk[name].clone()))
        .into_iter()
        .collect();
    let header = serde_json::json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
    sign(header.to_string().as_bytes(), claims)
}

/// An access token that is bound to the key.
static BOUND: LazyLock<String> = LazyLock::new(|| {
    let claims = serde_json::json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "a", "cid": CLIENT, "jti": "AT.1",
        "iat": NOW, "exp": NOW + 3600,
        "cnf": {"jkt": SIGNING_KEY.public_jwk().thumbprint()},
    });
    sign(HEADER, claims.to_string().as_bytes())
});

/// The hash of the access token, which a proof has as `ath`.
pub fn token_hash() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, BOUND.as_bytes()))
}

/// Whether `proof` is one for the request that the target makes.
pub fn is_proof(proof: &[u8]) -> bool {
    let request = DpopRequest::new(&Method::GET, "https://api.example.com/a%2Fb").proof(proof);
    match at_once(VERIFIER.verify_dpop_access_token(&BOUND, request)) {
        Ok(_) => true,
        // The right one is good once.
        Err(VerifyError::Proof(ProofError::Replayed)) => true,
        Err(error) => {
            assert!(!error.to_string().is_empty() && error.status().is_client_error());
            false
        }
    }
}

/// A security event token, as text and as claims that are signed by the right key.
pub fn security_event(data: &[u8]) {
    let take = |token: &str| {
        let event = VERIFIER.verify_security_event::<serde_json::Value>(token);
        at_once(event).is_ok()
    };
    assert!(!take(&String::from_utf8_lossy(data)));
    let header = br#"{"alg":"ES256","kid":"ec","typ":"secevent+jwt"}"#;
    if take(&sign(header, data)) {
        let claims: serde_json::Value = serde_json::from_slice(data).expect("claims are JSON");
        assert_eq!(claims["iss"], ISSUER);
        assert!(claims["events"].is_object() && claims["jti"].is_string());
    }
}

/// A key set, as a server might publish it.
pub fn jwks(data: &[u8]) {
    let Ok(set) = serde_json::from_slice::<JwkSet>(data) else {
        return;
    };
    for key in &set.keys {
        assert_eq!(key.thumbprint().len(), 43);
    }
    let text = serde_json::to_vec(&set).expect("a set is JSON");
    let again: JwkSet = serde_json::from_slice(&text).expect("what was written is read");
    assert_eq!(again, set);
    if let Some(verifier) = verifier(set) {
        // It has passed once through a key that may be anything.
        let token = sign(HEADER, b"{}");
        let error = at_once(verifier.verify_access_token(&token)).expect_err("no claims");
        assert!(!matches!(error, VerifyError::Keys(_)));
    }
}

/// A discovery document.
pub fn discovery(data: &[u8]) {
    let issuer = issuer();
    let Ok(metadata) = ServerMetadata::from_json(&issuer, data) else {
        return;
    };
    assert_eq!(metadata.issuer, ISSUER);
    let org = issuer.org_url();
    for url in [
        &metadata.authorization_endpoint,
        &metadata.token_endpoint,
        &metadata.jwks_uri,
    ] {
        assert!(org.is_origin_of(url), "{url}");
    }
    let text = serde_json::to_vec(&metadata).expect("metadata is JSON");
    let again = ServerMetadata::from_json(&issuer, &text).expect("what was written is read");
    assert_eq!(again, metadata);
}

/// What a browser brings back from a login.
pub fn callback(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Callback::parse(&text) {
        Ok(callback) => assert!(!format!("{callback:?}").is_empty()),
        Err(error) => assert!(error.is_invalid_argument(), "{error}"),
    }
}

/// A `Link` header.
pub fn link(data: &[u8]) {
    for link in link::parse(&String::from_utf8_lossy(data)) {
        assert!(!link.has_rel("a relation that has spaces"));
    }
    let Ok(value) = HeaderValue::from_bytes(data) else {
        return;
    };
    let base = Url::parse("https://acme.okta.com/api/v1/users").expect("a URL");
    let headers = HeaderMap::from_iter([(LINK, value)]);
    if let Ok(Some(next)) = link::next(&headers, &base) {
        assert_eq!(next.origin(), base.origin());
    }
}

/// The headers of a rate limit, a line each.
pub fn rate_headers(data: &[u8]) {
    let names = [
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ];
    let lines = data.split(|byte| *byte == b'\n');
    let headers: HeaderMap = names
        .map(HeaderName::from_static)
        .into_iter()
        .cycle()
        .zip(lines)
        .filter_map(|(name, line)| Some((name, HeaderValue::from_bytes(line).ok()?)))
        .collect();
    if let Some(limit) = RateLimit::from_headers(&headers) {
        for (name, number) in names
            .into_iter()
            .zip([limit.limit, limit.remaining, limit.reset])
        {
            let stands = |value: &HeaderValue| {
                value
                    .to_str()
                    .unwrap_or("")
                    .split(',')
                    .any(|part| part.trim().parse() == Ok(number))
            };
            assert!(headers.get_all(name).iter().any(stands), "{name}: {number}");
        }
    }
}

/// A body that says that it is `gzip`.
pub fn gzip(data: &[u8]) {
    /// The longest body that is taken.
    const LIMIT: usize = 1000;
    let read = |wire: Vec<u8>| {
        let response = Response::builder().header(CONTENT_ENCODING, "gzip");
        let response = response.body(wire).expect("a response");
        let call = Call::new("fuzz", "").max_response_bytes(LIMIT);
        at_once(Answer::read(response.into(), &call)).ok()
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).expect("memory");
    let good = encoder.finish().expect("memory");
    let answer = read(good.clone()).expect("a good body");
    assert_eq!(
        &answer.body()[..],
        if data.len() <= LIMIT { data } else { b"" }
    );

    // As it is, after the header of a member, and a good body that is damaged.
    let mut damaged = good.clone();
    if let Some(byte) = damaged.get_mut(data.len() % good.len()) {
        *byte ^= 1 << (data.len() % 8);
    }
    for wire in [data.to_vec(), [&good[..10], data].concat(), damaged] {
        if let Some(answer) = read(wire) {
            assert!(answer.body().len() <= LIMIT);
        }
    }
}

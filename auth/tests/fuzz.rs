//! A bounded run of the fuzz targets: seeds, mutated in ways that are the same each time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use fastrand::Rng;

const ROUNDS: usize = 20_000;

/// Pieces that parsers have opinions on.
const PIECES: [&[u8]; 20] = [
    b".", b"..", b"=", b"==", b"\"", b"{", b"}", b"[", b"]", b",", b":", b"null", b"none", b"%00",
    b"&", b"<", b">;", b"\xff", b"\\u0000", b"1e999",
];

/// Runs `target` over mutations of `seeds`; each seed as it is comes first.
fn run(target: fn(&[u8]), seeds: &[&str]) {
    let mut random = Rng::with_seed(0x6f6b_7461);
    for seed in seeds {
        target(seed.as_bytes());
    }
    for _ in 0..ROUNDS {
        let mut data = pick(&mut random, seeds).as_bytes().to_vec();
        for _ in 0..random.usize(1..6) {
            mutate(&mut random, &mut data, seeds);
        }
        target(&data);
    }
}

fn pick<'a>(random: &mut Rng, seeds: &[&'a str]) -> &'a str {
    seeds[random.usize(..seeds.len())]
}

fn mutate(random: &mut Rng, data: &mut Vec<u8>, seeds: &[&str]) {
    let at = random.usize(..=data.len());
    let end = random.usize(at..=data.len());
    match random.u8(..6) {
        0 if at < data.len() => data[at] ^= 1 << random.u8(..8),
        1 if at < data.len() => data[at] = random.u8(..),
        2 => drop(data.drain(at..end)),
        3 => drop(data.splice(at..at, PIECES[random.usize(..PIECES.len())].iter().copied())),
        4 => {
            let piece = data[at..end].to_vec();
            let to = random.usize(..=data.len());
            drop(data.splice(to..to, piece));
        }
        _ => {
            let other = pick(random, seeds).as_bytes();
            let from = random.usize(..=other.len());
            data.truncate(at);
            data.extend(&other[from..]);
        }
    }
    data.truncate(4096);
}

#[test]
fn jwt() {
    let seeds = [
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        r#"{"alg":"ES256","kid":"ec","typ":"at+jwt"}"#,
        r#"{"alg":"ES256","crit":["b64"],"b64":false,"jwk":{}}"#,
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":"api://default","sub":"a","cid":"0oaClient","iat":1800000000,"nbf":1800000000,"exp":1800003600,"scp":["a"],"jti":"AT.1"}"#,
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":["0oaClient"],"sub":"a","iat":1800000000,"exp":1800003600.5,"azp":"0oaClient","amr":["pwd"],"auth_time":1799999999}"#,
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":"0oaClient","sub":"a","sid":"b","jti":"c","iat":1800000000,"exp":1800003600,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#,
    ];
    run(targets::jwt, &seeds);
}

#[test]
fn dpop_proof() {
    let right = format!(
        r#"{{"jti":"r","htm":"GET","htu":"https://api.example.com/a%2Fb","iat":1800000000,"ath":"{}"}}"#,
        targets::token_hash()
    );
    assert!(targets::is_proof(
        targets::proof_of(right.as_bytes()).as_bytes()
    ));
    let seeds = [
        &*right,
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7fX0.eyJqdGkiOiJhIn0.AAAA",
        r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}"#,
        r#"{"jti":"a","htm":"GET","htu":"https://api.example.com/a%2Fb","iat":1800000000,"ath":""}"#,
        r#"{"jti":"b","htm":"GET","htu":"HTTPS://API.example.com:443/./a%2fb?x#y","iat":1799999990.5,"ath":"x","nonce":"n"}"#,
    ];
    run(targets::dpop_proof, &seeds);
}

#[test]
fn security_event() {
    let seeds = [
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":"api://default","iat":1800000000,"jti":"a","events":{"https://schemas.openid.net/secevent/caep/event-type/session-revoked":{"subject":{"format":"email","email":"a@b.c"}}}}"#,
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":["api://default"],"iat":1800000000,"jti":"b","txn":"t","toe":1799999999,"sub_id":{"format":"iss_sub","iss":"i","sub":"s"},"events":{"u":{}}}"#,
        "eyJ0eXAiOiJzZWNldmVudCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.AAAA",
    ];
    run(targets::security_event, &seeds);
}

#[test]
fn jwks() {
    let seeds = [
        r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"ec","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#,
        r#"{"keys":[{"kty":"RSA","alg":"RS256","kid":"ec","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]}"#,
        r#"{"keys":[{"kty":"oct","k":"AA"},{"kty":"OKP","crv":"Ed25519","x":"AA"},null,[],7]}"#,
    ];
    run(targets::jwks, &seeds);
}

#[test]
fn discovery() {
    let seeds = [
        r#"{"issuer":"https://acme.okta.com/oauth2/default","authorization_endpoint":"https://acme.okta.com/oauth2/default/v1/authorize","token_endpoint":"https://acme.okta.com/oauth2/default/v1/token","jwks_uri":"https://acme.okta.com/oauth2/default/v1/keys"}"#,
        r#"{"issuer":"https://acme.okta.com/oauth2/default","authorization_endpoint":"https://acme.okta.com/a","token_endpoint":"https://acme.okta.com/b","jwks_uri":"https://acme.okta.com/c","revocation_endpoint":"https://acme.okta.com/d?x=1#y","grant_types_supported":["password"],"require_pushed_authorization_requests":true,"claims_supported":["sub"]}"#,
        r#"{"issuer":"https://acme.okta.com","token_endpoint":"http://evil.com@acme.okta.com:443/"}"#,
    ];
    run(targets::discovery, &seeds);
}

#[test]
fn callback() {
    let seeds = [
        "?code=P5I7mdxxdv13_JfXrCSq&state=af0ifjsldkj",
        "http://localhost:8000/callback?code=a%20b+c&state=x&iss=https%3A%2F%2Facme.okta.com",
        "error=access_denied&error_description=User+is+not+assigned&state=x",
        "code=a&code=b&state=%F0%9F%A6%80&state=%zz",
    ];
    run(targets::callback, &seeds);
}

#[test]
fn link() {
    let seeds = [
        r#"<https://acme.okta.com/api/v1/users?after=000&limit=2>; rel="next""#,
        r#"<https://acme.okta.com/api/v1/users?limit=2>; rel="self", <https://acme.okta.com/api/v1/users?after=1>; rel="next last"; title="a, \"b\"; <c>""#,
        "</api/v1/users?after=2>;rel=next,<//evil.com>;rel=next",
    ];
    run(targets::link, &seeds);
}

#[test]
fn rate_headers() {
    let seeds = [
        "600\n599\n1700000060",
        "0\n0\n0",
        "600, 1200\n7, 3\n253402300799\n18446744073709551615",
    ];
    run(targets::rate_headers, &seeds);
}

#[test]
fn gzip() {
    let seeds = [
        r#"[{"id":"00u1","profile":{"login":"grace@example.com"}}]"#,
        "\u{3}\0\0\0\0\0\0\0\0\0",
        "\u{1}\u{5}\0\0\0aaaaa",
    ];
    run(targets::gzip, &seeds);
}

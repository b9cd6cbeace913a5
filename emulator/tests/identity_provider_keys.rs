//! The keys of identity providers: those with which the org signs, and those that it trusts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use okta_emulator::{Clock, Emulator, Seed};
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, date_time_ymd};
use serde_json::{Value, json};
use support::Org;

const STORE: &str = "/api/v1/idps/credentials/keys";

fn provider(name: &str, credentials: Value) -> Value {
    json!({
        "name": name, "type": "SAML2",
        "protocol": {
            "type": "SAML2",
            "endpoints": { "sso": { "url": "https://idp.example.com", "binding": "HTTP-POST" } },
            "credentials": credentials,
        },
        "policy": { "accountLink": { "action": "AUTO" } },
    })
}

fn trust(kid: &str) -> Value {
    json!({ "trust": { "issuer": "https://idp.example.com", "kid": kid } })
}

async fn created(org: &Org, body: Value) -> Value {
    let created = org.post("/api/v1/idps", body).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    created.body
}

fn keys_of(provider: &Value) -> String {
    let id = provider["id"].as_str().unwrap();
    format!("/api/v1/idps/{id}/credentials/keys")
}

fn kid_of(provider: &Value) -> String {
    let kid = &provider["protocol"]["credentials"]["signing"]["kid"];
    kid.as_str().unwrap().to_owned()
}

/// A certificate of a key that ends with 2035.
fn certificate(key: KeyPair) -> Vec<u8> {
    let mut params = CertificateParams::new(["idp.example.com".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2036, 1, 1);
    params.self_signed(&key).unwrap().der().to_vec()
}

/// A key on P-256.
fn elliptic() -> KeyPair {
    KeyPair::generate().unwrap()
}

#[tokio::test]
async fn providers_sign_with_the_orgs_key_until_they_have_their_own() {
    let org = Org::empty().await;
    let one = created(&org, provider("One", trust("none"))).await;
    let two = created(&org, provider("Two", trust("none"))).await;
    assert_eq!(kid_of(&one), kid_of(&two));
    let keys = keys_of(&one);
    let listed = org.get(&keys).await.body;
    assert_eq!(listed[0]["kid"], kid_of(&one));
    assert_eq!(org.get(&keys_of(&two)).await.body, listed);
    assert_eq!(org.get(&format!("{keys}/active")).await.body, listed);

    let made = org
        .post(&format!("{keys}/generate?validityYears=2"), json!({}))
        .await;
    assert_eq!(made.status, 200, "{:#}", made.body);
    let kid = made.body["kid"].as_str().unwrap();
    assert_ne!(made.body["n"], listed[0]["n"]);
    let longer = format!("{keys}/generate?validityYears=11");
    org.post(&longer, json!({})).await.refused(400, "E0000001");

    let path = format!("/api/v1/idps/{}", one["id"].as_str().unwrap());
    let mut changed = one.clone();
    changed["protocol"]["credentials"]["signing"]["kid"] = json!("none");
    let refused = org.put(&path, changed.clone()).await;
    refused.refused(400, "E0000001");
    changed["protocol"]["credentials"]["signing"]["kid"] = json!(kid);
    let replaced = org.put(&path, changed.clone()).await;
    assert_eq!(kid_of(&replaced.body), kid);
    let active = org.get(&format!("{keys}/active")).await.body;
    assert_eq!(active, json!([made.body]));
    // What does not name a key does not change it.
    let credentials = &mut changed["protocol"]["credentials"];
    credentials.as_object_mut().unwrap().remove("signing");
    let replaced = org.put(&path, changed).await;
    assert_eq!(kid_of(&replaced.body), kid);
    assert_eq!(kid_of(&two), listed[0]["kid"]);

    let clone = format!(
        "{keys}/{kid}/clone?targetIdpId={}",
        two["id"].as_str().unwrap()
    );
    let cloned = org.post(&clone, json!({})).await;
    assert_eq!((cloned.status, &cloned.body), (201, &made.body));
    assert_eq!(org.get(&keys_of(&two)).await.body[1], made.body);
    org.post(&clone, json!({})).await.refused(400, "E0000001");

    // The other one keeps what it was given.
    assert_eq!(org.delete(&path).await.status, 204);
    org.get(&keys).await.refused(404, "E0000007");
    assert_eq!(org.get(&keys_of(&two)).await.body[1], made.body);
}

#[tokio::test]
async fn who_signs_nothing_has_no_active_key() {
    let org = Org::empty().await;
    let google = json!({
        "name": "Social", "type": "GOOGLE",
        "protocol": { "type": "OIDC", "scopes": ["openid"], "credentials": { "client": {
            "client_id": "id", "client_secret": "secret",
        } } },
        "policy": { "accountLink": { "action": "AUTO" } },
    });
    let keys = keys_of(&created(&org, google).await);
    assert_eq!(org.get(&keys).await.body, json!([]));
    assert_eq!(org.get(&format!("{keys}/active")).await.status, 204);
    let none = org.get("/api/v1/idps/0oa0/credentials/keys").await;
    none.refused(404, "E0000007");
}

#[tokio::test]
async fn the_key_store_has_certificates_and_keeps_those_in_use() {
    let start = chrono::DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let builder = Emulator::builder().seed(Seed::empty());
    let org = Org::start(builder.clock(Clock::fixed(start.to_utc()))).await;
    let app = json!({ "label": "Payroll", "signOnMode": "SAML_2_0" });
    let app = org.post("/api/v1/apps", app).await.id();
    let signing = org
        .get(&format!("/api/v1/apps/{app}/credentials/keys"))
        .await;
    let rsa = signing.body[0]["x5c"][0].as_str().unwrap();
    // Line breaks do no harm, and come back.
    let broken = format!("{}\n    {}", &rsa[..60], &rsa[60..]);
    let made = org.post(STORE, json!({ "x5c": [broken] })).await;
    assert_eq!(made.status, 200, "{:#}", made.body);
    let key = &made.body;
    assert_eq!(key["x5c"], json!([broken]));
    for member in ["kty", "n", "e", "expiresAt", "x5t#S256", "use"] {
        assert_eq!(key[member], signing.body[0][member], "{member}");
    }
    let kid = key["kid"].as_str().unwrap();
    let one = format!("{STORE}/{kid}");
    assert_eq!(org.get(&one).await.body, *key);

    let user = created(&org, provider("Partner", trust(kid))).await;
    let path = format!("/api/v1/idps/{}", user["id"].as_str().unwrap());
    let refused = org.delete(&one).await;
    let cause = refused.refused(400, "E0000001");
    assert_eq!(cause, "kid: the identity provider Partner uses this key");
    // One that is switched off uses it as well, and one that has it beside another.
    org.post(&format!("{path}/lifecycle/deactivate"), json!({}))
        .await;
    org.delete(&one).await.refused(400, "E0000001");
    let mut changed = user.clone();
    changed["protocol"]["credentials"]["trust"]["kid"] = json!("none");
    changed["protocol"]["credentials"]["trust"]["additionalKids"] = json!([kid]);
    assert_eq!(org.put(&path, changed).await.status, 200);
    org.delete(&one).await.refused(400, "E0000001");

    let der = certificate(elliptic());
    let x5c = json!([STANDARD.encode(&der)]);
    let replaced = org.put(&one, json!({ "x5c": x5c })).await;
    assert_eq!(replaced.status, 200, "{:#}", replaced.body);
    assert_eq!(
        (&replaced.body["kid"], &replaced.body["kty"]),
        (&json!(kid), &json!("EC"))
    );
    let print = URL_SAFE_NO_PAD.encode(digest(&SHA256, &der));
    assert_eq!(replaced.body["x5t#S256"], print);
    assert_eq!(replaced.body["expiresAt"], "2036-01-01T00:00:00.000Z");

    assert_eq!(org.delete(&path).await.status, 204);
    assert_eq!(org.delete(&one).await.status, 204);
    org.get(&one).await.refused(404, "E0000007");
    let log = org
        .get("/api/v1/logs?filter=eventType%20sw%20%22system.idp.key%22")
        .await;
    let expected = ["create", "update", "delete"].map(|it| format!("system.idp.key.{it}"));
    assert_eq!(log.each("/eventType"), expected);
}

#[tokio::test]
async fn the_key_store_takes_certificates_and_nothing_else() {
    let org = Org::empty().await;
    let foreign = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let bad = [
        json!({ "x5c": [] }),
        json!({ "x5c": ["no certificate"] }),
        json!({ "x5c": [STANDARD.encode(b"no certificate")] }),
        json!({ "x5c": vec!["a"; 11] }),
        json!({ "x5c": [STANDARD.encode(certificate(foreign))] }),
    ];
    for body in bad {
        let refused = org.post(STORE, body).await;
        refused.refused(400, "E0000001");
    }
    assert_eq!(org.get(STORE).await.body, json!([]));
    for _ in 0..3 {
        let x5c = json!([STANDARD.encode(certificate(elliptic()))]);
        assert_eq!(org.post(STORE, json!({ "x5c": x5c })).await.status, 200);
    }
    let (pages, kids) = org.pages(&format!("{STORE}?limit=2"), "/kid").await;
    assert_eq!((pages, kids.len()), (2, 3));
}

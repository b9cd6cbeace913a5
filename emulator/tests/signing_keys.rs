//! The keys with which applications sign, and their SAML metadata.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use support::Org;
use x509_parser::prelude::{FromDer, X509Certificate};

async fn saml_app(org: &Org, label: &str) -> (String, String) {
    let body = json!({ "label": label, "signOnMode": "SAML_2_0" });
    let created = org.post("/api/v1/apps", body).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    let kid = created.body["credentials"]["signing"]["kid"].as_str();
    (created.id(), kid.unwrap().to_owned())
}

/// The certificate of a key, in DER.
fn certificate(key: &Value) -> Vec<u8> {
    STANDARD.decode(key["x5c"][0].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn an_app_signs_with_a_key_that_has_a_certificate() {
    let org = Org::empty().await;
    let (app, kid) = saml_app(&org, "Payroll").await;
    let keys = org
        .get(&format!("/api/v1/apps/{app}/credentials/keys"))
        .await;
    let keys = keys.body.as_array().unwrap().clone();
    assert_eq!(keys.len(), 1);
    let key = &keys[0];
    assert_eq!((&key["kid"], &key["kty"]), (&json!(kid), &json!("RSA")));
    let der = certificate(key);
    let (_, read) = X509Certificate::from_der(&der).unwrap();
    assert!(read.subject().to_string().ends_with(&format!("CN={app}")));
    let expires = chrono::DateTime::parse_from_rfc3339(key["expiresAt"].as_str().unwrap());
    assert_eq!(
        read.validity().not_after.timestamp(),
        expires.unwrap().timestamp()
    );
    let print = URL_SAFE_NO_PAD.encode(digest(&SHA256, &der));
    assert_eq!(key["x5t#S256"], print);
    let one = format!("/api/v1/apps/{app}/credentials/keys/{kid}");
    assert_eq!(org.get(&one).await.body, *key);
    let none = format!("/api/v1/apps/{app}/credentials/keys/none");
    org.get(&none).await.refused(404, "E0000007");
    let bookmark = org.app("Wiki").await;
    let keys = format!("/api/v1/apps/{bookmark}/credentials/keys");
    assert_eq!(org.get(&keys).await.body, json!([]));
}

#[tokio::test]
async fn a_generated_key_signs_once_it_is_chosen() {
    let org = Org::empty().await;
    let (app, first) = saml_app(&org, "Payroll").await;
    let keys = format!("/api/v1/apps/{app}/credentials/keys");
    for bad in ["?validityYears=1", "?validityYears=11", "?validityYears=x"] {
        let refused = org.post(&format!("{keys}/generate{bad}"), json!({})).await;
        refused.refused(400, "E0000001");
    }
    let made = org
        .post(&format!("{keys}/generate?validityYears=2"), json!({}))
        .await;
    assert_eq!(made.status, 201, "{:#}", made.body);
    let second = made.body["kid"].as_str().unwrap();
    let listed = org.get(&keys).await.body;
    let moduli = [&listed[0]["n"], &listed[1]["n"]];
    assert_ne!(moduli[0], moduli[1]);

    let path = format!("/api/v1/apps/{app}");
    let mut body = org.get(&path).await.body;
    assert_eq!(body["credentials"]["signing"]["kid"], first);
    let metadata = format!("{path}/sso/saml/metadata");
    let x5c = |key: &Value| key["x5c"][0].as_str().unwrap().to_owned();
    let before = org.get(&metadata).await.body;
    assert!(before.as_str().unwrap().contains(&x5c(&listed[0])));
    body["credentials"]["signing"]["kid"] = json!(second);
    assert_eq!(org.put(&path, body.clone()).await.status, 200);
    let after = org.get(&metadata).await.body;
    assert!(after.as_str().unwrap().contains(&x5c(&listed[1])));
    let asked = org.get(&format!("{metadata}?kid={first}")).await.body;
    assert_eq!(asked, before);
    body["credentials"]["signing"]["kid"] = json!("none");
    org.put(&path, body).await.refused(400, "E0000001");
}

#[tokio::test]
async fn apps_share_a_key() {
    let org = Org::empty().await;
    let (app, kid) = saml_app(&org, "Payroll").await;
    let (other, _) = saml_app(&org, "Holidays").await;
    let source = format!("/api/v1/apps/{app}/credentials/keys/{kid}");
    let clone = format!("{source}/clone?targetAid={other}");
    let cloned = org.post(&clone, json!({})).await;
    assert_eq!(cloned.status, 201, "{:#}", cloned.body);
    assert_eq!(cloned.body, org.get(&source).await.body);
    let target = format!("/api/v1/apps/{other}/credentials/keys");
    let kids = org.get(&target).await.each("/kid");
    assert_eq!(kids.len(), 2);
    assert!(kids.contains(&kid));
    let again = org.post(&clone, json!({})).await;
    again.refused(400, "E0000001");
    let nowhere = format!("{source}/clone?targetAid=0oa0");
    org.post(&nowhere, json!({})).await.refused(404, "E0000007");
}

//! Certificate signing requests of applications and identity providers, and the keys of both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use okta_emulator::{Clock, Emulator, Seed};
use rcgen::{CertificateParams, Issuer, KeyPair, PublicKeyData, SignatureAlgorithm, date_time_ymd};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use support::{Answer, Org};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

const DER: &str = "application/pkix-cert";
const CER: &str = "application/x-x509-ca-cert";
const PEM: &str = "application/x-pem-file";

/// An org on New Year's Day of 2026.
async fn org() -> Org {
    let start = chrono::DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let builder = Emulator::builder().seed(Seed::empty());
    Org::start(builder.clock(Clock::fixed(start.to_utc()))).await
}

fn saml_provider(name: &str) -> Value {
    json!({
        "name": name, "type": "SAML2",
        "protocol": {
            "type": "SAML2",
            "endpoints": { "sso": { "url": "https://idp.example.com", "binding": "HTTP-POST" } },
            "credentials": { "trust": { "issuer": "https://idp.example.com", "kid": "none" } },
        },
        "policy": { "accountLink": { "action": "AUTO" } },
    })
}

/// The paths of an application and of an identity provider: what is true of one is true of the other.
async fn signers(org: &Org) -> [String; 2] {
    let app = json!({ "label": "Payroll", "signOnMode": "SAML_2_0" });
    let app = org.post("/api/v1/apps", app).await;
    assert_eq!(app.status, 200, "{:#}", app.body);
    let provider = org.post("/api/v1/idps", saml_provider("Partner")).await;
    assert_eq!(provider.status, 200, "{:#}", provider.body);
    [
        format!("/api/v1/apps/{}", app.id()),
        format!("/api/v1/idps/{}", provider.id()),
    ]
}

fn metadata() -> Value {
    json!({
        "subject": {
            "countryName": "Canada", "localityName": "Toronto", "organizationName": "Okta, Inc.",
            "organizationalUnitName": "Dev", "commonName": "SP Issuer",
        },
        "subjectAltNames": { "dnsNames": ["dev.okta.com", "10.0.0.1"] },
    })
}

async fn requested(org: &Org, signer: &str) -> Answer {
    let made = org
        .post(&format!("{signer}/credentials/csrs"), metadata())
        .await;
    assert_eq!(made.status, 201, "{:#}", made.body);
    made
}

fn der_of(request: &Answer) -> Vec<u8> {
    let csr = request.body["csr"].as_str().unwrap();
    STANDARD.decode(csr).unwrap()
}

/// The public key of a request, as a certificate authority takes it over.
struct Requested(Vec<u8>);

impl PublicKeyData for Requested {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// A certificate for a request, in DER. It is good for so many days from the start of 2026.
fn certified(request: &Answer, days: u64) -> Vec<u8> {
    let der = der_of(request);
    let (_, read) = X509CertificationRequest::from_der(&der).unwrap();
    let key = &read.certification_request_info.subject_pki;
    let key = Requested(key.subject_public_key.data.to_vec());
    let mut params = CertificateParams::new(["dev.okta.com".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = params.not_before + Duration::from_secs(days * 24 * 60 * 60);
    let authority = KeyPair::generate().unwrap();
    let issuer = Issuer::new(CertificateParams::default(), authority);
    params.signed_by(&key, &issuer).unwrap().der().to_vec()
}

fn pem(der: &[u8]) -> Vec<u8> {
    let text = STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}

/// Publishes a body with header fields.
async fn publish(org: &Org, request: &Answer, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
    let publish = request.body["_links"]["publish"]["href"].as_str().unwrap();
    let mut sent = org.http.post(publish).body(body);
    sent = sent.header(AUTHORIZATION, format!("SSWS {}", org.okta.token()));
    for (name, value) in headers {
        sent = sent.header(*name, *value);
    }
    let response = sent.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.json().await.unwrap();
    Answer {
        status,
        headers,
        body,
    }
}

async fn publish_as(org: &Org, request: &Answer, body: Vec<u8>, media_type: &str) -> Answer {
    publish(org, request, body, &[(CONTENT_TYPE.as_str(), media_type)]).await
}

#[tokio::test]
async fn a_request_is_pkcs10_of_what_its_metadata_say() {
    let org = org().await;
    for signer in signers(&org).await {
        let made = requested(&org, &signer).await;
        assert_eq!(made.body["kty"], "RSA");
        let der = der_of(&made);
        let (rest, read) = X509CertificationRequest::from_der(&der).unwrap();
        assert!(rest.is_empty());
        let info = &read.certification_request_info;
        assert_eq!(
            info.subject.to_string(),
            "C=Canada, L=Toronto, O=Okta, Inc., OU=Dev, CN=SP Issuer"
        );
        let mut names = Vec::new();
        for extension in read.requested_extensions().unwrap() {
            if let ParsedExtension::SubjectAlternativeName(found) = extension {
                names.extend(&found.general_names);
            }
        }
        let expected = [
            GeneralName::DNSName("dev.okta.com"),
            GeneralName::DNSName("10.0.0.1"),
        ];
        assert_eq!(names, expected.iter().collect::<Vec<_>>());
        // The key signed it, so somebody has the private half.
        let key: &[u8] = &info.subject_pki.subject_public_key.data;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(info.raw, &read.signature_value.data)
            .unwrap();

        let requests = format!("{signer}/credentials/csrs");
        let one = format!("{requests}/{}", made.id());
        assert_eq!(org.get(&one).await.body, made.body);
        assert_eq!(org.get(&requests).await.body, json!([made.body]));
        let own = made.body["_links"]["self"]["href"].as_str().unwrap();
        assert!(own.ends_with(&one), "{own}");

        // Another request is of another key.
        let other = requested(&org, &signer).await;
        assert_ne!(other.body["csr"], made.body["csr"]);
        assert_eq!(org.delete(&one).await.status, 204);
        org.get(&one).await.refused(404, "E0000007");
        org.delete(&one).await.refused(404, "E0000007");
        assert_eq!(org.get(&requests).await.each("/id"), [other.id()]);
    }
}

#[tokio::test]
async fn a_request_comes_as_pkcs10_where_that_is_asked_for() {
    let org = org().await;
    let [app, _] = signers(&org).await;
    let made = requested(&org, &app).await;
    let one = format!("{app}/credentials/csrs/{}", made.id());
    let asked = [(ACCEPT.as_str(), "application/pkcs10, */*;q=0.5")];
    let answer = org.get_with(&one, &asked).await;
    assert_eq!(answer.header("content-transfer-encoding"), "base64");
    assert!(
        answer
            .header("content-type")
            .starts_with("application/pkcs10")
    );
    assert_eq!(answer.body, made.body["csr"]);
    let json = org.get_with(&one, &[(ACCEPT.as_str(), "*/*")]).await;
    assert_eq!(json.body, made.body);
}

#[tokio::test]
async fn a_published_certificate_makes_a_key_and_ends_the_request() {
    let org = org().await;
    for signer in signers(&org).await {
        let keys = format!("{signer}/credentials/keys");
        let before = org.get(&keys).await.body.as_array().unwrap().len();
        let request = requested(&org, &signer).await;
        assert_eq!(org.get(&keys).await.body.as_array().unwrap().len(), before);
        let der = certified(&request, 365);
        let published = publish_as(&org, &request, der.clone(), DER).await;
        assert_eq!(published.status, 201, "{:#}", published.body);
        let key = &published.body;
        assert_eq!(key["x5c"], json!([STANDARD.encode(&der)]));
        assert_eq!(key["expiresAt"], "2027-01-01T00:00:00.000Z");
        let csr = der_of(&request);
        let (_, read) = X509CertificationRequest::from_der(&csr).unwrap();
        let info = &read.certification_request_info.subject_pki;
        let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        let whole = &info.subject_public_key.data;
        assert!(whole.windows(modulus.len()).any(|part| part == modulus));

        let kid = key["kid"].as_str().unwrap();
        assert_eq!(org.get(&format!("{keys}/{kid}")).await.body, *key);
        assert!(org.get(&keys).await.each("/kid").contains(&kid.to_owned()));
        let one = format!("{signer}/credentials/csrs/{}", request.id());
        org.get(&one).await.refused(404, "E0000007");
        let again = publish_as(&org, &request, der, DER).await;
        again.refused(404, "E0000007");
    }
}

#[tokio::test]
async fn certificates_come_in_every_form_that_okta_takes() {
    let org = org().await;
    let [app, _] = signers(&org).await;
    let base64 = ("content-transfer-encoding", "base64");
    for (media_type, encoding, write) in [
        (DER, None, (|der| der) as fn(Vec<u8>) -> Vec<u8>),
        (CER, None, |der| der),
        (CER, None, |der| pem(&der)),
        (PEM, None, |der| pem(&der)),
        (DER, Some(base64), |der| STANDARD.encode(der).into_bytes()),
        (CER, Some(base64), |der| {
            URL_SAFE_NO_PAD.encode(der).into_bytes()
        }),
    ] {
        let request = requested(&org, &app).await;
        let body = write(certified(&request, 365));
        let mut headers = vec![(CONTENT_TYPE.as_str(), media_type)];
        headers.extend(encoding);
        let published = publish(&org, &request, body, &headers).await;
        assert_eq!(published.status, 201, "{media_type} {:#}", published.body);
    }
}

#[tokio::test]
async fn certificates_that_do_not_fit_are_refused() {
    let org = org().await;
    for signer in signers(&org).await {
        let (request, other) = (
            requested(&org, &signer).await,
            requested(&org, &signer).await,
        );
        let good = certified(&request, 365);
        let elliptic = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
        let mut longer = good.clone();
        longer.push(0);
        for (body, media_type, code, cause) in [
            (
                certified(&other, 365),
                DER,
                "E0000001",
                "The certificate doesn't match the CSR.",
            ),
            (
                elliptic.cert.der().to_vec(),
                DER,
                "E0000001",
                "The certificate doesn't match the CSR.",
            ),
            (
                certified(&request, 89),
                DER,
                "E0000001",
                "The certificate must be valid for more than 90 days.",
            ),
            (
                longer,
                DER,
                "E0000001",
                "The certificate is no X.509 certificate that can be read",
            ),
            (
                b"{}".to_vec(),
                CER,
                "E0000001",
                "The certificate is no X.509 certificate that can be read",
            ),
            (
                good.clone(),
                PEM,
                "E0000001",
                "The certificate of application/x-pem-file must be in PEM",
            ),
            (
                pem(&good),
                DER,
                "E0000001",
                "The certificate of application/pkix-cert must be in DER",
            ),
            (
                good.clone(),
                "application/json",
                "E0000003",
                "Content-Type: must be application/pkix-cert or application/x-pem-file or \
                 application/x-x509-ca-cert",
            ),
            (Vec::new(), DER, "E0000003", "The request needs a body"),
        ] {
            let refused = publish_as(&org, &request, body, media_type).await;
            assert_eq!(refused.refused(400, code), cause);
        }
        // None of this used the request up.
        let published = publish_as(&org, &request, good, DER).await;
        assert_eq!(published.status, 201, "{:#}", published.body);

        for (wrong, member) in [
            (json!({ "dnsNames": ["b\u{fc}ro.example.com"] }), "in ASCII"),
            (
                json!({ "dnsNames": vec!["a.example.com"; 101] }),
                "100 names",
            ),
            (json!({ "dnsNames": ["a".repeat(256)] }), "255 characters"),
        ] {
            let body = json!({ "subjectAltNames": wrong });
            let path = format!("{signer}/credentials/csrs");
            let refused = org.post(&path, body).await;
            assert!(refused.refused(400, "E0000001").contains(member));
        }
    }
}

#[cfg(feature = "data")]
#[tokio::test]
async fn requests_and_keys_come_back_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let start = chrono::DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let started = async || {
        let builder = Emulator::builder()
            .seed(Seed::empty())
            .data(directory.path());
        Org::start(builder.clock(Clock::fixed(start.to_utc()))).await
    };
    let org = started().await;
    let signers = signers(&org).await;
    let mut before = Vec::new();
    for signer in &signers {
        let published = requested(&org, signer).await;
        let der = certified(&published, 365);
        assert_eq!(publish_as(&org, &published, der, DER).await.status, 201);
        let generate = format!("{signer}/credentials/keys/generate?validityYears=2");
        assert!(org.post(&generate, json!({})).await.status < 300);
        let open = requested(&org, signer).await;
        let keys = org.get(&format!("{signer}/credentials/keys")).await.body;
        assert_eq!(keys.as_array().unwrap().len(), 3);
        before.push((open, keys));
    }
    let (_, keys) = &before[0];
    let trusted = json!({ "x5c": keys[0]["x5c"] });
    let trusted = org.post("/api/v1/idps/credentials/keys", trusted).await;
    assert_eq!(trusted.status, 200, "{:#}", trusted.body);
    org.okta.shutdown().await;

    let org = started().await;
    for (signer, (open, keys)) in signers.iter().zip(&before) {
        let listed = org.get(&format!("{signer}/credentials/keys")).await;
        assert_eq!(listed.body, *keys);
        // The port is another one, and links follow it.
        let path = format!("{signer}/credentials/csrs/{}", open.id());
        let again = org.get(&path).await;
        assert_eq!(again.body["csr"], open.body["csr"]);
        let published = publish_as(&org, &again, certified(open, 365), DER).await;
        assert_eq!(published.status, 201, "{:#}", published.body);
        // No key pair comes twice.
        let other = requested(&org, signer).await;
        assert_ne!(other.body["csr"], open.body["csr"]);
    }
    let stored = org.get("/api/v1/idps/credentials/keys").await;
    assert_eq!(stored.body, json!([trusted.body]));
    org.okta.shutdown().await;
}

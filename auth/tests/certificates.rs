//! Certificates of connections: a company's authority, and clients that prove by theirs who they
//! are (RFC 8705).
#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{
    ApiToken, Call, ClientCertificate, ConnectFailure, Error, Issuer, OrgUrl, Pipeline,
    RootCertificates, Secret, ServerMetadata,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use reqwest::{Method, Request};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate authority of a company.
struct Authority {
    pem: String,
    issuer: rcgen::Issuer<'static, KeyPair>,
    store: Arc<RootCertStore>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut store = RootCertStore::empty();
        store.add(certificate.der().clone()).unwrap();
        Self {
            pem: certificate.pem(),
            issuer: rcgen::Issuer::new(params, key),
            store: Arc::new(store),
        }
    }

    fn roots(&self) -> RootCertificates {
        RootCertificates::from_pem(&self.pem).unwrap()
    }

    fn certify(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// PEM of a certificate and its key.
    fn client(&self) -> Secret {
        let (certificate, key) = self.certify("client.example.com");
        format!("{}{}", certificate.pem(), key.serialize_pem()).into()
    }
}

type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers each request with a token, and keeps what was asked.
async fn server(authority: &Authority, asks_for_certificates: bool) -> (SocketAddr, Seen) {
    let (certificate, key) = authority.certify("127.0.0.1");
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match asks_for_certificates {
        true => {
            let roots = Arc::clone(&authority.store);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
        false => config.with_no_client_auth(),
    };
    let config = config.with_single_cert(vec![certificate.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, seen) = (listener.local_addr().unwrap(), Seen::default());
    let keep = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let text = whole_request(&mut stream).await;
            keep.lock().unwrap().push(text);
            let body = json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60});
            let body = body.to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.ok();
            stream.shutdown().await.ok();
        }
    });
    (address, seen)
}

/// A request with the body that its head announces.
async fn whole_request(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut text = String::new();
    let mut part = [0; 4096];
    loop {
        let length = stream.read(&mut part).await.unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&part[..length]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(length > 0, "no whole head: {text}");
            continue;
        };
        let announced = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        if length == 0 || body.len() >= announced.unwrap_or(0) {
            return text;
        }
    }
}

async fn call(pipeline: &Pipeline) -> Result<(), Error> {
    let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    let call = Call::new("listUsers", "/api/v1/users");
    pipeline
        .send(Request::new(Method::GET, url), &call)
        .await
        .map(drop)
}

#[tokio::test]
async fn a_companys_authority_is_trusted_when_it_is_named() {
    let authority = Authority::new();
    let (address, _) = server(&authority, false).await;
    let org = OrgUrl::parse(&format!("https://{address}")).unwrap();
    let builder = || Pipeline::builder(org.clone(), ApiToken::new("00abc").unwrap());

    let error = call(&builder().build().unwrap()).await.unwrap_err();
    assert_eq!(
        error.connect_failure(),
        Some(ConnectFailure::UnknownAuthority)
    );

    let trusting = builder().root_certificates(authority.roots());
    call(&trusting.build().unwrap()).await.unwrap();

    let other = builder().root_certificates(Authority::new().roots());
    assert!(call(&other.build().unwrap()).await.is_err());
}

#[tokio::test]
async fn a_client_proves_by_its_certificate_who_it_is_at_the_aliases() {
    let authority = Authority::new();
    let (issuer, at_issuer) = server(&authority, false).await;
    let (alias, at_alias) = server(&authority, true).await;
    let issuer = Issuer::parse(&format!("https://{issuer}/oauth2/default")).unwrap();
    let document = json!({
        "issuer": issuer.as_str(),
        "authorization_endpoint": issuer.endpoint("v1/authorize"),
        "token_endpoint": issuer.endpoint("v1/token"),
        "jwks_uri": issuer.endpoint("v1/keys"),
        "mtls_endpoint_aliases": {"token_endpoint": format!("https://{alias}/mtls/token")},
    });
    let metadata = ServerMetadata::from_json(&issuer, document.to_string().as_bytes()).unwrap();
    let client = |certificate: Option<ClientCertificate>| {
        OAuthClient::builder(issuer.clone(), "0oa1")
            .authentication(ClientAuthentication::certificate())
            .metadata(metadata.clone())
            .requests(|requests| {
                let requests = requests.root_certificates(authority.roots());
                match certificate {
                    Some(certificate) => requests.client_certificate(certificate),
                    None => requests,
                }
            })
            .build()
            .unwrap()
    };

    let certificate = ClientCertificate::from_pem(&authority.client()).unwrap();
    let grant = |client: OAuthClient| async move {
        let grant = client.client_credentials().scopes(["orders.read"]);
        grant.send().await
    };
    grant(client(Some(certificate))).await.unwrap();
    {
        let seen = at_alias.lock().unwrap();
        assert_eq!(seen.len(), 1);
        assert!(seen[0].starts_with("POST /mtls/token "), "{}", seen[0]);
        assert!(seen[0].contains("client_id=0oa1"), "{}", seen[0]);
        assert!(
            !seen[0].to_lowercase().contains("authorization"),
            "{}",
            seen[0]
        );
    }

    assert!(grant(client(None)).await.is_err());
    let stranger = ClientCertificate::from_pem(&Authority::new().client()).unwrap();
    assert!(grant(client(Some(stranger))).await.is_err());
    assert_eq!(at_alias.lock().unwrap().len(), 1);
    assert!(at_issuer.lock().unwrap().is_empty());
}

#[test]
fn aliases_are_encrypted() {
    let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
    let document = |alias: &str| {
        json!({
            "issuer": issuer.as_str(),
            "authorization_endpoint": issuer.endpoint("v1/authorize"),
            "token_endpoint": issuer.endpoint("v1/token"),
            "jwks_uri": issuer.endpoint("v1/keys"),
            "mtls_endpoint_aliases": {"token_endpoint": alias},
        })
        .to_string()
    };
    let read = |alias| ServerMetadata::from_json(&issuer, document(alias).as_bytes());
    assert!(read("https://mtls.okta.com/token").is_ok());
    let text = read("http://mtls.okta.com/token").unwrap_err().to_string();
    assert!(text.contains("`token_endpoint`"), "{text}");
}

#[test]
fn what_is_no_certificate_is_refused_and_not_repeated() {
    for text in [
        "",
        "leak",
        "-----BEGIN CERTIFICATE-----\nleak\n-----END CERTIFICATE-----",
    ] {
        let error = ClientCertificate::from_pem(&text.into()).unwrap_err();
        assert!(
            error.is_configuration() && !format!("{error:?}").contains("leak"),
            "{error:?}"
        );
        let error = RootCertificates::from_pem(text).unwrap_err();
        assert!(error.is_configuration(), "{error:?}");
    }
}

//! Servers with certificates of an authority of one's own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use okta_auth::{Call, Error, Pipeline, RootCertificates, Secret};
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
pub struct Authority {
    pub pem: String,
    pub der: Vec<u8>,
    issuer: rcgen::Issuer<'static, KeyPair>,
    pub store: Arc<RootCertStore>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut store = RootCertStore::empty();
        store.add(certificate.der().clone()).unwrap();
        Self {
            pem: certificate.pem(),
            der: certificate.der().to_vec(),
            issuer: rcgen::Issuer::new(params, key),
            store: Arc::new(store),
        }
    }

    pub fn roots(&self) -> RootCertificates {
        RootCertificates::from_pem(&self.pem).unwrap()
    }

    pub fn certify(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// PEM of a certificate and its key.
    pub fn client(&self) -> Secret {
        let (certificate, key) = self.certify("client.example.com");
        format!("{}{}", certificate.pem(), key.serialize_pem()).into()
    }
}

pub type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers each request with a token, and keeps what was asked. It takes no others
/// than the certified `clients`, if there are some.
pub async fn server(
    authority: &Authority,
    clients: Option<Arc<RootCertStore>>,
) -> (SocketAddr, Seen) {
    let (certificate, key) = authority.certify("127.0.0.1");
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match clients {
        Some(roots) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
        None => config.with_no_client_auth(),
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

pub async fn call(pipeline: &Pipeline) -> Result<(), Error> {
    let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    let call = Call::new("listUsers", "/api/v1/users");
    pipeline
        .send(Request::new(Method::GET, url), &call)
        .await
        .map(drop)
}

//! The keys with which the org signs.
//!
//! Making an RSA key takes long, and a test program may start hundreds of orgs. So the keys of a
//! process are made once, when the first token needs one, and every org uses the same.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt;
use crate::oauth::words::server::Server;

/// An RSA key.
pub(crate) struct SigningKey {
    /// Its thumbprint, which serves as `kid`.
    pub(crate) id: String,
    pub(crate) private: EncodingKey,
    pub(crate) pem: SecretString,
    /// The public half as a JSON Web Key.
    pub(crate) public: Value,
}

impl SigningKey {
    fn generate() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        let pem = pem(der.as_ref());
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).ok()?;
        let public = Jwk::from_encoding_key(&private, Algorithm::RS256).ok()?;
        let mut public = serde_json::to_value(public).ok()?;
        let id = jwt::thumbprint(&public)?;
        public["kid"] = json!(id);
        public["use"] = json!("sig");
        Some(Self {
            id,
            private,
            pem: pem.into(),
            public,
        })
    }

    /// Signs claims with RS256. `kind` is the `typ` of the header; Okta's ID tokens have none.
    pub(crate) fn sign(&self, claims: &Value, kind: Option<&str>) -> Result<String, OAuthError> {
        let mut header = Header::new(Algorithm::RS256);
        header.typ = kind.map(str::to_owned);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(|_| OAuthError::server_error())
    }
}

/// PKCS #8 in the text form of RFC 7468.
fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut pem = "-----BEGIN PRIVATE KEY-----\n".to_owned();
    for (index, character) in encoded.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END PRIVATE KEY-----\n"
}

/// The keys of this process by number.
static POOL: Mutex<BTreeMap<usize, Arc<SigningKey>>> = Mutex::new(BTreeMap::new());

/// The number of the sample service app's own key.
pub(crate) const SAMPLE_KEY: usize = 0;
/// Each server's first key; behind them, the keys go to the servers in turn.
const FIRST: [(Server, usize); 2] = [(Server::Org, 1), (Server::Default, 2)];

/// Key number `number` of this process.
pub(crate) fn key(number: usize) -> Result<Arc<SigningKey>, OAuthError> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = pool.get(&number) {
        return Ok(key.clone());
    }
    let key = Arc::new(SigningKey::generate().ok_or_else(OAuthError::server_error)?);
    pool.insert(number, key.clone());
    Ok(key)
}

/// Which keys the servers sign with and which they publish.
#[derive(Default)]
pub(crate) struct Keys {
    rotations: usize,
    /// Rotations up to this one are no longer published.
    retired: usize,
}

impl Keys {
    pub(crate) fn rotate(&mut self) {
        self.rotations += 1;
    }

    pub(crate) fn retire_old(&mut self) {
        self.retired = self.rotations;
    }

    /// The key that signs now.
    pub(crate) fn current(&self, server: Server) -> Result<Arc<SigningKey>, OAuthError> {
        key(number(server, self.rotations))
    }

    /// All keys whose signatures still count, as a JSON Web Key Set.
    pub(crate) fn published(&self, server: Server) -> Result<Value, OAuthError> {
        let keys = (self.retired..=self.rotations)
            .rev()
            .map(|rotation| Ok(key(number(server, rotation))?.public.clone()));
        let keys: Vec<Value> = keys.collect::<Result<_, OAuthError>>()?;
        Ok(json!({ "keys": keys }))
    }
}

fn number(server: Server, rotation: usize) -> usize {
    let first = FIRST.iter().find(|(candidate, _)| *candidate == server);
    first.map_or(1, |(_, first)| *first) + FIRST.len() * rotation
}

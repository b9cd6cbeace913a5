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

/// Which key of this process: every org uses the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyName {
    /// The sample service app's own key.
    Sample,
    /// That of the certificate with this number.
    App(usize),
    /// The key of a server after so many rotations.
    Of(Server, usize),
}

/// The keys of this process by name.
static POOL: Mutex<BTreeMap<KeyName, Arc<SigningKey>>> = Mutex::new(BTreeMap::new());

/// A key of this process, made on first use.
pub(crate) fn key(name: KeyName) -> Result<Arc<SigningKey>, OAuthError> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = pool.get(&name) {
        return Ok(key.clone());
    }
    let key = Arc::new(SigningKey::generate().ok_or_else(OAuthError::server_error)?);
    pool.insert(name, key.clone());
    Ok(key)
}

/// Which keys the servers sign with and which they publish.
#[derive(Default)]
pub(crate) struct Keys {
    /// What happened to all servers.
    all: Ring,
    /// What happened to one server beside this.
    own: BTreeMap<Server, Ring>,
}

/// How often keys were exchanged.
#[derive(Clone, Copy, Default)]
struct Ring {
    rotations: usize,
    /// Rotations up to this one are no longer published.
    retired: usize,
}

/// The part that a key plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStatus {
    Active,
    Next,
    Expired,
}

impl KeyStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Next => "NEXT",
            Self::Expired => "EXPIRED",
        }
    }
}

impl Keys {
    /// All servers sign with new keys.
    pub(crate) fn rotate(&mut self) {
        self.all.rotations += 1;
    }

    /// All servers publish their newest key only.
    pub(crate) fn retire_old(&mut self) {
        for ring in std::iter::once(&mut self.all).chain(self.own.values_mut()) {
            ring.retired = ring.rotations;
        }
    }

    /// One server signs with its next key.
    pub(crate) fn rotate_of(&mut self, server: Server) {
        self.own.entry(server).or_default().rotations += 1;
    }

    /// The key that signs now.
    pub(crate) fn current(&self, server: Server) -> Result<Arc<SigningKey>, OAuthError> {
        key(KeyName::Of(server, self.ring(server).rotations))
    }

    /// All keys whose signatures still count, as a JSON Web Key Set.
    pub(crate) fn published(&self, server: Server) -> Result<Value, OAuthError> {
        let Ring { rotations, retired } = self.ring(server);
        let keys = (retired..=rotations)
            .rev()
            .map(|rotation| Ok(key(KeyName::Of(server, rotation))?.public.clone()));
        let keys: Vec<Value> = keys.collect::<Result<_, OAuthError>>()?;
        Ok(json!({ "keys": keys }))
    }

    /// The keys of a server as its administrators see them: the one that signs, the next one, and the
    /// one before if there was one and it is still published.
    pub(crate) fn listed(
        &self,
        server: Server,
    ) -> Result<Vec<(KeyStatus, Arc<SigningKey>)>, OAuthError> {
        let Ring { rotations, retired } = self.ring(server);
        let mut listed = vec![
            (KeyStatus::Active, rotations),
            (KeyStatus::Next, rotations + 1),
        ];
        if retired < rotations {
            listed.push((KeyStatus::Expired, rotations - 1));
        }
        let keys = listed.into_iter();
        keys.map(|(status, rotation)| Ok((status, key(KeyName::Of(server, rotation))?)))
            .collect()
    }

    fn ring(&self, server: Server) -> Ring {
        let own = self.own.get(&server).copied().unwrap_or_default();
        Ring {
            rotations: self.all.rotations + own.rotations,
            retired: self.all.retired + own.retired,
        }
    }
}

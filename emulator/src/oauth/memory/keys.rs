//! The keys with which the org signs.
//!
//! Making an RSA key takes long, and a test program may start hundreds of orgs. So the keys of a
//! process are made once, when they are needed first, and every org uses the same. Requests have them
//! made before they lock the org ([`make`]). An org that is kept goes on with the keys that it used
//! before.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt;
use crate::oauth::words::server::Server;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

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
        Self::of_pem(pem(der.as_ref()))
    }

    fn of_pem(pem: String) -> Option<Self> {
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

/// A key as its private half.
impl Serialize for SigningKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.pem.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SigningKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = Self::of_pem(String::deserialize(deserializer)?);
        key.ok_or_else(|| D::Error::custom("this is no RSA key in PKCS #8"))
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum KeyName {
    /// The sample service app's own key.
    Sample,
    /// A key with which an application or an identity provider signs, by its number in the org.
    Credential(usize),
    /// The key of a server after so many rotations.
    Of(Server, usize),
}

/// A place for a key.
#[derive(Default)]
struct Slot {
    key: OnceLock<Arc<SigningKey>>,
    /// Held while the key is made, so that it is made once.
    making: Mutex<()>,
}

/// The keys of this process by name.
static POOL: Mutex<BTreeMap<KeyName, Arc<Slot>>> = Mutex::new(BTreeMap::new());

fn slot(name: KeyName) -> Arc<Slot> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    pool.entry(name).or_default().clone()
}

/// A key of this process, made on first use.
pub(crate) fn key(name: KeyName) -> Result<Arc<SigningKey>, OAuthError> {
    let slot = slot(name);
    if let Some(key) = slot.key.get() {
        return Ok(key.clone());
    }
    let _making = slot.making.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = slot.key.get() {
        return Ok(key.clone());
    }
    let key = Arc::new(SigningKey::generate().ok_or_else(OAuthError::server_error)?);
    Ok(slot.key.get_or_init(|| key).clone())
}

/// Whether a key of this process is made. One that is being made is not.
fn is_made(name: KeyName) -> bool {
    slot(name).key.get().is_some()
}

/// Makes keys of this process, on a thread that may take its time.
pub(crate) async fn make(names: Vec<KeyName>) -> Result<(), OAuthError> {
    let make = move || names.into_iter().try_for_each(|name| key(name).map(drop));
    let made = tokio::task::spawn_blocking(make).await;
    made.unwrap_or_else(|_| Err(OAuthError::server_error()))
}

/// Which keys the servers sign with and which they publish.
#[derive(Default, Serialize, Deserialize)]
struct Rings {
    /// What happened to all servers.
    all: Ring,
    /// What happened to one server beside this.
    own: BTreeMap<Server, Ring>,
}

/// The keys of an org.
#[derive(Default)]
pub(crate) struct Keys {
    rings: Tracked<Rings>,
    /// Those that were used so far.
    used: Mutex<Used>,
}

/// Keys that an org used, by name.
#[derive(Default)]
struct Used(TrackedMap<KeyName, Arc<SigningKey>>);

/// How often keys were exchanged.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
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
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { rings, used } = self;
        visit("key rotations", rings);
        let used = used.get_mut().unwrap_or_else(PoisonError::into_inner);
        visit("keys", &mut used.0);
    }

    /// The key of that name: the one that this org used before, or else that of the process, which
    /// [`make`] has made.
    pub(crate) fn key(&self, name: KeyName) -> Result<Arc<SigningKey>, OAuthError> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = used.0.get(&name) {
            return Ok(key.clone());
        }
        // Whoever holds the org had the key made before. Unit tests have no requests.
        debug_assert!(cfg!(test) || is_made(name), "{name:?} is made too late");
        let key = key(name)?;
        used.0.insert(name, key.clone());
        Ok(key)
    }

    /// The key with which a server has signed, published or not, by its id.
    pub(crate) fn of(&self, server: Server, id: &str) -> Option<Arc<SigningKey>> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let range = KeyName::Of(server, 0)..=KeyName::Of(server, usize::MAX);
        let mut own = used.0.range(range).map(|(_, key)| key);
        own.find(|key| key.id == id).cloned()
    }

    /// Those of the names whose keys have to be made first.
    pub(crate) fn missing(&self, names: Vec<KeyName>) -> Vec<KeyName> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = names.into_iter();
        missing
            .filter(|name| !used.0.contains_key(name) && !is_made(*name))
            .collect()
    }

    /// Forgets that this org used a key.
    pub(crate) fn forget(&mut self, name: KeyName) {
        let used = self.used.get_mut().unwrap_or_else(PoisonError::into_inner);
        used.0.remove(&name);
    }

    /// The name of the key that signs now.
    pub(crate) fn current_name(&self, server: Server) -> KeyName {
        KeyName::Of(server, self.ring(server).rotations)
    }

    /// The names of the keys that a server publishes.
    pub(crate) fn published_names(&self, server: Server) -> Vec<KeyName> {
        let Ring { rotations, retired } = self.ring(server);
        let published = (retired..=rotations).rev();
        published.map(|it| KeyName::Of(server, it)).collect()
    }

    /// The names of the keys that a server's administrators see.
    pub(crate) fn listed_names(&self, server: Server) -> Vec<(KeyStatus, KeyName)> {
        let Ring { rotations, retired } = self.ring(server);
        let mut listed = vec![
            (KeyStatus::Active, rotations),
            (KeyStatus::Next, rotations + 1),
        ];
        if retired < rotations {
            listed.push((KeyStatus::Expired, rotations - 1));
        }
        let names = listed.into_iter();
        names
            .map(|(status, rotation)| (status, KeyName::Of(server, rotation)))
            .collect()
    }

    /// The name of the key that is the next one once the keys are rotated.
    pub(crate) fn name_after_next(&self, server: Server) -> KeyName {
        KeyName::Of(server, self.ring(server).rotations + 2)
    }

    /// All servers sign with new keys.
    pub(crate) fn rotate(&mut self) {
        self.rings.all.rotations += 1;
    }

    /// All servers publish their newest key only.
    pub(crate) fn retire_old(&mut self) {
        let Rings { all, own } = &mut *self.rings;
        for ring in std::iter::once(all).chain(own.values_mut()) {
            ring.retired = ring.rotations;
        }
    }

    /// One server signs with its next key.
    pub(crate) fn rotate_of(&mut self, server: Server) {
        self.rings.own.entry(server).or_default().rotations += 1;
    }

    /// The key that signs now.
    pub(crate) fn current(&self, server: Server) -> Result<Arc<SigningKey>, OAuthError> {
        self.key(self.current_name(server))
    }

    /// All keys whose signatures still count, as a JSON Web Key Set.
    pub(crate) fn published(&self, server: Server) -> Result<Value, OAuthError> {
        let keys = self.published_names(server).into_iter();
        let keys = keys.map(|name| Ok(self.key(name)?.public.clone()));
        let keys: Vec<Value> = keys.collect::<Result<_, OAuthError>>()?;
        Ok(json!({ "keys": keys }))
    }

    /// The keys of a server as its administrators see them: the one that signs, the next one, and the
    /// one before if there was one and it is still published.
    pub(crate) fn listed(
        &self,
        server: Server,
    ) -> Result<Vec<(KeyStatus, Arc<SigningKey>)>, OAuthError> {
        let names = self.listed_names(server).into_iter();
        let keys = names.map(|(status, name)| Ok((status, self.key(name)?)));
        keys.collect()
    }

    fn ring(&self, server: Server) -> Ring {
        let Rings { all, own } = &*self.rings;
        let own = own.get(&server).copied().unwrap_or_default();
        Ring {
            rotations: all.rotations + own.rotations,
            retired: all.retired + own.retired,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_key_is_missing_until_it_is_made() {
        let mut keys = Keys::default();
        let name = KeyName::Credential(usize::MAX);
        assert_eq!(keys.missing(vec![name]), [name]);
        make(vec![name]).await.unwrap();
        assert_eq!(keys.missing(vec![name]), []);
        let made = keys.key(name).unwrap();
        keys.forget(name);
        assert_eq!(keys.key(name).unwrap().id, made.id);
        // Rotations count on keys that administrators see before they sign.
        let server = Server::Custom(u64::MAX);
        let next = keys.name_after_next(server);
        keys.rotate_of(server);
        let listed = keys.listed_names(server);
        assert!(listed.contains(&(KeyStatus::Next, next)));
    }

    #[tokio::test]
    async fn a_key_that_others_read_is_made() {
        let name = KeyName::Credential(usize::MAX - 1);
        make(vec![name]).await.unwrap();
        let reader = std::thread::spawn(move || (0..100_000).try_for_each(|_| key(name).map(drop)));
        while !reader.is_finished() {
            assert!(is_made(name));
        }
        reader.join().unwrap().unwrap();
    }
}

//! Keys with which applications and identity providers sign, each with its certificate; requests for
//! certificates that somebody else is to sign; and the certificates by which identity providers are
//! trusted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Org;
use super::table::{Row, Table};
use crate::clock::Timestamp;
use crate::oauth::memory::keys::KeyName;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

/// The collection of identity providers, which the store keeps.
pub(crate) const PROVIDERS: &str = "/api/v1/idps";

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct SigningKeys {
    /// By id. Cloning lets several signers have the same.
    credentials: TrackedMap<String, KeyCredential>,
    /// By the id of the application or identity provider.
    rings: TrackedMap<String, KeyRing>,
    /// How many key pairs have a name so far.
    pairs: Tracked<usize>,
    /// The id of the key with which identity providers sign that name no other.
    of_providers: Tracked<Option<String>>,
    /// By which identity providers are trusted.
    pub(crate) trusted: Table<TrustedKey>,
}

/// What an application or an identity provider has, in order of creation.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeyRing {
    kids: Vec<String>,
    requests: Vec<Csr>,
}

/// A key with which somebody signs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeyCredential {
    pub(crate) kid: String,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    /// Made when somebody first asks for it, as RSA keys take long.
    pub(crate) certificate: Option<Certificate>,
    /// How many signers have it.
    holders: usize,
}

/// The public half of a key, and its certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) pair: KeyName,
    pub(crate) modulus: String,
    pub(crate) exponent: String,
    /// X.509, in DER.
    pub(crate) der: Vec<u8>,
}

/// A request for a certificate, whose key is not listed until that is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Csr {
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) pair: KeyName,
    /// PKCS #10, in DER.
    pub(crate) der: Vec<u8>,
}

/// A certificate by which assertions of identity providers are checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TrustedKey {
    pub(crate) kid: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) certificate: TrustedCertificate,
}

/// What a certificate says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TrustedCertificate {
    /// The chain as it was given: the certificate comes first.
    pub(crate) chain: Vec<String>,
    pub(crate) der: Vec<u8>,
    pub(crate) expires: Timestamp,
    pub(crate) key: PublicKey,
}

/// A public key as JSON Web Keys have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PublicKey {
    Rsa { modulus: String, exponent: String },
    EllipticCurve,
}

impl Row for TrustedKey {
    fn id(&self) -> &str {
        &self.kid
    }
}

impl KeyCredential {
    pub(crate) fn new(
        kid: String,
        created: Timestamp,
        expires: Timestamp,
        certificate: Option<Certificate>,
    ) -> Self {
        Self {
            kid,
            created,
            expires,
            certificate,
            holders: 0,
        }
    }
}

impl SigningKeys {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            credentials,
            rings,
            pairs,
            of_providers,
            trusted,
        } = self;
        visit("key credentials", credentials);
        visit("key rings", rings);
        visit("key pairs", pairs);
        visit("key of identity providers", of_providers);
        visit("trusted keys", trusted);
    }

    /// The keys of a signer.
    pub(crate) fn of(&self, signer: &str) -> impl Iterator<Item = &KeyCredential> {
        let ring = self.rings.get(signer).into_iter();
        let kids = ring.flat_map(|ring| &ring.kids);
        kids.filter_map(|kid| self.credentials.get(kid))
    }

    /// A key of a signer.
    pub(crate) fn find(&self, signer: &str, kid: &str) -> Option<&KeyCredential> {
        self.of(signer).find(|key| key.kid == kid)
    }

    /// Gives a signer a key. One of that id that is there already stays as it is.
    pub(crate) fn add(&mut self, signer: &str, key: KeyCredential) {
        let kid = key.kid.clone();
        self.credentials.get_or_insert_with(kid.clone(), || key);
        self.share(signer, &kid);
    }

    /// Gives a signer a key that there is, unless the signer has it.
    pub(crate) fn share(&mut self, signer: &str, kid: &str) {
        let ring = self
            .rings
            .get_or_insert_with(signer.to_owned(), KeyRing::default);
        if ring.kids.iter().any(|own| own == kid) {
            return;
        }
        if let Some(key) = self.credentials.get_mut(kid) {
            key.holders += 1;
            ring.kids.push(kid.to_owned());
        }
    }

    pub(crate) fn set_certificate(&mut self, kid: &str, certificate: Certificate) {
        if let Some(key) = self.credentials.get_mut(kid) {
            key.certificate = Some(certificate);
        }
    }

    /// The requests of a signer.
    pub(crate) fn requests(&self, signer: &str) -> &[Csr] {
        let ring = self.rings.get(signer);
        ring.map_or(&[], |ring| &ring.requests)
    }

    pub(crate) fn add_request(&mut self, signer: &str, request: Csr) {
        let ring = self
            .rings
            .get_or_insert_with(signer.to_owned(), KeyRing::default);
        ring.requests.push(request);
    }

    pub(crate) fn remove_request(&mut self, signer: &str, id: &str) -> Option<Csr> {
        let requests = &mut self.rings.get_mut(signer)?.requests;
        let at = requests.iter().position(|request| request.id == id)?;
        Some(requests.remove(at))
    }

    /// The names that the next key pairs get.
    pub(crate) fn next_pairs(&self, count: usize) -> impl Iterator<Item = KeyName> + use<> {
        let first = *self.pairs;
        (first..first + count).map(KeyName::Credential)
    }

    /// Takes the name of the next key pair.
    pub(crate) fn take_pair(&mut self) -> KeyName {
        let name = KeyName::Credential(*self.pairs);
        *self.pairs += 1;
        name
    }

    /// Whether identity providers sign with this key that name no other.
    pub(crate) fn is_of_providers(&self, kid: &str) -> bool {
        self.of_providers.as_deref() == Some(kid)
    }

    /// Removes what a signer has, and gives the names of the key pairs that nobody has any more.
    fn remove(&mut self, signer: &str) -> Vec<KeyName> {
        let Some(ring) = self.rings.remove(signer) else {
            return Vec::new();
        };
        let mut pairs: Vec<KeyName> = ring.requests.iter().map(|request| request.pair).collect();
        for kid in ring.kids {
            let Some(key) = self.credentials.get_mut(&kid) else {
                continue;
            };
            key.holders -= 1;
            if key.holders == 0 && self.of_providers.as_deref() != Some(&*kid) {
                let removed = self.credentials.remove(&kid);
                let certificate = removed.and_then(|key| key.certificate);
                pairs.extend(certificate.map(|certificate| certificate.pair));
            }
        }
        pairs
    }
}

/// The id of the key with which an identity provider signs.
pub(crate) fn signing_kid(provider: &Value) -> Option<&str> {
    provider["protocol"]["credentials"]["signing"]["kid"].as_str()
}

/// Whether an identity provider is trusted by the key of that id.
pub(crate) fn is_trusted_by(provider: &Value, kid: &str) -> bool {
    let trust = &provider["protocol"]["credentials"]["trust"];
    let more = trust["additionalKids"].as_array().into_iter().flatten();
    std::iter::once(&trust["kid"])
        .chain(more)
        .any(|it| it == kid)
}

impl Org {
    /// An identity provider.
    pub(crate) fn provider(&self, id: &str) -> Option<&Value> {
        self.store.item(PROVIDERS, id).map(|item| &item.body)
    }

    /// The id of the key with which identity providers sign that name no other.
    pub(crate) fn kid_of_providers(&mut self) -> String {
        if let Some(kid) = &*self.signing.of_providers {
            return kid.clone();
        }
        let kid = self.ids.secret(43);
        *self.signing.of_providers = Some(kid.clone());
        kid
    }

    /// Gives a signer the key of that id, which is new if there is none yet and expires then.
    pub(crate) fn keep_key(&mut self, signer: &str, kid: &str, expires: Timestamp) {
        if self.signing.find(signer, kid).is_none() {
            let key = KeyCredential::new(kid.to_owned(), self.now, expires, None);
            self.signing.add(signer, key);
        }
    }

    /// Forgets the keys of an application or an identity provider that is gone.
    pub(crate) fn forget_signer(&mut self, signer: &str) {
        for pair in self.signing.remove(signer) {
            self.oauth.keys.forget(pair);
        }
    }
}

//! Keys with which applications and identity providers sign assertions and requests.
//!
//! Who signs has a key from the start, more are generated, and one can be given to another. A
//! certificate of another authority is requested and then published. `credentials.signing.kid` says
//! which key signs.
//!
//! Sources: <https://developer.okta.com/docs/guides/sharing-cert/main/>,
//! <https://developer.okta.com/docs/guides/sign-your-own-saml-csr/main/>.

pub(crate) mod operations;
mod requests;
mod signer;
pub(super) mod x509;

use std::ops::RangeInclusive;

use crate::org::Org;
use crate::org::events;
use crate::org::signing_keys::KeyCredential;
use crate::problem::Problem;
use signer::Signer;

/// How many years the key is good that a signer has from the start.
pub(crate) const FROM_THE_START: i32 = 10;
/// How many years a key can be good.
const YEARS: RangeInclusive<i32> = 2..=10;
/// How many keys a signer can have.
const MOST_KEYS: usize = 100;

impl Org {
    /// The key by whose id the application is said to sign is one of its keys.
    pub(super) fn keep_signing_key(&mut self, app: u64) -> Result<(), Problem> {
        let app = self.app(app)?;
        if let Some(kid) = app.signing_kid().map(str::to_owned) {
            let id = app.id.clone();
            let expires = self.now.years_later(FROM_THE_START);
            self.keep_key(&id, &kid, expires.ok_or_else(Problem::internal)?);
        }
        Ok(())
    }

    /// Refuses a key that the application does not have. The first one it may name itself.
    pub(super) fn check_signing_key(&self, app: u64, kid: &str) -> Result<(), Problem> {
        let id = &self.app(app)?.id;
        if self.signing.of(id).next().is_none() || self.signing.find(id, kid).is_some() {
            return Ok(());
        }
        let cause = format!("credentials.signing.kid: the application has no key {kid}");
        Err(Problem::validation("credentials.signing.kid", [cause]))
    }

    /// Generates a key that is good for some years, and gives its id. Nothing is signed with it yet.
    fn generate_key(&mut self, signer: &Signer, years: i32) -> Result<String, Problem> {
        if !YEARS.contains(&years) {
            let (least, most) = YEARS.into_inner();
            let cause = format!("validityYears: must be from {least} to {most}");
            return Err(Problem::validation("validityYears", [cause]));
        }
        self.check_room_for_key(signer)?;
        let expires = self.now.years_later(years).ok_or_else(Problem::internal)?;
        let kid = self.ids.secret(43);
        let key = KeyCredential::new(kid.clone(), self.now, expires, None);
        self.signing.add(&signer.id, key);
        if let Some(app) = &signer.app {
            self.record(events::APP_KEY_GENERATED, [app.clone()]);
        }
        Ok(kid)
    }

    /// Gives a key to another signer.
    fn clone_key(&mut self, from: &Signer, kid: &str, to: &Signer) -> Result<(), Problem> {
        self.certified(from, kid)?;
        if self.signing.find(&to.id, kid).is_some() {
            return Err(Problem::taken("kid"));
        }
        self.check_room_for_key(to)?;
        self.signing.share(&to.id, kid);
        if let Some(app) = &to.app {
            self.record(events::APP_KEY_CLONED, [app.clone()]);
        }
        Ok(())
    }

    /// A key of a signer, with its certificate.
    fn certified(&mut self, signer: &Signer, kid: &str) -> Result<&KeyCredential, Problem> {
        let key = self.signing.find(&signer.id, kid);
        let key = key.ok_or_else(|| Problem::not_found(kid, "JsonWebKey"))?;
        if key.certificate.is_none() {
            let (from, until) = (key.created, key.expires);
            let name = match self.signing.is_of_providers(kid) {
                true => &*self.id,
                false => &signer.id,
            }
            .clone();
            let pair = self.signing.take_pair();
            let made = self.oauth.keys.key(pair).ok();
            let made = made.and_then(|key| x509::self_signed(pair, &key, &name, from, until));
            let made = made.ok_or_else(Problem::internal)?;
            self.signing.set_certificate(kid, made);
        }
        let key = self.signing.find(&signer.id, kid);
        key.ok_or_else(Problem::internal)
    }

    fn check_room_for_key(&self, signer: &Signer) -> Result<(), Problem> {
        if self.signing.of(&signer.id).count() < MOST_KEYS {
            return Ok(());
        }
        let who = signer.word();
        let cause = format!("The {who} has {MOST_KEYS} signing keys, and can have no more");
        Err(Problem::validation("keys", [cause]))
    }
}

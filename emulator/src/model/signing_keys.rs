//! Keys with which applications sign assertions: they have one from the start, more are generated, and
//! one that an application has can be given to another. `credentials.signing.kid` says which signs.
//!
//! Source: <https://developer.okta.com/docs/guides/sharing-cert/main/>.

mod certificate;
pub(crate) mod operations;

use std::ops::RangeInclusive;

use crate::oauth::memory::keys::{self, KeyName};
use crate::org::Org;
use crate::org::events;
use crate::org::signing_keys::AppKey;
use crate::problem::Problem;

/// How many years the key is good that an application has from the start.
const FROM_THE_START: i32 = 10;
/// How many years a key can be good.
const YEARS: RangeInclusive<i32> = 2..=10;

impl Org {
    /// The key by whose id the application is said to sign is one of its keys.
    pub(super) fn keep_signing_key(&mut self, app: u64) -> Result<(), Problem> {
        let Some(kid) = self.app(app)?.signing_kid().map(str::to_owned) else {
            return Ok(());
        };
        if self.app(app)?.keys.iter().all(|key| key.kid != kid) {
            let key = self.new_key(kid, FROM_THE_START)?;
            self.app_mut(app)?.keys.push(key);
        }
        Ok(())
    }

    /// Refuses a key that the application does not have. The first one it may name itself.
    pub(super) fn check_signing_key(&self, app: u64, kid: &str) -> Result<(), Problem> {
        let keys = &self.app(app)?.keys;
        if keys.is_empty() || keys.iter().any(|key| key.kid == kid) {
            return Ok(());
        }
        let cause = format!("credentials.signing.kid: the application has no key {kid}");
        Err(Problem::validation("credentials.signing.kid", [cause]))
    }

    fn new_key(&self, kid: String, years: i32) -> Result<AppKey, Problem> {
        let expires = self.now.years_later(years);
        Ok(AppKey {
            kid,
            created: self.now,
            expires: expires.ok_or_else(Problem::internal)?,
            certificate: None,
        })
    }

    /// Generates a key that is good for some years, and gives its id. The application does not sign
    /// with it yet.
    fn generate_app_key(&mut self, app: u64, years: i32) -> Result<String, Problem> {
        if !YEARS.contains(&years) {
            let (least, most) = YEARS.into_inner();
            let cause = format!("validityYears: must be from {least} to {most}");
            return Err(Problem::validation("validityYears", [cause]));
        }
        let kid = self.ids.secret(43);
        let key = self.new_key(kid.clone(), years)?;
        let app = self.app_mut(app)?;
        app.keys.push(key);
        let target = app.target();
        self.record(events::APP_KEY_GENERATED, [target]);
        Ok(kid)
    }

    /// Gives a key of an application to another.
    fn clone_app_key(&mut self, app: u64, kid: &str, to: u64) -> Result<(), Problem> {
        let key = self.certified(app, kid)?.clone();
        let to = self.app_mut(to)?;
        if to.keys.iter().any(|own| own.kid == kid) {
            return Err(Problem::taken("kid"));
        }
        to.keys.push(key);
        let target = to.target();
        self.record(events::APP_KEY_CLONED, [target]);
        Ok(())
    }

    /// A key of an application, with its certificate.
    fn certified(&mut self, app: u64, kid: &str) -> Result<&AppKey, Problem> {
        let next = *self.certificates;
        let own = self.app_mut(app)?;
        let name = own.id.clone();
        let key = own.keys.iter_mut().find(|key| key.kid == kid);
        let key = key.ok_or_else(|| Problem::not_found(kid, "JsonWebKey"))?;
        if key.certificate.is_none() {
            let pair = keys::key(KeyName::App(next)).map_err(|_| Problem::internal())?;
            let made = certificate::of(&pair, &name, key.created, key.expires);
            key.certificate = Some(made.ok_or_else(Problem::internal)?);
            *self.certificates += 1;
        }
        let mut keys = self.app(app)?.keys.iter();
        keys.find(|key| key.kid == kid)
            .ok_or_else(Problem::internal)
    }
}

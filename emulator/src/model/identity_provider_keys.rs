//! `/api/v1/idps/credentials/keys`: certificates by which assertions of identity providers are checked.
//! `protocol.credentials.trust.kid` of an identity provider names one.

use serde_json::Value;

use super::signing_keys::x509;
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::object::Object;
use crate::org::Org;
use crate::org::events::{self, Target};
use crate::org::signing_keys::{PROVIDERS, TrustedCertificate, TrustedKey, is_trusted_by};
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

/// How many certificates an org can have.
const MOST_KEYS: usize = 1000;
/// How many certificates a chain can have.
const LONGEST_CHAIN: usize = 10;

pub(crate) fn operations() -> Modelled {
    let keys = format!("{PROVIDERS}/credentials/keys");
    Modelled::new().at(&keys, [get(list), post(create)]).at(
        &format!("{keys}/{{kid}}"),
        [get(read), put(replace), delete(remove)],
    )
}

impl Org {
    fn find_trusted_key(&self, kid: &str) -> Result<u64, Problem> {
        let found = self.signing.trusted.position(kid);
        found.ok_or_else(|| Problem::not_found(kid, "JsonWebKey"))
    }

    fn trusted_key(&self, position: u64) -> Result<&TrustedKey, Problem> {
        let found = self.signing.trusted.get(position);
        found.ok_or_else(Problem::internal)
    }

    fn create_trusted_key(&mut self, body: &Object) -> Result<u64, Problem> {
        if self.signing.trusted.len() >= MOST_KEYS {
            let cause =
                format!("The org has {MOST_KEYS} keys of identity providers, and can have no more");
            return Err(Problem::validation("keys", [cause]));
        }
        let key = TrustedKey {
            kid: self.ids.uuid(),
            created: self.now,
            last_updated: self.now,
            certificate: certificate(body)?,
        };
        let target = target(&key);
        let position = self.signing.trusted.insert(key);
        self.record(events::PROVIDER_KEY_CREATED, [target]);
        Ok(position)
    }

    fn replace_trusted_key(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let (certificate, now) = (certificate(body)?, self.now);
        let key = self.signing.trusted.get_mut(position);
        let key = key.ok_or_else(Problem::internal)?;
        (key.certificate, key.last_updated) = (certificate, now);
        let target = target(key);
        self.record(events::PROVIDER_KEY_UPDATED, [target]);
        Ok(())
    }

    /// Deletes a key that no identity provider uses, be it active or not.
    fn delete_trusted_key(&mut self, position: u64) -> Result<(), Problem> {
        let key = self.trusted_key(position)?;
        let target = target(key);
        let user = self
            .store
            .bodies(PROVIDERS)
            .find(|it| is_trusted_by(it, &key.kid));
        if let Some(user) = user {
            let name = user["name"].as_str().unwrap_or_default();
            let cause = format!("kid: the identity provider {name} uses this key");
            return Err(Problem::validation("kid", [cause]));
        }
        self.signing.trusted.remove(position);
        self.record(events::PROVIDER_KEY_DELETED, [target]);
        Ok(())
    }
}

fn target(key: &TrustedKey) -> Target {
    Target::new(&key.kid, "IdpKey", "unknown", &key.kid)
}

/// The certificate of a request: the first of `x5c`.
fn certificate(body: &Object) -> Result<TrustedCertificate, Problem> {
    let chain = body.get("x5c").and_then(Value::as_array);
    let chain = chain.filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| Problem::blank("x5c"))?;
    let wrong = |cause: String| Problem::validation("x5c", [cause]);
    if chain.len() > LONGEST_CHAIN {
        let cause = format!("x5c: must be {LONGEST_CHAIN} certificates at most");
        return Err(wrong(cause));
    }
    let chain: Vec<String> = chain
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let der = chain.first().and_then(|it| x509::decoded(it.as_bytes()));
    let read = der.and_then(x509::read).ok_or_else(|| {
        wrong(
            "x5c: must be X.509 certificates in DER and Base64, with a key that is RSA or on P-256, \
             P-384 or P-521"
                .to_owned(),
        )
    })?;
    Ok(TrustedCertificate {
        chain,
        der: read.der,
        expires: read.expires,
        key: read.key,
    })
}

fn show(org: &Org, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::trusted_key(org.trusted_key(position)?))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let keys = org.signing.trusted.after(call.after()?);
    let shown = keys.map(|(position, key)| (position, view::trusted_key(key)));
    Reply::page(call, &Page::take(shown, call.limit(20, 200)?))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_trusted_key(&call.object()?)?;
    show(org, position)
}

fn found(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_trusted_key(call.parameter("kid"))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, found(org, call)?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = found(org, call)?;
    org.replace_trusted_key(position, &call.object()?)?;
    show(org, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_trusted_key(found(org, call)?)?;
    Reply::no_content()
}

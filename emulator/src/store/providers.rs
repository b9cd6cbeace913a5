//! The keys of identity providers. One that speaks SAML signs its requests, with the org's key unless it
//! names another of its own.

use serde_json::{Value, json};

use crate::document::nameless;
use crate::org::Org;
use crate::org::signing_keys::{PROVIDERS, signing_kid};
use crate::problem::Problem;

/// How many years the org's key is good.
const YEARS: i32 = 10;

/// Says in a new or changed identity provider with which key it signs. Anything else stays as it is.
pub(super) fn sign(org: &mut Org, collection: &str, object: &mut Value) {
    let speaks_saml = object["protocol"]["type"] == "SAML2";
    if nameless(collection) != PROVIDERS || !speaks_saml {
        return;
    }
    let kid = match signing_kid(object) {
        Some(kid) => kid.to_owned(),
        None => org.kid_of_providers(),
    };
    let (Some(id), Some(expires)) = (object["id"].as_str(), org.now.years_later(YEARS)) else {
        return;
    };
    org.keep_key(id, &kid, expires);
    set_kid(object, &kid);
}

/// Refuses a key that an identity provider does not have. The first one it may name itself. One that is
/// left out stays.
pub(super) fn check(
    org: &Org,
    collection: &str,
    before: &Value,
    object: &mut Value,
) -> Result<(), Problem> {
    if nameless(collection) != PROVIDERS || object["protocol"]["type"] != "SAML2" {
        return Ok(());
    }
    let Some(kid) = signing_kid(object) else {
        if let Some(kid) = signing_kid(before) {
            set_kid(object, kid);
        }
        return Ok(());
    };
    let id = before["id"].as_str().unwrap_or_default();
    if org.signing.of(id).next().is_none() || org.signing.find(id, kid).is_some() {
        return Ok(());
    }
    let member = "protocol.credentials.signing.kid";
    let cause = format!("{member}: the identity provider has no key {kid}");
    Err(Problem::validation(member, [cause]))
}

/// Says with which key an identity provider signs.
fn set_kid(provider: &mut Value, kid: &str) {
    let mut at = provider;
    for name in ["protocol", "credentials", "signing"] {
        let Some(members) = at.as_object_mut() else {
            return;
        };
        at = members.entry(name).or_insert(Value::Null);
        if at.is_null() {
            *at = json!({});
        }
    }
    if let Some(members) = at.as_object_mut() {
        members.insert("kid".to_owned(), json!(kid));
    }
}

/// Forgets the keys of an identity provider that is gone.
pub(super) fn forget(org: &mut Org, collection: &str, id: &str) {
    if nameless(collection) == PROVIDERS {
        org.forget_signer(id);
    }
}

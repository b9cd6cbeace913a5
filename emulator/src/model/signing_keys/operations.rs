//! `/api/v1/apps/{appId}/credentials/keys` and `/csrs`, the same below `/api/v1/idps/{idpId}`, and the
//! SAML metadata that carry a certificate.

use serde_json::Value;

use super::signer::Signer;
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post};
use crate::oauth::memory::keys::KeyName;
use crate::org::Org;
use crate::org::signing_keys::Csr;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let of_app = |rest: &str| format!("/api/v1/apps/{{appId}}/credentials{rest}");
    let of_provider = |rest: &str| format!("/api/v1/idps/{{idpId}}/credentials{rest}");
    Modelled::new()
        .at(&of_app("/keys"), [get(list).with_keys(uncertified)])
        .at(
            &of_app("/keys/generate"),
            [post(generate).with_keys(new_one)],
        )
        .at(&of_app("/keys/{keyId}"), [get(read).with_keys(uncertified)])
        .at(
            &of_app("/keys/{keyId}/clone"),
            [post(clone).with_keys(uncertified)],
        )
        .at(
            &of_app("/csrs"),
            [get(list_requests), post(request).with_keys(new_one)],
        )
        .at(
            &of_app("/csrs/{csrId}"),
            [get(read_request), delete(revoke)],
        )
        .at(&of_app("/csrs/{csrId}/lifecycle/publish"), [post(publish)])
        .at(
            "/api/v1/apps/{appId}/sso/saml/metadata",
            [get(metadata).with_keys(uncertified)],
        )
        .at(&of_provider("/keys"), [get(list).with_keys(uncertified)])
        .at(
            &of_provider("/keys/generate"),
            [post(generate).with_keys(new_one)],
        )
        .at(
            &of_provider("/keys/active"),
            [get(active).with_keys(uncertified)],
        )
        .at(
            &of_provider("/keys/{kid}"),
            [get(read).with_keys(uncertified)],
        )
        .at(
            &of_provider("/keys/{kid}/clone"),
            [post(clone).with_keys(uncertified)],
        )
        .at(
            &of_provider("/csrs"),
            [get(list_requests), post(request).with_keys(new_one)],
        )
        .at(
            &of_provider("/csrs/{idpCsrId}"),
            [get(read_request), delete(revoke)],
        )
        .at(
            &of_provider("/csrs/{idpCsrId}/lifecycle/publish"),
            [post(publish)],
        )
}

/// A new key pair.
fn new_one(org: &Org, _: &Call) -> Vec<KeyName> {
    org.signing.next_pairs(1).collect()
}

/// A key pair for each key of the signer that has no certificate yet.
fn uncertified(org: &Org, call: &Call) -> Vec<KeyName> {
    let Ok(signer) = Signer::of(org, call) else {
        return Vec::new();
    };
    let keys = org.signing.of(&signer.id);
    let without = keys.filter(|key| key.certificate.is_none()).count();
    org.signing.next_pairs(without).collect()
}

/// A parameter of the path that has another name for applications than for identity providers.
fn either<'c>(call: &'c Call, of_app: &str, of_provider: &str) -> &'c str {
    match call.parameter(of_app) {
        "" => call.parameter(of_provider),
        found => found,
    }
}

fn kid_of(call: &Call) -> &str {
    either(call, "keyId", "kid")
}

fn request_id_of(call: &Call) -> &str {
    either(call, "csrId", "idpCsrId")
}

fn shown(org: &mut Org, signer: &Signer, kid: &str) -> Result<Value, Problem> {
    let key = org.certified(signer, kid)?;
    view::signing_key(key).ok_or_else(Problem::internal)
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let keys = org.signing.of(&signer.id);
    let kids: Vec<String> = keys.map(|key| key.kid.clone()).collect();
    let keys = kids.iter().map(|kid| shown(org, &signer, kid));
    Reply::ok(&keys.collect::<Result<Vec<_>, _>>()?)
}

/// The key that signs, in a list. Who has none is answered without a body.
fn active(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    match &signer.kid {
        Some(kid) => Reply::ok(&[shown(org, &signer, kid)?]),
        None => Reply::no_content(),
    }
}

fn generate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let years = call.option("validityYears");
    let years = years.ok_or_else(|| Problem::blank("validityYears"))?;
    let years = years.parse().map_err(|_| {
        let cause = "validityYears: must be a number";
        Problem::validation("validityYears", [cause])
    })?;
    let kid = org.generate_key(&signer, years)?;
    // The document has another status for each of the two.
    let status = if signer.app.is_some() { 201 } else { 200 };
    Reply::json(status, &shown(org, &signer, &kid)?)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    Reply::ok(&shown(org, &signer, kid_of(call))?)
}

fn clone(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (signer, kid) = (Signer::of(org, call)?, kid_of(call));
    let target = signer.target(org, call)?;
    org.clone_key(&signer, kid, &target)?;
    Reply::created(&shown(org, &target, kid)?)
}

fn shown_request(signer: &Signer, request: &Csr, call: &Call) -> Value {
    let (base, id) = (&call.base, &signer.id);
    let requests = format!("{base}{}/{id}/credentials/csrs", signer.collection);
    view::csr(request, &requests)
}

fn list_requests(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let requests = org.signing.requests(&signer.id).iter();
    let shown = requests.map(|request| shown_request(&signer, request, call));
    Reply::ok(&shown.collect::<Vec<_>>())
}

fn request(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let request = org.request_certificate(&signer, &call.object()?)?;
    Reply::created(&shown_request(&signer, &request, call))
}

fn read_request(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let request = org.request(&signer, request_id_of(call))?;
    Reply::ok(&shown_request(&signer, request, call))
}

fn revoke(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    org.revoke_request(&signer, request_id_of(call))?;
    Reply::no_content()
}

fn publish(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let kid = org.publish_request(&signer, request_id_of(call), call.content()?)?;
    Reply::created(&shown(org, &signer, &kid)?)
}

/// What a service provider has to know of the application. Without `kid` the certificate is that of the
/// key which signs.
fn metadata(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let signer = Signer::of(org, call)?;
    let kid = call.option("kid").or(signer.kid.as_deref());
    let kid = kid.ok_or_else(|| Problem::not_found("kid", "JsonWebKey"))?;
    let key = org.certified(&signer, kid)?.clone();
    let app = org.app(org.find_app(&signer.id)?)?;
    let metadata = view::saml_metadata(app, &key, &call.base);
    Ok(Reply::xml(metadata.ok_or_else(Problem::internal)?))
}

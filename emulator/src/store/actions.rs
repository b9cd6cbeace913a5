//! What has no shape: operations that are neither a collection nor an object nor a status. Most of
//! them answer what their schema asks for; those that change something are listed.

mod enrollments;
mod switches;
mod well_known;

use serde_json::{Value, json};

use super::asked::Asked;
use super::{adding, born, kinds, objects};
use crate::call::Reply;
use crate::document::segments::{ends_with_parameter, parent, segment};
use crate::document::{Operation, Schema, document, nameless};
use crate::org::Org;
use crate::problem::Problem;

type Action = fn(&mut Org, &Asked<'_>) -> Result<Reply, Problem>;

/// By method and template, without names.
const ACTIONS: &[(&str, &str, Action)] = &[
    (
        "GET",
        "/api/v1/brands/{}/well-known-uris/{}/customized",
        well_known::read_customized,
    ),
    (
        "PUT",
        "/api/v1/brands/{}/well-known-uris/{}/customized",
        well_known::customize,
    ),
    (
        "GET",
        "/.well-known/app-authenticator-configuration",
        well_known::app_authenticators,
    ),
    (
        "GET",
        "/.well-known/apple-app-site-association",
        well_known::apple_app_site,
    ),
    (
        "GET",
        "/.well-known/assetlinks.json",
        well_known::asset_links,
    ),
    ("GET", "/.well-known/webauthn", well_known::webauthn),
    (
        "GET",
        "/api/v1/brands/{}/pages/sign-in/widget-versions",
        widget_versions,
    ),
    ("GET", "/api/v1/dr/status/{}", recovery_status),
    ("GET", "/api/v1/hook-keys/public/{}", public_hook_key),
    (
        "POST",
        "/api/v1/users/{}/authenticator-enrollments/phone",
        enrollments::phone,
    ),
];

/// What an operation does that is listed.
pub(super) fn of(operation: &Operation) -> Option<Action> {
    let template = nameless(&operation.path);
    if switches::is_one(&template, &operation.method) {
        return Some(switches::set);
    }
    let mut listed = ACTIONS.iter();
    let found = listed.find(|(method, path, _)| *method == operation.method && *path == template);
    found.map(|(_, _, action)| *action)
}

/// Anything else: a new item if the answer is one, the object that it is about, or an answer of what
/// was given.
pub(super) fn act(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let (template, path) = asked.above();
    let given = asked.given()?;
    let collection = match ends_with_parameter(template) {
        true => (parent(template), parent(path)),
        false => (template, path),
    };
    if !is_item_of(collection.0, asked.schema()) {
        return answer(org, asked, &given);
    }
    born::start(org, collection.0, collection.1);
    if template == collection.0 {
        return added(org, asked, collection, &given);
    }
    let item = org.store.item(collection.1, &segment(path));
    let Some(mut object) = item.map(|item| item.body.clone()) else {
        return answer(org, asked, &given);
    };
    if asked.key() == "clone" {
        let key = kinds::of(collection.0).key;
        object
            .as_object_mut()
            .and_then(|members| members.remove(key));
        return added(org, asked, collection, &object);
    }
    asked.answer_at(org, &object, path)
}

fn added(
    org: &mut Org,
    asked: &Asked<'_>,
    (template, path): (&str, &str),
    given: &Value,
) -> Result<Reply, Problem> {
    let object = adding::add(org, template, path, given);
    let key = objects::key(kinds::of(template), &object).unwrap_or_default();
    asked.answer_at(org, &object, &format!("{path}/{key}"))
}

/// Whether the answer of an operation is an item of a collection.
fn is_item_of(collection: &str, answer: Option<&Schema>) -> bool {
    let name = |schema: Option<&Schema>| schema.and_then(|schema| schema.reference.clone());
    let answer = name(answer);
    kinds::has_items(collection)
        && answer.is_some()
        && (answer == name(kinds::item_schema(collection))
            || answer == name(kinds::list_item_schema(collection)))
}

/// An answer made of what was given and of what its schema asks for.
fn answer(org: &mut Org, asked: &Asked<'_>, given: &Value) -> Result<Reply, Problem> {
    let Some(schema) = asked.schema() else {
        return Ok(asked.nothing());
    };
    let shape = document().shape(schema, Some(given));
    let mut object = given.clone();
    if shape.properties.contains_key("id") && shape.is_of_server("id") {
        object["id"] = json!(org.ids.object(kinds::of(asked.template()).prefix));
    }
    asked.answer(org, &object)
}

fn widget_versions(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    asked.answer(org, &json!(["7.0", "6.0", "5.0"]))
}

/// Whether a domain has failed over, in a list of one.
fn recovery_status(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let status = super::items::existing(org, asked)?;
    asked.answer(org, &json!({ "status": [status] }))
}

/// The public half of a hook key, by the id of the key and not of what holds it.
fn public_hook_key(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let keys = org.store.collections.get("/api/v1/hook-keys").into_iter();
    let mut keys = keys.flat_map(|table| table.iter().map(|(_, item)| &item.body));
    let wanted = asked.key();
    let found = keys.find(|key| key["keyId"] == wanted.as_str());
    let key =
        found.map(|key| json!({ "kid": key["keyId"], "kty": "RSA", "use": "sig", "e": "AQAB" }));
    match key {
        Some(key) => asked.answer(org, &key),
        None => Err(kinds::not_found("/api/v1/hook-keys", &wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_of_an_operation_of_the_document() {
        for &(method, template, _) in ACTIONS {
            assert!(
                document().operation(template, method).is_some(),
                "{method} {template}"
            );
        }
    }
}

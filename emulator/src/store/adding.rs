//! Adding an item to a collection.

use serde_json::Value;

use super::kinds::{self, lists};
use super::{objects, providers};
use crate::document::{Schema, document};
use crate::org::Org;
use crate::org::store::Item;

/// Adds an item, and gives it with what the server adds.
pub(super) fn add(org: &mut Org, template: &str, path: &str, given: &Value) -> Value {
    let kind = kinds::of(template);
    let mut object = objects::new(org, made_schema(template), kind, given);
    providers::sign(org, template, &mut object);
    let item = Item {
        key: objects::key(kind, &object).unwrap_or_default(),
        body: object.clone(),
    };
    org.store.insert(path, item);
    object
}

/// The answer of what makes an item may say more than that of what reads it.
fn made_schema(template: &str) -> Option<&'static Schema> {
    let made = document().operation(template, "POST");
    let answer = made
        .filter(|made| !lists(made))
        .and_then(|made| made.answers());
    answer.or_else(|| kinds::item_schema(template))
}

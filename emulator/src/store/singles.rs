//! Objects that a path has one of, such as settings.

use serde_json::{Value, json};

use super::asked::Asked;
use super::logged::{self, Deed};
use super::{born, objects};
use crate::call::Reply;
use crate::document::document;
use crate::org::Org;
use crate::problem::Problem;

pub(super) fn read(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let object = current(org, asked);
    match object {
        Some(object) => asked.answer(org, &object),
        None => Err(Problem::not_found(&asked.key(), &asked.operation.tag)),
    }
}

pub(super) fn replace(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let given = asked.given()?;
    save(org, asked, given)
}

pub(super) fn merge(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let mut object = current(org, asked).unwrap_or_else(|| json!({}));
    objects::merge(&mut object, &asked.given()?);
    save(org, asked, object)
}

fn save(org: &mut Org, asked: &Asked<'_>, object: Value) -> Result<Reply, Problem> {
    let read = document().operation(asked.template(), "GET");
    let schema = read.unwrap_or(asked.operation).answers();
    let object = objects::changed(org, schema, object);
    put(org, &asked.path, &object);
    logged::record(org, asked.template(), Deed::Update, &object);
    asked.answer(org, &object)
}

pub(super) fn reset(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    org.store.singles.remove(&asked.path);
    Ok(asked.nothing())
}

/// What the path has one of; nothing where what is deleted is gone.
fn current(org: &Org, asked: &Asked<'_>) -> Option<Value> {
    let can_go = document().operation(asked.template(), "DELETE").is_some();
    let base = &asked.call.base;
    at(org, asked.template(), &asked.path, base, can_go)
}

/// What was written last at a path, or what every org has there.
pub(super) fn at(org: &Org, template: &str, path: &str, base: &str, can_go: bool) -> Option<Value> {
    match org.store.singles.get(path) {
        Some(object) => Some(Value::Object(object.clone())),
        None => born::single(org, template, base, can_go),
    }
}

/// Writes what a path has one of.
pub(super) fn put(org: &mut Org, path: &str, object: &Value) {
    let object = objects::object_of(object);
    org.store.singles.insert(path.to_owned(), object);
}

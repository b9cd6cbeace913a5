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
    org.store
        .singles
        .insert(asked.path.clone(), objects::object_of(&object));
    logged::record(org, asked.template(), Deed::Update, &object);
    asked.answer(org, &object)
}

pub(super) fn reset(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    org.store.singles.remove(&asked.path);
    Ok(asked.nothing())
}

/// What was written last, or what every org has; nothing where what is deleted is gone.
pub(super) fn current(org: &Org, asked: &Asked<'_>) -> Option<Value> {
    if let Some(object) = org.store.singles.get(&asked.path) {
        return Some(Value::Object(object.clone()));
    }
    let can_go = document().operation(asked.template(), "DELETE").is_some();
    born::single(org, asked.template(), &asked.call.base, can_go)
}

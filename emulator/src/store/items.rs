//! The items of collections.

use serde_json::Value;

use super::asked::Asked;
use super::logged::Deed;
use super::{adding, born, kept, kinds, logged, objects, providers};
use crate::call::Reply;
use crate::document::nameless;
use crate::document::segments::encoded;
use crate::org::Org;
use crate::problem::Problem;

/// The items that are made by naming them: links between objects that exist already.
const LINKED: &str = "/api/v1/idps/{}/users/{}";

pub(super) fn create(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let given = asked.given()?;
    born::start(org, asked.template(), &asked.path);
    let object = adding::add(org, asked.template(), &asked.path, &given);
    logged::record(org, asked.template(), Deed::Create, &object);
    let key = objects::key(kinds::of(asked.template()), &object).unwrap_or_default();
    asked.answer_at(org, &object, &format!("{}/{}", asked.path, encoded(&key)))
}

pub(super) fn read(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let body = existing(org, asked)?;
    asked.answer(org, &body)
}

pub(super) fn replace(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let before = existing(org, asked)?;
    let (template, _) = asked.above();
    let schema = kinds::item_schema(template);
    let given = asked.given()?;
    let mut object = objects::kept(schema, &before, kinds::of(template));
    object.extend(objects::beyond(asked.operation.takes(), schema, &before));
    object.extend(objects::object_of(&given));
    let mut object = Value::Object(object);
    providers::check(org, template, &before, &mut object)?;
    save(org, asked, object)
}

pub(super) fn merge(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let mut object = existing(org, asked)?;
    objects::merge(&mut object, &asked.given()?);
    save(org, asked, object)
}

fn save(org: &mut Org, asked: &Asked<'_>, object: Value) -> Result<Reply, Problem> {
    let (template, path) = asked.above();
    let mut object = objects::changed(org, kinds::item_schema(template), object);
    providers::sign(org, template, &mut object);
    if let Some(item) = org.store.item_mut(path, &asked.key()) {
        item.body.clone_from(&object);
    }
    logged::record(org, template, Deed::Update, &object);
    asked.answer(org, &object)
}

pub(super) fn remove(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let (template, path) = asked.above();
    born::start(org, template, path);
    let key = asked.key();
    let Some(item) = org.store.item(path, &key).map(|item| item.body.clone()) else {
        return Err(missing(asked));
    };
    kept::check(org, template, &item)?;
    org.store.remove(path, &key);
    providers::forget(org, template, &key);
    logged::record(org, template, Deed::Delete, &item);
    Ok(asked.nothing())
}

pub(super) fn clear(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    born::start(org, asked.template(), &asked.path);
    org.store.collections.clear(&asked.path);
    org.store.remove_below(&format!("{}/", asked.path));
    Ok(asked.nothing())
}

/// The item that the path names. What is made by naming it is made now.
pub(super) fn existing(org: &mut Org, asked: &Asked<'_>) -> Result<Value, Problem> {
    let (template, path) = asked.above();
    born::start(org, template, path);
    let key = asked.key();
    if let Some(item) = org.store.item(path, &key) {
        return Ok(item.body.clone());
    }
    let item = nameless(asked.template());
    if asked.operation.method == "GET" || item != LINKED {
        return Err(missing(asked));
    }
    let kind = kinds::of(template);
    let given = Value::Object([(kind.key.to_owned(), key.into())].into_iter().collect());
    Ok(adding::add(org, template, path, &given))
}

/// An object that is named by the path and is not there.
fn missing(asked: &Asked<'_>) -> Problem {
    kinds::not_found(asked.above().0, &asked.key())
}

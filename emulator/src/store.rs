//! Everything of the management API that is not modelled by hand, kept by the shapes of paths and
//! schemas: collections with items, single objects, and what switches their status.
//!
//! It follows the document: what a request gives is kept and given back, what the server alone
//! writes is added, and what has to be there is filled in. Objects are not connected: nothing acts
//! by a network zone or a behavior.

mod actions;
mod adding;
mod aliases;
mod asked;
mod born;
mod items;
mod kept;
mod kinds;
mod lifecycle;
mod lists;
mod logged;
mod objects;
mod path;
mod providers;
mod role;
mod singles;
mod views;

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::document::{Operation, document, segments};
use crate::modelled::Modelled;
use crate::object::Object;
use crate::org::Org;
use crate::problem::Problem;
use asked::Asked;
use role::Role;

/// Puts an object into a collection that no operation has to have.
pub(crate) fn plant(org: &mut Org, path: &str, body: &Object) -> Result<(), Problem> {
    let Some(template) = collection_at(path) else {
        let cause = format!("{path}: The management API has no such collection");
        return Err(Problem::validation("objects", [cause]));
    };
    born::start(org, template, path);
    adding::add(org, template, path, &Value::Object(body.clone()));
    Ok(())
}

/// The template of a collection: that of the path, or what the path of an item is in.
fn collection_at(path: &str) -> Option<&'static str> {
    let own = document().place(path).map(|place| place.template);
    let item = document().place(&format!("{path}/item"));
    let above = item.map(|place| segments::parent(place.template));
    own.filter(|own| kinds::has_items(own)).or(above)
}

/// Answers an operation that is not modelled by hand.
pub(crate) fn run(
    org: &mut Org,
    modelled: &Modelled,
    operation: &'static Operation,
    call: &Call,
) -> Result<Reply, Problem> {
    let asked = Asked {
        operation,
        modelled,
        call,
        path: path::canonical(org, modelled, operation, call)?,
    };
    if let Some(action) = actions::of(operation) {
        return action(org, &asked);
    }
    match Role::of(operation) {
        Role::List => lists::list(org, &asked),
        Role::View => views::view(&asked),
        Role::Create => items::create(org, &asked),
        Role::Read => items::read(org, &asked),
        Role::Replace => items::replace(org, &asked),
        Role::Merge => items::merge(org, &asked),
        Role::Remove => items::remove(org, &asked),
        Role::Clear => items::clear(org, &asked),
        Role::ReadSingle => singles::read(org, &asked),
        Role::ReplaceSingle => singles::replace(org, &asked),
        Role::MergeSingle => singles::merge(org, &asked),
        Role::ResetSingle => singles::reset(org, &asked),
        Role::Switch => lifecycle::switch(org, &asked),
        Role::Act => actions::act(org, &asked),
    }
}

//! What is asked of somebody who wants to prove who they are.

use serde_json::{Value, json};

use crate::call::Reply;
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::path::{encoded, parent};
use crate::store::{adding, kinds, objects};

/// A push waits for an answer on the phone; everything else is right at once.
pub(super) fn verify(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let (template, path) = asked.above();
    let kind = factor(org, path)["factorType"].clone();
    if kind != "push" {
        return asked.answer(org, &json!({ "factorResult": "SUCCESS" }));
    }
    let template = format!("{template}/transactions");
    let transactions = format!("{path}/transactions");
    let waiting = json!({ "factorResult": "WAITING" });
    let made = adding::add(org, &template, &transactions, &waiting);
    let key = objects::key(kinds::of(&template), &made).unwrap_or_default();
    let poll = format!("{}{transactions}/{}", asked.call.base, encoded(&key));
    let mut waiting = waiting;
    waiting["_links"] = json!({
        "poll": { "href": poll, "hints": { "allow": ["GET"] } },
        "cancel": { "href": poll, "hints": { "allow": ["DELETE"] } },
    });
    Reply::json(201, &waiting)
}

fn factor(org: &Org, path: &str) -> Value {
    let key = crate::store::path::segment(path);
    let item = org.store.item(parent(path), &key);
    item.map(|item| item.body.clone()).unwrap_or_default()
}

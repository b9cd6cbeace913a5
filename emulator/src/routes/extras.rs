//! What a request can ask of an operation beside what the operation does: that the object is still as
//! it was read, that other objects are embedded, that parts of objects are left out, that the answer is
//! no JSON.

mod embedded;
mod entity_tag;
mod omitted;
mod pkcs10;
mod projection;

use axum::http::HeaderMap;
use serde_json::Value;

use crate::call::{Call, Reply};
use crate::document::Operation;
use crate::modelled::Modelled;
use crate::org::Org;
use crate::problem::Problem;

/// Does an operation, with all that the request asks of it.
pub(super) fn act(
    org: &mut Org,
    modelled: &Modelled,
    operation: &Operation,
    headers: &HeaderMap,
    call: &Call,
    does: impl FnOnce(&mut Org, &Call) -> Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    entity_tag::check(org, modelled, operation, headers, call)?;
    let mut reply = does(org, call)?;
    if pkcs10::is_wanted(operation, headers) {
        let answer = reply.value().unwrap_or_default();
        return Ok(pkcs10::of(&answer, reply.status).unwrap_or(reply));
    }
    let wanted = Wanted {
        tag: entity_tag::is_answered(operation),
        embedded: embedded::wanted(operation, call),
        projection: projection::wanted(operation, call)?,
        omitted: omitted::wanted(operation, headers),
    };
    if wanted.is_nothing() {
        return Ok(reply);
    }
    let Some(mut answer) = reply.value() else {
        return Ok(reply);
    };
    if wanted.tag {
        reply.entity_tag = Some(entity_tag::of(&answer));
    }
    for (object, path) in objects(&mut answer, call) {
        for expansion in &wanted.embedded {
            expansion.embed(org, modelled, call, object, &path);
        }
        for part in &wanted.omitted {
            part.leave_out_of(object);
        }
        if let Some(projection) = &wanted.projection {
            projection.apply(object);
        }
    }
    reply.set_value(&answer)?;
    Ok(reply)
}

/// What a request asks of an answer.
struct Wanted {
    tag: bool,
    embedded: Vec<embedded::Wanted>,
    projection: Option<projection::Projection>,
    omitted: Vec<omitted::Part>,
}

impl Wanted {
    fn is_nothing(&self) -> bool {
        !self.tag
            && self.embedded.is_empty()
            && self.projection.is_none()
            && self.omitted.is_empty()
    }
}

/// The objects of an answer with their paths: the items of a list, or the answer itself.
fn objects<'a>(answer: &'a mut Value, call: &Call) -> Vec<(&'a mut Value, String)> {
    match answer {
        Value::Array(items) => items
            .iter_mut()
            .map(|item| {
                let key = item["id"].as_str().or_else(|| item["name"].as_str());
                let path = format!("{}/{}", call.path, key.unwrap_or_default());
                (item, path)
            })
            .collect(),
        object => vec![(object, call.path.clone())],
    }
}

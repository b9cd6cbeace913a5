//! A request as the store sees it.

use serde_json::{Value, json};

use super::objects;
use crate::body::Body;
use crate::call::{Call, Reply};
use crate::document::segments::{parent, segment};
use crate::document::{Operation, Schema};
use crate::modelled::Modelled;
use crate::org::Org;
use crate::problem::Problem;

/// An operation, and what it is asked about.
pub(super) struct Asked<'a> {
    pub(super) operation: &'static Operation,
    pub(super) modelled: &'a Modelled,
    pub(super) call: &'a Call,
    /// The path with ids in place of whatever else names an object.
    pub(super) path: String,
}

impl Asked<'_> {
    pub(super) fn template(&self) -> &'static str {
        &self.operation.path
    }

    /// The last part of the path, decoded: the key of an item.
    pub(super) fn key(&self) -> String {
        segment(&self.path)
    }

    /// Template and path of what the last part of the path is in.
    pub(super) fn above(&self) -> (&'static str, &str) {
        (parent(self.template()), parent(&self.path))
    }

    /// The body without what only the server writes. An operation without a body gets `{}`.
    pub(super) fn given(&self) -> Result<Value, Problem> {
        let (schema, body) = match (self.operation.takes(), &self.call.body) {
            (Some(schema), Body::Json(body)) => (schema, body),
            (Some(_), Body::Other(_)) => return Err(Problem::malformed()),
            _ => return Ok(json!({})),
        };
        Ok(objects::writable(schema, body))
    }

    /// The answer with an object of the operation's own schema.
    pub(super) fn answer(&self, org: &Org, object: &Value) -> Result<Reply, Problem> {
        self.answer_at(org, object, &self.path)
    }

    /// The answer with an object that is found at another path than the one asked for.
    pub(super) fn answer_at(
        &self,
        org: &Org,
        object: &Value,
        path: &str,
    ) -> Result<Reply, Problem> {
        match self.operation.answers() {
            None => Ok(self.nothing()),
            Some(schema) => {
                let shown =
                    objects::shown(org, schema, object, &format!("{}{path}", self.call.base));
                Reply::json(self.status(), &shown)
            }
        }
    }

    /// The answer without a body.
    pub(super) fn nothing(&self) -> Reply {
        Reply::nothing(self.status())
    }

    /// The status that the document has; a redirect that leads nowhere is none.
    pub(super) fn status(&self) -> u16 {
        match self.operation.answer.status {
            status @ 200..300 => status,
            _ => 200,
        }
    }

    /// The schema of what the operation answers, or of the items that it lists.
    pub(super) fn schema(&self) -> Option<&'static Schema> {
        self.operation.answers()
    }
}

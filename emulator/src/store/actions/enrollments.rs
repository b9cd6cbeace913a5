//! Authenticators that an administrator enrolls for somebody.

use serde_json::json;

use crate::call::Reply;
use crate::document::segments::encoded;
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::{adding, kinds, objects};

/// A phone is an enrollment as any other, with the key of its authenticator.
pub(super) fn phone(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let (template, path) = asked.above();
    let mut given = asked.given()?;
    given["key"] = json!("phone_number");
    given["type"] = json!("phone");
    given["status"] = json!("ACTIVE");
    let object = adding::add(org, template, path, &given);
    let key = objects::key(kinds::of(template), &object).unwrap_or_default();
    asked.answer_at(org, &object, &format!("{path}/{}", encoded(&key)))
}

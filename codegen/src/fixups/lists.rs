//! Lists that are none, and what is a list although the document says otherwise.

use super::{Outcome, Stale, claims, operation};
use crate::document::{Document, MediaType, Schema};

fn json<'a>(
    content: &'a mut std::collections::BTreeMap<String, MediaType>,
    id: &str,
) -> Result<&'a mut Schema, Stale> {
    content
        .get_mut("application/json")
        .map(|media| &mut media.schema)
        .ok_or_else(|| Stale(format!("no JSON in `{id}`")))
}

/// `createPolicySimulation` takes a list and answers one in the document. An org refuses a list
/// (400, E0000003), and the document's own examples are one object in, and one object with the
/// list `evaluation` out.
pub(super) fn a_policy_simulation_is_one_object(document: &mut Document) -> Outcome {
    const ID: &str = "createPolicySimulation";
    let operation = operation(document, ID)?;
    let body = operation.request_body.as_mut();
    let body = body.ok_or_else(|| Stale(format!("no body in `{ID}`")))?;
    let schema = json(&mut body.content, ID)?;
    claims(schema.kind.as_deref() == Some("array"), "a list to send")?;
    *schema = Schema::to("SimulatePolicyBody");

    let schemas = &mut document.components.schemas;
    let answer = schemas
        .get_mut("SimulatePolicyResponse")
        .ok_or_else(|| Stale("`SimulatePolicyResponse` is gone".to_owned()))?;
    claims(answer.kind.as_deref() == Some("array"), "a list answered")?;
    *answer = Schema {
        kind: Some("object".to_owned()),
        properties: [("evaluation".to_owned(), answer.clone())].into(),
        ..Schema::default()
    };
    Ok(())
}

/// `listAuthenticatorEnrollments` answers one enrollment in the document. Its name and the
/// document's own example say that it is a list of them.
pub(super) fn authenticator_enrollments_are_a_list(document: &mut Document) -> Outcome {
    const ID: &str = "listAuthenticatorEnrollments";
    let response = operation(document, ID)?.responses.get_mut("200");
    let response = response.ok_or_else(|| Stale(format!("no answer of `{ID}`")))?;
    let schema = json(&mut response.content, ID)?;
    claims(
        schema.target() == Some("AuthenticatorEnrollment"),
        "one enrollment",
    )?;
    *schema = Schema {
        kind: Some("array".to_owned()),
        items: Some(Box::new(schema.clone())),
        ..Schema::default()
    };
    Ok(())
}

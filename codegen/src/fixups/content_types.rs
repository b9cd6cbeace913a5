//! Content types that are none.

use super::{Outcome, Stale, claims, operation};
use crate::document::Document;

/// The body that enrolls an app authenticator is `application/json, okta-version=1.0.0` in the
/// document. A comma starts another content type; all other bodies and answers of MyAccount have a
/// semicolon.
pub(super) fn a_version_is_a_parameter(document: &mut Document) -> Outcome {
    const ID: &str = "createAppAuthenticatorEnrollment";
    const WRONG: &str = "application/json, okta-version=1.0.0";
    let operation = operation(document, ID)?;
    let body = operation.request_body.as_mut();
    let body = body.ok_or_else(|| Stale(format!("no body in `{ID}`")))?;
    claims(body.content.contains_key(WRONG), &format!("`{WRONG}`"))?;
    if let Some(media) = body.content.remove(WRONG) {
        let right = WRONG.replace(", ", ";");
        body.content.insert(right, media);
    }
    Ok(())
}

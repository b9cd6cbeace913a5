//! What the document leaves out.

use super::{Outcome, Stale, claims};
use crate::document::{Document, MediaType, Response, Schema};

/// `UserFactorPushTransaction` maps a value `WAITING (with number matching challenge)`, which is
/// a remark on `WAITING` and never sent. Both waiting answers become the one that has the
/// properties of both.
pub(super) fn push_transaction_waiting_is_one_value(document: &mut Document) -> Outcome {
    const REMARK: &str = "WAITING (with number matching challenge)";
    let missing = || Stale("`UserFactorPushTransaction` is gone".to_owned());
    let schema = document
        .components
        .schemas
        .get_mut("UserFactorPushTransaction")
        .ok_or_else(missing)?;
    let mapping = &mut schema.discriminator.as_mut().ok_or_else(missing)?.mapping;
    let with_challenge = mapping
        .remove(REMARK)
        .ok_or_else(|| Stale(format!("no value `{REMARK}`")))?;
    mapping.insert("WAITING".to_owned(), with_challenge);
    if let Some(result) = schema.properties.get_mut("factorResult") {
        result.values.retain(|value| value.as_str() != Some(REMARK));
    }
    Ok(())
}

/// Granting, extending and revoking access of Okta Support are redirects (301) without content in
/// the document. Orgs answer 200 with the support settings.
pub(super) fn support_access_is_answered_with_settings(document: &mut Document) -> Outcome {
    for id in ["extendOktaSupport", "grantOktaSupport", "revokeOktaSupport"] {
        let operation = document
            .operation_mut(id)
            .ok_or_else(|| Stale(format!("no operation `{id}`")))?;
        let success = operation
            .responses
            .keys()
            .any(|status| status.starts_with('2'));
        claims(
            !success && operation.responses.remove("301").is_some(),
            "a redirect alone",
        )?;
        let media = MediaType {
            schema: Schema::to("OrgOktaSupportSettingsObj"),
        };
        let response = Response {
            content: [("application/json".to_owned(), media)].into(),
            ..Response::default()
        };
        operation.responses.insert("200".to_owned(), response);
    }
    Ok(())
}

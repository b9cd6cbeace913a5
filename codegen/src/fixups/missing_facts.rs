//! What the document leaves out.

use super::{Outcome, Stale, claims, operation};
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
        let operation = operation(document, id)?;
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

/// An attribute of a profile that is an array has `items`, and one that Okta masters elsewhere may
/// have `union`, in orgs' answers and in requests that they took. The document has neither for
/// users.
pub(super) fn user_schema_attributes_have_items_and_union(document: &mut Document) -> Outcome {
    let items = Schema::to("UserSchemaAttributeItems");
    claims(
        document
            .components
            .schemas
            .contains_key("UserSchemaAttributeItems"),
        "`UserSchemaAttributeItems`",
    )?;
    let attribute = document
        .components
        .schemas
        .get_mut("UserSchemaAttribute")
        .ok_or_else(|| Stale("`UserSchemaAttribute` is gone".to_owned()))?;
    let text = Schema {
        kind: Some("string".to_owned()),
        ..Schema::default()
    };
    for (name, schema) in [("items", items), ("union", text)] {
        let known = attribute.properties.insert(name.to_owned(), schema);
        claims(known.is_none(), &format!("no `{name}`"))?;
    }
    Ok(())
}

/// `department`, `employeeNumber` and `locale` of a user's profile cannot be null in the document,
/// all other attributes that a user may lack can. Null clears any of them.
pub(super) fn every_attribute_that_a_user_may_lack_can_be_cleared(
    document: &mut Document,
) -> Outcome {
    for attribute in ["department", "employeeNumber", "locale"] {
        let attribute = super::property(document, "UserProfile", attribute)?;
        claims(!attribute.nullable, "that it cannot be null")?;
        attribute.nullable = true;
    }
    Ok(())
}

/// Public keys on an elliptic curve have the coordinates `x` and `y` in the document, but not `crv`,
/// the name of the curve, without which there is no such key (RFC 7518, section 6.2.1).
pub(super) fn keys_on_a_curve_name_it(document: &mut Document) -> Outcome {
    let on_a_curve = |schema: &&mut Schema| {
        let has = |name: &str| schema.properties.contains_key(name);
        has("x") && has("y") && !has("crv")
    };
    let mut found = false;
    for schema in document.components.schemas.values_mut().filter(on_a_curve) {
        let text = Schema {
            kind: Some("string".to_owned()),
            ..Schema::default()
        };
        schema.properties.insert("crv".to_owned(), text);
        found = true;
    }
    claims(found, "a key with `x`, `y` and no `crv`")
}

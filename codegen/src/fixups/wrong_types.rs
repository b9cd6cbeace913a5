//! Properties whose values are of another type than the document says.

use super::{Outcome, claims, property};
use crate::document::{AdditionalProperties, Document, Schema};

/// `BehaviorRuleSettingsAnomalousLocation.radiusKilometers` is an `integer` in the document.
/// Orgs answer `5.0` and `20.0`: it is a number.
pub(super) fn distance_may_have_a_fraction(document: &mut Document) -> Outcome {
    let radius = property(
        document,
        "BehaviorRuleSettingsAnomalousLocation",
        "radiusKilometers",
    )?;
    claims(radius.kind.as_deref() == Some("integer"), "an integer")?;
    radius.kind = Some("number".to_owned());
    Ok(())
}

/// `UserSchemaAttributeEnum.const` and `UserSchemaAttributeItems.enum[]` are strings in the
/// document. For attributes of type `integer` and `number`, orgs send and answer numbers.
pub(super) fn enum_constants_have_the_type_of_their_attribute(document: &mut Document) -> Outcome {
    let constant = property(document, "UserSchemaAttributeEnum", "const")?;
    claims(constant.kind.as_deref() == Some("string"), "a string")?;
    *constant = Schema::default();
    let values = property(document, "UserSchemaAttributeItems", "enum")?;
    let is_text = values
        .items
        .as_ref()
        .is_some_and(|i| i.kind.as_deref() == Some("string"));
    claims(is_text, "strings")?;
    values.items = Some(Box::default());
    Ok(())
}

/// `isUsed` of hook keys is a `string` of the format `boolean` in the document. Orgs answer
/// `true` and `false` without quotes.
pub(super) fn hook_key_use_is_a_boolean(document: &mut Document) -> Outcome {
    for schema in ["HookKey", "DetailedHookKeyInstance"] {
        let used = property(document, schema, "isUsed")?;
        claims(
            used.format.as_deref() == Some("boolean"),
            "the format `boolean`",
        )?;
        used.kind = Some("boolean".to_owned());
        used.format = None;
    }
    Ok(())
}

/// `UserFactorTokenVerifySymantec.nextPassCode` is an `integer` in the document, and `passCode`
/// beside it a string. Both are codes of digits, of which the first may be 0.
pub(super) fn next_pass_code_is_text(document: &mut Document) -> Outcome {
    let code = property(document, "UserFactorTokenVerifySymantec", "nextPassCode")?;
    claims(code.kind.as_deref() == Some("integer"), "an integer")?;
    code.kind = Some("string".to_owned());
    Ok(())
}

/// The properties of a custom schema are objects in the document, which says elsewhere
/// (`x-okta-allow-null-property-value-for-updates`) that null is a value. Requests remove a
/// property of a schema by sending null for it.
pub(super) fn null_removes_a_schema_property(document: &mut Document) -> Outcome {
    for attribute in ["UserSchemaAttribute", "GroupSchemaAttribute"] {
        let holders: Vec<&mut Schema> = document
            .components
            .schemas
            .values_mut()
            .flat_map(|schema| schema.properties.values_mut())
            .filter(|property| {
                matches!(&property.additional_properties,
                    Some(AdditionalProperties::Schema(values))
                        if values.target() == Some(attribute))
            })
            .collect();
        claims(!holders.is_empty(), &format!("maps of `{attribute}`"))?;
        for holder in holders {
            let values = Schema {
                all_of: vec![Schema::to(attribute)],
                nullable: true,
                ..Schema::default()
            };
            holder.additional_properties = Some(AdditionalProperties::Schema(Box::new(values)));
        }
    }
    Ok(())
}

/// `unique` of schema attributes is a `boolean` in the document. Orgs answer true, false, or
/// the strings `UNIQUE_VALIDATED` and `NOT_UNIQUE`.
pub(super) fn uniqueness_may_be_validated(document: &mut Document) -> Outcome {
    for schema in ["UserSchemaAttribute", "GroupSchemaAttribute"] {
        let unique = property(document, schema, "unique")?;
        claims(unique.kind.as_deref() == Some("boolean"), "a boolean")?;
        unique.kind = None;
    }
    Ok(())
}

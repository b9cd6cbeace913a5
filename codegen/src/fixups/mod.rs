//! Repairs of Okta's document, each a function named after what it mends.
//!
//! A fixup says what the document claims, what is true, and how we know. One that no longer
//! matches anything is an error for the document that is committed, so that a repair never
//! outlives its reason. For another release it is worth a word ([`apply_where_needed`]).

mod content_types;
mod keys;
mod lists;
mod missing_facts;
mod role_unions;
mod wrong_types;

use std::fmt;

use crate::Error;
use crate::document::{Document, Operation, Schema};

/// A named repair.
struct Fixup {
    name: &'static str,
    apply: fn(&mut Document) -> Result<(), Stale>,
}

/// A repair found nothing to mend; says what it looked for.
struct Stale(String);

type Outcome = Result<(), Stale>;

macro_rules! fixups {
    ($($module:ident::$function:ident,)*) => {
        &[$(Fixup { name: stringify!($function), apply: $module::$function },)*]
    };
}

/// Of the management document.
const MANAGEMENT: &[Fixup] = fixups![
    keys::signing_keys_of_apps_are_one_object,
    lists::a_policy_simulation_is_one_object,
    lists::authenticator_enrollments_are_a_list,
    missing_facts::every_attribute_that_a_user_may_lack_can_be_cleared,
    missing_facts::keys_on_a_curve_name_it,
    missing_facts::push_transaction_waiting_is_one_value,
    missing_facts::support_access_is_answered_with_settings,
    missing_facts::user_schema_attributes_have_items_and_union,
    role_unions::role_assignments_have_one_type,
    wrong_types::distance_may_have_a_fraction,
    wrong_types::enum_constants_have_the_type_of_their_attribute,
    wrong_types::hook_key_use_is_a_boolean,
    wrong_types::next_pass_code_is_text,
    wrong_types::null_removes_a_schema_property,
    wrong_types::uniqueness_may_be_validated,
];

/// Of the MyAccount document.
const MYACCOUNT: &[Fixup] = fixups![content_types::a_version_is_a_parameter,];

/// A repair that a document does not need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNeeded {
    /// Name of the repair.
    pub fixup: &'static str,
    /// What it looked for.
    pub detail: String,
}

impl fmt::Display for NotNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fixup, detail } = self;
        write!(f, "repair `{fixup}` no longer needed ({detail})")
    }
}

/// Applies every fixup.
///
/// # Errors
/// If some of them no longer match the document: all that do not.
pub fn apply(document: &mut Document) -> Result<(), Error> {
    let stale = apply_where_needed(document);
    let stale = stale
        .into_iter()
        .map(|NotNeeded { fixup, detail }| Error::StaleFixup { fixup, detail });
    Error::unless_empty(stale.collect())
}

/// Applies the fixups that match the document, and gives those that do not. They leave it as it is.
pub fn apply_where_needed(document: &mut Document) -> Vec<NotNeeded> {
    let mut not_needed = Vec::new();
    let fixups = match document.about.name {
        "management" => MANAGEMENT,
        "myaccount" => MYACCOUNT,
        _ => &[],
    };
    for fixup in fixups {
        let before = document.clone();
        if let Err(Stale(detail)) = (fixup.apply)(document) {
            *document = before;
            not_needed.push(NotNeeded {
                fixup: fixup.name,
                detail,
            });
        }
    }
    not_needed
}

fn operation<'a>(document: &'a mut Document, id: &str) -> Result<&'a mut Operation, Stale> {
    document
        .operation_mut(id)
        .ok_or_else(|| Stale(format!("no operation `{id}`")))
}

/// A property of a schema, or of one of the parts of its `allOf`.
fn property<'a>(
    document: &'a mut Document,
    schema: &str,
    property: &str,
) -> Result<&'a mut Schema, Stale> {
    let missing = || Stale(format!("there is no `{schema}.{property}`"));
    let schema = document
        .components
        .schemas
        .get_mut(schema)
        .ok_or_else(missing)?;
    if schema.properties.contains_key(property) {
        return schema.properties.get_mut(property).ok_or_else(missing);
    }
    schema
        .all_of
        .iter_mut()
        .find_map(|part| part.properties.get_mut(property))
        .ok_or_else(missing)
}

/// Makes sure that the document still claims what the fixup mends.
fn claims(holds: bool, claim: &str) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Stale(format!("expected {claim}")))
    }
}

#[cfg(test)]
mod tests;

//! User profiles: base attributes, custom attributes, and what must be there.

mod compact;

use serde_json::Value;

use crate::object::Object;
use crate::problem::Problem;
pub(crate) use compact::Profile;

const REQUIRED: [&str; 4] = ["login", "email", "firstName", "lastName"];
/// Base attributes that Okta shows as null when they have no value.
const SHOWN_AS_NULL: [&str; 2] = ["mobilePhone", "secondEmail"];

/// A profile that is stored as a whole, at creation and at full replacement. Attributes that are
/// null count as absent.
pub(crate) fn complete(given: &Object) -> Result<Object, Problem> {
    let mut profile: Object = given
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    validate(&profile)?;
    for name in SHOWN_AS_NULL {
        profile.entry(name).or_insert(Value::Null);
    }
    Ok(profile)
}

/// The profile after a partial update: a value sets an attribute, null clears it, and what the
/// update does not name stays.
pub(crate) fn merged(current: &Object, update: &Object) -> Result<Object, Problem> {
    let mut profile = current.clone();
    profile.extend(update.clone());
    complete(&profile)
}

fn validate(profile: &Object) -> Result<(), Problem> {
    let mut causes = Vec::new();
    let mut subject = None;
    for name in REQUIRED {
        let cause = match profile.get(name) {
            Some(Value::String(text)) if text.trim().is_empty() => "The field cannot be left blank",
            Some(Value::String(text)) if name == "login" && !text.contains('@') => {
                "Username must be in the form of an email address"
            }
            Some(Value::String(text)) if name == "email" && !text.contains('@') => {
                "Does not match required pattern"
            }
            Some(Value::String(_)) => continue,
            Some(_) => "The value must be a string",
            None => "The field cannot be left blank",
        };
        subject.get_or_insert(name);
        causes.push(format!("{name}: {cause}"));
    }
    match subject {
        Some(subject) => Err(Problem::validation(subject, causes)),
        None => Ok(()),
    }
}

/// A text attribute, empty where there is none.
pub(crate) fn text<'p>(profile: &'p Object, name: &str) -> &'p str {
    profile
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

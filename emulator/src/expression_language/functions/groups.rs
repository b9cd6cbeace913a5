//! Functions of the groups that a user is in.

use std::sync::{Mutex, PoisonError};

use regex::Regex;
use serde_json::{Value, json};

use super::super::scope::ExpressionError;
use super::super::values::{as_number, text};
use super::{first, index, nth};

/// How many groups a function gives at most.
const MOST_GROUPS: usize = 100;

/// Calls a function; `groups` are ids and names.
pub(super) fn call(
    function: &str,
    arguments: &[Value],
    groups: &[(String, String)],
) -> Result<Value, ExpressionError> {
    let wanted = text(&first(arguments));
    let named = |test: &dyn Fn(&str) -> bool| json!(groups.iter().any(|(_, name)| test(name)));
    let limit = || as_number(&nth(arguments, 2)).map(|limit| index(limit).min(MOST_GROUPS));
    Ok(match function {
        "isMemberOfGroup" | "isMemberOfAnyGroup" => {
            let ids: Vec<String> = arguments.iter().map(text).collect();
            json!(groups.iter().any(|(id, _)| ids.contains(id)))
        }
        "isMemberOfGroupName" => named(&|name| name == wanted),
        "isMemberOfGroupNameContains" => named(&|name| name.contains(&wanted)),
        "isMemberOfGroupNameStartsWith" => named(&|name| name.starts_with(&wanted)),
        "isMemberOfGroupNameRegex" => {
            let pattern = pattern(&wanted)?;
            named(&|name| pattern.is_match(name))
        }
        "user.isMemberOf" => json!(arguments.iter().any(|wanted| is_member(wanted, groups))),
        "getFilteredGroups" => {
            let ids = first(arguments);
            let allowed = |id: &String| {
                let ids = ids.as_array().into_iter().flatten();
                ids.clone().any(|allowed| allowed.as_str() == Some(id))
            };
            let shows_id = nth(arguments, 1) == "group.id";
            let shown = groups.iter().filter(|(id, _)| allowed(id));
            shown
                .map(|(id, name)| if shows_id { id } else { name })
                .take(limit()?)
                .cloned()
                .collect()
        }
        _ => {
            let pattern = text(&nth(arguments, 1));
            let fits = |name: &str| match function {
                "Groups.startsWith" => name.starts_with(&pattern),
                "Groups.endsWith" => name.ends_with(&pattern),
                _ => name.contains(&pattern),
            };
            let found = groups.iter().map(|(_, name)| name);
            found
                .filter(|name| fits(name))
                .take(limit()?)
                .cloned()
                .collect()
        }
    })
}

/// A pattern that the whole name fits. The last one is kept, since it is held against user after user.
fn pattern(text: &str) -> Result<Regex, ExpressionError> {
    static LAST: Mutex<Option<(String, Regex)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, pattern)) = last.as_ref()
        && known == text
    {
        return Ok(pattern.clone());
    }
    let pattern = Regex::new(&format!("^(?:{text})$"));
    let pattern =
        pattern.map_err(|_| ExpressionError::new(format!("{text} is no regular expression")))?;
    *last = Some((text.to_owned(), pattern.clone()));
    Ok(pattern)
}

/// Whether one of the groups is what a record asks for: `group.id`, or `group.profile.name` with an
/// operator.
fn is_member(wanted: &Value, groups: &[(String, String)]) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Null => Vec::new(),
        single => vec![text(single)],
    };
    let ids: Vec<String> = list(&wanted["group.id"]);
    let names: Vec<String> = list(&wanted["group.profile.name"]);
    let operator = wanted["operator"].as_str().unwrap_or("EXACT");
    groups.iter().any(|(id, name)| {
        let named = |wanted: &String| match operator {
            "STARTS_WITH" => name.starts_with(wanted.as_str()),
            "CONTAINS" => name.contains(wanted.as_str()),
            _ => name == wanted,
        };
        ids.contains(id) || names.iter().any(named)
    })
}

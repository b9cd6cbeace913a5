//! The order of constructors' arguments.
//!
//! It is settled when a type gets its second argument: one that Okta asks for later comes last.

use crate::Error;
use crate::api::{Api, Record, TypeKind};
use crate::names::Names;

/// Orders the arguments of constructors that the list of names does not have yet, and says which.
pub fn propose(api: &Api, names: &mut Names) -> Vec<String> {
    let mut added = Vec::new();
    let records = api.types.iter();
    let records = records.filter_map(|(name, ty)| Some((name, ty.kind.record()?)));
    for (name, record) in records {
        let asked: Vec<&str> = asked_for(record).collect();
        let known = names.arguments.get(name).map_or(0, Vec::len);
        if known == 0 && asked.len() < 2 {
            continue;
        }
        let order = names.arguments.entry(name.clone()).or_default();
        for member in asked {
            if !order.iter().any(|known| known == member) {
                order.push(member.to_owned());
            }
        }
        if order.len() > known {
            added.push(format!("`{name}` is made of {}", order.join(", ")));
        }
    }
    added
}

/// Orders the arguments of every constructor.
///
/// # Errors
/// If the list of names lacks one.
pub fn apply(api: &mut Api, names: &Names) -> Result<(), Error> {
    let mut missing = Vec::new();
    for (name, ty) in &mut api.types {
        let TypeKind::Record(record) = &mut ty.kind else {
            continue;
        };
        let mut asked: Vec<String> = asked_for(record).map(str::to_owned).collect();
        if let Some(order) = names.arguments.get(name) {
            let place = |member: &String| order.iter().position(|known| known == member);
            missing.extend(unplaced(name, &asked, |member| place(member).is_none()));
            asked.sort_by_key(place);
        } else if asked.len() > 1 {
            missing.extend(unplaced(name, &asked, |_| true));
        }
        record.arguments = asked;
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::Nameless { members: missing })
    }
}

fn unplaced(name: &str, asked: &[String], is_missing: impl Fn(&String) -> bool) -> Vec<String> {
    let missing = asked.iter().filter(|member| is_missing(member));
    missing
        .map(|member| format!("{name}.{member} (its place among the arguments)"))
        .collect()
}

/// Members that callers have to give.
fn asked_for(record: &Record) -> impl Iterator<Item = &str> {
    let filled_in = |name: &str| {
        let mut values = record.fixed.iter().chain(&record.defaults);
        values.any(|(member, _)| member == name)
    };
    let required = record.fields.iter().filter(|field| field.required);
    required
        .map(|field| field.name.as_str())
        .filter(move |name| !filled_in(name))
}

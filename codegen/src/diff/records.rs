//! What is sent and read of an object, beside what the compiler sees of it.

use std::collections::BTreeSet;

use super::facts;
use super::report::{Changes, Group};
use crate::api::{Api, Field, Record};

/// A record, and the API that it is of.
type Of<'a> = (&'a Api, &'a Record);

/// Compares two records. `asked_for` are the fields that their constructors take.
pub(super) fn compare(
    changes: &mut Changes,
    group: &Group,
    ((was_api, was), (is_api, is)): (Of<'_>, Of<'_>),
    (asked, asks): (&BTreeSet<String>, &BTreeSet<String>),
) {
    for now in &is.fields {
        let at = at(group, now);
        let before = was.fields.iter().find(|field| field.name == now.name);
        let (asked, asks) = (asked.contains(&now.ident), asks.contains(&now.ident));
        match before.map(|before| before.required) {
            None if asks => changes.breaks(group, &at, "added, required: `new` takes it"),
            None if now.required && now.requested => {
                let change = "added, required: requests without it may be refused";
                changes.behaves(group, &at, change);
            }
            Some(_) if asks && !asked => {
                changes.breaks(group, &at, "is required now: `new` takes it");
            }
            Some(_) if asked && !asks => {
                changes.breaks(group, &at, "is no longer required: `new` takes it no more");
            }
            Some(false) if now.required && now.requested && !asks => {
                let change = "is required now: requests without it may be refused";
                changes.behaves(group, &at, change);
            }
            Some(required) if required && !now.required => {
                changes.compatible(group, &at, "is no longer required");
            }
            _ => {}
        }
        if let Some(before) = before {
            field(changes, group, before, now);
        }
    }
    filled_in(changes, group, was, is);
    open_constants(changes, group, (was_api, was), (is_api, is));
}

fn at(group: &Group, field: &Field) -> String {
    format!("{group}.{}", field.ident)
}

fn field(changes: &mut Changes, group: &Group, before: &Field, now: &Field) {
    let at = at(group, now);
    match (before.server_owned, now.server_owned) {
        (false, true) => changes.behaves(group, &at, "is no longer sent"),
        (true, false) => changes.behaves(group, &at, "is sent now"),
        _ => {}
    }
    match (before.read_only, now.read_only) {
        (false, true) => changes.compatible(group, &at, "is read-only by Okta's document now"),
        (true, false) => changes.compatible(group, &at, "is no longer read-only"),
        _ => {}
    }
    match (before.write_only, now.write_only) {
        (false, true) => changes.behaves(group, &at, "is no longer in answers"),
        (true, false) => changes.compatible(group, &at, "is in answers too now"),
        _ => {}
    }
    facts::compare(
        changes,
        group,
        &at,
        now.requested,
        (&before.facts, &now.facts),
    );
}

/// Values that constructors fill in.
fn filled_in(changes: &mut Changes, group: &Group, was: &Record, is: &Record) {
    let values = |record: &Record| -> Vec<(String, String)> {
        let all = record.fixed.iter().chain(&record.defaults);
        all.cloned().collect()
    };
    let (before, now) = (values(was), values(is));
    for (ident, value) in &now {
        let at = format!("{group}.{ident}");
        match before.iter().find(|(other, _)| other == ident) {
            Some((_, old)) if old != value => {
                let change = format!("constructors fill in `{value}` now; before `{old}`");
                changes.behaves(group, &at, change);
            }
            Some(_) => {}
            None => {
                let change = format!("constructors fill in `{value}` now");
                changes.behaves(group, &at, change);
            }
        }
    }
    for (ident, value) in &before {
        let stays = is.fields.iter().any(|field| field.ident == *ident);
        if stays && !now.iter().any(|(other, _)| other == ident) {
            let change = format!("constructors no longer fill in `{value}`");
            changes.behaves(group, &format!("{group}.{ident}"), change);
        }
    }
}

/// What could have one value only, and can have others now, while constructors fill in the one.
fn open_constants(
    changes: &mut Changes,
    group: &Group,
    (was_api, was): Of<'_>,
    (is_api, is): Of<'_>,
) {
    for (ident, value) in &is.defaults {
        let values = |api: &Api, record: &Record| {
            let field = record.fields.iter().find(|field| field.ident == *ident)?;
            api.values_of(&field.ty).map(<[_]>::len)
        };
        if values(was_api, was) == Some(1) && values(is_api, is).is_some_and(|count| count > 1) {
            let change = format!("can be set now; constructors still fill in `{value}`");
            changes.behaves(group, &format!("{group}.{ident}"), change);
        }
    }
}

//! What limits and defaults of a parameter or member become.

use std::mem::discriminant;

use super::report::{Changes, Class, Group};
use crate::api::{Fact, Facts};

/// Compares facts. `is_sent` is whether requests hold the value: limits and defaults of what only
/// answers hold bind Okta, and nobody else.
pub(super) fn compare(
    changes: &mut Changes,
    group: &Group,
    at: &str,
    is_sent: bool,
    (was, is): (&Facts, &Facts),
) {
    let matters = if is_sent {
        Class::BehavesOtherwise
    } else {
        Class::Compatible
    };
    for before in &was.lines {
        let now = same_kind(is, before);
        if now == Some(before) {
            continue;
        }
        let change = match now {
            Some(now) => format!("{} {}", told(now), was_told(before)),
            None => format!("no longer: {before}"),
        };
        let narrower = match (before.limits(), now.and_then(Fact::limits)) {
            (Some(before), Some(now)) => now.are_narrower_than(before),
            (Some(_), None) => false,
            (None, _) => matches!(before, Fact::Default(_)),
        };
        let class = if narrower { matters } else { Class::Compatible };
        changes.add(class, group, at, change);
    }
    for now in is.lines.iter().filter(|now| same_kind(was, now).is_none()) {
        let class = match now {
            Fact::Format(_) => Class::Compatible,
            _ => matters,
        };
        changes.add(class, group, at, told(now));
    }
}

fn same_kind<'a>(facts: &'a Facts, as_this: &Fact) -> Option<&'a Fact> {
    let mut lines = facts.lines.iter();
    lines.find(|other| discriminant(*other) == discriminant(as_this))
}

fn told(fact: &Fact) -> String {
    format!("now: {fact}")
}

fn was_told(fact: &Fact) -> String {
    format!("Before: {fact}")
}

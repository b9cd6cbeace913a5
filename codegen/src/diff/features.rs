//! Cargo features, and what is there under which of them.

use std::collections::BTreeSet;

use super::report::{Changes, Group};
use crate::api::Api;
use crate::emit::surface::{Item, SHARED};

pub(super) fn compare(changes: &mut Changes, was: &Api, is: &Api) {
    let group = Group::Features;
    for feature in was.features.keys() {
        if !is.features.contains_key(feature) {
            changes.breaks(&group, feature, "removed");
        }
    }
    for feature in is.features.keys() {
        if !was.features.contains_key(feature) {
            changes.compatible(&group, feature, "added");
        }
    }
    for (handle, before, now) in moved_handles(was, is) {
        let change = format!("needs feature `{now}` now, and no longer `{before}`");
        let group = Group::Handle(handle.to_owned());
        changes.breaks(&group, &group.to_string(), change);
    }
}

/// Handles that need another feature than before: handle, old and new feature.
fn moved_handles<'a>(was: &'a Api, is: &'a Api) -> Vec<(&'a str, &'a str, &'a str)> {
    let mut moved = Vec::new();
    for (before, handles) in &was.features {
        for handle in handles {
            let now = is.features.iter().find(|(_, now)| now.contains(handle));
            if let Some((now, _)) = now.filter(|(now, _)| *now != before) {
                moved.push((handle.as_str(), before.as_str(), now.as_str()));
            }
        }
    }
    moved
}

/// Says where a type is there no longer, and where it is now.
pub(super) fn of_type(
    changes: &mut Changes,
    (was, before): (&Api, &Item),
    (is, now): (&Api, &Item),
) {
    let (group, at) = (&Group::Types, &before.owner);
    let (before, now) = (enough(was, before), enough(is, now));
    let gone = before
        .iter()
        .filter(|feature| !now.contains(*feature) && is.features.contains_key(**feature));
    let gone: BTreeSet<&str> = gone.copied().collect();
    if gone.is_empty() {
        let more: BTreeSet<&str> = now
            .difference(&before)
            .copied()
            .filter(|feature| was.features.contains_key(*feature))
            .collect();
        return gained(changes, group, at, &more);
    }
    let change = format!(
        "needs feature {} now; {} was enough",
        either(&now),
        either(&gone)
    );
    changes.breaks(group, at, change);
}

fn gained(changes: &mut Changes, group: &Group, at: &str, more: &BTreeSet<&str>) {
    if !more.is_empty() {
        let change = format!("is there with feature {} too", either(more));
        changes.compatible(group, at, change);
    }
}

/// Features each of which is enough for an item to be there.
fn enough<'a>(api: &'a Api, item: &'a Item) -> BTreeSet<&'a str> {
    let parts = item.parts.iter().map(String::as_str);
    match item.parts.first().map(String::as_str) {
        Some(SHARED) => api.features.keys().map(String::as_str).collect(),
        _ => parts.collect(),
    }
}

/// `a`, `b` or `c`
fn either(features: &BTreeSet<&str>) -> String {
    let features: Vec<String> = features.iter().map(|name| format!("`{name}`")).collect();
    match features.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "of none".to_owned(),
    }
}

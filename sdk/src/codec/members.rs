//! The members of a model and of what it holds, each with its JSON path.

use super::error::step;
use super::inspect::elements;
use super::{Place, Record, View};

/// Is shown a record, a member of it, and the member's JSON path.
type Visitor<'v> = dyn FnMut(&dyn Record, &Member<'_>) + 'v;

/// A member of a record.
pub(super) struct Member<'a> {
    pub(super) name: &'static str,
    pub(super) view: View<'a>,
    /// Such as `profile.login`.
    pub(super) path: &'a str,
}

/// Shows `visitor` the members below `place`, at any depth.
pub(super) fn visit(place: &dyn Place, visitor: &mut Visitor<'_>) {
    walk(place, &mut String::new(), visitor);
}

fn walk(place: &dyn Place, path: &mut String, visitor: &mut Visitor<'_>) {
    match place.view() {
        View::Record(record) => walk_record(record, path, visitor),
        View::List(list) => {
            for (index, place) in elements(list).enumerate() {
                within(path, &format!("[{index}]"), |path| {
                    walk(place, path, visitor);
                });
            }
        }
        View::Dictionary(dictionary) => dictionary.each(&mut |key, place| {
            within(path, &step(key), |path| walk(place, path, visitor));
            true
        }),
        _ => {}
    }
}

fn walk_record(record: &dyn Record, path: &mut String, visitor: &mut Visitor<'_>) {
    for (index, property) in record.shape().properties.iter().enumerate() {
        let Some(place) = record.get(index) else {
            continue;
        };
        within(path, &step(property.name), |path| {
            let member = Member {
                name: property.name,
                view: place.view(),
                path,
            };
            visitor(record, &member);
            walk(place, path, visitor);
        });
    }
}

/// Goes a step down, and back.
fn within(path: &mut String, step: &str, then: impl FnOnce(&mut String)) {
    let length = path.len();
    // A path starts with a name and not with its dot.
    path.push_str(if length == 0 {
        step.strip_prefix('.').unwrap_or(step)
    } else {
        step
    });
    then(path);
    path.truncate(length);
}

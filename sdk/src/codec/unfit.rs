//! What did not fit its member.

use super::error::step;
use super::inspect::elements;
use super::{Place, Record, View};

/// JSON paths of the members below `place` whose value did not fit, such as `profile.login`.
///
/// A member counts as long as the value that came for it is in `extra` and none was set.
pub fn unfit(place: &dyn Place) -> Vec<String> {
    let mut paths = Vec::new();
    visit(place, &mut String::new(), &mut |_, path| {
        paths.push(path.to_owned());
    });
    paths
}

/// Tells whoever watches what did not fit. The value may be a secret and is not told.
#[cold]
pub(super) fn report(place: &dyn Place) {
    visit(place, &mut String::new(), &mut |record, path| {
        tracing::warn!(
            r#type = record.shape().name,
            path,
            "a value does not fit its member; it is kept in `extra`"
        );
    });
}

fn visit(place: &dyn Place, path: &mut String, found: &mut dyn FnMut(&dyn Record, &str)) {
    match place.view() {
        View::Record(record) => visit_record(record, path, found),
        View::List(list) => {
            for (index, place) in elements(list).enumerate() {
                within(path, &format!("[{index}]"), |path| {
                    visit(place, path, found)
                });
            }
        }
        View::Dictionary(dictionary) => dictionary.each(&mut |key, place| {
            within(path, &step(key), |path| {
                visit(place, path, found);
            });
            true
        }),
        _ => {}
    }
}

fn visit_record(record: &dyn Record, path: &mut String, found: &mut dyn FnMut(&dyn Record, &str)) {
    for (index, property) in record.shape().properties.iter().enumerate() {
        let Some(place) = record.get(index) else {
            continue;
        };
        within(path, &step(property.name), |path| {
            if !matches!(place.view(), View::Absent) {
                visit(place, path, found);
            } else if record.extra().contains(property.name) {
                found(record, path);
            }
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

//! What did not fit its member, and what is missing from it.

use super::inspect::elements;
use super::members::{Member, visit};
use super::{Place, Record, View};

/// JSON paths of the members below `place` whose value did not fit, such as `profile.login`.
///
/// A member counts as long as the value that came for it is in `extra` and none was set.
pub fn unfit(place: &dyn Place) -> Vec<String> {
    let mut paths = Vec::new();
    visit(place, &mut |record, member| {
        if is_unfit(record, member) {
            paths.push(member.path.to_owned());
        }
    });
    paths
}

/// Tells whoever watches what did not fit. The value may be a secret and is not told.
#[cold]
pub(super) fn report(place: &dyn Place) {
    visit(place, &mut |record, member| {
        if is_unfit(record, member) {
            tracing::warn!(
                r#type = record.shape().name,
                path = member.path,
                "a value does not fit its member; it is kept in `extra`"
            );
        }
    });
}

fn is_unfit(record: &dyn Record, member: &Member<'_>) -> bool {
    matches!(member.view, View::Absent) && record.extra().contains(member.name)
}

/// JSON path of the first id that was given to be sent and is absent.
pub(super) fn missing(place: &dyn Place) -> Option<String> {
    let mut first = None;
    visit(place, &mut |_, member| {
        let path = match member.view {
            View::Missing => Some(member.path.to_owned()),
            View::List(list) => elements(list)
                .position(|element| matches!(element.view(), View::Missing))
                .map(|index| format!("{}[{index}]", member.path)),
            _ => None,
        };
        first = first.take().or(path);
    });
    first
}

//! Values that a string enum or a tagged union gives a variant of their own.

use super::report::{Changes, Class, Group};
use crate::api::{EnumValue, Union};

/// Compares the values of an enum. `is_read` is whether answers hold it.
pub(super) fn of_enum(
    changes: &mut Changes,
    group: &Group,
    is_read: bool,
    (was, is): (&[EnumValue], &[EnumValue]),
) {
    let pairs = |values: &[EnumValue]| -> Vec<(String, String)> {
        let values = values.iter();
        values
            .map(|it| (it.value.clone(), it.variant.clone()))
            .collect()
    };
    compare(changes, group, is_read, (&pairs(was), &pairs(is)), "");
}

/// Compares the kinds of a union. `is_read` is whether answers hold it.
pub(super) fn of_union(
    changes: &mut Changes,
    group: &Group,
    is_read: bool,
    (was, is): (&Union, &Union),
) {
    if was.discriminator != is.discriminator {
        let change = format!(
            "its kinds are told apart by `{}` now; before by `{}`",
            is.discriminator, was.discriminator
        );
        changes.behaves(group, &group.to_string(), change);
    }
    let pairs = |union: &Union| -> Vec<(String, String)> {
        let kinds = union.variants.iter().flat_map(|kind| {
            let values = kind.values.iter();
            values.map(|value| (value.clone(), kind.variant.clone()))
        });
        kinds.collect()
    };
    let base = format!(", as `{}`", was.base);
    compare(changes, group, is_read, (&pairs(was), &pairs(is)), &base);
}

/// Values and their variants.
type Pairs<'a> = &'a [(String, String)];

/// Compares which variant each value has; `base` is what values without one arrived as.
fn compare(
    changes: &mut Changes,
    group: &Group,
    is_read: bool,
    (was, is): (Pairs<'_>, Pairs<'_>),
    base: &str,
) {
    let has = |pairs: Pairs<'_>, variant: &str| pairs.iter().any(|(_, other)| other == variant);
    let variant_of = |pairs: Pairs<'_>, value: &str| {
        let mut pairs = pairs.iter();
        pairs
            .find(|(other, _)| other == value)
            .map(|(_, variant)| variant.clone())
    };
    let at = |variant: &str| format!("{group}::{variant}");
    let class = if is_read {
        Class::BehavesOtherwise
    } else {
        Class::Compatible
    };
    for (value, variant) in is {
        match variant_of(was, value) {
            None if is_read => {
                let change = format!("added: `{value}` was `Unrecognized`{base}");
                changes.behaves(group, &at(variant), change);
            }
            None => changes.compatible(group, &at(variant), "added"),
            // The old variant is there for other values.
            Some(other) if other != *variant && has(is, &other) => {
                changes.add(
                    class,
                    group,
                    &at(variant),
                    format!("`{value}` was `{other}`"),
                );
            }
            Some(_) => {}
        }
    }
    for (value, variant) in was {
        match variant_of(is, value) {
            Some(other) if other != *variant && !has(is, variant) => {
                changes.breaks(group, &at(variant), format!("renamed to `{other}`"));
            }
            Some(_) => {}
            None if has(is, variant) => {
                let change = format!("`{value}` is `Unrecognized` now");
                changes.add(class, group, &at(variant), change);
            }
            None => changes.breaks(group, &at(variant), "removed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Vec<EnumValue> {
        let pairs = pairs.iter();
        pairs
            .map(|(value, variant)| EnumValue {
                value: (*value).to_owned(),
                variant: (*variant).to_owned(),
            })
            .collect()
    }

    #[test]
    fn each_way_of_a_value_is_told_once() {
        let (group, mut changes) = (Group::Type("models::Size".to_owned()), Changes::default());
        let was = values(&[("xl", "Xl"), ("m", "M"), ("s", "S")]);
        let is = values(&[("xl", "XlSmall"), ("m", "S"), ("s", "S")]);

        of_enum(&mut changes, &group, true, (&was, &is));

        let mut lines = Vec::new();
        for change in &changes.0 {
            lines.push(format!(
                "{:?} {}: {}",
                change.class, change.at, change.change
            ));
        }
        assert_eq!(
            lines,
            [
                "Breaks models::Size::M: renamed to `S`",
                "Breaks models::Size::Xl: renamed to `XlSmall`",
            ]
        );
    }
}

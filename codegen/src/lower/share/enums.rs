//! Enums as one: every value that any place has.

use super::Member;
use crate::api::EnumValue;

/// The values of the first place in its order, then what others add.
pub(super) fn merge(places: &[(&Member, &Vec<EnumValue>)]) -> Vec<EnumValue> {
    let mut values = Vec::new();
    for EnumValue { value, .. } in places.iter().flat_map(|(_, values)| *values) {
        EnumValue::add(&mut values, value);
    }
    values
}

//! Variants of objects that come in kinds: the names of their types, without what they share.

use std::collections::{BTreeMap, BTreeSet};

use super::allot::Allotment;
use crate::case;

/// Names kinds that have no variant yet, and says what was named. `kinds` are Rust types.
pub(super) fn propose(
    union: &str,
    kinds: &[&str],
    known: &mut BTreeMap<String, String>,
) -> Vec<String> {
    let wished: Vec<String> = if known.is_empty() {
        shortened(union, kinds)
    } else {
        kinds
            .iter()
            .map(|kind| like_siblings(kind, known))
            .collect()
    };
    let mut allotment = Allotment::new(known, &["Unrecognized"]);
    for (kind, variant) in kinds.iter().zip(wished) {
        allotment.give(kind, variant);
    }
    allotment.added()
}

/// The name of a new kind without the words that a sibling's variant leaves out.
fn like_siblings(kind: &str, siblings: &BTreeMap<String, String>) -> String {
    let words = case::words(kind);
    let shortest = siblings.iter().filter_map(|(sibling, variant)| {
        let (sibling, variant) = (case::words(sibling), case::words(variant));
        let at = sibling
            .windows(variant.len())
            .position(|part| part == variant)?;
        let rest = words.strip_prefix(&sibling[..at])?;
        let rest = rest.strip_suffix(&sibling[at + variant.len()..])?;
        (!rest.is_empty()).then(|| rest.join("_"))
    });
    let shortest = shortest.min_by_key(String::len);
    case::variant(&shortest.unwrap_or_else(|| words.join("_")))
}

/// Names of the kinds without the words that they all share, or that the union's name has.
fn shortened(union: &str, kinds: &[&str]) -> Vec<String> {
    let kinds: Vec<Vec<String>> = kinds.iter().map(|kind| case::words(kind)).collect();
    let union = case::words(union);
    let all_share = |word: &dyn Fn(&[String]) -> Option<String>| -> bool {
        let set: BTreeSet<Option<String>> = kinds.iter().map(|words| word(words)).collect();
        set.len() == 1 && (kinds.len() > 1 || set.iter().flatten().all(|word| union.contains(word)))
    };
    // Something is left of each name.
    let has_more_than = |count: usize| kinds.iter().all(|words| words.len() > count);
    let (mut front, mut back) = (0, 0);
    while has_more_than(front + 1) && all_share(&|words| words.get(front).cloned()) {
        front += 1;
    }
    while has_more_than(front + back + 1)
        && all_share(&|words| words.get(words.len() - 1 - back).cloned())
    {
        back += 1;
    }
    kinds
        .iter()
        .map(|words| case::variant(&words[front..words.len() - back].join("_")))
        .collect()
}

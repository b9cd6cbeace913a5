//! What was read as what replaces it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::source::MARKER;
use super::{docs, guard};
use crate::api::Api;
use crate::replacing::{left_behind, pairs};

/// `models/replacing.rs`, if there is anything to replace.
pub(super) fn emit(api: &Api) -> Option<String> {
    let mut conversions = BTreeMap::<(&str, &str), BTreeSet<String>>::new();
    for pair in pairs(api).iter().filter(|pair| pair.from != pair.to) {
        let features = conversions.entry((pair.from, pair.to)).or_default();
        features.insert(pair.write.feature.clone());
    }
    if conversions.is_empty() {
        return None;
    }
    let mut text = format!(
        "{MARKER}\n\n//! What was read as what replaces it.\n\n\
         #[allow(unused_imports)] // which of these are needed depends on the features that are on\n\
         use crate::codec::carried;\n#[allow(unused_imports)]\nuse crate::models::*;\n"
    );
    for ((from, to), features) in conversions {
        let mut doc = format!(
            "To change what was read and send it back: all that `{to}` declares and what is in \
             `extra` goes along."
        );
        let left = left_behind(api, from, to);
        if !left.is_empty() {
            let left: Vec<String> = left.iter().map(|path| format!("`{path}`")).collect();
            let _ = write!(doc, " Left behind: {}.", left.join(", "));
        }
        let _ = write!(
            text,
            "\n{}{}impl From<{from}> for {to} {{\n    fn from(read: {from}) -> Self {{\n        \
             carried(&read)\n    }}\n}}\n",
            docs::comment("", &doc),
            guard(&features, api),
        );
    }
    Some(text)
}

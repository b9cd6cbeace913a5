//! What was read as what replaces it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::docs;
use crate::api::Api;
use crate::replacing::{left_behind, pairs};

/// `impl From` of one type for another.
pub(super) struct Conversion {
    pub(super) body: String,
    /// Both types.
    pub(super) types: [String; 2],
    /// Features that have both.
    pub(super) features: BTreeSet<String>,
}

/// Every conversion, by the names of its types.
pub(super) fn conversions(api: &Api) -> Vec<Conversion> {
    let mut conversions = BTreeMap::<(&str, &str), BTreeSet<String>>::new();
    for pair in pairs(api).iter().filter(|pair| pair.from != pair.to) {
        let features = conversions.entry((pair.from, pair.to)).or_default();
        features.insert(pair.write.feature.clone());
    }
    let conversions = conversions.into_iter();
    let conversions = conversions.map(|((from, to), features)| Conversion {
        body: body(api, from, to),
        types: [from.to_owned(), to.to_owned()],
        features,
    });
    conversions.collect()
}

fn body(api: &Api, from: &str, to: &str) -> String {
    let mut doc = format!(
        "To change what was read and send it back: all that `{to}` declares and what is in \
         `extra` goes along."
    );
    let left = left_behind(api, from, to);
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|path| format!("`{path}`")).collect();
        let _ = write!(doc, " Left behind: {}.", left.join(", "));
    }
    format!(
        "\n{}impl From<{from}> for {to} {{\n    #[inline]\n    fn from(read: {from}) -> Self {{\n        \
         carried(&read)\n    }}\n}}\n",
        docs::comment("", &doc),
    )
}

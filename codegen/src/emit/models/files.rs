//! Types of a handle in files that are not too long to read.

use std::collections::{BTreeMap, BTreeSet};

/// Lines above which a file is split.
const MOST: usize = 1900;

/// Lines from which on a type, with all that is part of it, gets a file of its own where a handle
/// needs several.
const ENOUGH: usize = 256;

/// What is left of a handle once its large types have files of their own.
const REST: &str = "rest";

/// Types with the number of their lines, and what each is part of.
#[derive(Default)]
pub(super) struct Group<'a> {
    pub(super) lines: BTreeMap<&'a str, usize>,
    pub(super) owners: BTreeMap<&'a str, &'a str>,
}

impl<'a> Group<'a> {
    /// The file of each type, by type; `None` where all types fit in one.
    pub(super) fn files(
        &self,
        file_name: impl Fn(&str) -> String,
    ) -> Option<BTreeMap<&'a str, String>> {
        if self.lines.values().sum::<usize>() <= MOST {
            return None;
        }
        let mut enough = ENOUGH;
        loop {
            let heads = self.heads(enough);
            let files: BTreeMap<&str, String> = self
                .lines
                .keys()
                .map(|name| match self.nearest(name, &heads) {
                    Some(head) => (*name, file_name(head)),
                    None => (*name, REST.to_owned()),
                })
                .collect();
            if enough == 1 || self.all_fit(&files) {
                return Some(files);
            }
            enough /= 2;
        }
    }

    /// Types that get a file of their own: those that are long enough without what leaves them.
    fn heads(&self, enough: usize) -> BTreeSet<&'a str> {
        let mut parts = BTreeMap::<&str, Vec<&str>>::new();
        let mut tops = Vec::new();
        for name in self.lines.keys() {
            match self.owners.get(name) {
                Some(owner) => parts.entry(owner).or_default().push(name),
                None => tops.push(*name),
            }
        }
        let mut heads = BTreeSet::new();
        for top in tops {
            if self.with_parts(top, &parts) < enough {
                continue;
            }
            heads.insert(top);
            let mut open = vec![top];
            while let Some(name) = open.pop() {
                // What fits stays together.
                if self.with_parts(name, &parts) <= MOST {
                    continue;
                }
                for part in parts.get(name).into_iter().flatten() {
                    if self.with_parts(part, &parts) >= enough {
                        heads.insert(part);
                        open.push(part);
                    }
                }
            }
        }
        heads
    }

    /// Lines of a type and of all its parts.
    fn with_parts(&self, name: &str, parts: &BTreeMap<&str, Vec<&'a str>>) -> usize {
        let own = self.lines.get(name).copied().unwrap_or(0);
        let parts_of = parts.get(name).into_iter().flatten();
        own + parts_of
            .map(|part| self.with_parts(part, parts))
            .sum::<usize>()
    }

    /// The head that a type is part of, or itself if it is one.
    fn nearest(&self, name: &'a str, heads: &BTreeSet<&'a str>) -> Option<&'a str> {
        let mut at = name;
        loop {
            if heads.contains(at) {
                return Some(at);
            }
            at = self.owners.get(at)?;
        }
    }

    /// Whether no file is too long that could be shorter.
    fn all_fit(&self, files: &BTreeMap<&str, String>) -> bool {
        let mut sizes = BTreeMap::<&str, (usize, usize)>::new();
        for (name, file) in files {
            let (types, lines) = sizes.entry(file).or_default();
            *types += 1;
            *lines += self.lines.get(name).copied().unwrap_or(0);
        }
        let mut sizes = sizes.values();
        sizes.all(|&(types, lines)| types == 1 || lines <= MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(
        lines: &[(&'static str, usize)],
        owners: &[(&'static str, &'static str)],
    ) -> Option<Vec<String>> {
        let group = Group {
            lines: lines.iter().copied().collect(),
            owners: owners.iter().copied().collect(),
        };
        let files = group.files(str::to_lowercase)?;
        Some(files.into_values().collect())
    }

    #[test]
    fn what_fits_in_one_file_stays_together() {
        assert_eq!(files(&[("A", MOST / 2), ("B", MOST / 2)], &[]), None);
    }

    #[test]
    fn large_types_leave_with_their_parts() {
        let lines = [("A", MOST), ("B", 10), ("C", 10)];
        let found = files(&lines, &[("B", "C")]);
        assert_eq!(found.unwrap_or_default(), ["a", "rest", "rest"]);
        let lines = [("A", MOST - 10), ("B", 10), ("C", 10)];
        let found = files(&lines, &[("B", "A")]);
        assert_eq!(found.unwrap_or_default(), ["a", "a", "rest"]);
    }

    #[test]
    fn parts_leave_a_type_that_is_too_long_with_them() {
        let lines = [("A", 300), ("B", MOST - 100), ("C", 50)];
        let found = files(&lines, &[("B", "A"), ("C", "A")]);
        assert_eq!(found.unwrap_or_default(), ["a", "b", "a"]);
    }

    #[test]
    fn many_small_types_are_split_all_the_same() {
        let lines = [("A", 100), ("B", MOST - 50), ("C", 90)];
        assert_eq!(
            files(&lines, &[]).unwrap_or_default(),
            ["rest", "b", "rest"]
        );
        let names: Vec<&'static str> = vec!["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"];
        let lines: Vec<_> = names.iter().map(|name| (*name, 200)).collect();
        let found = files(&lines, &[]).unwrap_or_default();
        assert_eq!(found[0], "a");
    }
}

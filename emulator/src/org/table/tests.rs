//! The indexes say what a look at every row says.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ops::Bound;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clock::Timestamp;

struct Thing {
    id: String,
    name: Value,
    at: Value,
}

impl Row for Thing {
    const INDEXED: &'static [(&'static str, Order)] =
        &[("name", Order::Text), ("at", Order::Moment)];

    fn id(&self) -> &str {
        &self.id
    }

    fn indexed(&self, path: &str) -> Option<Cow<'_, Value>> {
        Some(Cow::Borrowed(if path == "at" {
            &self.at
        } else {
            &self.name
        }))
    }
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Value, i64),
    Rename(u64, Value),
    Move(u64, i64),
    Remove(u64),
}

fn name() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[abAB]{0,3}".prop_map(Value::from),
        prop::collection::vec("[abAB]{0,2}", 0..3).prop_map(Value::from),
        Just(json!(7)),
        Just(Value::Null),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (name(), 0..9_i64).prop_map(|(name, at)| Step::Insert(name, at)),
        2 => (1..20_u64, name()).prop_map(|(row, name)| Step::Rename(row, name)),
        2 => (1..20_u64, 0..9_i64).prop_map(|(row, at)| Step::Move(row, at)),
        1 => (1..20_u64).prop_map(Step::Remove),
    ]
}

fn moment(second: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(second, 0).unwrap())
}

fn run(table: &mut Table<Thing>, step: Step, number: usize) {
    match step {
        Step::Insert(name, at) => {
            let (id, at) = (number.to_string(), json!(moment(at)));
            table.insert(Thing { id, name, at });
        }
        Step::Rename(row, name) => {
            if let Some(thing) = table.get_mut(row) {
                thing.name = name;
            }
        }
        Step::Move(row, at) => {
            table.change_where(
                |thing| thing.id == row.to_string(),
                |thing| thing.at = json!(moment(at)),
            );
        }
        Step::Remove(row) => drop(table.remove(row)),
    }
}

/// The rows that an index names and that `is` accepts, each once.
fn by_index(
    table: &Table<Thing>,
    path: &str,
    wanted: &Wanted<'_>,
    is: &dyn Fn(&Thing) -> bool,
) -> BTreeSet<u64> {
    let found = table.find_all(path, wanted).filter(|(_, row)| is(row));
    found.map(|(position, _)| position).collect()
}

fn by_scan(table: &Table<Thing>, is: &dyn Fn(&Thing) -> bool) -> BTreeSet<u64> {
    let found = table.iter().filter(|(_, row)| is(row));
    found.map(|(position, _)| position).collect()
}

fn any_text(value: &Value, is: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| item.as_str().is_some_and(&is)),
        value => value.as_str().is_some_and(is),
    }
}

proptest! {
    #[test]
    fn an_index_answers_as_a_scan_does(
        steps in prop::collection::vec(step(), 0..60),
        text in "[abAB]{0,3}",
        (from, to) in (0..9_i64, 0..9_i64),
    ) {
        let mut table = Table::default();
        for (number, step) in steps.into_iter().enumerate() {
            run(&mut table, step, number);
            let folded = text.to_lowercase();
            let same = |thing: &Thing| any_text(&thing.name, |it| it.to_lowercase() == folded);
            prop_assert_eq!(
                by_index(&table, "name", &Wanted::Text(&text), &same),
                by_scan(&table, &same)
            );
            let starts = |thing: &Thing| {
                any_text(&thing.name, |it| it.to_lowercase().starts_with(&folded))
            };
            prop_assert_eq!(
                by_index(&table, "name", &Wanted::Prefix(&text), &starts),
                by_scan(&table, &starts)
            );
            let between = |thing: &Thing| {
                let at = thing.at.as_str().and_then(Timestamp::parse).unwrap();
                at > moment(from) && at <= moment(to)
            };
            let bounds = Wanted::Moments(Bound::Excluded(moment(from)), Bound::Included(moment(to)));
            prop_assert_eq!(
                by_index(&table, "at", &bounds, &between),
                by_scan(&table, &between)
            );
        }
    }

    /// What an index names is right without a second look, but for the row that was lent.
    #[test]
    fn an_index_has_no_stale_entries(steps in prop::collection::vec(step(), 0..60)) {
        let mut table = Table::default();
        for (number, step) in steps.into_iter().enumerate() {
            run(&mut table, step, number);
            let everything = table.candidates("name", &Wanted::Prefix("")).unwrap();
            let named: BTreeSet<u64> = everything.iter().flat_map(|it| it.after(None)).collect();
            let mut expected = by_scan(&table, &|thing| any_text(&thing.name, |_| true));
            if let Some(lent) = table.lent() {
                expected.remove(&lent);
            }
            prop_assert_eq!(named, expected);
        }
    }
}

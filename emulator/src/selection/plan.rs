//! Which rows must be held against an expression: those that the most selective part of it names, of
//! the parts that an index answers. Every row that matches is among them.

use std::ops::Bound;

use crate::clock::Timestamp;
use crate::expression::{Case, Expression, Literal, Operator};
use crate::org::table::{Postings, Row, Table, Wanted};

/// The rows of many lists are put in order before the first is looked at. That is worth it only if
/// they are not more than one in so many.
const WORTH_IT: usize = 8;

/// What an index names.
pub(super) enum Found<'t> {
    Listed(&'t Postings),
    One(u64),
}

impl Found<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Listed(postings) => postings.len(),
            Self::One(_) => 1,
        }
    }
}

fn count(found: &[Found<'_>]) -> usize {
    found.iter().map(Found::len).sum()
}

/// The answer that names fewer rows.
pub(super) fn shorter<'t>(one: Vec<Found<'t>>, other: Vec<Found<'t>>) -> Vec<Found<'t>> {
    if count(&other) < count(&one) {
        other
    } else {
        one
    }
}

/// What the indexes name for an expression; none if they cannot answer it.
pub(super) fn of<'t, T: Row>(
    table: &'t Table<T>,
    expression: &Expression,
    case: Case,
) -> Option<Vec<Found<'t>>> {
    match expression {
        Expression::And(parts) => {
            let answered = parts.iter().filter_map(|part| of(table, part, case));
            answered.reduce(shorter)
        }
        Expression::Or(parts) => {
            let parts = parts.iter().map(|part| of(table, part, case));
            parts
                .collect::<Option<Vec<_>>>()
                .map(|all| all.into_iter().flatten().collect())
        }
        Expression::Compare {
            path,
            operator,
            value: Literal::Text(text),
        } => compared(table, path, *operator, text, case),
        Expression::Not(_) | Expression::Present(_) | Expression::Compare { .. } => None,
    }
}

fn compared<'t, T: Row>(
    table: &'t Table<T>,
    path: &str,
    operator: Operator,
    text: &str,
    case: Case,
) -> Option<Vec<Found<'t>>> {
    if T::HAS_ID && path == "id" && operator == Operator::Equal {
        return Some(table.position(text).map(Found::One).into_iter().collect());
    }
    let wanted = match (Timestamp::parse(text), operator) {
        // One moment can be written in many ways, which only an index of moments knows.
        (Some(moment), operator) => {
            let (from, to) = bounds(operator, moment)?;
            Wanted::Moments(from, to)
        }
        (None, Operator::Equal) => Wanted::Text(text),
        // The lower-case sigma depends on what follows: `ΑΣ` starts `ΑΣΑ`, `ας` does not start `ασα`.
        (None, Operator::StartsWith) if case == Case::Insensitive || !text.contains('Σ') => {
            Wanted::Prefix(text)
        }
        (None, _) => return None,
    };
    listed(table, path, &wanted)
}

fn bounds(operator: Operator, moment: Timestamp) -> Option<(Bound<Timestamp>, Bound<Timestamp>)> {
    use Bound::{Excluded, Included, Unbounded};
    match operator {
        Operator::Equal => Some((Included(moment), Included(moment))),
        Operator::Greater => Some((Excluded(moment), Unbounded)),
        Operator::GreaterOrEqual => Some((Included(moment), Unbounded)),
        Operator::Less => Some((Unbounded, Excluded(moment))),
        Operator::LessOrEqual => Some((Unbounded, Included(moment))),
        Operator::NotEqual | Operator::StartsWith | Operator::Contains | Operator::EndsWith => None,
    }
}

/// What the indexes name for objects of which an attribute, one of these, starts like this.
pub(super) fn of_start<'t, T: Row>(
    table: &'t Table<T>,
    paths: &[&str],
    start: &str,
) -> Option<Vec<Found<'t>>> {
    let found = paths
        .iter()
        .map(|path| listed(table, path, &Wanted::Prefix(start)));
    let found: Option<Vec<_>> = found.collect();
    found.map(|found| found.into_iter().flatten().collect())
}

fn listed<'t, T: Row>(
    table: &'t Table<T>,
    path: &str,
    wanted: &Wanted<'_>,
) -> Option<Vec<Found<'t>>> {
    let found = table.candidates(path, wanted)?;
    Some(found.into_iter().map(Found::Listed).collect())
}

/// The rows that must be looked at.
pub(super) struct Candidates<'t, T> {
    table: &'t Table<T>,
    way: Way<'t>,
}

enum Way<'t> {
    /// Each row.
    All,
    /// The rows of one list, and the one that was lent.
    Listed(&'t Postings, Option<u64>),
    /// These rows, in order.
    Sorted(Vec<u64>),
}

impl<'t, T: Row> Candidates<'t, T> {
    pub(super) fn new(table: &'t Table<T>, found: Option<Vec<Found<'t>>>) -> Self {
        let way = match found.as_deref() {
            None => Way::All,
            Some([Found::Listed(postings)]) => Way::Listed(postings, table.lent()),
            Some(found) if found.len() > 1 && count(found) > table.len() / WORTH_IT => Way::All,
            Some(found) => Way::Sorted(sorted(found, table.lent())),
        };
        Self { table, way }
    }

    /// The rows behind `after`, in order.
    pub(super) fn after(self, after: Option<u64>) -> Box<dyn Iterator<Item = (u64, &'t T)> + 't> {
        let table = self.table;
        let row = |position| Some((position, table.get(position)?));
        let is_behind = move |position: &u64| after.is_none_or(|after| *position > after);
        match self.way {
            Way::All => Box::new(table.after(after)),
            Way::Listed(postings, lent) => {
                let lent = lent.filter(is_behind);
                let before = move |position: &u64| lent.is_none_or(|lent| *position < lent);
                let behind = lent.map(|lent| postings.after(Some(lent)));
                let start = postings.after(after).take_while(before);
                let positions = start.chain(lent).chain(behind.into_iter().flatten());
                Box::new(positions.filter_map(row))
            }
            Way::Sorted(positions) => {
                let positions = positions.into_iter().filter(is_behind);
                Box::new(positions.filter_map(row))
            }
        }
    }
}

fn sorted(found: &[Found<'_>], lent: Option<u64>) -> Vec<u64> {
    let mut positions: Vec<u64> = lent.into_iter().collect();
    for found in found {
        match found {
            Found::One(position) => positions.push(*position),
            Found::Listed(postings) => positions.extend(postings.after(None)),
        }
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::fixture::{STAGE, org, person};
    use crate::org::Org;
    use crate::org::store::Item;
    use crate::org::users::Status;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[aBΣς]{0,2}",
            1 => Just("2026-01-01T00:00:00.000Z".to_owned()),
            1 => Just("2026-01-01T01:00:03+01:00".to_owned()),
            1 => Just("active".to_owned()),
            1 => Just("STAGED".to_owned()),
        ]
    }

    fn comparison() -> impl Strategy<Value = Expression> {
        let paths = [
            "profile.login",
            "profile.email",
            "profile.firstName",
            "profile.city",
            "status",
            "created",
            "lastUpdated",
        ];
        let operators = [
            Operator::Equal,
            Operator::NotEqual,
            Operator::StartsWith,
            Operator::Contains,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::Less,
            Operator::LessOrEqual,
        ];
        let path = prop::sample::select(paths.to_vec());
        (path, prop::sample::select(operators.to_vec()), text()).prop_map(
            |(path, operator, text)| Expression::Compare {
                path: path.to_owned(),
                operator,
                value: Literal::Text(text),
            },
        )
    }

    fn expression() -> impl Strategy<Value = Expression> {
        comparison().prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::And),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::Or),
                inner.prop_map(|inner| Expression::Not(Box::new(inner))),
            ]
        })
    }

    /// People with few names, some of whom change later.
    fn people(names: &[(String, String, u8)]) -> Org {
        let mut org = org();
        let start = org.now;
        for (number, (first, city, _)) in names.iter().enumerate() {
            let mut body = person(&format!("{first}{number}@example.com"));
            body["profile"]["firstName"] = Value::from(format!("{first}."));
            body["profile"]["city"] = json!(city);
            org.create_user(&body, STAGE).unwrap();
        }
        for (position, (first, _, change)) in (1..).zip(names) {
            let seconds = i64::from(*change);
            org.now = Timestamp(start.0 + chrono::TimeDelta::seconds(seconds));
            match change {
                0 => org.users.get_mut(position).unwrap().status = Status::Active,
                1 => drop(org.users.remove(position)),
                2 | 3 => {
                    let now = org.now;
                    let user = org.users.get_mut(position).unwrap();
                    user.last_updated = now;
                    let mut profile = user.profile.object();
                    profile["firstName"] = json!(first);
                    user.profile = profile.into();
                }
                _ => {}
            }
        }
        org
    }

    proptest! {
        #[test]
        fn a_plan_finds_what_a_scan_finds(
            names in prop::collection::vec(("[aBΣς]{0,2}", "[aBΣς]{0,2}", 0..6_u8), 0..40),
            expression in expression(),
            sensitive: bool,
            after in prop::option::of(0..40_u64),
        ) {
            let org = people(&names);
            let case = if sensitive { Case::Sensitive } else { Case::Insensitive };
            let matching = |(position, user): (u64, &crate::org::users::User)| {
                expression.matches(user, case).then_some(position)
            };
            let planned = of(&org.users, &expression, case);
            let candidates = Candidates::new(&org.users, planned).after(after);
            let planned: Vec<u64> = candidates.filter_map(matching).collect();
            let scanned: Vec<u64> = org.users.after(after).filter_map(matching).collect();
            prop_assert_eq!(planned, scanned);
        }
    }

    #[test]
    fn what_is_not_found_by_its_id_is_looked_through() {
        let mut items = Table::default();
        let (key, body) = ("en".to_owned(), json!({ "id": "lng1" }));
        items.insert(Item { key, body });
        for (id, expected) in [("lng1", 1), ("en", 0)] {
            let expression = Expression::parse(&format!("id eq {id:?}")).unwrap();
            let planned = of(&items, &expression, Case::Insensitive);
            let found = Candidates::new(&items, planned).after(None);
            let found = found.filter(|(_, item)| expression.matches(*item, Case::Insensitive));
            assert_eq!(found.count(), expected, "{id}");
        }
    }

    #[test]
    fn the_most_selective_part_is_looked_up() {
        let names: Vec<_> = (0..50)
            .map(|_| ("a".to_owned(), String::new(), 9))
            .collect();
        let org = people(&names);
        for (source, expected) in [
            (r#"profile.login eq "A7@example.com""#, Some(1)),
            (
                r#"status eq "STAGED" and profile.login eq "a7@example.com""#,
                Some(1),
            ),
            (
                r#"profile.login eq "a7@example.com" or profile.email eq "a8@example.com""#,
                Some(2),
            ),
            (r#"status eq "ACTIVE" and profile.city eq "x""#, Some(0)),
            (r#"lastUpdated gt "2026-01-01T00:00:00.000Z""#, Some(0)),
            (r#"id eq "00uNOPE""#, Some(0)),
            (
                r#"profile.login eq "a7@example.com" or profile.city eq "x""#,
                None,
            ),
            (r#"not (profile.login eq "a7@example.com")"#, None),
        ] {
            let expression = Expression::parse(source).unwrap();
            let planned = of(&org.users, &expression, Case::Insensitive);
            assert_eq!(planned.map(|found| count(&found)), expected, "{source}");
        }
    }
}

//! Who manages whom.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::key;
use super::person::Person;

/// People who manage each other in a circle, each circle in words. Managers who are not listed, and
/// managers who are named by id, are no matter of this.
pub(super) fn circles(people: &BTreeMap<Arc<str>, Arc<Person>>) -> Vec<String> {
    let manager_of = |login: &str| {
        let manager = people.get(login)?.manager_key()?;
        Some(people.get_key_value(manager.as_str())?.0)
    };
    let mut seen: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for start in people.keys() {
        let mut way: Vec<&str> = Vec::new();
        let mut next = Some(start);
        while let Some(login) = next {
            if !seen.insert(login) {
                // Where the way comes back to itself there is a circle, and otherwise a known person.
                if let Some(from) = way.iter().position(|it| **it == **login) {
                    found.push(told(way.get(from..).unwrap_or_default()));
                }
                break;
            }
            way.push(login);
            next = manager_of(login);
        }
    }
    found
}

/// A circle in words. Of a long one not everybody is named.
fn told(circle: &[&str]) -> String {
    const MOST: usize = 10;
    let first = circle.first().copied().unwrap_or_default();
    if let [alone] = circle {
        return format!("{alone} is their own manager; name another, or none");
    }
    let named: Vec<&str> = circle.iter().copied().take(MOST).collect();
    let more = match circle.len() - named.len() {
        0 => String::new(),
        more => format!(" {more} others,"),
    };
    format!(
        "a circle of managers: {} is managed by {},{more} and so by {first} again; break it up",
        first,
        named.get(1..).unwrap_or_default().join(", by "),
    )
}

impl Person {
    /// The key of the manager's login.
    fn manager_key(&self) -> Option<String> {
        self.manager_id().map(|manager| key(&manager))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::Desired;

    fn of(pairs: &[(&str, &str)]) -> Vec<String> {
        let mut desired = Desired::new();
        for (login, manager) in pairs {
            let person = Person::new(*login, "A", "B");
            desired.person(match *manager {
                "" => person,
                manager => person.manager(manager),
            });
        }
        desired.contradictions()
    }

    #[test]
    fn a_circle_of_managers_is_told_once() {
        let found = of(&[("ada", "bob"), ("bob", "CY"), ("cy", "ada"), ("dan", "ada")]);
        let told =
            "a circle of managers: ada is managed by bob, by cy, and so by ada again; break it up";
        assert_eq!(found, [told]);
    }

    #[test]
    fn each_circle_is_told() {
        let found = of(&[("ada", "bob"), ("bob", "ada"), ("cy", "dan"), ("dan", "cy")]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            of(&[("ada", "Ada")]),
            ["ada is their own manager; name another, or none"]
        );
    }

    #[test]
    fn managers_at_the_top_and_elsewhere_are_fine() {
        let found = of(&[("ada", ""), ("bob", "ada"), ("cy", "ada"), ("dan", "eve")]);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_long_circle_is_cut_short() {
        let logins: Vec<String> = (0..2000).map(|number| format!("user{number:04}")).collect();
        let next = logins.iter().cycle().skip(1);
        let pairs: Vec<(&str, &str)> = logins
            .iter()
            .zip(next)
            .map(|(one, other)| (one.as_str(), other.as_str()))
            .collect();
        let found = of(&pairs);
        assert_eq!(found.len(), 1);
        assert!(
            found
                .iter()
                .all(|it| it.contains("1990 others") && it.len() < 400),
            "{found:?}"
        );
    }
}

//! Names for the places of types that a document has and the list of names has not.
//!
//! Only what is new is looked at: whether two places are one type is asked once, when the second
//! comes, and from then on the list rules.

mod alike;

use std::collections::{BTreeMap, BTreeSet};

use super::place;
use super::tags::Tags;
use crate::Error;
use crate::api::Type;
use crate::document::Document;
use crate::names::{Names, Taken, is_type_name};
use crate::roots::Roots;

/// A list of names that has what a document has, and what was done to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The old names, untouched, and the new ones.
    pub names: Names,
    /// What got a name, and which: worth reading by a person.
    pub added: Vec<String>,
    /// Places in the list that the document does not have. They keep their names.
    pub absent: Vec<String>,
}

/// Completes `names` so that it has every place of a repaired document.
///
/// A new place gets the type of another if the two are the same member of one type, or if they
/// are alike: field for field, or value for value under the same name of a member. Otherwise it
/// gets a name of its own: a schema its own in PascalCase, what stands inside another type the
/// name of that type and of its member.
///
/// What `previous`, the document before, had at a place that is gone, keeps its name where it is
/// now.
///
/// # Errors
/// As [`super::lower`] before it comes to names of types.
pub fn propose(
    document: &Document,
    names: &Names,
    roots: &Roots,
    previous: Option<&Document>,
    others: &Taken,
) -> Result<Proposal, Error> {
    let super::Places { types, tags, .. } = super::places(document, names, roots)?;
    // The document before may by now hold operations without a name: then nothing is carried over.
    let previous = previous.and_then(|previous| super::places(previous, names, roots).ok());
    let earlier = previous.map_or_else(BTreeMap::new, |previous| previous.types);
    let mut naming = Naming::new(&types, &earlier, &tags, names);
    naming.prefix = document.about.prefix;
    naming.of_others = Some(others);
    // Schemas first, so that they have their plain names; owners before what is in them.
    let (schemas, inline): (Vec<_>, Vec<_>) = types
        .values()
        .filter(|ty| !names.types.contains_key(&ty.name))
        .partition(|ty| ty.schema.is_some());
    let mut added = Vec::new();
    for ty in schemas.into_iter().chain(inline) {
        added.push(naming.name(ty));
    }
    let is_absent = |place: &&String| !types.contains_key(*place);
    Ok(Proposal {
        absent: names.types.keys().filter(is_absent).cloned().collect(),
        names: naming.names,
        added,
    })
}

/// Names given so far.
struct Naming<'a> {
    types: &'a BTreeMap<String, Type>,
    /// The types of the document before.
    earlier: &'a BTreeMap<String, Type>,
    names: Names,
    /// Rust name → its places, also those that the document does not have.
    taken: BTreeMap<String, BTreeSet<String>>,
    /// Places that unions tell apart: equal fields do not make them one.
    kinds: BTreeSet<&'a str>,
    /// Names of other documents.
    of_others: Option<&'a Taken>,
    /// What stands before a name that another document has.
    prefix: &'static str,
}

impl<'a> Naming<'a> {
    fn new(
        types: &'a BTreeMap<String, Type>,
        earlier: &'a BTreeMap<String, Type>,
        tags: &'a Tags,
        names: &Names,
    ) -> Self {
        let mut taken = BTreeMap::<String, BTreeSet<String>>::new();
        for (place, name) in &names.types {
            taken.entry(name.clone()).or_default().insert(place.clone());
        }
        Self {
            types,
            earlier,
            names: names.clone(),
            taken,
            kinds: tags.records().collect(),
            of_others: None,
            prefix: "",
        }
    }

    /// Names the place of a type, and says what was done.
    fn name(&mut self, ty: &Type) -> String {
        let place = &ty.name;
        let (name, why) = if let Some((name, other)) = self.same_member(place) {
            (name, format!(" as `{other}`"))
        } else if let Some((name, other)) = self.moved(place) {
            (name, format!(" as `{other}`, which is gone"))
        } else if let Some((name, other)) = self.alike(ty) {
            (name, format!(" as `{other}`, which is alike"))
        } else {
            (self.own_name(ty), String::new())
        };
        let report = format!("`{place}`: {name}{why}");
        self.names.types.insert(place.clone(), name.clone());
        self.taken.entry(name).or_default().insert(place.clone());
        report
    }

    /// The type of the same member elsewhere in the same type.
    fn same_member(&self, place: &str) -> Option<(String, String)> {
        let (owner, rest) = self.owner(place)?;
        let owners = self.taken.get(self.names.rust_type(owner)?)?;
        owners.iter().find_map(|other| {
            let other = format!("{other}{rest}");
            let name = self.names.rust_type(&other)?;
            Some((name.to_owned(), other))
        })
    }

    /// The type of a place that the document had before and has no longer, if it is the same.
    fn moved(&self, place: &str) -> Option<(String, String)> {
        let gone = self
            .earlier
            .keys()
            .filter(|old| !self.types.contains_key(*old));
        let gone = gone.filter_map(|old| Some((self.names.rust_type(old)?, old)));
        gone.filter(|(_, old)| alike::has_moved(self.earlier, old, self.types, place))
            .max_by_key(|(name, old)| {
                (
                    place::pascal(place) == *name,
                    place::last_name(place) == place::last_name(old),
                )
            })
            .map(|(name, old)| (name.to_owned(), old.clone()))
    }

    /// The type of another place that is alike.
    fn alike(&self, ty: &Type) -> Option<(String, String)> {
        if self.kinds.contains(ty.name.as_str()) || place::is_base(&ty.name) {
            return None;
        }
        let others =
            self.names.types.iter().filter(|(other, _)| {
                !self.kinds.contains(other.as_str()) && !place::is_base(other)
            });
        others
            .filter(|(other, _)| alike::are_alike(self.types, &ty.name, other))
            .map(|(other, name)| (name.clone(), other.clone()))
            .next()
    }

    /// A name that no other type has.
    fn own_name(&self, ty: &Type) -> String {
        let place = &ty.name;
        let mut name = match self.owner(place) {
            None => place::pascal(place),
            Some((owner, rest)) => {
                let owner = self.names.rust_type(owner).unwrap_or(owner);
                format!("{owner}{}", place::pascal(rest))
            }
        };
        let suffix = match ty.schema {
            Some(_) => "2",
            None => "Value",
        };
        if !is_type_name(&name) {
            name = format!("Okta{name}");
        }
        if self.is_of_others(&name) {
            name.insert_str(0, self.prefix);
        }
        while self.is_taken(&name) {
            name.push_str(suffix);
        }
        name
    }

    fn is_of_others(&self, name: &str) -> bool {
        self.of_others
            .is_some_and(|others| others.types.contains(name))
    }

    /// Whether another type has the name, or another has it for the parts that it is made of.
    fn is_taken(&self, name: &str) -> bool {
        let is_type = |name: &str| self.taken.contains_key(name) || self.is_of_others(name);
        is_type(name)
            || name.strip_suffix("Parts").is_some_and(is_type)
            || is_type(&format!("{name}Parts"))
    }

    /// The type that a place is in, and where in it.
    fn owner<'p>(&self, place: &'p str) -> Option<(&'p str, &'p str)> {
        let ends = place.char_indices().rev().map(|(at, _)| at);
        ends.filter(|&at| place::is_start(&place[at..]))
            .map(|at| place.split_at(at))
            .find(|(owner, _)| self.types.contains_key(*owner))
    }
}

#[cfg(test)]
mod tests;

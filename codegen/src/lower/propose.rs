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
use crate::names::{Names, is_type_name};

/// A list of names that has every place of a document, and what was done to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The old names, untouched, and the new ones.
    pub names: Names,
    /// Places that got a type, with what they got: worth reading by a person.
    pub added: Vec<String>,
    /// Places in the list that the document no longer has.
    pub stale: Vec<String>,
}

/// Completes `names` so that it has every place of a repaired document.
///
/// A new place gets the type of another if the two are the same member of one type, or if they
/// are alike: field for field, or value for value under the same name of a member. Otherwise it
/// gets a name of its own: a schema its own in PascalCase, what stands inside another type the
/// name of that type and of its member.
///
/// # Errors
/// As [`super::lower`] before it comes to names of types.
pub fn propose(document: &Document, names: &Names) -> Result<Proposal, Error> {
    let super::Places { types, tags, .. } = super::places(document, names)?;
    let mut naming = Naming::new(&types, &tags, names);
    // Schemas first, so that they have their plain names; owners before what is in them.
    let (schemas, inline): (Vec<_>, Vec<_>) = types
        .values()
        .filter(|ty| !names.types.contains_key(&ty.name))
        .partition(|ty| ty.schema.is_some());
    let mut added = Vec::new();
    for ty in schemas.into_iter().chain(inline) {
        added.push(naming.name(ty));
    }
    let gone = |place: &&String| !types.contains_key(*place);
    Ok(Proposal {
        names: naming.names,
        added,
        stale: names.types.keys().filter(gone).cloned().collect(),
    })
}

/// Names given so far.
struct Naming<'a> {
    types: &'a BTreeMap<String, Type>,
    names: Names,
    /// Rust name → its places that the document has.
    taken: BTreeMap<String, BTreeSet<String>>,
    /// Places that unions tell apart: equal fields do not make them one.
    kinds: BTreeSet<&'a str>,
}

impl<'a> Naming<'a> {
    fn new(types: &'a BTreeMap<String, Type>, tags: &'a Tags, names: &Names) -> Self {
        let mut taken = BTreeMap::<String, BTreeSet<String>>::new();
        let there = |place: &String| types.contains_key(place);
        for (place, name) in names.types.iter().filter(|(place, _)| there(place)) {
            taken.entry(name.clone()).or_default().insert(place.clone());
        }
        Self {
            types,
            names: names.clone(),
            taken,
            kinds: tags.records().collect(),
        }
    }

    /// Names the place of a type, and says what was done.
    fn name(&mut self, ty: &Type) -> String {
        let place = &ty.name;
        let (name, why) = if let Some((name, other)) = self.same_member(place) {
            (name, format!(" as `{other}`"))
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
        while self.taken.contains_key(&name) {
            name.push_str(suffix);
        }
        name
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

//! Which types stand together: those that are part of another stand beside it, and the rest by the
//! handle whose operations are nearest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Api, Type, TypeKind};

/// Where types without a handle of their own stand: those that come from `roots.yaml`.
pub(super) const ROOTS: &str = "roots";

/// Types of one folder, told apart by handle.
pub(super) struct Families<'a> {
    /// Type → the one that it is part of.
    owners: BTreeMap<&'a str, &'a str>,
    handles: BTreeMap<String, Nearest<'a>>,
}

/// How near a handle is: in references from its operations; where that is equal, the one with more
/// operations that name the type themselves, and then the first by name.
type Nearest<'a> = (usize, Reverse<usize>, &'a str);

impl<'a> Families<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let mut families = Self {
            owners: BTreeMap::new(),
            handles: handles(api),
        };
        let candidates = Candidates::of(api);
        for ty in api.types.values() {
            let owners = candidates.owners(ty).into_iter();
            let mut owners = owners.filter_map(|name| api.types.get(name));
            let fits = |owner: &&Type| {
                owner.features == ty.features && families.head(&owner.name) != ty.name
            };
            if let Some(owner) = owners.find(fits) {
                families.owners.insert(&ty.name, &owner.name);
            }
        }
        families
    }

    /// The type that a type is part of.
    pub(super) fn owner(&self, name: &str) -> Option<&'a str> {
        self.owners.get(name).copied()
    }

    /// The type that a type is part of at last, or the type itself.
    fn head(&self, name: &'a str) -> &'a str {
        let mut head = name;
        while let Some(owner) = self.owner(head) {
            head = owner;
        }
        head
    }

    /// Name of the file where a type stands.
    pub(super) fn group(&self, ty: &'a Type) -> &'a str {
        let head = self.head(&ty.name);
        match self.handles.get(head) {
            Some((_, _, handle)) => handle,
            None => ROOTS,
        }
    }
}

/// What decides on the owner of a type.
struct Candidates<'a> {
    /// Place → type.
    places: BTreeMap<&'a str, &'a str>,
    /// Type → unions that it is a kind of.
    unions: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Type → other types that refer to it.
    referrers: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Candidates<'a> {
    fn of(api: &'a Api) -> Self {
        let mut candidates = Self {
            places: BTreeMap::new(),
            unions: BTreeMap::new(),
            referrers: BTreeMap::new(),
        };
        for ty in api.types.values() {
            let name = ty.name.as_str();
            let places = ty.places.iter().map(|place| (place.as_str(), name));
            candidates.places.extend(places);
            for other in ty.references().into_iter().filter(|other| other != name) {
                candidates.referrers.entry(other).or_default().insert(name);
            }
            if let TypeKind::Union(union) = &ty.kind {
                let kinds = union.variants.iter().map(|variant| variant.ty.as_str());
                for kind in kinds.chain([union.base.as_str()]) {
                    candidates.unions.entry(kind).or_default().insert(name);
                }
            }
        }
        candidates
    }

    /// Types that a type may be part of, the likeliest first: the union of a kind, those that an
    /// inline one is in, the only one that refers to it.
    fn owners(&self, ty: &'a Type) -> Vec<&'a str> {
        let name = ty.name.as_str();
        let mut owners: Vec<&str> = self.unions.get(name).and_then(only).into_iter().collect();
        if ty.schema.is_none() {
            let around = ty.places.iter().flat_map(|place| self.around(place));
            owners.extend(around.filter(|owner| *owner != name));
        }
        owners.extend(self.referrers.get(name).and_then(only));
        owners
    }

    /// The types around a place, from the inside out.
    fn around(&self, place: &'a str) -> impl Iterator<Item = &'a str> {
        let ends = place.char_indices().rev().map(|(end, _)| end);
        ends.filter_map(|end| self.places.get(&place[..end]).copied())
    }
}

/// The element of a set of one.
fn only<'a>(set: &BTreeSet<&'a str>) -> Option<&'a str> {
    set.first().copied().filter(|_| set.len() == 1)
}

/// The handle of every type that operations reach.
fn handles(api: &Api) -> BTreeMap<String, Nearest<'_>> {
    let references: BTreeMap<&str, BTreeSet<String>> = api
        .types
        .values()
        .map(|ty| (ty.name.as_str(), ty.references()))
        .collect();
    let mut named = BTreeMap::<&str, BTreeMap<String, usize>>::new();
    for operation in &api.operations {
        let named = named.entry(&operation.handle).or_default();
        for name in operation.references() {
            *named.entry(name).or_default() += 1;
        }
    }
    let mut nearest = BTreeMap::<String, Nearest<'_>>::new();
    for (handle, named) in &named {
        let mut seen = BTreeSet::new();
        let mut open: BTreeSet<String> = named.keys().cloned().collect();
        for distance in 0.. {
            if open.is_empty() {
                break;
            }
            let mut next = BTreeSet::new();
            for name in open {
                if !seen.insert(name.clone()) {
                    continue;
                }
                let count = if distance == 0 {
                    named.get(&name)
                } else {
                    None
                };
                let here = (distance, Reverse(count.copied().unwrap_or(0)), *handle);
                next.extend(references.get(name.as_str()).into_iter().flatten().cloned());
                let best = nearest.entry(name).or_insert(here);
                *best = here.min(*best);
            }
            open = next;
        }
    }
    nearest
}

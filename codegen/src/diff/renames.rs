//! What is the same thing under another name.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::Pair;
use crate::case;
use crate::emit::surface::{Argument, Item, Kind, Surface};

/// Owners of items by their old names, such as `models::A`, with their new ones.
#[derive(Debug, Default)]
pub(super) struct Renames(BTreeMap<String, String>);

/// Bodies that are this short are alike by chance, unless the names have a word in common.
const SHORT: usize = 4;

impl Renames {
    /// Finds types that are gone and of which an equal one is new, and the calls of operations that
    /// have another id.
    pub fn find(was: &Surface, is: &Surface, pairs: &[Pair<'_>]) -> Self {
        let mut renames = Self::default();
        for pair in pairs {
            let (before, now) = (pair.was.call.clone(), pair.is.call.clone());
            if before != now {
                renames.add(
                    &format!("resources::{before}"),
                    &format!("resources::{now}"),
                );
            }
        }
        let gone = types_without(was, is);
        let mut new = types_without(is, was);
        let strangers: BTreeSet<&str> = gone.iter().chain(&new).map(|name| last(name)).collect();
        for before in &gone {
            let body = body(was, before, &strangers);
            let alike = new.iter().filter(|now| {
                self::body(is, now, &strangers) == body
                    && (body.len() >= SHORT || have_a_word_in_common(before, now))
            });
            let closest = alike.max_by_key(|now| likeness(before, now)).copied();
            if let Some(now) = closest.filter(|_| body.len() > 1) {
                renames.add(before, now);
                renames.add(&format!("{before}Parts"), &format!("{now}Parts"));
                new.remove(now);
            }
        }
        renames
    }

    fn add(&mut self, before: &str, now: &str) {
        self.0.insert(before.to_owned(), now.to_owned());
    }

    /// Models, by their old names with their new ones.
    pub fn models(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(before, now)| (before.as_str(), now.as_str()))
            .filter(|(before, _)| before.starts_with("models::"))
    }

    /// What a model was called before.
    pub fn before<'a>(&'a self, now: &'a str) -> &'a str {
        let mut renamed = self.0.iter();
        renamed
            .find(|(_, new)| *new == now)
            .map_or(now, |(before, _)| before)
    }

    /// What a model is called now, by its name alone.
    pub fn now<'a>(&'a self, before: &'a str) -> &'a str {
        let renamed = self.0.get(&format!("models::{before}"));
        renamed.map_or(before, |now| last(now))
    }

    /// An item with the new names of whatever it refers to.
    pub fn apply(&self, item: &Item) -> Item {
        if self.0.is_empty() {
            return item.clone();
        }
        let module = item.owner.split("::").next().unwrap_or_default();
        let text = |text: &str| self.text(module, text);
        Item {
            owner: self.0.get(&item.owner).unwrap_or(&item.owner).clone(),
            member: match &item.kind {
                Kind::Trait(_) => text(&item.member),
                _ => item.member.clone(),
            },
            kind: changed(&item.kind, text),
            wire: match &item.kind {
                // The base of a union; else nothing there is a name.
                Kind::Enum => text(&item.wire),
                _ => item.wire.clone(),
            },
            ..item.clone()
        }
    }

    /// A text with the new names.
    fn text(&self, module: &str, text: &str) -> String {
        idents(text, |name, in_models| {
            let module = if in_models { "models" } else { module };
            let now = self.0.get(&format!("{module}::{name}"))?;
            Some(last(now).to_owned())
        })
    }
}

/// A kind with its texts changed.
fn changed(kind: &Kind, text: impl Fn(&str) -> String) -> Kind {
    match kind {
        Kind::Struct(gives) => Kind::Struct(text(gives)),
        Kind::Enum => Kind::Enum,
        Kind::Field(ty) => Kind::Field(text(ty)),
        Kind::Variant(holds) => Kind::Variant(text(holds)),
        Kind::Function {
            arguments,
            gives,
            signature,
        } => Kind::Function {
            arguments: arguments
                .iter()
                .map(|Argument { name, ty }| Argument {
                    name: name.clone(),
                    ty: text(ty),
                })
                .collect(),
            gives: text(gives),
            signature: text(signature),
        },
        Kind::Trait(items) => Kind::Trait(text(items)),
    }
}

/// Models of one surface that the other has not. Required parts go with their type.
fn types_without<'a>(surface: &'a Surface, other: &Surface) -> BTreeSet<&'a str> {
    let owners = surface.owners().map(|item| item.owner.as_str());
    owners
        .filter(|name| name.starts_with("models::"))
        .filter(|name| other.owner(name).is_none())
        .filter(|name| super::types::owner_of_parts(surface, name).is_none())
        .collect()
}

/// Everything that a type is, but for its name and those of `strangers`, which may be new names.
fn body(surface: &Surface, owner: &str, strangers: &BTreeSet<&str>) -> BTreeSet<String> {
    let name = last(owner);
    let parts = format!("{name}Parts");
    let shown = |item: &Item| {
        let text = format!("{}{}{}", item.member, item.kind.text(), item.wire);
        idents(&text, |ident, _| {
            let is_one = ident == name || ident == parts || strangers.contains(ident);
            is_one.then(|| "_".to_owned())
        })
    };
    let own = surface.owner(owner).into_iter();
    own.chain(surface.members(owner)).map(shown).collect()
}

/// Replaces identifiers; `change` is told whether `models::` stands before one.
fn idents(text: &str, change: impl Fn(&str, bool) -> Option<String>) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            let end = rest.find(is_part).unwrap_or(rest.len());
            changed.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let ident = &rest[..end];
        let in_models = changed.ends_with("models::");
        match change(ident, in_models) {
            Some(new) => changed.push_str(&new),
            None => changed.push_str(ident),
        }
        rest = &rest[end..];
    }
    changed
}

/// The name at the end of a path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn have_a_word_in_common(one: &str, other: &str) -> bool {
    let words: BTreeSet<String> = case::words(last(one)).into_iter().collect();
    case::words(last(other))
        .iter()
        .any(|word| words.contains(word))
}

/// How many characters two names begin and end with alike.
fn likeness(one: &str, other: &str) -> usize {
    let (one, other) = (last(one), last(other));
    let alike = |pairs: &mut dyn Iterator<Item = (char, char)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    alike(&mut one.chars().zip(other.chars()))
        + alike(&mut one.chars().rev().zip(other.chars().rev()))
}

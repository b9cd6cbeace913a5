//! The public API as text: a line for each item, so that a break shows in a diff.
//!
//! It is read off the generated code, so that it cannot say anything else. What all models or all
//! calls have is not repeated: `_every.txt` says it once.

mod items;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::items::items_of;
use super::models::folders::{self, Folder};
use crate::Error;
use crate::api::Api;

pub use self::items::{Argument, Item, Kind};

/// The part of what several features have, and of what is there without any.
pub const SHARED: &str = "shared";

/// What every model and every call has.
const EVERY: &str = "\
# What is not repeated in the files beside this one.

Every struct in `models`:
  .extra: Extra
  ::unfit(&self) -> Vec<String>
  impl Clone, Debug, Default, Deserialize, PartialEq, Serialize
Every tagged union in `models`:
  ::Unrecognized(Box<its base>)
  ::unfit(&self) -> Vec<String>
  impl Body<the union> for each variant
  impl Clone, Debug, Deserialize, From<each variant>, PartialEq, Serialize
Every string enum in `models`:
  ::Unrecognized(String)
  ::VALUES: &[&str]
  ::as_str(&self) -> &str
  impl AsRef<str>, Clone, Debug, Deserialize, Display, Eq, From<&str>, From<String>, Hash, Ord,
    PartialEq, PartialOrd, Serialize
Every call in `resources`:
  ::OPERATION: &Operation
  ::SCOPES: &[&str]
  ::timeout(self, Duration) -> Self
  ::idempotent(self, bool) -> Self
  ::header(self, HeaderName, impl AsRef<str>) -> Self
  ::raw(self) -> CallFuture<RawResponse>
  impl Debug
Every call in `resources` that is followed by `=> T`:
  ::send(self) -> CallFuture<Response<T>>
  impl IntoFuture<Output = Result<T, Error>, IntoFuture = CallFuture<T>>
Every call in `resources` that is followed by `=> list of T`:
  ::all(self) -> CallFuture<Vec<T>>
  ::all_results(self) -> CallFuture<Vec<Result<T, Error>>>
  ::first_page(self) -> CallFuture<Page<T>>
  ::stream(self) -> Items<T>
  ::stream_as<U: DeserializeOwned>(self) -> Items<U>
  ::stream_raw(self) -> Items<Bytes>
  ::pages(self) -> Pages<T>
Every handle in `resources`:
  impl Clone, Debug
";

/// Every public item of the generated code, by the type that it is of and by its name there.
#[derive(Debug, Clone, Default)]
pub struct Surface {
    items: BTreeMap<(String, String), Item>,
}

impl Surface {
    /// Reads it off the generated files, by their path below `sdk/src/generated/`.
    ///
    /// # Errors
    /// If a file holds an item that has no line, or is not Rust.
    pub fn read(api: &Api, files: &BTreeMap<PathBuf, String>) -> Result<Self, Error> {
        let folders = folders::all(api)?;
        let mut surface = Self::default();
        for (path, text) in files {
            let Some(part) = part_of(api, &folders, path) else {
                continue;
            };
            for mut item in items_of(&path.display().to_string(), text)? {
                if item.parts.is_empty() {
                    item.parts.extend(if item.is_of_another() {
                        vec![part.members.clone()]
                    } else {
                        part.items.clone()
                    });
                }
                let key = (item.owner.clone(), item.member.clone());
                surface.items.insert(key, item);
            }
        }
        Ok(surface)
    }

    /// That of an API, without writing anything else of its code.
    ///
    /// # Errors
    /// If something cannot be expressed, or what was emitted is not Rust.
    pub fn of(api: &Api) -> Result<Self, Error> {
        let mut files = super::models::emit(api)?;
        files.extend(super::resources::emit(api)?);
        Self::read(api, &files)
    }

    /// Every item.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// Types and handles themselves.
    pub fn owners(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| item.member.is_empty())
    }

    /// A type or handle itself.
    pub fn owner(&self, name: &str) -> Option<&Item> {
        self.member(name, "")
    }

    /// What a type has, such as `.id` or `::new`.
    pub fn members(&self, owner: &str) -> impl Iterator<Item = &Item> {
        let from = (owner.to_owned(), String::new());
        self.items
            .range(from..)
            .map(|(_, item)| item)
            .take_while(move |item| item.owner == owner)
            .filter(|item| !item.member.is_empty())
    }

    /// One thing that a type has.
    pub fn member(&self, owner: &str, member: &str) -> Option<&Item> {
        self.items.get(&(owner.to_owned(), member.to_owned()))
    }

    /// The same items, each as `change` makes it.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Item) -> Item) -> Self {
        let items = self.items.values().map(change);
        Self {
            items: items
                .map(|item| ((item.owner.clone(), item.member.clone()), item))
                .collect(),
        }
    }
}

/// The files of the surface, by their path below `openapi/api/`.
pub fn emit(surface: &Surface) -> BTreeMap<PathBuf, String> {
    let mut lines: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for item in surface.items.values() {
        for part in &item.parts {
            lines.entry(part).or_default().insert(item.line());
        }
    }
    let mut emitted: BTreeMap<PathBuf, String> = lines
        .into_iter()
        .map(|(part, lines)| {
            let lines: Vec<String> = lines.into_iter().collect();
            (format!("{part}.txt").into(), lines.join("\n") + "\n")
        })
        .collect();
    emitted.insert("_every.txt".into(), EVERY.to_owned());
    emitted
}

/// Where the lines of a generated file go.
struct Part {
    /// Those of items: the features that they come with.
    items: Vec<String>,
    /// Those of what items have: the feature, or what several share.
    members: String,
}

impl Part {
    fn of(feature: &str) -> Self {
        Self {
            items: vec![feature.to_owned()],
            members: feature.to_owned(),
        }
    }
}

/// The part that a generated file belongs to, if it has a public item.
fn part_of(api: &Api, folders: &BTreeMap<String, Folder>, path: &Path) -> Option<Part> {
    let file = path.with_extension("");
    let (module, file) = file.to_str()?.split_once('/')?;
    match (module, file) {
        ("models", file) => {
            let folder = file
                .match_indices('/')
                .find_map(|(end, _)| folders.get(&file[..end]))?;
            let mut features = folder.features.iter();
            match (features.next(), folder.is_shared(), folder.is_for_all) {
                (Some(feature), false, _) => Some(Part::of(feature)),
                (_, true, false) => Some(Part {
                    items: folder.features.iter().cloned().collect(),
                    members: SHARED.to_owned(),
                }),
                _ => Some(Part::of(SHARED)),
            }
        }
        ("resources", "mod" | "accessors" | "paths") => Some(Part::of(SHARED)),
        ("resources", handle) => {
            let mut features = api.features.iter();
            let (feature, _) = features.find(|(_, handles)| handles.contains(handle))?;
            Some(Part::of(feature))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

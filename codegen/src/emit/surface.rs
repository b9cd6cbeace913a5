//! The public API as text: a line for each item, so that a break shows in a diff.
//!
//! It is read off the generated code, so that it cannot say anything else. What all models or all
//! calls have is not repeated: `_every.txt` says it once.

mod items;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::items::lines_of;
use super::models::folders::{self, Folder};
use crate::Error;
use crate::api::Api;

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

/// Emits the files of the surface, by their path below `openapi/api/`, of the generated files by
/// theirs below `sdk/src/generated/`.
///
/// # Errors
/// If a generated file holds an item that has no line, or is not Rust.
pub fn emit(
    api: &Api,
    files: &BTreeMap<PathBuf, String>,
) -> Result<BTreeMap<PathBuf, String>, Error> {
    let folders = folders::all(api)?;
    let mut surface: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files {
        let Some(part) = part_of(api, &folders, path) else {
            continue;
        };
        for line in lines_of(&path.display().to_string(), text)? {
            let parts = match line.features.as_slice() {
                [] if line.is_item => part.items.clone(),
                [] => vec![part.members.clone()],
                features => features.to_vec(),
            };
            for part in parts {
                surface.entry(part).or_default().insert(line.text());
            }
        }
    }
    let mut emitted: BTreeMap<PathBuf, String> = surface
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(part, lines)| {
            let lines: Vec<String> = lines.into_iter().collect();
            (format!("{part}.txt").into(), lines.join("\n") + "\n")
        })
        .collect();
    emitted.insert("_every.txt".into(), EVERY.to_owned());
    Ok(emitted)
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

/// What several features share.
const SHARED: &str = "shared";

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
        ("resources", "mod" | "paths") => Some(Part::of(SHARED)),
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

//! The public API as text: a line for each item, so that a break shows in a diff.
//!
//! It is read off the generated code, so that it cannot say anything else. What all models or all
//! calls have is not repeated: `_every.txt` says it once.

mod items;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::items::lines_of;
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
    let mut surface: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files {
        let Some(part) = part_of(api, path) else {
            continue;
        };
        for line in lines_of(&path.display().to_string(), text)? {
            let features = match line.features.as_slice() {
                [] => vec![part.clone()],
                features => features.to_vec(),
            };
            for feature in features {
                surface.entry(feature).or_default().insert(line.text());
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

/// The feature that a generated file belongs to; `shared` and `standalone` for the types of
/// several and of none.
fn part_of(api: &Api, path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    let folder = path.parent()?.to_str()?;
    match (folder, stem) {
        ("models", "mod") => None,
        ("models", "replacing") => Some("shared".to_owned()),
        ("models", part) => Some(part.replace('_', "-")),
        ("resources", "mod" | "paths") => Some("shared".to_owned()),
        ("resources", handle) => {
            let mut features = api.features.iter();
            let (feature, _) = features.find(|(_, handles)| handles.contains(handle))?;
            Some(feature.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

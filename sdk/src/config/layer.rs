//! Values as they were found, each with its source; a later source wins.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use okta_auth::{Error, Secret};
use serde_norway::Value;

use super::file;
use super::setting::{self, Setting};

/// Brackets that a file may open. The parser's time grows with the square of their depth.
const MOST_BRACKETS: usize = 1000;

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    File {
        path: PathBuf,
        key: String,
        place: Place,
    },
    Variable(String),
}

/// Who is likely to have written a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The user: it is in the home directory, or the program has named it.
    Own,
    /// Anyone: it is in the directory that the program happens to run in.
    CurrentDirectory,
}

impl Source {
    pub(super) fn is_in_current_directory(&self) -> bool {
        matches!(
            self,
            Self::File {
                place: Place::CurrentDirectory,
                ..
            }
        )
    }

    /// Whether both are in one file, or in the environment.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { path, .. }, Self::File { path: other, .. }) => path == other,
            (Self::Variable(_), Self::Variable(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, key, .. } => write!(f, "{key} in {}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// A value before it is understood. Any of them may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Text(Secret),
    /// A number or boolean of a file, as text.
    Scalar(String),
    List(Vec<Secret>),
    /// A mapping, as JSON: a JWK, or a placeholder such as `token: {apiToken}`.
    Mapping(Secret),
}

/// What all sources together say.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    values: BTreeMap<Setting, (Raw, Source)>,
    /// The org of each source that names one.
    org_urls: Vec<(Raw, Source)>,
    ignored: Vec<Source>,
}

impl Layers {
    /// Adds the settings of a YAML file; false if there is no such file.
    pub(super) fn add_file(&mut self, path: &Path, place: Place) -> Result<bool, Error> {
        let text = match file::text(path) {
            Ok(text) => text,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(false);
            }
            Err(error) => {
                let message = format!("cannot read {}", path.display());
                return Err(Error::configuration(message).with_source(error));
            }
        };
        if text.matches(['[', '{']).count() > MOST_BRACKETS {
            return Err(Error::configuration(format!(
                "{} has more than {MOST_BRACKETS} brackets; write only settings into it",
                path.display()
            )));
        }
        let document: Value = serde_norway::from_str(&text).map_err(|error| {
            // The parser's own words may repeat the file's, which holds a token.
            let place = error.location().map_or_else(String::new, |place| {
                format!(" (line {}, column {})", place.line(), place.column())
            });
            Error::configuration(format!("{} is not valid YAML{place}", path.display()))
        })?;
        let mut layer = Layer::default();
        let file = File { path, place };
        match document.get("okta") {
            Some(okta) => layer.add_tree(file, &mut Vec::new(), okta)?,
            None => layer.ignore_keys(file, &mut Vec::new(), &document),
        }
        self.put(layer);
        Ok(true)
    }

    /// Adds the settings of the variables that start with `OKTA_CLIENT_` or `OKTA_TESTING_`.
    pub(super) fn add_environment(
        &mut self,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<(), Error> {
        let mut layer = Layer::default();
        let mut variables: Vec<_> = variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| {
                name.starts_with("OKTA_CLIENT_") || name.starts_with("OKTA_TESTING_")
            })
            .collect();
        variables.sort();
        for (name, value) in variables {
            let key = name.strip_prefix("OKTA_").and_then(setting::find);
            let source = Source::Variable(name);
            let Ok(text) = value.into_string() else {
                return Err(Error::configuration(format!("{source} is not UTF-8 text")));
            };
            layer.add(key, Raw::Text(text.into()), source)?;
        }
        self.put(layer);
        Ok(())
    }

    fn put(&mut self, layer: Layer) {
        self.org_urls
            .extend(layer.values.get(&Setting::OrgUrl).cloned());
        self.values.extend(layer.values);
        self.ignored.extend(layer.ignored);
    }

    /// Understands a setting, if there is one. The error of `parse` says what to write; the
    /// source is put before it.
    pub(super) fn read<T>(
        &self,
        key: Setting,
        parse: impl FnOnce(&Raw) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        self.values
            .get(&key)
            .map(|(raw, _)| parse(raw).map_err(|why| self.blame(key, why)))
            .transpose()
    }

    /// An error about a setting that names where it came from.
    pub(super) fn blame(&self, key: Setting, why: impl fmt::Display) -> Error {
        Error::configuration(match self.source(key) {
            Some(source) => format!("{source}: {why}"),
            None => why.to_string(),
        })
    }

    pub(super) fn raw(&self, key: Setting) -> Option<&Raw> {
        self.values.get(&key).map(|(raw, _)| raw)
    }

    pub(super) fn source(&self, key: Setting) -> Option<&Source> {
        self.values.get(&key).map(|(_, source)| source)
    }

    /// The org that the same source names as `source`, if it names one.
    pub(super) fn org_beside(&self, source: &Source) -> Option<&Raw> {
        let mut urls = self.org_urls.iter();
        urls.find(|(_, named_in)| named_in.is_beside(source))
            .map(|(raw, _)| raw)
    }

    /// Whether there is any setting.
    pub(super) fn has_values(&self) -> bool {
        !self.values.is_empty()
    }

    /// What was found and means no setting of ours.
    pub(super) fn ignored(&self) -> &[Source] {
        &self.ignored
    }
}

/// Empty if JSON cannot say it, so that it means nothing.
fn json(tree: &Value) -> Secret {
    serde_json::to_string(tree).unwrap_or_default().into()
}

/// A file, and who is likely to have written it.
#[derive(Clone, Copy)]
struct File<'a> {
    path: &'a Path,
    place: Place,
}

impl File<'_> {
    fn source(self, key: String) -> Source {
        Source::File {
            path: self.path.to_owned(),
            key,
            place: self.place,
        }
    }
}

/// One source.
#[derive(Default)]
struct Layer {
    values: BTreeMap<Setting, (Raw, Source)>,
    ignored: Vec<Source>,
}

impl Layer {
    fn add_tree(
        &mut self,
        file: File<'_>,
        path: &mut Vec<String>,
        tree: &Value,
    ) -> Result<(), Error> {
        let key = setting::find(&path.join("."));
        let source = || file.source(format!("okta.{}", path.join(".")));
        let raw = match tree {
            Value::Null => return Ok(()),
            Value::Mapping(_) if key.is_some() => Raw::Mapping(json(tree)),
            Value::Mapping(entries) => {
                for (name, value) in entries {
                    if let Some(name) = name.as_str() {
                        path.push(name.to_owned());
                        self.add_tree(file, path, value)?;
                        path.pop();
                    }
                }
                return Ok(());
            }
            Value::String(text) => Raw::Text(text.as_str().into()),
            Value::Bool(value) => Raw::Scalar(value.to_string()),
            Value::Number(value) => Raw::Scalar(value.to_string()),
            Value::Sequence(items) => Raw::List(
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(Secret::from)
                    .collect(),
            ),
            Value::Tagged(_) => Raw::Mapping(json(tree)),
        };
        self.add(key, raw, source())
    }

    /// Notes the keys of a file that has no `okta`: it may be misspelled or forgotten.
    fn ignore_keys(&mut self, file: File<'_>, path: &mut Vec<String>, tree: &Value) {
        let Some(entries) = tree.as_mapping() else {
            self.ignored
                .extend((!path.is_empty()).then(|| file.source(path.join("."))));
            return;
        };
        for (name, value) in entries {
            if let Some(name) = name.as_str() {
                path.push(name.to_owned());
                self.ignore_keys(file, path, value);
                path.pop();
            }
        }
    }

    fn add(&mut self, key: Option<Setting>, raw: Raw, source: Source) -> Result<(), Error> {
        if matches!(&raw, Raw::Text(text) if text.expose().trim().is_empty()) {
            return Ok(());
        }
        let Some(key) = key else {
            self.ignored.push(source);
            return Ok(());
        };
        if let Some((other, other_source)) = self.values.get(&key)
            && *other != raw
        {
            return Err(Error::configuration(format!(
                "{other_source} and {source} mean the same setting but differ; keep one of them"
            )));
        }
        self.values.insert(key, (raw, source));
        Ok(())
    }
}

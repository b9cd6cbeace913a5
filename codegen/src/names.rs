//! The public names, which are a contract.
//!
//! `names.yaml` says for every operation which feature, handle and
//! method it becomes, and for every place of a type which Rust type: places
//! with the same one share it. The file rules: [`propose`] and
//! [`crate::lower::propose`] suggest names for what is new in a document, and
//! never touch a name that is already there.

mod carry;
mod propose;
mod taken;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

pub use carry::carry_over;
pub use propose::{Proposal, propose};
pub use taken::Taken;
pub(crate) use words::type_name;
pub use words::{is_method, is_type_name};

/// Why a list of names cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not YAML, or has other parts than `tags`, `operations` and
    /// `types`.
    #[error("the list of names cannot be read: {0}")]
    Yaml(#[from] serde_norway::Error),
    /// A name is no Rust identifier of the right shape.
    #[error("{entry}: `{name}` is no {kind}; write {shape}")]
    Malformed {
        /// The operation, tag or place that bears the name.
        entry: String,
        /// The name itself.
        name: String,
        /// What it should name.
        kind: &'static str,
        /// What such a name looks like.
        shape: &'static str,
    },
    /// Two operations would be the same method.
    #[error("{first} and {second} are both `{handle}().{method}()`; rename one of them")]
    SameMethod {
        /// The operation that comes first in the alphabet.
        first: String,
        /// The other one.
        second: String,
        /// Their handle.
        handle: String,
        /// Their method.
        method: String,
    },
    /// One handle stands in two features.
    #[error("handle `{handle}` is in feature `{first}` and, by {entry}, in `{second}`; choose one")]
    TwoFeatures {
        /// The handle.
        handle: String,
        /// The feature that was met first.
        first: String,
        /// The other feature.
        second: String,
        /// The operation that names the other feature.
        entry: String,
    },
}

/// Where an operation is found in the public API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationName {
    /// The cargo feature that it needs, such as `admin-roles`.
    pub feature: String,
    /// The accessor on the client, such as `group_rules`.
    pub handle: String,
    /// The method on that handle, such as `list`.
    pub method: String,
    /// The type of its calls, such as `ListUsers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The struct of what identifies its object, if that takes several parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Owner → its members by their name on the wire → identifier.
pub type Members = BTreeMap<String, BTreeMap<String, String>>;

/// The list of public names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Tag of the document → handle that its new operations get.
    pub tags: BTreeMap<String, String>,
    /// Operation id → its place in the public API.
    pub operations: BTreeMap<String, OperationName>,
    /// Place of the document → Rust type. Places with the same type share it.
    pub types: BTreeMap<String, String>,
    /// Rust type → its members that refer to something in Okta by its id.
    #[serde(default)]
    pub references: BTreeMap<String, Vec<String>>,
    /// Member of a Rust type, as `Type.member` → value that its constructor fills in.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// Rust type → the members that its constructor takes, in its order, if they are several.
    #[serde(default)]
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Operation id → parameter → argument or setter.
    #[serde(default)]
    pub parameters: Members,
    /// Rust type → member → field.
    #[serde(default)]
    pub fields: Members,
    /// Rust type → value → variant.
    #[serde(default)]
    pub variants: Members,
    /// Rust type → Rust type of a kind → variant.
    #[serde(default)]
    pub kinds: Members,
}

/// What stands at the top of the file.
const HEADER: &str = "\
# What the document's operations and types are called in Rust. These names are
# public: changing one breaks the programs that use it. New entries are proposed
# by `cargo xtask spec import`, or `cargo xtask spec names` for the document that
# is here; from then on they belong to this file.
#
# tags:       tag of the document -> handle that its new operations get
# operations: operation id -> cargo feature, handle, method, type of its calls, and of its
#             path if several parameters identify the object
# types:      place of the document -> type; places with the same type share it,
#             and it takes whatever any of them takes. A place is a schema (User),
#             a member (User.status), an element (User.factors[]), a value of a map
#             (User.hints{}), what all kinds of a union share (Application/base),
#             what an operation sends or answers (createUser/request, …/response),
#             a parameter (listUsers?sortBy), or the second type there (Thing.size|2)
# references: type -> members, by their name in JSON, that hold the id of another object
# defaults:   member of a type -> the one value it could have when it was named, which
#             constructors fill in
# arguments:  type -> members that its constructor takes, in its order
# parameters: operation -> parameter -> argument or setter of its call
# fields:     type -> member -> field
# variants:   type -> value -> variant of the enum
# kinds:      type -> type of a kind -> variant of the union
#
# What a later release of the document no longer has keeps its entry: it may come back,
# and its name never becomes that of something else.
";

impl Names {
    /// Reads and checks a list of names.
    ///
    /// # Errors
    ///
    /// [`Error`] when `yaml` is no such list, when a name is no identifier of
    /// its kind, or when two entries claim the same name.
    pub fn load(yaml: &str) -> Result<Self, Error> {
        let names: Self = serde_norway::from_str(yaml)?;
        names.check()?;
        Ok(names)
    }

    /// The list as the text of `names.yaml`: one line for each entry, sorted.
    ///
    /// # Errors
    ///
    /// [`Error::Yaml`] when a name cannot be written, which does not happen
    /// with names that [`Names::load`] lets pass.
    pub fn to_yaml(&self) -> Result<String, Error> {
        let mut text = String::from(HEADER);
        section(&mut text, "tags", &self.tags, |handle| handle.clone())?;
        section(&mut text, "operations", &self.operations, |name| {
            let OperationName {
                feature,
                handle,
                method,
                call,
                path,
            } = name;
            let call = call.iter().map(|call| format!(", call: {call}"));
            let path = path.iter().map(|path| format!(", path: {path}"));
            let types: String = call.chain(path).collect();
            format!("{{feature: {feature}, handle: {handle}, method: {method}{types}}}")
        })?;
        section(&mut text, "types", &self.types, |name| name.clone())?;
        section(&mut text, "references", &self.references, |members| {
            format!("[{}]", members.join(", "))
        })?;
        section(&mut text, "defaults", &self.defaults, |value| {
            // A value may look like a number.
            format!("{value:?}")
        })?;
        section(&mut text, "arguments", &self.arguments, |members| {
            format!("{members:?}")
        })?;
        for (title, members) in [
            ("parameters", &self.parameters),
            ("fields", &self.fields),
            ("variants", &self.variants),
            ("kinds", &self.kinds),
        ] {
            nested(&mut text, title, members)?;
        }
        Ok(text)
    }

    /// Adds what the list of another document says of its Rust types.
    pub fn add_types_of(&mut self, other: Self) {
        self.references.extend(other.references);
        self.defaults.extend(other.defaults);
        self.arguments.extend(other.arguments);
        self.fields.extend(other.fields);
    }

    /// The place of an operation in the public API, if the list has it.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&OperationName> {
        self.operations.get(id)
    }

    /// The Rust type at a place, if the list has it.
    #[must_use]
    pub fn rust_type(&self, place: &str) -> Option<&str> {
        self.types.get(place).map(String::as_str)
    }

    /// Whether a Rust type has or had that member.
    #[must_use]
    pub fn has_member(&self, ty: &str, member: &str) -> bool {
        self.fields
            .get(ty)
            .is_some_and(|members| members.contains_key(member))
    }

    /// Every handle, with the feature that it belongs to.
    #[must_use]
    pub fn handles(&self) -> BTreeMap<&str, &str> {
        self.operations
            .values()
            .map(|name| (name.handle.as_str(), name.feature.as_str()))
            .collect()
    }

    /// Every feature that has a handle.
    #[must_use]
    pub fn features(&self) -> BTreeSet<&str> {
        self.operations
            .values()
            .map(|name| name.feature.as_str())
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        for (tag, handle) in &self.tags {
            shape(tag, handle, "handle", words::is_handle, "snake_case")?;
        }
        let mut features = BTreeMap::new();
        let mut methods = BTreeMap::new();
        for (id, name) in &self.operations {
            let (handle, method) = (name.handle.as_str(), name.method.as_str());
            shape(
                id,
                &name.feature,
                "feature",
                words::is_feature,
                "kebab-case",
            )?;
            shape(id, handle, "handle", words::is_handle, "snake_case")?;
            shape(
                id,
                method,
                "method",
                is_method,
                "snake_case, but no keyword of Rust and nothing every handle has",
            )?;
            let feature = features.entry(handle).or_insert(&name.feature);
            if **feature != name.feature {
                return Err(Error::TwoFeatures {
                    handle: handle.to_owned(),
                    first: feature.to_string(),
                    second: name.feature.clone(),
                    entry: id.clone(),
                });
            }
            if let Some(first) = methods.insert((handle, method), id) {
                return Err(Error::SameMethod {
                    first: first.clone(),
                    second: id.clone(),
                    handle: handle.to_owned(),
                    method: method.to_owned(),
                });
            }
        }
        for (place, name) in &self.types {
            shape(
                place,
                name,
                "type",
                is_type_name,
                "PascalCase, but no name of Rust's prelude or of this library",
            )?;
        }
        Ok(())
    }
}

fn shape(
    entry: &str,
    name: &str,
    kind: &'static str,
    fits: fn(&str) -> bool,
    shape: &'static str,
) -> Result<(), Error> {
    if fits(name) {
        return Ok(());
    }
    Err(Error::Malformed {
        entry: entry.to_owned(),
        name: name.to_owned(),
        kind,
        shape,
    })
}

/// Appends one part of the list, a line for each entry.
fn section<T>(
    text: &mut String,
    title: &str,
    entries: &BTreeMap<String, T>,
    value: impl Fn(&T) -> String,
) -> Result<(), Error> {
    let empty = if entries.is_empty() { " {}" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{title}:{empty}");
    for (key, entry) in entries {
        // Puts the key in quotes where YAML wants them.
        let key = serde_norway::to_string(key)?;
        let _ = writeln!(text, "  {}: {}", key.trim_end(), value(entry));
    }
    Ok(())
}

/// Appends a part of the list that has entries of entries, a line for each.
fn nested(text: &mut String, title: &str, owners: &Members) -> Result<(), Error> {
    let empty = if owners.is_empty() { " {}" } else { "" };
    let _ = writeln!(text, "{title}:{empty}");
    for (owner, members) in owners {
        let owner = serde_norway::to_string(owner)?;
        let _ = writeln!(text, "  {}:", owner.trim_end());
        for (member, ident) in members {
            let member = serde_norway::to_string(member)?;
            let _ = writeln!(text, "    {}: {ident}", member.trim_end());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

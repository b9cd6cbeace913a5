//! Lists of members that somebody has looked at, each with the reason.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::Error;
use crate::api::{Api, Field, Type, TypeKind};

/// A member of a type, and why it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The type that it is a member of: the name of a schema in Okta's document, or of the Rust
    /// type. Of a type with several schemas any will do.
    pub schema: String,
    /// JSON name of the member.
    pub member: String,
    /// How we know.
    pub reason: String,
}

/// A reviewed list, such as `openapi/server_owned.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Reviewed {
    file: &'static str,
    entries: Vec<Entry>,
}

impl Reviewed {
    /// Reads a list. An empty file is an empty list.
    ///
    /// # Errors
    /// If the text is no such list, or an entry is there twice or gives no reason.
    pub fn parse(file: &'static str, text: &str) -> Result<Self, Error> {
        let entries: Option<Vec<Entry>> = serde_norway::from_str(text)
            .map_err(|error| Error::unsupported(file, error.to_string()))?;
        let entries = entries.unwrap_or_default();
        let mut seen = BTreeSet::new();
        for Entry {
            schema,
            member,
            reason,
        } in &entries
        {
            let place = || format!("{file}: `{member}` of `{schema}`");
            if reason.trim().is_empty() {
                return Err(Error::unsupported(place(), "has no reason"));
            }
            if !seen.insert((schema, member)) {
                return Err(Error::unsupported(place(), "is listed twice"));
            }
        }
        Ok(Self { file, entries })
    }

    /// Whether a member is listed.
    #[must_use]
    pub fn contains(&self, ty: &Type, member: &str) -> bool {
        let is_it = |entry: &Entry| ty.is_called(&entry.schema) && entry.member == member;
        self.entries.iter().any(is_it)
    }

    /// The entries that name a member, and the places of those that name none: for another release
    /// than the one that the list was written for.
    pub(crate) fn split(self, api: &Api) -> (Self, Vec<String>) {
        let file = self.file;
        let names_a_member = |entry: &Entry| {
            let types = api.types.values().filter(|ty| ty.is_called(&entry.schema));
            types.filter_map(|ty| ty.kind.record()).any(|record| {
                let mut fields = record.fields.iter();
                fields.any(|field| field.name == entry.member)
            })
        };
        let (entries, rest) = self
            .entries
            .into_iter()
            .partition::<Vec<_>, _>(names_a_member);
        let rest = rest
            .into_iter()
            .map(|Entry { schema, member, .. }| format!("{file}: `{member}` of `{schema}`"));
        (Self { file, entries }, rest.collect())
    }

    /// Calls `each` for the fields that are listed.
    ///
    /// # Errors
    /// If an entry names no member: lists do not outlive what they speak of.
    pub fn mark(&self, api: &mut Api, mut each: impl FnMut(&mut Field)) -> Result<(), Error> {
        for Entry { schema, member, .. } in &self.entries {
            let mut found = false;
            for ty in api.types.values_mut() {
                if !ty.is_called(schema) {
                    continue;
                }
                let TypeKind::Record(record) = &mut ty.kind else {
                    continue;
                };
                let fields = record.fields.iter_mut();
                for field in fields.filter(|field| field.name == *member) {
                    each(field);
                    found = true;
                }
            }
            if !found {
                return Err(Error::unsupported(
                    format!("{}: `{member}` of `{schema}`", self.file),
                    "there is no such member: delete the entry or mend it",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

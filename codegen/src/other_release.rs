//! Another release of the document, generated as if it were ours.
//!
//! Names, repairs and reviewed members are kept for the release that is here. For another one, what
//! is new gets the name that would be proposed, and what it lacks is left out and told.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::api::{Api, TypeRef};
use crate::descriptions::Descriptions;
use crate::document::Document;
use crate::names::Names;
use crate::reviewed::Reviewed;
use crate::{Error, Sources, credentials, defaults, emit, fixups, ids, lower};

/// What another release becomes.
#[derive(Debug)]
pub struct Generated {
    /// Every file, by its path from the root of the workspace.
    pub files: BTreeMap<PathBuf, String>,
    /// What is kept for the release that is here and says nothing of this one.
    pub left_out: Vec<String>,
}

/// Generates every file for the document in `sources`, whose operations all have `names`; the names
/// in `sources` are not read.
///
/// # Errors
/// As [`crate::generate`], but for what the release lacks.
pub fn generate(sources: &Sources<'_>, names: &Names) -> Result<Generated, Error> {
    let mut document = Document::parse(sources.document)?;
    let mut left_out = fixups::apply_what_matches(&mut document);
    let proposal = lower::propose(&document, names)?;
    let mut names = proposal.names;
    names
        .types
        .retain(|place, _| !proposal.stale.contains(place));
    let mut api = lower::lower(&document, &names)?;

    let mut reviewed = |file, text| -> Result<Reviewed, Error> {
        let (known, unknown) = Reviewed::parse(file, text)?.split(&api);
        left_out.extend(unknown);
        Ok(known)
    };
    let server_owned = reviewed("server_owned.yaml", sources.server_owned)?;
    let not_secret = reviewed("not_secret.yaml", sources.not_secret)?;
    server_owned.mark(&mut api, |field| field.server_owned = true)?;
    credentials::review(&mut api, &not_secret)?;
    keep_references(&mut names, &api, &mut left_out);
    ids::mark(&mut api, &names)?;
    keep_defaults(&mut names, &api, &mut left_out);
    let proposed = defaults::propose(&api, &names);
    names.defaults.extend(proposed);
    defaults::apply(&mut api, &names)?;
    Descriptions::default().add_to(&mut api);
    Ok(Generated {
        files: emit::emit(&api)?,
        left_out,
    })
}

fn keep_references(names: &mut Names, api: &Api, left_out: &mut Vec<String>) {
    for (ty, members) in &mut names.references {
        members.retain(|member| {
            let is_text = match member_type(api, ty, member) {
                Some(TypeRef::List(item)) => matches!(**item, TypeRef::String | TypeRef::Id),
                Some(ty) => matches!(ty, TypeRef::String | TypeRef::Id),
                None => false,
            };
            if !is_text {
                left_out.push(format!("names.yaml, references: `{member}` of `{ty}`"));
            }
            is_text
        });
    }
}

fn keep_defaults(names: &mut Names, api: &Api, left_out: &mut Vec<String>) {
    names.defaults.retain(|place, value| {
        let member = place.split_once('.');
        let ty = member.and_then(|(ty, member)| member_type(api, ty, member));
        let values = ty.and_then(|ty| api.values_of(ty)).unwrap_or_default();
        let is_value = values.iter().any(|known| known.value == *value);
        if !is_value {
            left_out.push(format!("names.yaml, defaults: `{place}` as `{value}`"));
        }
        is_value
    });
}

fn member_type<'a>(api: &'a Api, ty: &str, member: &str) -> Option<&'a TypeRef> {
    let mut fields = api.types.get(ty)?.kind.record()?.fields.iter();
    fields
        .find(|field| field.name == member)
        .map(|field| &field.ty)
}

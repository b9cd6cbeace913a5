//! Types: a folder for each set of features that need the same ones, in it a file for each handle,
//! and for its large types where one would be too long.

mod constructor;
mod docs;
mod enums;
mod families;
mod files;
pub(crate) mod folders;
mod modules;
mod records;
mod replacing;
mod unions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use self::families::Families;
use self::files::Group;
use self::folders::Folder;
use self::modules::Modules;
use crate::Error;
use crate::api::{Api, Type, TypeKind, TypeRef};
use crate::case;

/// Emits every type.
///
/// # Errors
/// If what was emitted is not Rust, two types would have the same name, or two sets of features the
/// same folder.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut folders = folders::all(api)?;
    let mut bodies = BTreeMap::new();
    for ty in api.types.values() {
        bodies.insert(ty.name.as_str(), body(api, ty)?);
    }
    let mut modules = Modules::default();
    for (name, path) in paths(api, &bodies) {
        let module = modules.at(path);
        module.body.push_str(&bodies[name]);
        module.own.insert(name.to_owned());
        module.references.extend(api.types[name].references());
    }
    for conversion in replacing::conversions(api) {
        let folder = Folder::of(&conversion.features, api);
        let module = modules.at(format!("{}/replacing", folder.path()));
        module.body.push_str(&conversion.body);
        module.references.extend(conversion.types);
        folders.insert(folder.path(), folder);
    }
    modules.emit(&folders)
}

fn body(api: &Api, ty: &Type) -> Result<String, Error> {
    let mut body = String::new();
    match &ty.kind {
        TypeKind::Record(record) => records::emit(&mut body, api, ty, record)?,
        TypeKind::Enum(values) => enums::emit(&mut body, ty, values),
        TypeKind::Union(union) => unions::emit(&mut body, api, ty, union),
    }
    Ok(body)
}

/// The file of each type: its path below `models`, without its ending.
fn paths<'a>(api: &'a Api, bodies: &BTreeMap<&str, String>) -> BTreeMap<&'a str, String> {
    let families = Families::of(api);
    let mut groups = BTreeMap::<String, Group<'_>>::new();
    for ty in api.types.values() {
        let name = ty.name.as_str();
        let folder = Folder::of(&ty.features, api).path();
        let group = groups.entry(format!("{folder}/{}", families.group(ty)));
        let group = group.or_default();
        let lines = bodies.get(name).map_or(0, |body| body.lines().count());
        group.lines.insert(name, lines);
        if let Some(owner) = families.owner(name) {
            group.owners.insert(name, owner);
        }
    }
    let mut paths = BTreeMap::new();
    for (path, group) in groups {
        match group.files(case::snake) {
            None => paths.extend(group.lines.keys().map(|name| (*name, path.clone()))),
            Some(files) => {
                let files = files.into_iter();
                paths.extend(files.map(|(name, file)| (name, format!("{path}/{file}"))));
            }
        }
    }
    paths
}

/// Rust type of a value.
pub(super) fn rust_type(ty: &TypeRef) -> String {
    match ty {
        TypeRef::String => "String".to_owned(),
        TypeRef::Id => "Id".to_owned(),
        TypeRef::Secret => "Secret".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::Integer => "i64".to_owned(),
        TypeRef::Number => "Number".to_owned(),
        TypeRef::Timestamp => "Timestamp".to_owned(),
        TypeRef::Json => "Value".to_owned(),
        TypeRef::SecretJson => "SecretJson".to_owned(),
        TypeRef::Named(name) => name.clone(),
        TypeRef::List(inner) => format!("Vec<{}>", rust_type(inner)),
        TypeRef::Map(inner) => format!("BTreeMap<String, {}>", rust_type(inner)),
        TypeRef::OneOrMany(inner) => format!("OneOrMany<{}>", rust_type(inner)),
        TypeRef::Nullable(inner) => format!("Nullable<{}>", rust_type(inner)),
    }
}

/// `#[deprecated]`, where Okta says so.
fn deprecation(deprecated: bool) -> &'static str {
    if deprecated {
        "#[deprecated(note = \"deprecated by Okta\")]\n"
    } else {
        ""
    }
}

//! Which strings identify something in Okta.

use crate::Error;
use crate::api::{Api, Field, TypeKind, TypeRef};
use crate::names::Names;

/// Makes an [`Id`](TypeRef::Id) of every member that is called exactly `id` and is a string, and of
/// the references that the list of names has, one by one or in lists.
///
/// # Errors
/// If listed references are no string or list of strings of their type, or their type never had
/// them. The others are ids all the same.
pub fn mark(api: &mut Api, names: &Names) -> Result<(), Error> {
    for ty in api.types.values_mut() {
        for field in ty.kind.fields_mut().filter(|field| field.name == "id") {
            mark_field(field);
        }
    }
    let mut stale = Vec::new();
    for (name, members) in &names.references {
        for member in members {
            let kind = api.types.get_mut(name).map(|ty| &mut ty.kind);
            let mut named = kind
                .into_iter()
                .flat_map(TypeKind::fields_mut)
                .filter(|field| field.name == *member);
            let fits = match named.next() {
                Some(field) => mark_field(field),
                // What is gone may come back.
                None => names.has_member(name, member),
            };
            if !fits {
                stale.push(Error::unsupported(
                    format!("names.yaml, references: `{member}` of `{name}`"),
                    "there is no such string or list of strings: delete the entry or mend it",
                ));
            }
        }
    }
    Error::unless_empty(stale)
}

/// Whether it is an id now.
fn mark_field(field: &mut Field) -> bool {
    let ty = match &mut field.ty {
        TypeRef::List(item) => &mut **item,
        ty => ty,
    };
    if *ty == TypeRef::String {
        *ty = TypeRef::Id;
    }
    *ty == TypeRef::Id
}

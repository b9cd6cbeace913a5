//! Which strings identify something in Okta.

use crate::api::{Api, Field, TypeKind, TypeRef};

/// Makes an [`Id`](TypeRef::Id) of every member that is called exactly `id` and is a string.
pub fn mark(api: &mut Api) {
    for ty in api.types.values_mut() {
        match &mut ty.kind {
            TypeKind::Record(record) => record.fields.iter_mut().for_each(mark_field),
            TypeKind::Union(union) => union.base_fields.iter_mut().for_each(mark_field),
            TypeKind::Enum(_) => {}
        }
    }
}

fn mark_field(field: &mut Field) {
    if field.name == "id" && field.ty == TypeRef::String {
        field.ty = TypeRef::Id;
    }
}

//! String enums.

use std::fmt::Write as _;

use super::{deprecation, docs};
use crate::api::{EnumValue, Type};

pub(super) fn emit(out: &mut String, ty: &Type, values: &[EnumValue]) {
    let name = &ty.name;
    let _ = write!(
        out,
        "\n{}{}#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         #[non_exhaustive]\npub enum {name} {{\n",
        docs::of_type(ty),
        deprecation(ty.deprecated),
    );
    for EnumValue { value, variant } in values {
        let _ = write!(out, "    /// {}\n    {variant},\n", docs::code(value));
    }
    let _ = write!(
        out,
        "    /// A value that this release does not know, as it came\n    Unrecognized(String),\n\
         }}\n\nopen_enum! {{\n    {name} {{\n"
    );
    for EnumValue { value, variant } in values {
        let _ = writeln!(out, "        {variant} = {value:?},");
    }
    out.push_str("    }\n}\n");
}

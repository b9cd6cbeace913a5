//! Names as words: splitting Okta's, and telling which ones Rust takes.

use crate::case;

/// Slips in Okta's operation ids that no rule of capitals can split.
const SLIPS: &[(&str, &str)] = &[
    ("AAGUIDs", "Aaguids"),
    ("SAMLmetadata", "SamlMetadata"),
    ("deletejwk", "deleteJwk"),
];

/// Names that would hide, on a handle, what Rust's own traits call so.
const NOT_METHODS: &[&str] = &["clone", "drop", "eq", "fmt", "from", "into", "new"];

/// Types that a program has in scope anyway, or that this library exports
/// beside the models.
const NOT_TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "BTreeMap",
    "Body",
    "Box",
    "Client",
    "Clone",
    "Config",
    "Copy",
    "Debug",
    "DecodeError",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Extra",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "HashMap",
    "Id",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Nullable",
    "Number",
    "Ok",
    "OneOrMany",
    "Option",
    "Ord",
    "Page",
    "Pages",
    "PartialEq",
    "PartialOrd",
    "Request",
    "Response",
    "Result",
    "Secret",
    "SecretJson",
    "Send",
    "Sized",
    "Some",
    "Stream",
    "String",
    "Sync",
    "Timestamp",
    "TimestampError",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Value",
    "Vec",
];

/// The words of a name in lower case: `listOAuth2Scopes` is `list`, `oauth2`,
/// `scopes`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mended = SLIPS.iter().fold(name.to_owned(), |name, (slip, meant)| {
        name.replace(slip, meant)
    });
    case::words(&mended)
}

/// A word without the ending of its plural, good enough to compare by.
pub(super) fn singular(word: &str) -> String {
    match word {
        w if w.ends_with("ies") => format!("{}y", w.trim_end_matches("ies")),
        w if w.ends_with("ss") => w.to_owned(),
        w => w.trim_end_matches('s').to_owned(),
    }
}

/// A word with the ending of its plural.
pub(super) fn plural(word: &str) -> String {
    match word {
        w if w.ends_with('s') => w.to_owned(),
        w if w.ends_with('y') => format!("{}ies", w.trim_end_matches('y')),
        w => format!("{w}s"),
    }
}

/// A schema's name as a Rust type: `APNSConfiguration` is `ApnsConfiguration`.
#[must_use]
pub fn type_name(schema: &str) -> String {
    case::pascal(schema)
}

/// Whether a method may have this name: snake_case, no keyword of Rust, and
/// nothing that every type has anyway (`clone`, `new`…).
#[must_use]
pub fn is_method(name: &str) -> bool {
    is_snake(name) && syn::parse_str::<syn::Ident>(name).is_ok() && !NOT_METHODS.contains(&name)
}

/// Whether a model may have this name: PascalCase, and not the name of
/// something in the prelude or exported beside the models.
#[must_use]
pub fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && syn::parse_str::<syn::Ident>(name).is_ok()
        && !NOT_TYPES.contains(&name)
}

pub(super) fn is_handle(name: &str) -> bool {
    is_method(name)
}

pub(super) fn is_feature(name: &str) -> bool {
    is_snake(&name.replace('-', "_")) && !name.contains('_')
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

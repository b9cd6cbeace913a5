//! Which members hold a credential, and must not show in logs.
//!
//! The rule is by name and errs on the safe side: what sounds like a credential is a
//! [`Secret`](TypeRef::Secret), unless somebody has looked at it and said in
//! `openapi/not_secret.yaml` why it is none.

use crate::Error;
use crate::api::{Api, Field, Type, TypeKind, TypeRef};
use crate::case::words;
use crate::reviewed::Reviewed;

/// Words that make a name sound like a credential, wherever they stand in it.
const WORDS: &[&str] = &[
    "answer",
    "assertion",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "otp",
    "passcode",
    "passphrase",
    "password",
    "pin",
    "salt",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// Words that do so one after the other.
const PHRASES: &[&[&str]] = &[
    &["activation", "code"],
    &["activation", "link"],
    &["activation", "url"],
    &["api", "key"],
    &["next", "code"],
    &["pass", "code"],
    &["private", "key"],
    &["recovery", "code"],
    &["recovery", "link"],
    &["recovery", "url"],
    &["service", "account", "json"],
    &["shared", "key"],
    &["signing", "key"],
    &["symmetric", "key"],
    &["user", "code"],
    &["verification", "code"],
];

/// Members that are named by letters, or whose name says nothing, by type.
const MEMBERS: &[(&str, &str)] = &[
    ("AppUserPasswordCredential", "value"),
    ("EventHookChannelConfigAuthScheme", "value"),
    ("EventHookChannelConfigHeader", "value"),
    ("InlineHookChannelConfigAuthScheme", "value"),
    ("InlineHookChannelConfigAuthSchemeBody", "value"),
    ("InlineHookChannelConfigHeaders", "value"),
    ("PasswordCredential", "value"),
    ("PasswordCredentialHash", "value"),
];

/// Private members of a JSON Web Key (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE_KEY: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "k"];

/// Makes every member that sounds like a credential a secret, but for those of `not_secret`.
///
/// # Errors
/// If entries of `not_secret` name no member, or one that would not be a secret anyway. Secrets are
/// hidden all the same.
pub fn review(api: &mut Api, not_secret: &Reviewed) -> Result<(), Error> {
    let mut needless: Vec<Error> = not_secret.mark(api, |_| {}).err().into_iter().collect();
    for ty in api.types.values_mut() {
        for member in credentials_in(ty, not_secret, &mut needless) {
            if let TypeKind::Record(record) = &mut ty.kind
                && let Some(field) = record.fields.get_mut(member)
            {
                hide(&mut field.ty);
            }
        }
    }
    Error::unless_empty(needless)
}

/// Which fields of a type hold a credential.
fn credentials_in(ty: &Type, not_secret: &Reviewed, needless: &mut Vec<Error>) -> Vec<usize> {
    let TypeKind::Record(record) = &ty.kind else {
        return Vec::new();
    };
    let is_key = record.fields.iter().any(|field| field.name == "kty");
    let mut found = Vec::new();
    for (at, field) in record.fields.iter().enumerate() {
        let sounds = sounds_like_one(ty, is_key, field);
        match (sounds, not_secret.contains(ty, &field.name)) {
            (true, false) => found.push(at),
            (false, true) => needless.push(Error::unsupported(
                format!("not_secret.yaml: `{}` of `{}`", field.name, ty.name),
                "it would not be a secret without the entry: delete it",
            )),
            (true, true) | (false, false) => {}
        }
    }
    found
}

/// Whether a member holds text, and its name or its type says that it is a credential. `is_key`
/// is that the type is a JSON Web Key.
fn sounds_like_one(ty: &Type, is_key: bool, field: &Field) -> bool {
    if !holds_text(&field.ty) {
        return false;
    }
    let words = words(&field.name);
    let has = |phrase: &[&str]| words.windows(phrase.len()).any(|part| part == phrase);
    field.write_only
        || WORDS.iter().any(|word| has(&[*word]))
        || PHRASES.iter().any(|phrase| has(phrase))
        || MEMBERS
            .iter()
            .any(|(schema, member)| ty.is_called(schema) && field.name == *member)
        || (is_key && PRIVATE_KEY.contains(&field.name.as_str()))
}

fn holds_text(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String | TypeRef::Secret | TypeRef::Json | TypeRef::SecretJson => true,
        TypeRef::List(item)
        | TypeRef::Map(item)
        | TypeRef::OneOrMany(item)
        | TypeRef::Nullable(item) => holds_text(item),
        TypeRef::Id
        | TypeRef::Bool
        | TypeRef::Integer
        | TypeRef::Number
        | TypeRef::Timestamp
        | TypeRef::Named(_) => false,
    }
}

/// Makes the text in a type a secret.
fn hide(ty: &mut TypeRef) {
    match ty {
        TypeRef::List(item)
        | TypeRef::Map(item)
        | TypeRef::OneOrMany(item)
        | TypeRef::Nullable(item) => hide(item),
        TypeRef::String => *ty = TypeRef::Secret,
        TypeRef::Json => *ty = TypeRef::SecretJson,
        _ => {}
    }
}

#[cfg(test)]
mod tests;

//! Which members hold a credential, and must not show in logs.
//!
//! The rule is by name and errs on the safe side: what sounds like a credential is a
//! [`Secret`](TypeRef::Secret), unless somebody has looked at it and said in
//! `openapi/not_secret.yaml` why it is none.

use std::collections::BTreeSet;

use crate::Error;
use crate::api::{Api, Field, Record, TypeKind, TypeRef};
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
/// If an entry of `not_secret` names no member, or one that would not be a secret anyway.
pub fn review(api: &mut Api, not_secret: &Reviewed) -> Result<(), Error> {
    let mut idle = BTreeSet::new();
    let mut cleared = BTreeSet::new();
    for (name, ty) in &api.types {
        let TypeKind::Record(record) = &ty.kind else {
            continue;
        };
        let schema = ty.schema.as_ref().unwrap_or(name);
        for field in &record.fields {
            if not_secret.contains(schema, &field.name) {
                cleared.insert((name.clone(), field.name.clone()));
                if !sounds_like_one(schema, record, field) {
                    idle.insert(format!("`{}` of `{schema}`", field.name));
                }
            }
        }
    }
    if let Some(entry) = idle.first() {
        return Err(Error::unsupported(
            format!("not_secret.yaml: {entry}"),
            "it would not be a secret without the entry: delete it",
        ));
    }
    not_secret.mark(api, |_| {})?;
    for (name, ty) in &mut api.types {
        let schema = ty.schema.clone().unwrap_or_else(|| name.clone());
        let TypeKind::Record(record) = &mut ty.kind else {
            continue;
        };
        let whole = record.clone();
        for field in &mut record.fields {
            let is_cleared = cleared.contains(&(name.clone(), field.name.clone()));
            if !is_cleared && sounds_like_one(&schema, &whole, field) {
                hide(&mut field.ty);
            }
        }
    }
    Ok(())
}

/// Whether a member holds text, and its name or its type says that it is a credential.
fn sounds_like_one(schema: &str, record: &Record, field: &Field) -> bool {
    if !holds_text(&field.ty) {
        return false;
    }
    let words = words(&field.name);
    let has = |phrase: &[&str]| words.windows(phrase.len()).any(|part| part == phrase);
    let key = record.fields.iter().any(|field| field.name == "kty");
    field.write_only
        || field.format.as_deref() == Some("password")
        || WORDS.iter().any(|word| has(&[*word]))
        || PHRASES.iter().any(|phrase| has(phrase))
        || MEMBERS.contains(&(schema, &field.name))
        || (key && PRIVATE_KEY.contains(&field.name.as_str()))
}

fn holds_text(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String | TypeRef::Secret | TypeRef::Json | TypeRef::SecretJson => true,
        TypeRef::List(item)
        | TypeRef::Map(item)
        | TypeRef::OneOrMany(item)
        | TypeRef::Nullable(item) => holds_text(item),
        TypeRef::Bool
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

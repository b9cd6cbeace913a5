//! Which properties hold something that must not show in logs.

use crate::case::words;

/// Ends of property names whose string values are secrets.
const SECRET_ENDINGS: &[&[&str]] = &[
    &["password"],
    &["passphrase"],
    &["secret"],
    &["client", "secret"],
    &["private", "key"],
    &["shared", "secret"],
    &["api", "key"],
    &["api", "token"],
    &["auth", "token"],
    &["access", "token"],
    &["refresh", "token"],
    &["activation", "token"],
    &["state", "token"],
    &["session", "token"],
    &["recovery", "token"],
    &["registration", "token"],
    &["hec", "token"],
    &["pass", "code"],
    &["answer"],
    &["salt"],
];

/// Properties that end like a secret and are none.
const NOT_SECRET: &[&str] = &["revealPassword", "keepPassword"];

/// Types whose `value` is a password, and JWK types whose private members are written in letters.
const SECRET_MEMBERS: &[(&str, &str)] = &[
    ("PasswordCredential", "value"),
    ("PasswordCredentialHash", "value"),
    ("AppUserPasswordCredential", "value"),
    ("TempPassword", "tempPassword"),
    ("InlineHookChannelConfigAuthScheme", "value"),
    ("InlineHookChannelConfigAuthSchemeBody", "value"),
    ("EventHookChannelConfigAuthScheme", "value"),
    ("LogStreamSettingsSplunk", "token"),
];

/// Whether a string property holds a secret.
pub(super) fn is_secret(owner: &str, property: &str, format: Option<&str>) -> bool {
    if NOT_SECRET.contains(&property) {
        return false;
    }
    if format == Some("password") || SECRET_MEMBERS.contains(&(owner, property)) {
        return true;
    }
    let words = words(property);
    SECRET_ENDINGS.iter().any(|ending| {
        words.len() >= ending.len()
            && words[words.len() - ending.len()..]
                .iter()
                .zip(*ending)
                .all(|(a, b)| a == b)
    })
}

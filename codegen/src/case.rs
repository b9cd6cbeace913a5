//! Identifiers from the names in Okta's document.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// Words that the document writes with capitals inside, which are one word all the same.
const WHOLE_WORDS: &[(&str, &str)] = &[
    ("OAuth", "Oauth"),
    ("IdP", "Idp"),
    ("MacOS", "Macos"),
    ("macOS", "Macos"),
    ("ChromeOS", "Chromeos"),
    ("iOS", "Ios"),
    ("WebAuthn", "Webauthn"),
    ("URLs", "Urls"),
    ("URIs", "Uris"),
    ("IDs", "Ids"),
    ("IPs", "Ips"),
    ("ASNs", "Asns"),
    ("FIDO2", "Fido2"),
];

/// Rust's keywords, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name, in lower case and in ASCII: other letters are their numbers.
pub fn words(name: &str) -> Vec<String> {
    let name = &ascii(name);
    let name = WHOLE_WORDS
        .iter()
        .fold(name.clone(), |name, (written, whole)| {
            name.replace(written, whole)
        });
    name.to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A name whose letters are ASCII: `ü` is `U00FC`, in words of its own.
fn ascii(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii() || !c.is_alphanumeric() {
            text.push(c);
        } else {
            text.push_str(&format!(" u{:04X} ", u32::from(c)));
        }
    }
    text
}

/// The name of a name that has neither letters nor digits.
fn spelled_out(name: &str) -> String {
    match name {
        "" => "Empty".to_owned(),
        "*" => "Any".to_owned(),
        other => {
            let chars = other.chars();
            chars.map(|c| format!("U{:X}", u32::from(c))).collect()
        }
    }
}

/// `snake_case`, with an underscore behind keywords and digits led by one.
pub fn snake(name: &str) -> String {
    let mut ident = words(name).join("_");
    if ident.is_empty() {
        ident = spelled_out(name).to_ascii_lowercase();
    }
    if ident.starts_with(|c: char| c.is_ascii_digit()) {
        ident.insert(0, '_');
    }
    if KEYWORDS.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}

/// `PascalCase`, as Rust spells acronyms: `_links` gives `Links`, `IPNetworkZone` `IpNetworkZone`.
pub fn pascal(name: &str) -> String {
    match ascii(name).to_upper_camel_case() {
        empty if empty.is_empty() => spelled_out(name),
        pascal => pascal,
    }
}

/// A name that a struct can have: [`pascal`], but never a number at its start, and no keyword.
pub fn struct_name(name: &str) -> String {
    let name = pascal(name);
    let is_taken = name == "Self" || name.starts_with(|c: char| c.is_ascii_digit());
    if is_taken { format!("V{name}") } else { name }
}

/// Name of a handle's struct: `group_rules` gives `GroupRules`.
pub fn handle_type(handle: &str) -> String {
    handle.split('_').map(capitalize).collect()
}

/// Variant of an enum: `SAML_2_0` gives `Saml20`.
pub fn variant(value: &str) -> String {
    let mut variant: String = words(value).iter().map(|word| capitalize(word)).collect();
    if variant.is_empty() {
        variant = spelled_out(value);
    }
    if variant.starts_with(|c: char| c.is_ascii_digit()) {
        variant.insert(0, 'V');
    }
    if variant == "Self" || variant == "Unrecognized" {
        variant.push_str("Value");
    }
    variant
}

/// A word with its first letter in upper case.
pub fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_read_as_people_write_them() {
        for (name, expected) in [
            ("firstName", "first_name"),
            ("_links", "links"),
            ("type", "type_"),
            ("resource-set", "resource_set"),
            ("OAuth2ClientId", "oauth2_client_id"),
            ("x5t#S256", "x5t_s256"),
            ("ACSUrl", "acs_url"),
            ("2fa", "_2fa"),
            ("allowedURLs", "allowed_urls"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn variants_are_unlike_keywords_and_numbers() {
        for (value, expected) in [
            ("SAML_2_0", "Saml20"),
            ("token:software:totp", "TokenSoftwareTotp"),
            ("", "Empty"),
            ("24", "V24"),
            ("SELF", "SelfValue"),
            ("*", "Any"),
        ] {
            assert_eq!(variant(value), expected);
        }
    }

    #[test]
    fn type_names_keep_their_capitals() {
        assert_eq!(pascal("orgBillingContactType"), "OrgBillingContactType");
        assert_eq!(pascal("BASIC_SMTP_AUTH"), "BasicSmtpAuth");
        assert_eq!(pascal("OAuth2ClientSecret"), "OAuth2ClientSecret");
    }
}

//! Private keys as they come out of copying: indented, in one line, or as a set of one.

use std::fmt::Write as _;

use serde_json::Value;

use super::private_key::refuse;
use crate::{Error, Secret};

/// The width of the lines of PEM (RFC 7468, section 2).
const WIDTH: usize = 64;

/// Gives PEM its lines again, which variables and YAML files lose: they come as `\n` in letters, as
/// spaces, or not at all. Text that is no PEM stays what it is.
pub(super) fn pem(text: &str) -> Secret {
    let text = text.replace("\\r", "\n").replace("\\n", "\n");
    match block(&text) {
        Some(block) => block,
        None => text.into(),
    }
}

/// The first block, in lines; `None` if there is none, or if it has headers, which need theirs.
fn block(text: &str) -> Option<Secret> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    if body.contains(':') {
        return None;
    }
    let mut block = format!("-----BEGIN {label}-----");
    let letters = body.chars().filter(|c| !c.is_whitespace());
    for (position, letter) in letters.enumerate() {
        if position % WIDTH == 0 {
            block.push('\n');
        }
        block.push(letter);
    }
    let _ = write!(block, "\n-----END {label}-----\n");
    Some(block.into())
}

/// A JWK, or the only one of a JWK set (RFC 7517, section 5), as Okta's console shows it.
///
/// # Errors
/// If the set has no key or several.
pub(super) fn single_jwk(json: Value) -> Result<Value, Error> {
    let Some(keys) = json.get("keys").and_then(Value::as_array) else {
        return Ok(json);
    };
    match keys.as_slice() {
        [key] => Ok(key.clone()),
        keys => Err(refuse(format!(
            "the key set has {} keys; write the one to sign with",
            keys.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::jose::SigningKey;

    fn lines(body: &str) -> String {
        let lines: Vec<_> = body
            .as_bytes()
            .chunks(WIDTH)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join("\n")
    }

    #[test]
    fn pem_may_have_lost_its_lines() {
        let der = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&der).unwrap();
        let body = STANDARD.encode(der.as_ref());
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        let whole = format!("{begin}\n{}\n{end}\n", lines(&body));
        let key = SigningKey::parse(&whole.as_str().into()).unwrap();
        for pasted in [
            whole.replace('\n', "\n      "),
            whole.replace('\n', "\r\n"),
            whole.replace('\n', "\\n"),
            whole.replace('\n', " "),
            whole.replace('\n', ""),
            format!("Bag Attributes\n{whole}trailing text"),
        ] {
            let again = SigningKey::parse(&pasted.as_str().into()).unwrap();
            assert_eq!(again.public_jwk().to_json(), key.public_jwk().to_json());
        }
    }

    #[test]
    fn a_set_with_one_key_is_that_key() {
        let key = r#"{"kty":"EC","crv":"P-256","kid":"rfc",
            "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
        let parse = |keys: &str| SigningKey::parse(&format!(r#"{{"keys":[{keys}]}}"#).into());
        assert_eq!(parse(key).unwrap().key_id(), Some("rfc"));
        for (keys, count) in [
            (String::new(), "0 keys"),
            (format!("{key},{key}"), "2 keys"),
        ] {
            let text = parse(&keys).unwrap_err().to_string();
            assert!(text.contains(count) && !text.contains("jpsQ"), "{text}");
        }
    }
}

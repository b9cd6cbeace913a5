//! Lists whose cursor is in the body.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::http::link;
use crate::{Error, RawResponse};

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<Value>,
}

/// The target of `_links.next.href`, if the body is an object that has one. A body that cannot
/// be read has none: whoever decodes it will say what is wrong with it.
pub(super) fn next(response: &RawResponse) -> Result<Option<Url>, Error> {
    if response.body.trim_ascii_start().first() != Some(&b'{') {
        return Ok(None);
    }
    links(&response.body)
        .and_then(|links| links.next)
        .as_ref()
        .and_then(|next| next.get("href")?.as_str())
        .filter(|href| !href.is_empty())
        .map(|href| link::resolve(href, &response.url))
        .transpose()
}

/// The links of the object, which are nearly always its last member: then the list before them is
/// not read for their sake.
fn links(body: &[u8]) -> Option<Links> {
    let last = memchr::memmem::rfind(body, br#""_links""#)?;
    let mut member = b"{".to_vec();
    member.extend_from_slice(body.get(last..)?);
    // If the rest is one object with the brace, that brace is the one of the whole.
    serde_json::from_slice::<Body>(&member)
        .or_else(|_| serde_json::from_slice(body))
        .ok()?
        .links
}

/// Whether a page has no item: no list in it has anything in it. Of a page that has items, only the
/// start is looked at.
pub(super) fn is_empty(body: &[u8]) -> bool {
    memchr::memchr_iter(b'[', body).all(|at| {
        let after = body.get(at + 1..).unwrap_or_default().trim_ascii_start();
        matches!(after.first(), None | Some(b']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_empty_if_its_lists_are() {
        for (body, empty) in [
            ("", true),
            ("[]", true),
            (" [ \n ] ", true),
            ("[1]", false),
            ("[[]]", false),
            (r#"{"a":[],"_links":{"next":{"href":"x"}}}"#, true),
            (r#"{"a":[{"id":"1"}],"b":[]}"#, false),
            (r#"{"b":[],"a":[{"id":"1"}]}"#, false),
        ] {
            assert_eq!(is_empty(body.as_bytes()), empty, "{body}");
        }
    }

    fn href(body: &str) -> Option<String> {
        let next = links(body.as_bytes())?.next?;
        Some(next.get("href")?.as_str()?.to_owned())
    }

    #[test]
    fn links_are_those_of_the_object_itself() {
        for (body, expected) in [
            (
                r#"{"a":[{"_links":{"next":{"href":"x"}}}],"_links":{"next":{"href":"y"}}}"#,
                Some("y"),
            ),
            (
                r#"{"_links":{"next":{"href":"y"}},"a":[{"_links":{"next":{"href":"x"}}}]}"#,
                Some("y"),
            ),
            (r#"{"a":[{"_links":{"next":{"href":"x"}}}]}"#, None),
            (r#"{"a":{"_links":{"next":{"href":"x"}}}}"#, None),
            (r#"{"a":"\"_links\":{\"next\":{\"href\":\"x\"}}}"}"#, None),
            (r#"{"_links":{"next":{"href":"y"}},"b":1} "#, Some("y")),
            (r#"{"_links":{"self":{"href":"y"}}}"#, None),
            (r#"{"_links":null}"#, None),
            (r#"{"_links":{"next":{"href":"y"}"#, None),
            ("{}", None),
        ] {
            assert_eq!(href(body).as_deref(), expected, "{body}");
        }
    }
}

//! Lists whose cursor is in the body.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{Error, RawResponse, link};

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
    serde_json::from_slice::<Body>(&response.body)
        .ok()
        .and_then(|body| body.links?.next)
        .as_ref()
        .and_then(|next| next.get("href")?.as_str())
        .filter(|href| !href.is_empty())
        .map(|href| link::resolve(href, &response.url))
        .transpose()
}

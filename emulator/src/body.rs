//! What a request holds, read once.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::document::Operation;

/// The body of a request to the management API.
#[derive(Debug, Default)]
pub(crate) enum Body {
    #[default]
    Nothing,
    Json(Value),
    /// What is no JSON, or is not meant to be: a picture, a certificate.
    Other(Content),
}

/// A body as it came, and what its header fields say of it.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    /// The media type in small letters, without its parameters; empty if there is none.
    pub(crate) media_type: String,
    /// Whether `Content-Transfer-Encoding` says that it is Base64.
    pub(crate) is_base64: bool,
}

impl Body {
    /// Reads a body for an operation: as JSON, unless the document says that it takes something else
    /// only.
    pub(crate) fn read(operation: Option<&Operation>, headers: &HeaderMap, bytes: Bytes) -> Self {
        if bytes.is_empty() {
            return Self::Nothing;
        }
        let takes_json = operation.is_none_or(|it| it.body.is_none() || it.takes().is_some());
        if takes_json && let Ok(value) = serde_json::from_slice(&bytes) {
            return Self::Json(value);
        }
        let encoding = headers.get("content-transfer-encoding");
        Self::Other(Content {
            bytes,
            media_type: media_type(headers).unwrap_or_default(),
            is_base64: encoding.is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"base64")),
        })
    }
}

/// What `Content-Type` says, in small letters and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let given = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = given.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::HeaderValue;

    use super::*;
    use crate::document::document;

    fn read(operation: &str, headers: &HeaderMap, bytes: &'static [u8]) -> Body {
        let mut operations = document().operations().iter();
        let operation = operations.find(|it| it.id == operation);
        Body::read(operation, headers, Bytes::from_static(bytes))
    }

    #[test]
    fn what_is_not_meant_to_be_json_is_kept_as_it_came() {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("Application/PKIX-Cert; name=a");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(
            "content-transfer-encoding",
            HeaderValue::from_static("Base64"),
        );
        let Body::Other(content) = read("publishCsrFromApplication", &headers, b"12") else {
            unreachable!("the operation takes certificates only");
        };
        assert_eq!(&*content.bytes, b"12");
        assert_eq!(content.media_type, "application/pkix-cert");
        assert!(content.is_base64);
    }

    #[test]
    fn everything_else_is_json_if_it_can_be_read() {
        let headers = HeaderMap::new();
        let json = read("createUser", &headers, b"12");
        assert!(matches!(json, Body::Json(Value::Number(_))), "{json:?}");
        let other = read("createUser", &headers, b"{");
        assert!(matches!(other, Body::Other(_)), "{other:?}");
        let nothing = read("createUser", &headers, b"");
        assert!(matches!(nothing, Body::Nothing), "{nothing:?}");
    }
}

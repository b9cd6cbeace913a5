//! What a request holds, read once.

use serde_json::Value;

/// The body of a request to the management API.
#[derive(Debug, Default)]
pub(crate) enum Body {
    #[default]
    Nothing,
    Json(Value),
    /// What is no JSON, such as a picture.
    Other,
}

impl Body {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Nothing;
        }
        serde_json::from_slice(bytes).map_or(Self::Other, Self::Json)
    }
}

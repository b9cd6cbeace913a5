//! Answers as they come.

use serde_json::Value;

/// An answer of a server.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its content type, without parameters.
    pub content_type: String,
    /// Its body, if that is JSON.
    pub body: Option<Value>,
}

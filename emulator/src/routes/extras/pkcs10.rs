//! `Accept: application/pkcs10`: a certificate signing request as it is, and not in JSON.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::call::Reply;
use crate::document::Operation;

const PKCS10: &str = "application/pkcs10";

/// Whether the request asks for this, and the operation has it.
pub(super) fn is_wanted(operation: &Operation, headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    operation.answer.content.contains_key(PKCS10)
        && accepted.any(|value| {
            let mut types = value.split(',').filter_map(|part| part.split(';').next());
            types.any(|part| part.trim().eq_ignore_ascii_case(PKCS10))
        })
}

/// The request that an answer has, in DER and Base64.
pub(super) fn of(answer: &Value, status: u16) -> Option<Reply> {
    let csr = answer["csr"].as_str()?;
    Some(Reply {
        body: Some(csr.as_bytes().to_vec()),
        content_type: "application/pkcs10; filename=okta.p10",
        transfer_encoding: Some("base64"),
        ..Reply::nothing(status)
    })
}

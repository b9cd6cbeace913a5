//! Requests are held against the document before operations see them.

use axum::http::HeaderMap;

use crate::body::{self, Body};
use crate::document::{Fault, Operation, document, is_json, refused};
use crate::problem::Problem;

/// Refuses what Okta refuses whatever the operation does: another content type, a body that is not
/// JSON, values of another type, values that an enum does not have, members that are missing.
pub(crate) fn check(
    operation: &Operation,
    headers: &HeaderMap,
    body: &Body,
) -> Result<(), Problem> {
    let Some(wanted) = &operation.body else {
        return Ok(());
    };
    if let Body::Nothing = body {
        return match wanted.required {
            true => Err(Problem::unreadable(["The request needs a body".to_owned()])),
            false => Ok(()),
        };
    }
    content_type(operation, headers)?;
    if operation.takes().is_none() {
        return Ok(());
    }
    match body {
        Body::Json(value) if !(value.is_null() && wanted.required) => {
            refuse(&refused(document(), operation, value))
        }
        _ => Err(Problem::malformed()),
    }
}

/// Nobody has to say what a body is; who does says it right.
fn content_type(operation: &Operation, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(essence) = body::media_type(headers) else {
        return Ok(());
    };
    let content = operation.body.iter().flat_map(|body| body.content.keys());
    let known: Vec<&str> = content.map(String::as_str).collect();
    let fits = |known: &&str| *known == essence || is_json(known) && is_json(&essence);
    if known.iter().any(fits) {
        return Ok(());
    }
    let cause = format!("Content-Type: must be {}", known.join(" or "));
    Err(Problem::unreadable([cause]))
}

/// What cannot be read comes before what is missing, as reading comes before looking at the values.
fn refuse(faults: &[Fault]) -> Result<(), Problem> {
    let unreadable = faults.iter().filter_map(|fault| match fault {
        Fault::Unreadable { member, cause } if member.is_empty() => Some(cause.clone()),
        Fault::Unreadable { member, cause } => Some(format!("{member}: {cause}")),
        Fault::Blank { .. } => None,
    });
    let unreadable: Vec<String> = unreadable.collect();
    if !unreadable.is_empty() {
        return Err(Problem::unreadable(unreadable));
    }
    let blank = faults.iter().filter_map(|fault| match fault {
        Fault::Blank { member } => Some(member.as_str()),
        Fault::Unreadable { .. } => None,
    });
    let blank: Vec<&str> = blank.collect();
    match blank.first() {
        None => Ok(()),
        Some(first) => Err(Problem::validation(
            first,
            blank
                .iter()
                .map(|member| format!("{member}: The field cannot be left blank")),
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::Bytes;
    use axum::http::{HeaderValue, header};

    use super::*;

    fn checked(
        operation: &str,
        content_type: &'static str,
        body: &'static str,
    ) -> Result<(), Problem> {
        let mut operations = document().operations().iter();
        let operation = operations.find(|it| it.id == operation).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        let bytes = Bytes::from_static(body.as_bytes());
        let body = Body::read(Some(operation), &headers, bytes);
        check(operation, &headers, &body)
    }

    fn code(operation: &str, content_type: &'static str, body: &'static str) -> &'static str {
        checked(operation, content_type, body).map_or_else(|problem| problem.code, |()| "")
    }

    #[test]
    fn bodies_are_json_that_can_be_read() {
        let zone = r#"{ "type": "IP", "name": "Office" }"#;
        for (content_type, body, expected) in [
            ("application/json", zone, ""),
            ("Application/JSON; charset=utf-8", zone, ""),
            ("application/merge-patch+json", zone, ""),
            ("text/plain", zone, "E0000003"),
            ("application/json", "{", "E0000003"),
            ("application/json", "[]", "E0000003"),
            ("application/json", "", "E0000003"),
            ("application/json", r#"{ "type": "IP" }"#, "E0000001"),
        ] {
            assert_eq!(
                code("createNetworkZone", content_type, body),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn what_needs_no_body_takes_any() {
        assert_eq!(code("activateNetworkZone", "text/plain", "hello"), "");
        assert_eq!(code("createBrand", "application/json", ""), "");
    }

    #[test]
    fn certificates_have_their_content_types() {
        for (content_type, expected) in [
            ("application/pkix-cert", ""),
            ("application/x-x509-ca-cert", ""),
            ("application/x-pem-file; charset=us-ascii", ""),
            ("application/json", "E0000003"),
            ("text/plain", "E0000003"),
        ] {
            assert_eq!(
                code("publishCsrFromApplication", content_type, "{}"),
                expected,
                "{content_type}"
            );
        }
    }

    #[test]
    fn there_is_a_cause_for_each_member() {
        let problem = checked("createNetworkZone", "application/json", "{}").unwrap_err();
        assert_eq!(problem.summary, "Api validation failed: name");
        assert_eq!(
            problem.causes,
            [
                "name: The field cannot be left blank",
                "type: The field cannot be left blank"
            ]
        );
    }
}

//! Okta's error codes.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::Error;

/// Codes with their status and what the envelope says. Source:
/// <https://developer.okta.com/docs/reference/error-codes/>.
const CODES: [(&str, u16, &str); 41] = [
    ("E0000001", 400, "Api validation failed: request"),
    ("E0000002", 400, "The request was not valid"),
    ("E0000003", 400, "The request body was not well-formed."),
    ("E0000004", 401, "Authentication failed"),
    ("E0000005", 403, "Invalid session"),
    (
        "E0000006",
        403,
        "You do not have permission to perform the requested action",
    ),
    ("E0000007", 404, "Not found: Resource not found"),
    ("E0000008", 404, "The requested path was not found"),
    ("E0000009", 500, "Internal Server Error"),
    ("E0000010", 503, "Service is in read only mode"),
    ("E0000011", 401, "Invalid token provided"),
    ("E0000014", 403, "Update of credentials failed."),
    (
        "E0000015",
        403,
        "You do not have permission to access the feature you are requesting",
    ),
    (
        "E0000016",
        403,
        "Activation failed because the user is already active",
    ),
    ("E0000017", 403, "Password reset failed"),
    (
        "E0000022",
        405,
        "The endpoint does not support the provided HTTP method",
    ),
    (
        "E0000028",
        400,
        "The request is missing a required parameter.",
    ),
    ("E0000029", 400, "Invalid paging request."),
    ("E0000030", 400, "Bad request. Invalid date."),
    ("E0000031", 400, "Invalid search criteria."),
    ("E0000032", 403, "Unlock is not allowed for this user."),
    (
        "E0000034",
        403,
        "Forgot password not allowed on specified user.",
    ),
    (
        "E0000035",
        403,
        "Change password not allowed on specified user.",
    ),
    (
        "E0000036",
        403,
        "Change recovery question not allowed on specified user.",
    ),
    (
        "E0000038",
        403,
        "This operation is not allowed in the user's current status.",
    ),
    ("E0000039", 403, "Operation on application settings failed."),
    (
        "E0000041",
        400,
        "Credentials should not be set on this resource based on the scheme.",
    ),
    (
        "E0000046",
        403,
        "Deactivate application for user forbidden.",
    ),
    (
        "E0000047",
        429,
        "API call exceeded rate limit due to too many requests.",
    ),
    ("E0000048", 404, "Entity not found exception."),
    ("E0000056", 403, "Delete application forbidden."),
    ("E0000060", 501, "Unsupported operation."),
    ("E0000068", 403, "Invalid Passcode/Answer"),
    ("E0000069", 403, "User Locked"),
    (
        "E0000079",
        403,
        "This operation is not allowed in the current authentication state.",
    ),
    (
        "E0000080",
        403,
        "The password does not meet the complexity requirements.",
    ),
    ("E0000082", 403, "Each code can only be used once."),
    (
        "E0000087",
        403,
        "The recovery question answer did not match our records.",
    ),
    (
        "E0000090",
        409,
        "The role specified is already assigned to the user.",
    ),
    ("E0000095", 403, "Recovery not allowed for unknown user."),
    (
        "E0000239",
        423,
        "The resource is locked by another operation. Try again.",
    ),
];

/// One of Okta's error codes with the HTTP status under which it comes.
///
/// Codes that are not known here are made by [`ErrorCode::with_status`]. In JSON and YAML the two are
/// `"E0000011"` and `{"code": "E0000112", "status": 409}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ErrorCode {
    code: String,
    status: u16,
}

impl ErrorCode {
    /// A code under a status from 400 to 599.
    ///
    /// # Errors
    ///
    /// [`Error::ErrorCode`] if the code is not an `E` and seven digits, or if the status is no error.
    pub fn with_status(code: &str, status: u16) -> Result<Self, Error> {
        if !is_code(code) {
            return Err(refused(
                code,
                "it must be an E and seven digits, such as E0000007",
            ));
        }
        if !(400..=599).contains(&status) {
            return Err(refused(code, "its status must be 400 to 599"));
        }
        Ok(Self {
            code: code.to_owned(),
            status,
        })
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The envelope of an answer.
    pub(crate) fn envelope(&self, error_id: &str) -> Value {
        let summary = known(&self.code).map_or("The request was refused.", |(_, summary)| summary);
        json!({
            "errorCode": self.code,
            "errorSummary": summary,
            "errorLink": self.code,
            "errorId": error_id,
            "errorCauses": [],
        })
    }
}

impl FromStr for ErrorCode {
    type Err = Error;

    /// A code that comes under its usual status.
    fn from_str(code: &str) -> Result<Self, Error> {
        match known(code) {
            Some((status, _)) => Self::with_status(code, status),
            None => Err(refused(
                code,
                "no status is known for it; write one such as E0000007, or give its status, too",
            )),
        }
    }
}

fn is_code(code: &str) -> bool {
    let digits = code.strip_prefix('E').unwrap_or_default();
    digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn known(code: &str) -> Option<(u16, &'static str)> {
    let found = CODES.iter().find(|(known, ..)| *known == code);
    found.map(|(_, status, summary)| (*status, *summary))
}

fn refused(code: &str, reason: &'static str) -> Error {
    Error::ErrorCode {
        code: code.to_owned(),
        reason,
    }
}

/// A code as people write it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Known(String),
    Any { code: String, status: u16 },
}

impl TryFrom<Written> for ErrorCode {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self, Error> {
        match written {
            Written::Known(code) => code.parse(),
            Written::Any { code, status } => Self::with_status(&code, status),
        }
    }
}

impl From<ErrorCode> for Written {
    fn from(ErrorCode { code, status }: ErrorCode) -> Self {
        match known(&code) {
            Some((usual, _)) if usual == status => Self::Known(code),
            _ => Self::Any { code, status },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_known_code_has_its_status() {
        for (code, status) in [("E0000001", 400), ("E0000011", 401), ("E0000239", 423)] {
            assert_eq!(
                code.parse::<ErrorCode>().unwrap().status(),
                status,
                "{code}"
            );
        }
        assert!(
            CODES
                .iter()
                .all(|(code, status, _)| ErrorCode::with_status(code, *status).is_ok())
        );
    }

    #[test]
    fn another_code_needs_a_status() {
        let error = "E0000999".parse::<ErrorCode>().unwrap_err().to_string();
        assert!(
            error.contains("E0000999") && error.contains("status"),
            "{error}"
        );
        assert_eq!(
            ErrorCode::with_status("E0000999", 409).unwrap().status(),
            409
        );
        assert!(ErrorCode::with_status("E0000999", 200).is_err());
        assert!(ErrorCode::with_status("E999", 409).is_err());
    }

    #[test]
    fn a_code_is_written_as_short_as_it_can_be() {
        for text in ["\"E0000007\"", "{\"code\":\"E0000999\",\"status\":409}"] {
            let code: ErrorCode = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&code).unwrap(), text);
        }
    }
}

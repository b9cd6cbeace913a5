//! Okta's error answers: an HTTP status and the envelope with `errorCode` and `errorCauses`.
//!
//! Codes and their statuses: <https://developer.okta.com/docs/reference/error-codes/>.

use serde_json::{Value, json};

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) summary: String,
    pub(crate) causes: Vec<String>,
}

impl Problem {
    fn new(status: u16, code: &'static str, summary: impl Into<String>) -> Self {
        Self {
            status,
            code,
            summary: summary.into(),
            causes: Vec::new(),
        }
    }

    fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// `E0000001`: `subject` is what did not validate, each cause says how.
    pub(crate) fn validation<C: Into<String>>(
        subject: &str,
        causes: impl IntoIterator<Item = C>,
    ) -> Self {
        let mut problem = Self::new(400, "E0000001", format!("Api validation failed: {subject}"));
        problem.causes = causes.into_iter().map(Into::into).collect();
        problem
    }

    /// `E0000001` for a required field that is absent, null or empty.
    pub(crate) fn blank(field: &str) -> Self {
        Self::validation(field, [format!("{field}: The field cannot be left blank")])
    }

    /// `E0000001` for a value that another object already has.
    pub(crate) fn taken(field: &str) -> Self {
        let cause = format!(
            "{field}: An object with this field already exists in the current organization"
        );
        Self::validation(field, [cause])
    }

    /// 412: the object is no longer what `If-Match` names. Of the error Okta documents the status.
    pub(crate) fn precondition_failed() -> Self {
        let cause = "If-Match: the object has changed since it was read";
        Self {
            status: 412,
            ..Self::validation("If-Match", [cause])
        }
    }

    /// 409: there is one already, and can be no other. Of the error, the status is documented.
    pub(crate) fn conflict(cause: impl Into<String>) -> Self {
        Self {
            status: 409,
            ..Self::validation("stream", [cause])
        }
    }

    /// `E0000003`: the body is not the JSON that was expected.
    pub(crate) fn malformed() -> Self {
        Self::new(400, "E0000003", "The request body was not well-formed.")
    }

    /// `E0000003`: the body is JSON, and these of its members cannot be read.
    pub(crate) fn unreadable(causes: impl IntoIterator<Item = String>) -> Self {
        let mut problem = Self::malformed();
        problem.causes = causes.into_iter().collect();
        problem
    }

    /// `E0000004`.
    pub(crate) fn authentication_failed() -> Self {
        Self::new(401, "E0000004", "Authentication failed")
    }

    /// `E0000006`.
    pub(crate) fn forbidden() -> Self {
        let summary = "You do not have permission to perform the requested action";
        Self::new(403, "E0000006", summary)
    }

    /// `E0000007`: `kind` is Okta's internal name of the type, such as `UserGroup`.
    pub(crate) fn not_found(id: &str, kind: &str) -> Self {
        let summary = format!("Not found: Resource not found: {id} ({kind})");
        Self::new(404, "E0000007", summary)
    }

    /// `E0000009`.
    pub(crate) fn internal() -> Self {
        Self::new(500, "E0000009", "Internal Server Error")
    }

    /// `E0000009`: what the org is kept in cannot be written any more.
    #[cfg(feature = "data")]
    pub(crate) fn not_kept() -> Self {
        Self::internal().because(
            "The directory of the emulated org cannot be written, so that nothing can be changed any \
             more. Make space and start the emulator again: what was answered before is there.",
        )
    }

    /// `E0000011`.
    pub(crate) fn invalid_token() -> Self {
        Self::new(401, "E0000011", "Invalid token provided")
    }

    /// `E0000014`.
    pub(crate) fn credentials_not_updated(cause: &str) -> Self {
        Self::new(403, "E0000014", "Update of credentials failed.").because(cause)
    }

    /// `E0000016`.
    pub(crate) fn already_active() -> Self {
        let summary = "Activation failed because the user is already active";
        Self::new(403, "E0000016", summary)
    }

    /// `E0000022` with 405: the path exists, the method does not.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "E0000022",
            "The endpoint does not support the provided HTTP method",
        )
    }

    /// `E0000060` for what a real org may have and this one has not.
    pub(crate) fn not_emulated(path: &str) -> Self {
        Self::unsupported().because(format!(
            "The emulator has no {path}: it answers what Okta's management API and its OAuth 2.0 \
             endpoints have, and nothing else"
        ))
    }

    /// `E0000029`: a bad cursor or limit.
    pub(crate) fn invalid_paging(cause: &str) -> Self {
        Self::new(400, "E0000029", "Invalid paging request.").because(cause)
    }

    /// `E0000030`: a date parameter that is not RFC 3339.
    pub(crate) fn invalid_date(parameter: &str) -> Self {
        let summary = "Bad request. Invalid date. Write it as 2026-01-01T12:00:00.000Z";
        Self::new(400, "E0000030", summary).because(format!("{parameter}: not a date-time"))
    }

    /// `E0000031`: a bad `search`, `filter` or cursor of a search.
    pub(crate) fn invalid_search(cause: impl Into<String>) -> Self {
        Self::new(400, "E0000031", "Invalid search criteria.").because(cause)
    }

    /// `E0000032`.
    pub(crate) fn not_locked_out() -> Self {
        Self::new(403, "E0000032", "Unlock is not allowed for this user.")
            .because("The user is not locked out.")
    }

    /// `E0000038`.
    pub(crate) fn wrong_status() -> Self {
        let summary = "This operation is not allowed in the user's current status.";
        Self::new(403, "E0000038", summary)
    }

    /// `E0000046`: an app cannot be taken from a user one by one.
    pub(crate) fn app_granted_by_group() -> Self {
        let cause = "The application cannot be unassigned from the user while their group \
                     memberships grant them access";
        Self::new(
            403,
            "E0000046",
            "Deactivate application for user forbidden.",
        )
        .because(cause)
    }

    /// `E0000047`.
    pub(crate) fn rate_limited() -> Self {
        let summary = "API call exceeded rate limit due to too many requests.";
        Self::new(429, "E0000047", summary)
    }

    /// 423 and `E0000239`: another change is under way.
    pub(crate) fn locked() -> Self {
        let summary = "The resource is locked by another operation. Try again.";
        Self::new(423, "E0000239", summary)
    }

    /// `E0000056`.
    pub(crate) fn delete_application_forbidden() -> Self {
        Self::new(403, "E0000056", "Delete application forbidden.")
            .because("The application must be deactivated before deletion.")
    }

    /// `E0000060`.
    pub(crate) fn unsupported() -> Self {
        Self::new(501, "E0000060", "Unsupported operation.")
    }

    /// `E0000068`.
    pub(crate) fn wrong_passcode() -> Self {
        Self::new(403, "E0000068", "Invalid Passcode/Answer")
            .because("Your passcode doesn't match our records. Please try again.")
    }

    /// `E0000069`.
    pub(crate) fn user_locked() -> Self {
        Self::new(403, "E0000069", "User Locked")
    }

    /// `E0000087`.
    pub(crate) fn wrong_answer() -> Self {
        let summary = "The recovery question answer did not match our records.";
        Self::new(403, "E0000087", summary)
    }

    /// `E0000090`.
    pub(crate) fn duplicate_role() -> Self {
        let summary = "The role specified is already assigned to the user.";
        Self::new(409, "E0000090", summary)
    }

    /// `E0000127`: another relationship has the name of one of these sides.
    pub(crate) fn linked_object_in_use(sides: &[&str]) -> Self {
        let summary =
            "Invalid linked objection definition. Linked object identifier is already in use.";
        let causes = sides
            .iter()
            .map(|side| format!("Linked object identifier for {side} is already in use."));
        Self {
            causes: causes.collect(),
            ..Self::new(409, "E0000127", summary)
        }
    }

    /// A server fault of the given status, as Okta's own infrastructure words it.
    pub(crate) fn server_fault(status: u16) -> Self {
        Self {
            status,
            ..Self::internal()
        }
    }

    /// The envelope that goes over the wire.
    pub(crate) fn envelope(&self, error_id: &str) -> Value {
        let causes: Vec<Value> = self
            .causes
            .iter()
            .map(|cause| json!({ "errorSummary": cause }))
            .collect();
        json!({
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": error_id,
            "errorCauses": causes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_has_the_five_fields() {
        let envelope = Problem::not_found("00u1", "User").envelope("oae1");
        assert_eq!(
            envelope,
            json!({
                "errorCode": "E0000007",
                "errorSummary": "Not found: Resource not found: 00u1 (User)",
                "errorLink": "E0000007",
                "errorId": "oae1",
                "errorCauses": [],
            })
        );
    }

    #[test]
    fn each_cause_is_an_object() {
        let envelope = Problem::taken("login").envelope("oae1");
        assert_eq!(
            envelope["errorCauses"],
            json!([{ "errorSummary":
                "login: An object with this field already exists in the current organization" }])
        );
    }
}

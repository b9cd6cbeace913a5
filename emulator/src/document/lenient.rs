//! Where Okta takes what its document does not allow, as recorded requests show that it answered
//! with success.

/// Operations by the end of their id, and the member from which on nothing is checked.
const TAKEN: [(&str, &str); 16] = [
    // A patch (RFC 6902) sets a member to any value.
    ("updateGroupAssignmentToApplication", ""),
    // Apps of integrations have settings of their own, and old clients leave most of them out.
    ("Application", "credentials"),
    ("Application", "settings"),
    ("Application", "name"),
    ("replaceApplication", "label"),
    // `custom_otp` is a key as well.
    ("createAuthenticator", "key"),
    // Okta names digests, `SHA-256`, where the document lists signature algorithms.
    ("IdentityProvider", "protocol.algorithms"),
    // A brand is replaced without its name, too.
    ("replaceBrand", "name"),
    // `assetlinks.json` is a list, as the document says where it is read.
    ("replaceBrandWellKnownURI", "representation"),
    ("PolicyRule", "conditions.elCondition"),
    // Conditions map an attribute to a list.
    ("RolePermission", "conditions"),
    // Values of an enum have the type of their attribute.
    ("UserProfile", "definitions.custom.properties"),
    ("GroupSchema", "definitions.custom.properties"),
    // Each property has an expression and a push status; the mapping itself has none.
    ("updateProfileMapping", "expression"),
    ("updateProfileMapping", "pushStatus"),
    ("updateProfileMapping", "properties"),
];

/// Operations by the end of their id, and a member that may be left out though the document asks for
/// it. What it says is checked if it is there.
const LEFT_OUT: [(&str, &str); 1] = [
    // An app of Okta's catalog has the mode of its integration.
    ("Application", "signOnMode"),
];

/// Whether a member of an operation's request may be left out.
pub(super) fn is_optional(operation: &str, member: &str) -> bool {
    let mut members = LEFT_OUT.iter();
    members.any(|(ending, optional)| operation.ends_with(ending) && member == *optional)
}

/// Whether a member of an operation's request is taken as it is.
pub(super) fn is_taken(operation: &str, member: &str) -> bool {
    TAKEN.iter().any(|(ending, from)| {
        let below = member.strip_prefix(from);
        operation.ends_with(ending)
            && below.is_some_and(|below| below.is_empty() || below.starts_with(['.', '[']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    #[test]
    fn members_and_what_is_below_them_are_taken() {
        assert!(is_taken("createApplication", "settings"));
        assert!(is_taken("replaceApplication", "settings.app.url"));
        assert!(!is_taken("createApplication", "settingsOther"));
        assert!(!is_taken("createUser", "settings"));
    }

    #[test]
    fn every_line_is_of_an_operation_that_there_is() {
        for (ending, member) in TAKEN.into_iter().chain(LEFT_OUT) {
            let mut operations = document().operations().iter();
            assert!(
                operations.any(|it| it.id.ends_with(ending)),
                "{ending} {member}"
            );
        }
    }
}

//! `okta-response`: a parameter of the media type that leaves parts of users out. The document has
//! `Content-Type` among the parameters of the operations that know it.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::document::Operation;

/// The name of the parameter.
const PARAMETER: &str = "okta-response";

/// Links that are about credentials.
const CREDENTIALS_LINKS: [&str; 6] = [
    "changePassword",
    "changeRecoveryQuestion",
    "forgotPassword",
    "resetFactors",
    "resetPassword",
    "unlock",
];

/// A part of a user that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Credentials,
    CredentialsLinks,
    TransitioningToStatus,
}

impl Part {
    fn named(name: &str) -> Option<Self> {
        match name {
            "omitCredentials" => Some(Self::Credentials),
            "omitCredentialsLinks" => Some(Self::CredentialsLinks),
            "omitTransitioningToStatus" => Some(Self::TransitioningToStatus),
            _ => None,
        }
    }

    pub(super) fn leave_out_of(self, user: &mut Value) {
        let Some(members) = user.as_object_mut() else {
            return;
        };
        match self {
            Self::Credentials => drop(members.remove("credentials")),
            Self::TransitioningToStatus => drop(members.remove("transitioningToStatus")),
            Self::CredentialsLinks => {
                if let Some(links) = members.get_mut("_links").and_then(Value::as_object_mut) {
                    links.retain(|name, _| !CREDENTIALS_LINKS.contains(&name.as_str()));
                }
            }
        }
    }
}

/// The parts that a request does without. Names that Okta does not have are passed over, as it does.
pub(super) fn wanted(operation: &Operation, headers: &HeaderMap) -> Vec<Part> {
    if !operation.has_header(header::CONTENT_TYPE.as_str()) {
        return Vec::new();
    }
    let media_types = [header::CONTENT_TYPE, header::ACCEPT];
    let values = media_types
        .iter()
        .flat_map(|name| headers.get_all(name).iter())
        .filter_map(|value| value.to_str().ok());
    values.flat_map(named).collect()
}

/// The parts that a media type names, with or without quotation marks around the list.
fn named(media_type: &str) -> Vec<Part> {
    let parameters = media_type.split(';').skip(1);
    let lists = parameters.filter_map(|parameter| {
        let (name, list) = parameter.split_once('=')?;
        let is_ours = name.trim().eq_ignore_ascii_case(PARAMETER);
        is_ours.then(|| list.trim().trim_matches('"'))
    });
    lists
        .flat_map(|list| list.split(','))
        .filter_map(|name| Part::named(name.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_with_and_without_quotation_marks() {
        let both = vec![Part::Credentials, Part::CredentialsLinks];
        for (media_type, expected) in [
            (
                "application/json; okta-response=omitCredentials,omitCredentialsLinks",
                both.clone(),
            ),
            (
                "application/json;Okta-Response=\"omitCredentials, omitCredentialsLinks\"; charset=utf-8",
                both,
            ),
            ("application/json; okta-response=omitAll", Vec::new()),
            ("application/json", Vec::new()),
            ("omitCredentials", Vec::new()),
        ] {
            assert_eq!(named(media_type), expected, "{media_type}");
        }
    }
}

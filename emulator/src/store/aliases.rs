//! Parts of paths that name an object of another collection, or none.

/// What a parameter of a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alias {
    /// The object of that path.
    Of {
        item: &'static str,
        /// Whether a list shows that object.
        shown: bool,
    },
    /// Something that the org does not keep, such as the name of an integration.
    Unchecked,
}

const APP: Alias = Alias::Of {
    item: "/api/v1/apps/{appId}",
    shown: false,
};
const USER: Alias = Alias::Of {
    item: "/api/v1/users/{userId}",
    shown: false,
};
const GROUP: Alias = Alias::Of {
    item: "/api/v1/groups/{groupId}",
    shown: true,
};

/// By template without names.
const ALIASES: &[(&str, Alias)] = &[
    ("/api/v1/apps/{}/{}", APP),
    ("/api/v1/directories/{}", APP),
    ("/api/v1/directories/{}/groups/{}", GROUP),
    ("/api/v1/dr/status/{}", Alias::Unchecked),
    ("/api/v1/identity-sources/{}", APP),
    ("/api/v1/idps/{}/users/{}", USER),
    ("/api/v1/meta/schemas/apps/{}", APP),
    ("/api/v1/roles/{}", Alias::Unchecked),
    ("/webauthn-registration/api/v1/users/{}", USER),
];

/// What the last parameter of a template names, if that is no item of the collection before it.
pub(super) fn of(template: &str) -> Option<Alias> {
    let found = ALIASES.iter().find(|(known, _)| *known == template);
    found.map(|(_, alias)| *alias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{document, nameless};

    #[test]
    fn every_line_is_of_a_path_of_the_document() {
        for &(template, _) in ALIASES {
            let mut paths = document().operations().iter();
            let found = paths.any(|it| {
                let path = nameless(&it.path);
                path == template || path.starts_with(&format!("{template}/"))
            });
            assert!(found, "{template}");
        }
    }
}

//! Examples of handles that run against the emulator: `openapi/examples.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Error;
use crate::api::Api;

/// The examples.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Examples {
    /// Handles that must have an example.
    pub run: BTreeSet<String>,
    /// Handle → statements, in which `okta` is a client of an emulated org.
    pub examples: BTreeMap<String, String>,
}

impl Examples {
    /// Reads the examples.
    ///
    /// # Errors
    /// If the text is no such list.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        serde_norway::from_str(yaml).map_err(|source| Error::Examples { source })
    }

    /// Puts them where the emitters find them, and says what is wrong with them: examples of handles
    /// that do not exist or need none, handles without their example, statements that are not Rust
    /// or use a handle that does not exist.
    pub fn add_to(&self, api: &mut Api) -> Vec<String> {
        let handles: BTreeSet<&String> = api.features.values().flatten().collect();
        let mut faults = Vec::new();
        for handle in &self.run {
            if !handles.contains(handle) {
                faults.push(format!("`{handle}` of `run` is no handle"));
            } else if !self.examples.contains_key(handle) {
                faults.push(format!("`{handle}` has no example"));
            }
        }
        for (handle, text) in &self.examples {
            if !self.run.contains(handle) {
                faults.push(format!("the example of `{handle}` is not listed in `run`"));
            }
            if let Err(error) = syn::parse_str::<syn::Block>(&format!("{{{text}}}")) {
                faults.push(format!("the example of `{handle}` is not Rust: {error}"));
            }
            let used = handles_in(text);
            if !used.contains(handle) {
                faults.push(format!("the example of `{handle}` does not use it"));
            }
            let unknown = used.iter().filter(|used| !handles.contains(used));
            faults.extend(unknown.map(|used| {
                format!("the example of `{handle}` uses `{used}`, which is no handle")
            }));
        }
        api.examples.clone_from(&self.examples);
        faults
    }
}

/// Methods of the client that take nothing and are no handles.
const NO_HANDLES: &[&str] = &["org_url"];

/// The handles that statements use: every `okta.name()`.
pub fn handles_in(text: &str) -> BTreeSet<String> {
    let text: String = text.split_whitespace().collect();
    let calls = text.match_indices("okta.").map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        rest.split_at(end.unwrap_or(rest.len()))
    });
    calls
        .filter(|(name, rest)| rest.starts_with("()") && !NO_HANDLES.contains(name))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::emit::testing::api;

    /// What is wrong with a list, in an API with the handle `roles`.
    fn faults(yaml: &str) -> Vec<String> {
        Examples::parse(yaml).unwrap().add_to(&mut api(vec![]))
    }

    #[test]
    fn an_example_is_of_a_handle_and_uses_handles() {
        let good = "run: [roles]\nexamples: {roles: 'okta\n.roles().list();'}";
        assert_eq!(faults(good), [""; 0]);
        for (yaml, fault) in [
            ("run: [roles]", "`roles` has no example"),
            ("run: [rolls]", "`rolls` of `run` is no handle"),
            (
                "examples: {roles: okta.roles();}",
                "the example of `roles` is not listed in `run`",
            ),
            (
                "run: [roles]\nexamples: {roles: okta.roles().get(okta.users());}",
                "the example of `roles` uses `users`, which is no handle",
            ),
            (
                "run: [roles]\nexamples: {roles: okta.delegate(1);}",
                "the example of `roles` does not use it",
            ),
            (
                "run: [roles]\nexamples: {roles: 'okta.roles(); ='}",
                "the example of `roles` is not Rust: expected an expression",
            ),
        ] {
            assert_eq!(faults(yaml), [fault], "{yaml}");
        }
    }

    #[test]
    fn a_member_that_examples_do_not_have_is_an_error() {
        assert!(Examples::parse("rum: [roles]").is_err());
    }
}

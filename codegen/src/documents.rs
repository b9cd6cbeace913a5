//! Okta's documents that the SDK is generated from. Each has a folder of its name in `openapi/`.

/// What is said of a document that it does not say itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Name of its folder, and what commands call it.
    pub name: &'static str,
    /// What it describes.
    pub title: &'static str,
    /// Where to get it.
    pub upstream: &'static str,
    /// Where Okta's reference has a page for each operation, under its tag.
    pub reference: &'static str,
    /// The cargo feature of all its operations; `None` if the document sorts them.
    pub feature: Option<&'static str>,
    /// What stands before a name that another document has taken, in `PascalCase`.
    pub prefix: &'static str,
}

/// The document that commands mean if nothing is said.
pub const MANAGEMENT: &About = &ALL[0];

/// All of them.
pub const ALL: &[About] = &[
    About {
        name: "management",
        title: "Okta management API",
        upstream: "`dist/current/management-minimal.yaml` of Okta's public specification repository \
                   (https://github.com/okta/okta-management-openapi-spec)",
        reference: "https://developer.okta.com/docs/api/openapi/okta-management/management",
        feature: None,
        prefix: "Management",
    },
    About {
        name: "governance",
        title: "Okta governance API",
        upstream: "the OpenAPI document of Okta's governance reference",
        reference: "https://developer.okta.com/docs/api/iga/openapi/governance-production-reference",
        feature: Some("governance"),
        prefix: "Governance",
    },
    About {
        name: "myaccount",
        title: "Okta MyAccount API",
        upstream: "the OpenAPI document of Okta's MyAccount reference",
        reference: "https://developer.okta.com/docs/api/openapi/okta-myaccount/myaccount",
        feature: Some("myaccount"),
        prefix: "My",
    },
];

/// The document of that name.
pub fn named(name: &str) -> Option<&'static About> {
    ALL.iter().find(|about| about.name == name)
}

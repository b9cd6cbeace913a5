//! What can go wrong while generating.

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document is not OpenAPI 3.0 in YAML.
    #[error("the OpenAPI document cannot be read: {source}")]
    Document {
        /// What the parser says.
        source: serde_norway::Error,
    },
    /// The list of names cannot be used.
    #[error(transparent)]
    Names(#[from] crate::names::Error),
    /// A reference leads nowhere.
    #[error("the document refers to `{reference}`, which it does not define")]
    MissingComponent {
        /// The reference.
        reference: String,
    },
    /// An operation has no name.
    #[error(
        "openapi/names.yaml has no entry for operation `{operation}`: run `cargo xtask spec import`"
    )]
    Unnamed {
        /// Operation id.
        operation: String,
    },
    /// Places of the document have no type.
    #[error(
        "openapi/names.yaml has no type for {}: run `cargo xtask spec names`, and read what it \
         proposes",
        list(places)
    )]
    Untyped {
        /// The places.
        places: Vec<String>,
    },
    /// The list of names has places that the document has not.
    #[error(
        "openapi/names.yaml has types for {}, which the document no longer has: delete the entries",
        list(places)
    )]
    StalePlaces {
        /// The places.
        places: Vec<String>,
    },
    /// Places that are to be of one type cannot be.
    #[error(
        "type `{name}`: {what} is {first}, and {second}: give one of them another type in \
         openapi/names.yaml"
    )]
    Contradiction {
        /// Rust name of the type.
        name: String,
        /// What they differ in, such as a member.
        what: String,
        /// What it is, and where.
        first: String,
        /// What it is as well, and where.
        second: String,
    },
    /// A fixup matches nothing.
    #[error("fixup `{fixup}` no longer matches the document ({detail}): delete or mend it")]
    StaleFixup {
        /// Name of the function.
        fixup: &'static str,
        /// What it looked for.
        detail: String,
    },
    /// The document holds something that the generator does not know.
    #[error("{place}: {detail}")]
    Unsupported {
        /// Where.
        place: String,
        /// What.
        detail: String,
    },
    /// Generated text is not Rust.
    #[error("{file} is not valid Rust: {source}\n{excerpt}")]
    InvalidRust {
        /// File that was being generated.
        file: String,
        /// What the parser says.
        source: syn::Error,
        /// The lines around the error.
        excerpt: String,
    },
    /// progenitor refused the lowered document, or wrote something unexpected.
    #[error("progenitor: {0}")]
    Progenitor(String),
}

/// A few of many, in words.
fn list(places: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<_> = places
        .iter()
        .take(SHOWN)
        .map(|place| format!("`{place}`"))
        .collect();
    let more = match places.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

impl Error {
    /// The document holds something that the generator does not know.
    pub(crate) fn unsupported(place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Unsupported {
            place: place.into(),
            detail: detail.into(),
        }
    }

    /// The same, with the place in the document, if it says none.
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::MissingComponent { reference } => Self::Unsupported {
                place: place.to_owned(),
                detail: format!(
                    "it refers to `{reference}`, which the document does not define: mend the \
                     document, or give the schema in codegen/src/fixups"
                ),
            },
            other => other,
        }
    }
}

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
    /// The sentences of the documentation cannot be read.
    #[error("openapi/words.yaml cannot be read: {source}")]
    Words {
        /// What the parser says.
        source: serde_norway::Error,
    },
    /// Sentences of the documentation are about nothing, or there is none where one should be.
    #[error("openapi/words.yaml has to {}", instructions(stale, missing))]
    Wording {
        /// Entries that are about nothing.
        stale: Vec<String>,
        /// Entries that should be there.
        missing: Vec<String>,
    },
    /// The examples of handles cannot be read.
    #[error("openapi/examples.yaml cannot be read: {source}")]
    Examples {
        /// What the parser says.
        source: serde_norway::Error,
    },
    /// Examples of handles do not fit the API.
    #[error("openapi/examples.yaml has to be corrected: {}", faults.join("; "))]
    WrongExamples {
        /// What is wrong, each as a sentence.
        faults: Vec<String>,
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
    #[error("names.yaml has no entry for operation `{operation}`: run `cargo xtask spec import`")]
    Unnamed {
        /// Operation id.
        operation: String,
    },
    /// Places of the document have no type.
    #[error(
        "names.yaml has no type for {}: run `cargo xtask spec names`, and read what it \
         proposes",
        list(places)
    )]
    Untyped {
        /// The places.
        places: Vec<String>,
    },
    /// Things of the document have no identifier.
    #[error(
        "names.yaml has no name for {}: run `cargo xtask spec names`, and read what it \
         proposes",
        list(members)
    )]
    Nameless {
        /// What they are, such as `User.status`.
        members: Vec<String>,
    },
    /// Places that are to be of one type cannot be.
    #[error(
        "type `{name}`: {what} is {first}, and {second}: give one of them another type in \
         names.yaml"
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
    /// Handwritten code uses a name that is no longer generated.
    #[error(
        "{file} uses `{name}`, which is not generated any more: mend the file, and the entry in \
         openapi/needed.yaml"
    )]
    Needed {
        /// The name.
        name: String,
        /// The file.
        file: String,
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
    /// Several things are wrong.
    #[error("{}", lines(.0))]
    Several(Vec<Error>),
    /// progenitor refused the lowered document, or wrote something unexpected.
    #[error("progenitor: {0}")]
    Progenitor(String),
}

/// What is to be done with a list, in words.
fn instructions(stale: &[String], missing: &[String]) -> String {
    let lose =
        (!stale.is_empty()).then(|| format!("lose {}, about which there is nothing", list(stale)));
    let get =
        (!missing.is_empty()).then(|| format!("get a sentence of our own for {}", list(missing)));
    lose.into_iter()
        .chain(get)
        .collect::<Vec<_>>()
        .join(", and ")
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

fn lines(errors: &[Error]) -> String {
    let lines: Vec<String> = errors.iter().map(Error::to_string).collect();
    lines.join("\n")
}

impl Error {
    /// Fails if anything is wrong, with all of it; what is said twice is said once.
    pub(crate) fn unless_empty(errors: Vec<Self>) -> Result<(), Self> {
        let mut all = Vec::<Self>::new();
        for error in errors.into_iter().flat_map(Self::each) {
            let text = error.to_string();
            if all.iter().all(|other| other.to_string() != text) {
                all.push(error);
            }
        }
        match (all.pop(), all.is_empty()) {
            (None, _) => Ok(()),
            (Some(only), true) => Err(only),
            (Some(last), false) => {
                all.push(last);
                Err(Self::Several(all))
            }
        }
    }

    /// The things that are wrong, one by one.
    pub(crate) fn each(self) -> Vec<Self> {
        match self {
            Self::Several(errors) => errors,
            one => vec![one],
        }
    }

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

//! What limits and defaults say of a value.

use std::fmt;

/// A fact about a value, which the documentation says as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// How many characters.
    Characters(Limits),
    /// How small and how large a number.
    Value(Limits),
    /// How many elements.
    Elements(Limits),
    /// A format that has no type of its own, as a sentence.
    Format(&'static str),
    /// What Okta takes if nothing is sent.
    Default(String),
}

/// The least and the most of something, as the document writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// No less than that.
    pub least: Option<String>,
    /// No more than that.
    pub most: Option<String>,
}

impl Fact {
    /// The limits that it speaks of.
    pub fn limits(&self) -> Option<&Limits> {
        match self {
            Self::Characters(limits) | Self::Value(limits) | Self::Elements(limits) => Some(limits),
            Self::Format(_) | Self::Default(_) => None,
        }
    }
}

impl Limits {
    /// Whether a value that others allow is not allowed here.
    pub fn are_narrower_than(&self, others: &Self) -> bool {
        narrows(self.least.as_deref(), others.least.as_deref(), |is, was| {
            is > was
        }) || narrows(self.most.as_deref(), others.most.as_deref(), |is, was| {
            is < was
        })
    }
}

/// A limit that is no number that we can compare counts as narrower where it is another.
fn narrows(is: Option<&str>, was: Option<&str>, narrower: fn(f64, f64) -> bool) -> bool {
    match (is, was) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(is), Some(was)) => match (is.parse(), was.parse()) {
            (Ok(is), Ok(was)) => narrower(is, was),
            _ => is != was,
        },
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Characters(limits) => sentence(f, limits, |_| " characters"),
            Self::Value(limits) => sentence(f, limits, |_| ""),
            Self::Elements(limits) => sentence(f, limits, |count| match count {
                "1" => " element",
                _ => " elements",
            }),
            Self::Format(sentence) => f.write_str(sentence),
            Self::Default(value) => write!(f, "Default `{value}`."),
        }
    }
}

/// Limits and what they count, which may depend on how many.
fn sentence(
    f: &mut fmt::Formatter<'_>,
    limits: &Limits,
    of: fn(&str) -> &'static str,
) -> fmt::Result {
    match (limits.least.as_deref(), limits.most.as_deref()) {
        (Some(least), Some(most)) if least == most && !of(least).is_empty() => {
            write!(f, "Exactly {least}{}.", of(least))
        }
        (Some(least), Some(most)) => write!(f, "{least} to {most}{}.", of(most)),
        (Some(least), None) => write!(f, "At least {least}{}.", of(least)),
        (None, Some(most)) => write!(f, "At most {most}{}.", of(most)),
        (None, None) => f.write_str("No limit."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(least: Option<&str>, most: Option<&str>) -> Limits {
        Limits {
            least: least.map(str::to_owned),
            most: most.map(str::to_owned),
        }
    }

    #[test]
    fn facts_are_sentences() {
        for (fact, sentence) in [
            (
                Fact::Characters(limits(Some("3"), Some("3"))),
                "Exactly 3 characters.",
            ),
            (
                Fact::Characters(limits(Some("1"), Some("9"))),
                "1 to 9 characters.",
            ),
            (
                Fact::Characters(limits(Some("2"), None)),
                "At least 2 characters.",
            ),
            (Fact::Value(limits(Some("5"), Some("5"))), "5 to 5."),
            (Fact::Value(limits(None, Some("1.5"))), "At most 1.5."),
            (
                Fact::Elements(limits(Some("1"), None)),
                "At least 1 element.",
            ),
            (
                Fact::Elements(limits(None, Some("2"))),
                "At most 2 elements.",
            ),
            (Fact::Default("ASC".to_owned()), "Default `ASC`."),
        ] {
            assert_eq!(fact.to_string(), sentence);
        }
    }

    #[test]
    fn limits_that_leave_less_are_narrower() {
        for (is, was, narrower) in [
            (limits(None, Some("9")), limits(None, Some("10")), true),
            (limits(None, Some("10")), limits(None, Some("9")), false),
            (limits(None, Some("9")), limits(None, None), true),
            (limits(None, None), limits(None, Some("9")), false),
            (limits(Some("2"), None), limits(Some("1"), None), true),
            (limits(Some("1"), None), limits(Some("1"), None), false),
        ] {
            assert_eq!(is.are_narrower_than(&was), narrower, "{is:?} {was:?}");
        }
    }
}

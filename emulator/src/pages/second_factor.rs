//! Pages of the second factor.

use askama::Template;

use super::{Page, Policy};

#[derive(Template)]
#[template(path = "factors.html")]
struct Factors<'a> {
    handle: &'a str,
    factors: &'a [(&'a str, String)],
}

/// How a user proves a factor.
#[derive(Debug)]
pub(crate) enum Proof {
    /// By the code that an app or a token shows.
    Code,
    /// By a code that was sent.
    SentCode,
    /// By the answer to this question.
    Answer(String),
    /// By accepting a push.
    Push,
    /// By a security key. The emulator takes it for given.
    Key,
}

impl Proof {
    /// What sends once more what was sent.
    fn again(&self) -> Option<&'static str> {
        match self {
            Self::SentCode => Some("Send another code"),
            Self::Push => Some("Send another request"),
            Self::Code | Self::Answer(_) | Self::Key => None,
        }
    }
}

#[derive(Template)]
#[template(path = "factor.html")]
struct Factor<'a> {
    handle: &'a str,
    id: &'a str,
    name: &'a str,
    proof: &'a Proof,
    has_others: bool,
    problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "enrollment.html")]
struct Enrollment<'a> {
    handle: &'a str,
    secret: &'a str,
    link: &'a str,
    problem: Option<&'a str>,
}

/// The page where the user chooses one of several factors, each by id and name.
pub(crate) fn factors(handle: &str, factors: &[(&str, String)]) -> Page {
    Page::of(&Factors { handle, factors }, Policy::SignIn)
}

/// The page where the user proves a factor, given by id and name.
pub(crate) fn factor(
    handle: &str,
    (id, name): (&str, &str),
    proof: &Proof,
    has_others: bool,
    problem: Option<&str>,
) -> Page {
    let page = Factor {
        handle,
        id,
        name,
        proof,
        has_others,
        problem,
    };
    Page::of(&page, Policy::SignIn)
}

/// The page where the user sets an authenticator app up: its key as text in base 32 and as a link.
pub(crate) fn enrollment(handle: &str, secret: &str, link: &str, problem: Option<&str>) -> Page {
    let page = Enrollment {
        handle,
        secret,
        link,
        problem,
    };
    Page::of(&page, Policy::SignIn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nothing_of_a_factor_becomes_markup() {
        let evil = "\"><script>alert('x')</script>";
        let asked = Proof::Answer(evil.to_owned());
        for page in [
            factors(evil, &[(evil, evil.to_owned())]),
            factor(evil, (evil, evil), &asked, true, Some(evil)),
            factor(evil, (evil, evil), &Proof::SentCode, true, None),
            enrollment(evil, evil, evil, Some(evil)),
        ] {
            let html = page.html.unwrap();
            assert!(!html.contains("<script>"), "{html}");
            assert!(html.contains("&#60;script&#62;"), "{html}");
        }
    }
}

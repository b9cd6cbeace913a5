//! `Link` headers (RFC 8288), which is how Okta says where the next page of a list is.

use http::HeaderMap;
use http::header::LINK;
use url::Url;

use crate::Error;
use crate::error::one_line;

/// One link of a `Link` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target between `<` and `>`, as it was written.
    pub target: String,
    /// The parameters in their order: names in lower case, values without their quotes.
    pub params: Vec<(String, String)>,
}

impl Link {
    /// Whether this link has the relation `rel`. Relations are compared without regard to case;
    /// of several `rel` parameters the first counts (RFC 8288, section 3.3).
    #[must_use]
    pub fn has_rel(&self, rel: &str) -> bool {
        self.params
            .iter()
            .find(|(name, _)| name == "rel")
            .is_some_and(|(_, value)| {
                value
                    .split_whitespace()
                    .any(|r| r.eq_ignore_ascii_case(rel))
            })
    }
}

/// Where the next page is: the target of the first link with `rel="next"` among all `Link`
/// header lines, made absolute with `base`, the URL of the response. `None` on the last page.
///
/// # Errors
/// A pagination error if the target is not a URL, or leaves the origin of `base`.
pub fn next(headers: &HeaderMap, base: &Url) -> Result<Option<Url>, Error> {
    headers
        .get_all(LINK)
        .iter()
        .flat_map(|line| parse(&String::from_utf8_lossy(line.as_bytes())))
        .find(|link| link.has_rel("next"))
        .map(|link| resolve(&link.target, base))
        .transpose()
}

/// Makes the target of a link absolute, and refuses one of another origin: whoever answers a
/// request must not be able to send the credentials elsewhere.
pub(crate) fn resolve(target: &str, base: &Url) -> Result<Url, Error> {
    let url = base.join(target).map_err(|error| {
        Error::pagination("the link to the next page is not a valid URL").with_source(error)
    })?;
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        return Err(Error::pagination(format!(
            "the link to the next page leads away from {}, to {}",
            base.origin().ascii_serialization(),
            one_line(&url.origin().ascii_serialization())
        )));
    }
    Ok(url)
}

/// All links of one header line. Whatever does not follow the grammar is skipped.
#[must_use]
pub fn parse(line: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if let Some((target, after)) = rest
            .strip_prefix('<')
            .and_then(|inside| inside.split_once('>'))
        {
            let (params, after) = parse_params(after);
            links.push(Link {
                target: target.to_owned(),
                params,
            });
            rest = after;
        } else if let Some(comma) = rest.find(',') {
            rest = &rest[comma..];
        } else {
            return links;
        }
    }
}

/// The parameters at the start of `text`, and what follows the link.
fn parse_params(text: &str) -> (Vec<(String, String)>, &str) {
    let mut params = Vec::new();
    let mut rest = text;
    loop {
        rest = trim(rest);
        let Some(after) = rest.strip_prefix(';') else {
            // A comma ends the link; anything else here is no grammar, and skipped up to one.
            return (params, rest.find(',').map_or("", |comma| &rest[comma..]));
        };
        let after = trim(after);
        let end = after
            .find(['=', ';', ',', ' ', '\t'])
            .unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match trim(after).strip_prefix('=') {
            Some(value) => parse_value(trim(value)),
            None => (String::new(), after),
        };
        if !name.is_empty() {
            params.push((name.to_ascii_lowercase(), value));
        }
        rest = after;
    }
}

/// A token or a quoted string at the start of `text`, and what follows it.
fn parse_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (token, after) = text.split_at(end);
        return (token.trim_end().to_owned(), after);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}

fn trim(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::testing::headers;

    fn next_of(lines: &[&str]) -> Result<Option<String>, Error> {
        let base = Url::parse("https://acme.okta.com/api/v1/users?limit=2").unwrap();
        let pairs: Vec<_> = lines.iter().map(|line| ("link", *line)).collect();
        next(&headers(&pairs), &base).map(|url| url.map(String::from))
    }

    #[test]
    fn next_is_found_wherever_it_stands() {
        let expected = "https://acme.okta.com/api/v1/users?after=x&limit=2";
        let (own, following) = (
            r#"<https://acme.okta.com/api/v1/users?limit=2>; rel="self""#,
            r#"<https://acme.okta.com/api/v1/users?after=x&limit=2>; rel="next""#,
        );
        for lines in [
            &[own, following][..],
            &[following, own],
            &[&format!("{own}, {following}")],
            &[&format!("{own},{following}")],
            &["<https://acme.okta.com/api/v1/users?after=x&limit=2>;rel=next"],
            &["</api/v1/users?after=x&limit=2> ; title=\"a, b; \\\" <c>\" ; REL=\"prev NEXT\""],
            &["nonsense, </api/v1/users?after=x&limit=2>; rel=next"],
        ] {
            assert_eq!(
                next_of(lines).unwrap().as_deref(),
                Some(expected),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn no_next_is_the_last_page() {
        for lines in [
            &[][..],
            &[r#"<https://acme.okta.com/>; rel="self""#],
            &[r#"<https://acme.okta.com/>; rel="nextish""#],
            &[r#"<https://acme.okta.com/>; title="x; rel=next""#],
            &[r#"<https://acme.okta.com/>; rel=self; rel=next"#],
            &["rel=next"],
        ] {
            assert_eq!(next_of(lines).unwrap(), None, "{lines:?}");
        }
    }

    #[test]
    fn a_path_that_starts_with_two_slashes_is_kept() {
        let url = next_of(&["<https://acme.okta.com//api/v1/users?after=x>; rel=next"]);
        assert_eq!(
            url.unwrap().unwrap(),
            "https://acme.okta.com//api/v1/users?after=x"
        );
    }

    #[test]
    fn another_origin_is_refused() {
        for target in [
            "https://evil.example/api/v1/users?after=x",
            "http://acme.okta.com/api/v1/users",
            "https://acme.okta.com:444/api/v1/users",
            "//evil.example/api",
            "https://joe:pw@acme.okta.com/api",
            "https://[bad",
        ] {
            let error = next_of(&[&format!("<{target}>; rel=\"next\"")]).unwrap_err();
            assert!(error.is_pagination(), "{target}");
        }
    }

    fn quoted(value: &str) -> String {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in ".*") {
            prop_assert!(parse(&text).iter().all(|link| text.contains(&link.target)));
        }

        #[test]
        fn text_near_the_grammar_is_parsed_without_panic(text in "[<>;,=\"\\\\ a-c/]*") {
            prop_assert!(parse(&text).iter().all(|link| text.contains(&link.target)));
        }

        #[test]
        fn written_links_are_read_back(
            links in prop::collection::vec(
                ("[!-;=?-~]{0,20}", prop::collection::vec(("[a-z*-]{1,8}", "[ -~é]{0,12}"), 0..4)),
                0..4,
            )
        ) {
            let links: Vec<_> =
                links.into_iter().map(|(target, params)| Link { target, params }).collect();
            let line: Vec<_> = links
                .iter()
                .map(|link| {
                    link.params.iter().fold(format!("<{}>", link.target), |line, (name, value)| {
                        format!("{line}; {name}={}", quoted(value))
                    })
                })
                .collect();
            prop_assert_eq!(parse(&line.join(", ")), links);
        }
    }
}

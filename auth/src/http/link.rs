//! `Link` headers (RFC 8288), which is how Okta says where the next page of a list is.

use http::HeaderMap;
use http::header::LINK;
use url::Url;

use crate::Error;
use crate::error::one_line;

/// Parameters of a link that are kept. RFC 8288 knows seven.
const MOST_PARAMS: usize = 32;

/// One link of a `Link` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target between `<` and `>`, as it was written.
    pub target: String,
    /// The first 32 parameters in their order: names in lower case, values without their quotes.
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
/// An org answers under several names: its own, one with `-admin`, a custom domain. A link with
/// another host than `base` is followed at the origin of `base`, if it is of the same list. So the
/// next request goes to no other origin.
///
/// # Errors
/// A pagination error if the target is not a URL, has a user name in it, or leads to another host
/// and another list.
pub fn next(headers: &HeaderMap, base: &Url) -> Result<Option<Url>, Error> {
    headers
        .get_all(LINK)
        .iter()
        .find_map(|line| next_of_line(&String::from_utf8_lossy(line.as_bytes())))
        .map(|target| resolve(&target, base))
        .transpose()
}

fn next_of_line(line: &str) -> Option<String> {
    let next = Links { rest: line }.find(|link| link.has_rel("next"));
    next.map(|link| link.target)
}

/// Makes the target of a link absolute, on the origin of `base`: whoever answers a request must
/// not be able to send the credentials elsewhere.
pub(crate) fn resolve(target: &str, base: &Url) -> Result<Url, Error> {
    let mut url = base.join(target).map_err(|error| {
        Error::pagination("the link to the next page is not a valid URL").with_source(error)
    })?;
    url.set_fragment(None);
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_own = url.origin() == base.origin();
    if has_user || !(is_own || is_other_name(&url, base)) {
        return Err(Error::pagination(format!(
            "the link to the next page leads away from {}, to {}",
            base.origin().ascii_serialization(),
            one_line(&url.origin().ascii_serialization())
        )));
    }
    if is_own {
        return Ok(url);
    }
    tracing::debug!("the link to the next page has another host, and is followed on our own");
    let mut own = base.clone();
    own.set_path(url.path());
    own.set_query(url.query());
    own.set_fragment(None);
    Ok(own)
}

/// Whether `url` may be the same list under another name of the org.
fn is_other_name(url: &Url, base: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && is_same_list(base.path(), url.path())
}

/// Whether the path `other` is of the list at `path`. Okta may have put the id of the current user
/// where `me` was.
#[must_use]
pub fn is_same_list(path: &str, other: &str) -> bool {
    let (mut ours, mut theirs) = (path.split('/'), other.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some(ours), Some(theirs)) if ours == theirs || ours == "me" => {}
            _ => return false,
        }
    }
}

/// All links of one header line. Whatever does not follow the grammar is skipped, and of the
/// parameters of a link all after the 32nd. It takes time in proportion to the line.
#[must_use]
pub fn parse(line: &str) -> Vec<Link> {
    Links { rest: line }.collect()
}

/// The links of a header line, one after the other.
struct Links<'a> {
    rest: &'a str,
}

impl Iterator for Links<'_> {
    type Item = Link;

    fn next(&mut self) -> Option<Link> {
        loop {
            let rest = self.rest.trim_start_matches([' ', '\t', ',']);
            let Some(inside) = rest.strip_prefix('<') else {
                self.rest = &rest[rest.find(',')?..];
                continue;
            };
            // Without the end of a target there is no other link in what is left: to look for one
            // from each `<` on would take a time that grows with the square of the line.
            let Some((target, after)) = inside.split_once('>') else {
                self.rest = "";
                return None;
            };
            let (params, after) = parse_params(after);
            self.rest = after;
            return Some(Link {
                target: target.to_owned(),
                params,
            });
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
        if !name.is_empty() && params.len() < MOST_PARAMS {
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
    fn another_name_of_the_org_is_followed_on_our_own() {
        for target in [
            "https://login.example.com/api/v1/users?after=x",
            "https://acme-admin.okta.com/api/v1/users?after=x",
            "https://acme.okta.com:444/api/v1/users?after=x",
            "http://acme.okta.com/api/v1/users?after=x",
            "//login.example.com/api/v1/users?after=x#top",
        ] {
            let url = next_of(&[&format!("<{target}>; rel=\"next\"")]);
            assert_eq!(
                url.unwrap().as_deref(),
                Some("https://acme.okta.com/api/v1/users?after=x"),
                "{target}"
            );
        }
    }

    #[test]
    fn another_host_is_refused_for_another_list() {
        for target in [
            "https://evil.example/api/v1/apps?after=x",
            "https://evil.example/api/v1/users/00u1",
            "https://evil.example//api/v1/users",
            "https://evil.example/api/v1/users%2f?after=x",
            "https://evil.example/",
            "https://joe:pw@acme.okta.com/api/v1/users",
            "https://acme@evil.example/api/v1/users",
            "https://[bad",
            "ftp://evil.example/api/v1/users",
            "data:text/plain,x",
        ] {
            let error = next_of(&[&format!("<{target}>; rel=\"next\"")]).unwrap_err();
            assert!(error.is_pagination(), "{target}");
        }
    }

    #[test]
    fn a_list_is_known_by_its_path() {
        for (path, other, same) in [
            ("/api/v1/users", "/api/v1/users", true),
            ("/api/v1/users", "/api/v1/apps", false),
            ("/api/v1/users", "/api/v1/users/00u1", false),
            ("/api/v1/users", "//api/v1/users", false),
            ("/api/v1/groups/1/users", "/api/v1/groups/2/users", false),
            ("/api/v1/users/me/groups", "/api/v1/users/00u1/groups", true),
            ("/api/v1/users/me/groups", "/api/v1/users/00u1/roles", false),
        ] {
            assert_eq!(is_same_list(path, other), same, "{path} {other}");
        }
    }

    /// Each of these took time in proportion to the square of its length, or memory many times its
    /// length; a quadratic parser needs minutes for them.
    #[test]
    fn a_line_of_400_kb_is_parsed_in_one_pass() {
        const LENGTH: usize = 4_000_000;
        for (piece, links) in [
            ("<,", 0),
            ("<a", 0),
            ("<a>,", LENGTH / 4),
            ("<a>;", LENGTH / 4),
            (",\"", 0),
            (";a=\"", 0),
        ] {
            let line = piece.repeat(LENGTH / piece.len());
            let found = parse(&line);
            assert_eq!(
                found.len(),
                if piece == "<a>;" { 1 } else { links },
                "{piece}"
            );
        }
        let params = format!("<a>{}", ";b=c".repeat(LENGTH / 4));
        assert_eq!(parse(&params)[0].params.len(), MOST_PARAMS);
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

//! The token of a request.

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// What a request brings in `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credentials<'a> {
    /// Nothing, or something of another scheme.
    None,
    Bearer(&'a str),
    Dpop(&'a str),
    /// Several, or a token with other characters than one may have.
    Malformed,
}

impl<'a> Credentials<'a> {
    /// RFC 6750, section 2.1; RFC 9449, section 7.1. Tokens in forms and URLs are not taken: URLs
    /// end up in logs.
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let mut values = headers.get_all(AUTHORIZATION).into_iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return match headers.contains_key(AUTHORIZATION) {
                true => Self::Malformed,
                false => Self::None,
            };
        };
        let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.split_once(' '))
        else {
            return Self::Malformed;
        };
        let token = token.trim_start_matches(' ');
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        match is_token(token) {
            true if is_bearer => Self::Bearer(token),
            true if scheme.eq_ignore_ascii_case("dpop") => Self::Dpop(token),
            false if is_bearer || scheme.eq_ignore_ascii_case("dpop") => Self::Malformed,
            _ => Self::None,
        }
    }
}

/// RFC 6750, section 2.1: `b64token`.
fn is_token(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let values = values.iter().map(|value| HeaderValue::from_static(value));
        values.map(|value| (AUTHORIZATION, value)).collect()
    }

    #[test]
    fn one_token_of_a_known_scheme_is_taken() {
        for (values, expected) in [
            (&[][..], Credentials::None),
            (&["Basic YTpi"], Credentials::None),
            (
                &["Bearer a.b-c_d~+/=="],
                Credentials::Bearer("a.b-c_d~+/=="),
            ),
            (&["bearer  a"], Credentials::Bearer("a")),
            (&["DPoP a"], Credentials::Dpop("a")),
            (&["Bearer"], Credentials::Malformed),
            (&["Bearer "], Credentials::Malformed),
            (&["Bearer a b"], Credentials::Malformed),
            (&["Bearer a,b"], Credentials::Malformed),
            (&["DPoP ="], Credentials::Malformed),
        ] {
            assert_eq!(Credentials::of(&headers(values)), expected, "{values:?}");
        }
    }

    #[test]
    fn of_two_tokens_none_is_taken() {
        let mut two = headers(&["Bearer a"]);
        two.append(AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert_eq!(Credentials::of(&two), Credentials::Malformed);
    }
}

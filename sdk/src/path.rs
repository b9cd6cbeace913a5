//! Path parameters: what may be one, and how it is written.

use std::fmt::Write;

use crate::Error;

/// What identifies something in a path: text, or an [`Id`](crate::Id).
///
/// An absent or empty one is refused before anything is sent, and so are `.` and `..`, which
/// would change the path. Everything else is encoded (RFC 3986, section 3.3), slashes included.
pub trait PathParameter {
    /// The text to be encoded; `None` where there is none.
    fn segment(&self) -> Option<&str>;
}

impl PathParameter for str {
    fn segment(&self) -> Option<&str> {
        Some(self)
    }
}

impl PathParameter for String {
    fn segment(&self) -> Option<&str> {
        Some(self)
    }
}

impl PathParameter for crate::Id {
    fn segment(&self) -> Option<&str> {
        self.as_str()
    }
}

impl<P: PathParameter + ?Sized> PathParameter for &P {
    fn segment(&self) -> Option<&str> {
        (**self).segment()
    }
}

/// Checks path parameters, each with its name.
///
/// # Errors
/// An argument error that names the first one that cannot be a path segment.
pub(crate) fn checked<const N: usize>(
    parameters: [(&'static str, Option<&str>); N],
) -> Result<[String; N], Error> {
    let mut segments = [const { String::new() }; N];
    for (segment, (name, value)) in segments.iter_mut().zip(parameters) {
        *segment = checked_segment(name, value)?;
    }
    Ok(segments)
}

fn checked_segment(name: &str, value: Option<&str>) -> Result<String, Error> {
    let refuse = |why: &str| Err(Error::invalid_argument(name, why));
    match value {
        None => refuse("is absent; pass a value that Okta has sent, such as the `id` of an answer"),
        Some("") => refuse("is empty; pass an id or a name"),
        Some("." | "..") => refuse("would lead to another path; pass an id or a name"),
        Some(value) => Ok(value.to_owned()),
    }
}

/// Encodes a path segment: all but the characters that RFC 3986 allows in one stay, and so do
/// those that `Url` would take for separators.
pub(crate) fn encode(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => encoded.push(byte.into()),
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
            | b',' | b';' | b'=' | b':' | b'@' => encoded.push(byte.into()),
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn segments_are_encoded_so_that_they_stay_one_segment() {
        for (segment, encoded) in [
            ("00u1", "00u1"),
            ("isaac.brock@example.com", "isaac.brock@example.com"),
            ("a/b", "a%2Fb"),
            (r"..\..\org", "..%5C..%5Corg"),
            ("50%", "50%25"),
            ("%2e%2e", "%252e%252e"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("Jürgen", "J%C3%BCrgen"),
            ("a;b=c", "a;b=c"),
        ] {
            assert_eq!(encode(segment), encoded);
            let url = url::Url::parse(&format!("https://acme.okta.com/users/{encoded}")).unwrap();
            assert_eq!(
                url.path(),
                format!("/users/{encoded}"),
                "the URL parser changes nothing"
            );
            assert_eq!((url.query(), url.fragment()), (None, None));
        }
    }

    #[test]
    fn what_cannot_be_a_segment_is_refused_by_name() {
        for value in [None, Some(""), Some("."), Some("..")] {
            let error = checked([("group_id", Some("00g1")), ("user_id", value)]).unwrap_err();
            assert!(error.is_invalid_argument());
            assert!(error.to_string().contains("`user_id`"), "{error}");
        }
    }

    #[test]
    fn text_and_ids_are_parameters() {
        fn segment(parameter: impl PathParameter) -> Option<String> {
            parameter.segment().map(str::to_owned)
        }
        let owned = "00u1".to_owned();
        let id = crate::Id::from("00u1");
        assert_eq!(segment("00u1"), Some(owned.clone()));
        assert_eq!(segment(&owned), Some(owned.clone()));
        assert_eq!(segment(&id), Some(owned.clone()));
        assert_eq!(segment(id), Some(owned));
        assert_eq!(segment(crate::Id::default()), None);
    }
}

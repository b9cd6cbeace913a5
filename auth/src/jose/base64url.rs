//! Base64 as RFC 7515, section 2 has it: the URL alphabet, no padding, no spare bits. One text
//! for each value, so that a token cannot be rewritten without breaking it.

use std::ops::Deref;

use base64_simd::{Out, URL_SAFE_NO_PAD};

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The bytes, or `None` if `text` is not strictly what [`encode`] would write.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode_to_vec(text).ok()
}

/// The bytes of a signature that takes no allocation: RSA of up to 4096 bits, EC, Ed25519.
const SHORT: usize = 512;

/// Bytes, on the stack if they are few.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // To be on the stack is the point.
pub(crate) enum Bytes {
    Few([u8; SHORT], usize),
    Many(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Few(bytes, length) => &bytes[..*length],
            Self::Many(bytes) => bytes,
        }
    }
}

/// As [`decode`], without an allocation for what is as short as a signature.
pub(crate) fn decode_short(text: &str) -> Option<Bytes> {
    if text.len() > SHORT / 3 * 4 {
        return decode(text).map(Bytes::Many);
    }
    let mut bytes = [0; SHORT];
    let out = Out::from_slice(&mut bytes);
    let length = URL_SAFE_NO_PAD.decode(text.as_bytes(), out).ok()?.len();
    Some(Bytes::Few(bytes, length))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL_SAFE_NO_PAD_OF_ANOTHER;

    use super::*;

    #[test]
    fn only_the_one_right_spelling_is_read() {
        // RFC 7515, appendix C.
        let bytes = [3, 236, 255, 224, 193];
        assert_eq!(encode(bytes), "A-z_4ME");
        assert_eq!(decode("A-z_4ME"), Some(bytes.to_vec()));
        for wrong in [
            "A-z_4ME=",
            "A+z/4ME",
            "A-z_4MF",
            "A-z_ 4ME",
            "A",
            "A-z_4ME\n",
        ] {
            assert_eq!(decode(wrong), None, "{wrong}");
            assert!(decode_short(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn short_and_long_texts_are_read_alike() {
        for length in 0..1000 {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 + length) as u8).collect();
            let text = encode(&bytes);
            assert_eq!(decode(&text).as_ref(), Some(&bytes));
            assert_eq!(decode_short(&text).as_deref(), Some(&bytes[..]));
            assert_eq!(URL_SAFE_NO_PAD_OF_ANOTHER.encode(&bytes), text);
        }
    }
}

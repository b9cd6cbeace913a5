//! Base64 as RFC 7515, section 2 has it: the URL alphabet, no padding, no spare bits. One text
//! for each value, so that a token cannot be rewritten without breaking it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes, or `None` if `text` is not strictly what [`encode`] would write.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
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
        }
    }
}

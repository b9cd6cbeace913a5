//! Passcodes that change with time: TOTP, RFC 6238, with SHA-1, six digits and 30 seconds, as
//! authenticator apps have it.

use aws_lc_rs::hmac;

/// How long a code lasts, in seconds.
pub(crate) const STEP: i64 = 30;

/// The code of a key at a time, in seconds since the epoch.
pub(crate) fn at(key: &[u8], seconds: i64) -> String {
    of_counter(key, seconds.max(0).cast_unsigned() / STEP.cast_unsigned())
}

/// Whether a code is that of a key: now, one step before or one after, as clocks differ.
pub(crate) fn fits(key: &[u8], code: &str, seconds: i64) -> bool {
    [-STEP, 0, STEP]
        .iter()
        .any(|drift| at(key, seconds + drift) == code)
}

/// HOTP, RFC 4226 section 5.3.
fn of_counter(key: &[u8], counter: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = tag.last().map_or(0, |last| usize::from(last & 0x0f));
    let word = tag
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// Base 32 without padding, RFC 4648 section 6: how a key is shown.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let groups = bytes.chunks(5).flat_map(|chunk| {
        let mut group = [0; 8];
        group[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(group);
        let letters = (chunk.len() * 8).div_ceil(5);
        (0..letters).map(move |at| LETTERS[(bits >> (35 - 5 * at) & 31) as usize])
    });
    groups.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B; the last six of its eight digits.
        let key = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(at(key, seconds), code);
        }
    }

    #[test]
    fn a_code_lasts_a_step_longer_on_both_sides() {
        let key = b"12345678901234567890";
        assert!(fits(key, "287082", 59) && fits(key, "287082", 89) && fits(key, "287082", 29));
        let (code, at) = ("081804", 1_111_111_109);
        assert!(!fits(key, code, at - 2 * STEP) && !fits(key, code, at + 2 * STEP));
    }

    #[test]
    fn keys_are_shown_in_base_32() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}

//! Ids and secrets in Okta's shapes. They look random and are not: the same calls on the same
//! seed give the same ids, so that a failing test fails the same way twice.

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// What every id of this org ends with, as the ids of a real org share their last characters.
const ORG_SUFFIX: &str = "em0k7x";

/// Hands out ids, each one once.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ids {
    issued: u64,
}

impl Ids {
    fn next(&mut self) -> u64 {
        self.issued += 1;
        scramble(self.issued)
    }

    /// An object id of 20 characters that starts with `prefix` (three characters): `00u…`.
    pub(crate) fn object(&mut self, prefix: &str) -> String {
        format!("{prefix}{}{ORG_SUFFIX}", text62(self.next()))
    }

    /// A string of `length` letters and digits, for tokens and secrets.
    pub(crate) fn secret(&mut self, length: usize) -> String {
        let mut secret = String::new();
        while secret.len() < length {
            // The leading digit carries few bits; leave it out.
            secret.push_str(&text62(self.next())[1..]);
        }
        secret.truncate(length);
        secret
    }

    /// A UUID, version 4 in shape.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            ((low >> 48) & 0x3fff) | 0x8000,
            low & 0xffff_ffff_ffff,
        )
    }
}

/// Spreads neighbouring numbers over the whole range, reversibly: the finaliser of SplitMix64
/// (Steele, Lea, Flood 2014).
pub(crate) const fn scramble(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Undoes [`scramble`].
pub(crate) const fn unscramble(value: u64) -> u64 {
    let value = (value ^ (value >> 31) ^ (value >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    let value = (value ^ (value >> 27) ^ (value >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    value ^ (value >> 30) ^ (value >> 60)
}

/// The number in base 62, always eleven characters.
pub(crate) fn text62(mut value: u64) -> String {
    let mut digits = [b'0'; 11];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(value % 62) as usize];
        value /= 62;
    }
    digits.iter().map(|&digit| char::from(digit)).collect()
}

/// Reads what [`text62`] wrote.
pub(crate) fn value62(text: &str) -> Option<u64> {
    if text.len() != 11 {
        return None;
    }
    text.bytes().try_fold(0_u64, |value, byte| {
        let digit = DIGITS.iter().position(|&digit| digit == byte)?;
        value.checked_mul(62)?.checked_add(digit as u64)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_have_oktas_shape_and_never_repeat() {
        let mut ids = Ids::default();
        let issued: std::collections::HashSet<String> =
            (0..10_000).map(|_| ids.object("00u")).collect();
        assert_eq!(issued.len(), 10_000);
        assert!(
            issued
                .iter()
                .all(|id| id.len() == 20 && id.starts_with("00u"))
        );
    }

    #[test]
    fn secrets_and_uuids_have_their_length() {
        let mut ids = Ids::default();
        assert_eq!(ids.secret(64).len(), 64);
        let uuid = ids.uuid();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(uuid.as_bytes()[14], b'4', "{uuid}");
    }

    proptest! {
        #[test]
        fn scrambling_and_base_62_are_reversible(value: u64) {
            prop_assert_eq!(unscramble(scramble(value)), value);
            prop_assert_eq!(value62(&text62(value)), Some(value));
        }
    }
}

//! The part of a body that is kept.

use std::io::{self, ErrorKind, Write};

use bytes::Bytes;

/// Memory that is reserved on the word of a server. One that announces more than this gets memory
/// as it sends.
const MOST_RESERVED: usize = 64 << 20;

/// Bytes up to a limit. A write of more than fits fills it and is an error.
#[derive(Debug)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    limit: usize,
    /// How much is likely to come.
    expected: usize,
    /// There was more than is kept.
    pub(super) cut: bool,
}

impl Kept {
    /// Keeps `limit` bytes at most; the server announces `expected`. Nothing is reserved yet.
    pub(super) fn new(limit: usize, expected: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            expected: expected.min(limit).min(MOST_RESERVED),
            cut: false,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.bytes).into()
    }

    /// Room for `more` bytes, which are within the limit. It grows twofold but never beyond the
    /// limit, so that the limit is the memory that a body takes.
    fn make_room(&mut self, more: usize) {
        let needed = self.bytes.len() + more;
        if needed > self.bytes.capacity() {
            let doubled = self.bytes.capacity().saturating_mul(2).min(self.limit);
            let capacity = needed.max(doubled).max(self.expected);
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
    }
}

impl Write for Kept {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let fits = data.len().min(self.limit - self.bytes.len());
        self.make_room(fits);
        self.bytes.extend_from_slice(&data[..fits]);
        if fits < data.len() {
            self.cut = true;
            if fits == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_fits_is_kept_and_the_limit_is_all_the_memory() {
        let mut kept = Kept::new(10, 3);
        kept.write_all(b"abcdef").unwrap();
        kept.write_all(b"ghij").unwrap();
        assert!(!kept.cut && kept.bytes.capacity() <= 10);
        assert!(kept.write_all(b"k").is_err() && kept.cut);
        assert_eq!(kept.take(), "abcdefghij");

        let mut kept = Kept::new(4, usize::MAX);
        assert!(kept.write_all(b"abcdef").is_err() && kept.cut);
        assert_eq!(kept.take(), "abcd");
    }
}

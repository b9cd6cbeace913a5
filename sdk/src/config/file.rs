//! Files that hold settings, or that settings name.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Maximum length of a file, in bytes. The certificates of all public authorities take a quarter.
const MOST: u64 = 1 << 20;

/// What is in the file.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST {
        true => Err(io::Error::new(ErrorKind::FileTooLarge, "above 1 MiB")),
        false => Ok(bytes),
    }
}

/// The text of the file.
pub(super) fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path)?)
        // The error would repeat the bytes.
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_is_too_long_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        for (length, fits) in [(MOST, true), (MOST + 1, false)] {
            let file = File::create(&path).unwrap();
            file.set_len(length).unwrap();
            let read = bytes(&path).map(|bytes| bytes.len() as u64);
            assert_eq!(read.ok(), fits.then_some(length));
        }
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(text(&path).unwrap_err().kind(), ErrorKind::InvalidData);
    }
}

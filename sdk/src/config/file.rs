//! Files that hold settings, or that settings name.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Maximum length of a file of certificates, in bytes. Those of all public authorities take a quarter.
const MOST: u64 = 1 << 20;

/// Maximum length of a file with settings or a private key, in bytes.
const MOST_TEXT: u64 = 64 << 10;

/// What is in a file of certificates.
#[cfg_attr(not(feature = "rustls"), allow(dead_code))] // there are none then
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    read(path, MOST)
}

/// The text of a file with settings or a private key.
pub(super) fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path, MOST_TEXT)?)
        // The error would repeat the bytes.
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "is not UTF-8 text"))
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::new(
            ErrorKind::FileTooLarge,
            format!("the file is longer than {most} bytes"),
        )),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_is_too_long_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        for (length, has_bytes, has_text) in [
            (MOST_TEXT, true, true),
            (MOST_TEXT + 1, true, false),
            (MOST, true, false),
            (MOST + 1, false, false),
        ] {
            let file = File::create(&path).unwrap();
            file.set_len(length).unwrap();
            assert_eq!(bytes(&path).is_ok(), has_bytes, "{length}");
            assert_eq!(text(&path).is_ok(), has_text, "{length}");
        }
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(text(&path).unwrap_err().kind(), ErrorKind::InvalidData);
    }
}

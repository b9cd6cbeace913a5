//! What commands print.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Prints a line. Whoever reads it may stop before the end, as `head` does: that is no failure.
///
/// # Errors
/// If the output cannot be written for another reason.
pub fn line(text: impl Display) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

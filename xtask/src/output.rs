//! What commands print.

use std::io::{self, Write as _};

/// Prints a text. Whoever reads it may stop before the end, as `head` does: that is no failure.
pub fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    unless_closed(
        output
            .write_all(text.as_bytes())
            .and_then(|()| output.flush()),
    )
}

fn unless_closed(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        assert!(unless_closed(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(unless_closed(Err(io::ErrorKind::StorageFull.into())).is_err());
    }
}

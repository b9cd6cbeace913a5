//! Standard output that may be closed by its reader.

use std::error::Error;
use std::io::{self, ErrorKind, Write};

/// Standard output. Unlike `println!`, a write gives an error where the reader is gone, which
/// [`run`](crate::run) takes for the end of the program and not for a failure.
#[derive(Clone, Copy, Debug)]
pub struct Output;

/// What such an error holds: a connection to an org that broke is another thing.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("standard output was closed")
    }
}

impl Error for Closed {}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes).map_err(mark)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush().map_err(mark)
    }
}

fn mark(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => io::Error::new(ErrorKind::BrokenPipe, Closed),
        _ => error,
    }
}

/// Whether the error, or a cause of it, is that the reader of standard output is gone.
pub(crate) fn is_closed_output(error: &anyhow::Error) -> bool {
    let mut errors = error.chain().filter_map(io_error);
    errors.any(|error| error.get_ref().is_some_and(|inner| inner.is::<Closed>()))
}

fn io_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    // This one does not count what it is made of among its causes.
    match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(error)) => Some(error),
        _ => cause.downcast_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_output_is_one() {
        let broken = || io::Error::from(ErrorKind::BrokenPipe);
        let closed = anyhow::Error::from(mark(broken())).context("cannot print");
        assert!(is_closed_output(&closed));
        assert!(is_closed_output(&csv::Error::from(mark(broken())).into()));
        assert!(!is_closed_output(&broken().into()));
        assert!(!is_closed_output(
            &mark(ErrorKind::StorageFull.into()).into()
        ));
    }
}

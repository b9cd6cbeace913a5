//! A body as it arrives: inflated if need be, and never more of it than its limit.

use std::io::{self, Write};
use std::mem;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

use super::kept::Kept;

/// How a body comes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Plain,
    /// By `gzip` (RFC 1952).
    Gzip,
}

impl Coding {
    /// The most that a body of `limit` bytes takes on the wire: data that gzip cannot make smaller
    /// grows by a thousandth and its header.
    pub(super) fn most_on_the_wire(self, limit: usize) -> usize {
        match self {
            Self::Plain => limit,
            Self::Gzip => limit.saturating_add(limit / 256).saturating_add(1024),
        }
    }
}

/// A body that is being read.
#[derive(Debug)]
pub(super) enum Body {
    /// The first chunk is kept as it came, for it is often the only one.
    Plain { first: Bytes, kept: Kept },
    Gzip {
        inflating: Box<MultiGzDecoder<Kept>>,
        /// Bytes that may still come over the wire.
        left: usize,
        begun: bool,
    },
}

impl Body {
    /// Will keep `limit` bytes at most; the server announces `announced`.
    pub(super) fn new(coding: Coding, limit: usize, announced: u64) -> Self {
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        let kept = Kept::new(limit, announced);
        match coding {
            Coding::Plain => Self::Plain {
                first: Bytes::new(),
                kept,
            },
            Coding::Gzip => Self::Gzip {
                inflating: Box::new(MultiGzDecoder::new(kept)),
                left: coding.most_on_the_wire(limit),
                begun: false,
            },
        }
    }

    /// Takes the next chunk; false if the body is longer than its limit.
    ///
    /// # Errors
    /// If it is not what its coding says.
    pub(super) fn push(&mut self, chunk: Bytes) -> io::Result<bool> {
        match self {
            Self::Plain { first, kept } => {
                if first.is_empty() && kept.is_empty() && chunk.len() <= kept.limit() {
                    *first = chunk;
                    return Ok(true);
                }
                let first = mem::take(first);
                let written = kept.write_all(&first).and_then(|()| kept.write_all(&chunk));
                Ok(written.is_ok())
            }
            Self::Gzip {
                inflating,
                left,
                begun,
            } => {
                *begun = true;
                let Some(still) = left.checked_sub(chunk.len()) else {
                    return Ok(false);
                };
                *left = still;
                match inflating.write_all(&chunk) {
                    Err(_) if inflating.get_ref().cut => Ok(false),
                    result => result.map(|()| true),
                }
            }
        }
    }

    /// Ends it; false if the body is longer than its limit.
    ///
    /// # Errors
    /// If its coding says that more was to come, or its checksum is wrong.
    pub(super) fn finish(&mut self) -> io::Result<bool> {
        match self {
            Self::Gzip {
                inflating,
                begun: true,
                ..
            } => match inflating.try_finish() {
                Err(_) if inflating.get_ref().cut => Ok(false),
                result => result.map(|()| true),
            },
            Self::Plain { .. } | Self::Gzip { .. } => Ok(true),
        }
    }

    /// What has been kept so far, which is taken out.
    pub(super) fn take(&mut self) -> Bytes {
        match self {
            Self::Plain { first, .. } if !first.is_empty() => mem::take(first),
            Self::Plain { kept, .. } => kept.take(),
            Self::Gzip { inflating, .. } => inflating.get_mut().take(),
        }
    }
}

#[cfg(test)]
mod tests;

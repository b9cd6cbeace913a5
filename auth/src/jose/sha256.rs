//! The hash that tokens, keys and proofs are known by.

use aws_lc_rs::digest::{SHA256, digest};

/// The SHA-256 hash of `data`.
pub(crate) fn sha256(data: impl AsRef<[u8]>) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, data.as_ref()).as_ref());
    hash
}

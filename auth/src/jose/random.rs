//! Bytes that nobody can guess.

use aws_lc_rs::rand;

use crate::Error;

/// Random bytes of the operating system.
///
/// # Errors
/// If it gives none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes)
        .map_err(|error| Error::other("the machine gave no random numbers", error))?;
    Ok(bytes)
}

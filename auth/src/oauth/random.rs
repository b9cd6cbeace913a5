//! Values that nobody can guess.

use crate::jose::{base64url, random};
use crate::{Error, Secret};

/// 256 random bits of the operating system, as 43 characters of base64url.
pub(super) fn value() -> Result<Secret, Error> {
    Ok(base64url::encode(random::<32>()?).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_have_256_bits_and_differ() {
        let (a, b) = (value().unwrap(), value().unwrap());
        assert_eq!(base64url::decode(a.expose()).unwrap().len(), 32);
        assert_ne!(a, b);
    }
}

//! Public keys of applications, which the document describes in pieces.

use super::{Outcome, Stale, claims};
use crate::document::Document;

/// A signing key comes in kinds in the document, told apart by `kty`, when it is deactivated; when
/// it is added, read, listed or activated it is one of several objects without such a mark, and
/// may be an encryption key. It is the same key each time (RFC 7517, section 4: `kty` is a member
/// like others, and which of the rest there are depends on it): one object, with the members of
/// both kinds.
pub(super) fn signing_keys_of_apps_are_one_object(document: &mut Document) -> Outcome {
    for name in [
        "OAuth2ClientJsonSigningKeyRequest",
        "OAuth2ClientJsonSigningKeyResponse",
    ] {
        let schema = document
            .components
            .schemas
            .get_mut(name)
            .ok_or_else(|| Stale(format!("`{name}` is gone")))?;
        let discriminator = schema.discriminator.take();
        let by_type = discriminator.is_some_and(|mark| mark.property_name == "kty");
        claims(by_type, "kinds told apart by `kty`")?;
    }
    Ok(())
}

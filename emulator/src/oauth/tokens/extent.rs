//! Where claims are.

/// A user's claims by scope. Those of an ID token that comes with an access token are fewer; all
/// are at `/userinfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    AccessToken,
    IdToken,
    UserInfo,
}

//! Which of a user's tokens is meant.

/// What a token is, for whoever looks it up (`token_type_hint`; RFC 7009, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// An ID token. It can be looked up, but not revoked.
    IdToken,
    /// A device secret, which apps on one device share (the scope `device_sso`).
    DeviceSecret,
}

impl TokenKind {
    /// As `token_type_hint` has it, such as `access_token`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
            Self::IdToken => "id_token",
            Self::DeviceSecret => "device_secret",
        }
    }
}

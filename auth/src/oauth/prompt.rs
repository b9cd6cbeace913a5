//! What the user is asked to do in a login.

use std::fmt;

/// What the user is asked to do in a login (`prompt`; OpenID Connect Core, section 3.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: the login fails with `login_required` if the user has no session yet. Cannot be
    /// asked for along with others.
    None,
    /// To log in, even with a session.
    Login,
    /// To consent to the scopes, even if that was done before.
    Consent,
    /// To choose an account.
    SelectAccount,
    /// Any other.
    Other(String),
}

impl Prompt {
    /// As `prompt` has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Prompt {
    fn from(name: &str) -> Self {
        let known = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];
        known
            .into_iter()
            .find(|known| known.as_str() == name)
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! The values of `acr_values` that Okta knows,
//! <https://developer.okta.com/docs/guides/step-up-authentication/main/>.

/// How strong a login is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    OneFactor,
    TwoFactors,
    /// Two, if the user has a second one.
    TwoFactorsIfPossible,
    /// A factor that resists phishing: a key.
    PhishingResistant,
}

impl Level {
    /// None for a value that Okta does not know: clients may give several, and any of them will do.
    pub(crate) fn of(value: &str) -> Option<Self> {
        match value {
            "urn:okta:loa:1fa:any" | "urn:okta:loa:1fa:pwd" => Some(Self::OneFactor),
            "urn:okta:loa:2fa:any" => Some(Self::TwoFactors),
            "urn:okta:loa:2fa:any:ifpossible" => Some(Self::TwoFactorsIfPossible),
            "phr" | "phrh" => Some(Self::PhishingResistant),
            _ => None,
        }
    }
}

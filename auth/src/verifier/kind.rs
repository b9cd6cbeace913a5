//! The kinds of token, and by what they are distinguished.

use super::claims::Reader;
use super::error::{VerifyError, unchecked};

/// The member of `events` that makes a logout token.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What access tokens of the org authorization server have as `typ`.
const ORG_SERVER_TYPE: &str = "okta-internal-at+jwt";

/// The kinds of token. One must not be taken for another (RFC 8725, section 2.8).
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Access,
    Id,
    Logout,
    SecurityEvent,
}

impl Kind {
    /// Okta's custom servers send no `typ` at all, others `JWT` or the one of RFC 9068 or of
    /// Back-Channel Logout 1.0; so the type can only rule out what is known to be wrong, and the
    /// claims decide.
    ///
    /// Transmitters of security events must send theirs (OpenID Shared Signals Framework 1.0,
    /// section 4.1.2), and no other will do.
    pub(super) fn check_type(self, found: Option<&str>) -> Result<(), VerifyError> {
        let Some(found) = found else {
            return match self {
                Self::SecurityEvent => Err(VerifyError::NotASecurityEvent {
                    sign: "no `typ` in its header",
                }),
                _ => Ok(()),
            };
        };
        let media_type = found.to_ascii_lowercase();
        let short = media_type
            .strip_prefix("application/")
            .unwrap_or(&media_type);
        let expected = match (self, short) {
            (Self::SecurityEvent, "secevent+jwt") => return Ok(()),
            (Self::SecurityEvent, _) => "secevent+jwt",
            (_, "jwt") | (Self::Access, "at+jwt") | (Self::Logout, "logout+jwt") => return Ok(()),
            (Self::Access, ORG_SERVER_TYPE) => return Err(VerifyError::OrgServerToken),
            (Self::Access, _) => "at+jwt, JWT or none",
            (Self::Id, _) => "JWT or none",
            (Self::Logout, _) => "logout+jwt, JWT or none",
        };
        let found = unchecked(found);
        Err(VerifyError::TokenType { expected, found })
    }

    /// RFC 9068, section 4: an access token says that it is one.
    pub(super) fn check_strict_type(found: Option<&str>) -> Result<(), VerifyError> {
        let media_type = found.unwrap_or_default().to_ascii_lowercase();
        if matches!(&*media_type, "at+jwt" | "application/at+jwt") {
            return Ok(());
        }
        Err(VerifyError::TokenType {
            expected: "at+jwt",
            found: unchecked(found.unwrap_or_default()),
        })
    }

    /// Distinguishes the kinds by the claims that a server puts into each: client and scopes as
    /// Okta (`cid`, `scp`) or RFC 9068, section 2.2 (`client_id`, `scope`) have them into access
    /// tokens, `events` into logout tokens and other security events, hashes of what came with it
    /// into ID tokens. The prefixes of `jti` are Okta's.
    pub(super) fn check_marks(self, claims: &mut Reader) -> Result<(), VerifyError> {
        let id = claims.peek("jti").unwrap_or_default();
        match self {
            Self::Access if id.starts_with("ID.") => Err(VerifyError::NotAnAccessToken {
                sign: "an id (`jti`) that begins with `ID.`",
            }),
            Self::Access if claims.has("events") => {
                Err(VerifyError::NotAnAccessToken { sign: "`events`" })
            }
            Self::Access if claims.has("at_hash") || claims.has("c_hash") => {
                Err(VerifyError::NotAnAccessToken {
                    sign: "`at_hash` or `c_hash`",
                })
            }
            Self::Access if !claims.has("cid") && !claims.has("client_id") => {
                Err(VerifyError::NotAnAccessToken {
                    sign: "neither `cid` nor `client_id`",
                })
            }
            Self::Id if id.starts_with("AT.") => Err(VerifyError::NotAnIdToken {
                sign: "an id (`jti`) that begins with `AT.`",
            }),
            Self::Id if claims.has("cid") || claims.has("client_id") => {
                Err(VerifyError::NotAnIdToken {
                    sign: "`cid` or `client_id`",
                })
            }
            Self::Id if claims.has("scp") || claims.has("scope") => {
                Err(VerifyError::NotAnIdToken {
                    sign: "`scp` or `scope`",
                })
            }
            Self::Id if claims.has("events") => Err(VerifyError::NotAnIdToken { sign: "`events`" }),
            Self::Logout => check_logout_event(claims),
            Self::SecurityEvent => check_events(claims),
            Self::Access | Self::Id => Ok(()),
        }
    }
}

fn check_logout_event(claims: &mut Reader) -> Result<(), VerifyError> {
    if claims.has("nonce") {
        return Err(VerifyError::NotALogoutToken { sign: "a `nonce`" });
    }
    if claims.has("cid") || claims.has("client_id") {
        return Err(VerifyError::NotALogoutToken {
            sign: "`cid` or `client_id`",
        });
    }
    let events = claims.object("events")?;
    let is_object = |event: &serde_json::Value| event.is_object();
    if events.is_some_and(|events| events.get(LOGOUT_EVENT).is_some_and(is_object)) {
        return Ok(());
    }
    Err(VerifyError::NotALogoutToken {
        sign: "no logout among its `events`",
    })
}

/// RFC 8417, section 2.2: an object with a member for each event, which is an object too.
fn check_events(claims: &Reader) -> Result<(), VerifyError> {
    let events = claims.members("events").unwrap_or_default();
    if events.is_empty() || !events.iter().all(|event| event.is_object()) {
        return Err(VerifyError::NotASecurityEvent {
            sign: "no object of events among its claims",
        });
    }
    Ok(())
}

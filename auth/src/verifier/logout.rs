//! Logout tokens are good once, and for a short time.

use super::claims::{LogoutTokenClaims, time};
use super::error::VerifyError;
use super::id_token::unix_seconds;
use super::replay::SeenId;
use super::rules::Rules;
use crate::jose::sha256;

impl Rules {
    /// That the token is young, and was not taken before (OpenID Connect Back-Channel Logout 1.0,
    /// section 2.6, point 7).
    pub(super) async fn check_first_use(
        &self,
        claims: &LogoutTokenClaims,
    ) -> Result<(), VerifyError> {
        let issued_at = unix_seconds(claims.issued_at);
        let last = issued_at.saturating_add(self.logout_max_age);
        let now = self.clock.unix_seconds();
        if last.saturating_add(self.leeway) < now {
            return Err(VerifyError::TooOld {
                max_age: self.logout_max_age,
                age: now.saturating_sub(issued_at),
            });
        }
        // From then on the checks above refuse it; a second more, for parts of seconds.
        let last = last.min(unix_seconds(claims.expires_at));
        let until = time(last.saturating_add(self.leeway).saturating_add(1));
        let until = until.unwrap_or(claims.expires_at);
        let seen = SeenId::new(id(self.client_id()?, claims), self.clock.now(), until);
        match self.replays.insert(seen).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(VerifyError::Replayed),
            Err(error) => Err(VerifyError::ReplayCache(error)),
        }
    }
}

/// Clients may share a cache, and a token may be for several.
fn id(client_id: &str, claims: &LogoutTokenClaims) -> [u8; 32] {
    sha256(format!(
        "logout\n{}\n{client_id}\n{}",
        claims.issuer, claims.id
    ))
}

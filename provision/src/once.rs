//! Making something once, although the answer may be lost.

use std::time::Duration;

use okta_sdk::Error;

use crate::wait::until;

/// How often something is sent whose answer was lost and that is not found afterwards.
const TRIES: usize = 3;

/// How long something that stands in the way is looked for: Okta's search index is behind.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether Okta refuses a second one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    /// It does, or the second takes the place of the first. What was not found may be sent again at
    /// once, although Okta may still be at the first.
    Yes,
    /// It does not. What was not found is looked for a while before it is sent again.
    No,
}

/// What there is now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Once<T> {
    /// Made by this call, as far as can be said: its answer may have been lost.
    Made(T),
    /// Somebody else's, which stood in the way.
    Found(T),
}

/// Sends what makes something. If the answer is lost, `look` says whether it is there, and only if
/// it is not it is sent again. `look` also finds what stands in the way.
pub(crate) async fn once<T, M, L>(
    unique: Unique,
    make: impl Fn() -> M,
    look: impl Fn() -> L,
) -> Result<Once<T>, Error>
where
    M: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<T>, Error>>,
{
    let patience = match unique {
        Unique::Yes => Duration::ZERO,
        Unique::No => PATIENCE,
    };
    let mut tries = 0;
    loop {
        tries += 1;
        match make().await {
            Ok(made) => return Ok(Once::Made(made)),
            Err(error) if error.is_conflict() => {
                let found = until(PATIENCE, &look).await?.ok_or(error)?;
                // The earlier try may have arrived late.
                return Ok(match tries {
                    1 => Once::Found(found),
                    _ => Once::Made(found),
                });
            }
            Err(error) if is_unclear(&error) => {
                if let Some(found) = until(patience, &look).await? {
                    return Ok(Once::Made(found));
                }
                if tries == TRIES {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether it may have been carried out, although the answer is no success.
pub(crate) fn is_unclear(error: &Error) -> bool {
    match error.status() {
        Some(status) => status.is_server_error() || status.is_success(),
        None => error.may_have_arrived(),
    }
}

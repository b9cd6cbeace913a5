//! Where the tokens of a user are kept.

use std::fmt;
use std::future::Future;

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::Error;
use crate::oauth::Tokens;

/// A place that keeps the tokens of one user: a session, a database, a file. Processes that act
/// for the same user share it.
///
/// ```
/// use std::sync::{Mutex, PoisonError};
/// use okta_auth::oauth::Tokens;
/// use okta_auth::{Error, TokenStore};
///
/// /// Stands for a row of a database.
/// #[derive(Debug, Default)]
/// struct Row(Mutex<Option<Tokens>>);
///
/// impl TokenStore for Row {
///     async fn load(&self) -> Result<Option<Tokens>, Error> {
///         Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
///     }
///     async fn save(&self, tokens: &Tokens) -> Result<(), Error> {
///         *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
///         Ok(())
///     }
/// }
/// ```
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// The tokens that were saved last, by whichever process; `None` if there are none. Tokens of
    /// another user than before are refused.
    ///
    /// # Errors
    /// If they cannot be read; see [`Error::other`]. The renewal then goes on with
    /// the tokens of this process. A panic counts as an error.
    fn load(&self) -> impl Future<Output = Result<Option<Tokens>, Error>> + Send;

    /// Keeps the tokens of a renewal in place of those before.
    ///
    /// # Errors
    /// If they cannot be written. The tokens are used nevertheless, and given to the store again
    /// after 1, 10 and 60 seconds and before the next renewal. A panic counts as an error.
    fn save(&self, tokens: &Tokens) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The twin of [`TokenStore`] that can be a trait object.
pub(super) trait Store: fmt::Debug + Send + Sync {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>>;
    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>>;
}

impl<T: TokenStore> Store for T {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
        TokenStore::load(self).boxed()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        TokenStore::save(self, tokens).boxed()
    }
}

/// A store that tells nothing back.
pub(super) struct Callback(Box<dyn Fn(&Tokens) + Send + Sync>);

impl Callback {
    pub(super) fn new(save: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        Self(Box::new(save))
    }
}

impl TokenStore for Callback {
    async fn load(&self) -> Result<Option<Tokens>, Error> {
        Ok(None)
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), Error> {
        (self.0)(tokens);
        Ok(())
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

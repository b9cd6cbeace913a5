//! Access tokens as credentials of calls: kept, and renewed in time, once for all who need them.

mod cache;
mod delegated;
mod service_app;
mod shared;

pub use self::delegated::{DelegatedToken, TokenStore};
pub use self::service_app::{ServiceApp, ServiceAppBuilder};
pub use self::shared::{SharedEntry, SharedTokenStore, SharedTokens};

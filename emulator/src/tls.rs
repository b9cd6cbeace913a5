//! TLS: the certificate of an emulator, and connections with and without it.

#[cfg(feature = "tls")]
mod certificate;
mod stream;

#[cfg(feature = "tls")]
pub use certificate::Tls;
pub(crate) use stream::{Acceptor, Stream};

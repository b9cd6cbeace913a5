//! What requests and answers are made of. Nothing here knows the org.

pub(crate) mod assurance;
pub(crate) mod error;
pub(crate) mod jwt;
pub(crate) mod request;
pub(crate) mod response_mode;
pub(crate) mod server;
pub(crate) mod unguessable;

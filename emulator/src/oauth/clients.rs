//! Who asks for tokens: applications as OAuth clients, their proofs and their scopes.

pub(crate) mod access_policy;
pub(crate) mod assertion;
pub(crate) mod authentication;
pub(crate) mod client;
pub(crate) mod scopes;

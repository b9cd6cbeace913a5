//! Access tokens that only the holder of a key may use, as a resource server checks them: RFC
//! 9449, sections 4.3 and 7.

mod checks;
pub(super) mod fault;
mod nonces;
mod proof;
mod request;
mod target;

pub use self::checks::DpopChecks;
pub use self::fault::ProofError;
pub use self::nonces::DpopNonces;
pub use self::request::DpopRequest;

pub(super) use self::proof::check;

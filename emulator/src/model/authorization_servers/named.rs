//! The server that a path names.

use crate::call::Call;
use crate::org::Org;
use crate::problem::Problem;

/// The position of the server that the path names.
pub(super) fn server_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_authorization_server(call.parameter("authServerId"))
}

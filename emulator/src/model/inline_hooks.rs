//! `/api/v1/inlineHooks`, of which the store keeps the objects.

use crate::modelled::Modelled;

/// A preview asks the service, and must not hold the org meanwhile.
pub(crate) const EXECUTION: &str = "/api/v1/inlineHooks/{inlineHookId}/execute";

/// The route is in `routes/inline_hooks.rs`.
pub(crate) fn operations() -> Modelled {
    Modelled::new().elsewhere(EXECUTION, "POST")
}

//! Reading a path of the document as `GET` does.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::undecodable;
use crate::call::Call;
use crate::document::{Operation, document};
use crate::modelled::Modelled;
use crate::org::Org;
use crate::problem::Problem;
use crate::store;

/// What `GET` of a path answers, modelled by hand or not; none if that is refused.
pub(super) fn read(org: &mut Org, modelled: &Modelled, base: &str, path: &str) -> Option<Value> {
    let operation = document().operation_at(&document().place(path)?, "GET")?;
    let parameters = parameters(operation, path).ok()?;
    let values: Vec<String> = parameters.into_iter().map(|(_, value)| value).collect();
    if let Some(answer) = modelled.read(org, &operation.path, &values, base) {
        return answer.ok();
    }
    let call = Call::of_path(base, &operation.path, &values);
    store::run(org, modelled, operation, &call).ok()?.value()
}

/// The parts of the path that are parameters, decoded.
pub(super) fn parameters(
    operation: &Operation,
    path: &str,
) -> Result<Vec<(String, String)>, Problem> {
    let pairs = operation.path.split('/').zip(path.split('/'));
    let parameters = pairs.filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, percent_decode_str(value).decode_utf8()))
    });
    parameters
        .map(|(name, value)| {
            let value = value.map_err(|_| undecodable(path))?;
            Ok((name.to_owned(), value.into_owned()))
        })
        .collect()
}

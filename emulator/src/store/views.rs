//! Lists of what is no item of their path: what the emulator does not connect has none.

use serde_json::Value;

use super::asked::Asked;
use crate::call::Reply;
use crate::paging::Page;
use crate::problem::Problem;

pub(super) fn view(asked: &Asked<'_>) -> Result<Reply, Problem> {
    let empty: Page<Value> = Page {
        items: Vec::new(),
        next: None,
    };
    Reply::page(asked.call, &empty)
}

//! `/api/v1/apps/{appId}/policies/{policyId}`.

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::modelled::{Modelled, put};
use crate::org::Org;
use crate::problem::Problem;

pub(crate) fn operations() -> Modelled {
    Modelled::new().at("/api/v1/apps/{appId}/policies/{policyId}", [put(assign)])
}

fn assign(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let policy = org.find_policy(call.parameter("policyId"))?;
    org.assign_access_policy(app, policy)?;
    Reply::no_content()
}

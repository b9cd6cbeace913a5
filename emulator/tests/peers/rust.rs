//! The crates `okta` and `openidconnect`.

use crate::script::{self, org};

tests! {
    crate_okta_manages_users_and_groups,
    crate_openidconnect_runs_the_code_flow,
}

async fn crate_okta_manages_users_and_groups() {
    script::rust("okta", org()).await;
}

async fn crate_openidconnect_runs_the_code_flow() {
    script::rust("openidconnect", org()).await;
}

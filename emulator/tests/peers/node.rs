//! Okta's SDK, verifier, login library and middleware for Node, and openid-client.

use crate::script::{self, busy_org, org, org_of};

tests! {
    okta_sdk_node_runs_the_script_of_the_guide,
    okta_sdk_node_manages_people,
    okta_sdk_node_manages_groups_apps_and_roles,
    okta_sdk_node_manages_security,
    okta_sdk_node_reads_long_lists,
    okta_sdk_node_waits_for_rate_limits,
    okta_sdk_node_is_a_service_app,
    okta_jwt_verifier_node_verifies_tokens,
    okta_auth_js_logs_in,
    okta_oidc_middleware_keeps_a_session,
    openid_client_runs_its_flows,
}

async fn okta_sdk_node_runs_the_script_of_the_guide() {
    script::node("first.mjs", org()).await;
}

async fn okta_sdk_node_manages_people() {
    script::node("people.mjs", org()).await;
}

async fn okta_sdk_node_manages_groups_apps_and_roles() {
    script::node("organization.mjs", org()).await;
}

async fn okta_sdk_node_manages_security() {
    script::node("security.mjs", org()).await;
}

async fn okta_sdk_node_reads_long_lists() {
    script::node("lists.mjs", org_of(1050)).await;
}

async fn okta_sdk_node_waits_for_rate_limits() {
    script::node("limits.mjs", busy_org()).await;
}

async fn okta_sdk_node_is_a_service_app() {
    script::node("service.mjs", org()).await;
}

async fn okta_jwt_verifier_node_verifies_tokens() {
    script::node("verifier.mjs", org()).await;
}

async fn okta_auth_js_logs_in() {
    script::node("auth_js.mjs", org()).await;
}

async fn okta_oidc_middleware_keeps_a_session() {
    script::node("middleware.mjs", org()).await;
}

async fn openid_client_runs_its_flows() {
    script::node("openid_client.mjs", org()).await;
}

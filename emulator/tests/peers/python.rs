//! Okta's SDK, verifier and MCP server, which are in Python.

use crate::script::{self, busy_org, org, org_of};

tests! {
    okta_sdk_python_runs_the_script_of_the_guide,
    okta_sdk_python_manages_people,
    okta_sdk_python_manages_groups_apps_and_roles,
    okta_sdk_python_manages_security,
    okta_sdk_python_sets_everything_else_up,
    okta_sdk_python_reads_all_that_an_org_has,
    okta_sdk_python_reads_long_lists,
    okta_sdk_python_waits_for_rate_limits,
    okta_sdk_python_is_a_service_app,
    okta_jwt_verifier_python_verifies_tokens_over_tls,
    okta_mcp_server_manages_an_org_over_tls,
}

async fn okta_sdk_python_runs_the_script_of_the_guide() {
    script::python("first.py", org()).await;
}

async fn okta_sdk_python_manages_people() {
    script::python("people.py", org()).await;
}

async fn okta_sdk_python_manages_groups_apps_and_roles() {
    script::python("organization.py", org()).await;
}

async fn okta_sdk_python_manages_security() {
    script::python("security.py", org()).await;
}

async fn okta_sdk_python_sets_everything_else_up() {
    script::python("settings.py", org()).await;
}

async fn okta_sdk_python_reads_all_that_an_org_has() {
    script::python("reading.py", org()).await;
}

async fn okta_sdk_python_reads_long_lists() {
    script::python("lists.py", org_of(1050)).await;
}

async fn okta_sdk_python_waits_for_rate_limits() {
    script::python("limits.py", busy_org()).await;
}

async fn okta_sdk_python_is_a_service_app() {
    script::python("service.py", org()).await;
}

async fn okta_jwt_verifier_python_verifies_tokens_over_tls() {
    script::python_over_tls("verifier.py", org()).await;
}

async fn okta_mcp_server_manages_an_org_over_tls() {
    script::mcp_over_tls("mcp_server.py", org()).await;
}

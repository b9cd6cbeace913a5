//! How the org's objects look on the wire: ids, timestamps, `_links`.

mod api_token;
mod app;
mod authentication;
mod authorization_server;
mod client_credentials;
mod event;
mod event_hook;
mod factor;
mod group;
mod iam;
mod oauth;
mod policy;
mod role;
mod schema;
mod session;
mod signal_stream;
mod signing_key;
mod user;

pub(crate) use api_token::api_token;
pub(crate) use app::{app, app_group, app_group_metadata, app_link, app_user, catalog_app};
pub(crate) use authentication::{authenticated, locked_out, recovery_sent, transaction};
pub(crate) use authorization_server::{authorization_server, claim, scope, server_key};
pub(crate) use client_credentials::{client_key, client_secret};
pub(crate) use event::event;
pub(crate) use event_hook::event_hook;
pub(crate) use factor::factor;
pub(crate) use group::{GroupView, group_with_stats, rule};
pub(crate) use iam::{
    binding, binding_edit, binding_member, custom_role, permission, resource, resource_set,
};
pub(crate) use oauth::{consent, oauth_client, refresh_token};
pub(crate) use policy::{access_policy, access_rule, policy, policy_rule};
pub(crate) use role::role;
pub(crate) use schema::{schema, user_schema, user_type};
pub(crate) use session::session;
pub(crate) use signal_stream::{signal, signal_stream};
pub(crate) use signing_key::{csr, saml_metadata, signing_key, trusted_key};
pub(crate) use user::{UserDetail, UserView, credentials};

//! What is modelled by hand: for each resource, the rules by which the org changes and the operations
//! that go by them. No HTTP.

mod api_tokens;
mod app_assignments;
mod apps;
mod authentication;
mod authorization_servers;
mod bindings;
mod client_credentials;
mod consents;
mod credentials;
mod custom_roles;
pub(crate) mod event_hooks;
mod factors;
#[cfg(test)]
pub(crate) mod fixture;
mod group_owners;
mod group_rules;
mod groups;
mod iam;
mod identity_provider_keys;
pub(crate) mod inline_hooks;
mod lifecycle;
mod linked_objects;
pub(crate) mod logs;
mod messages;
mod oauth_clients;
pub(crate) mod password_import;
mod policies;
mod refresh_tokens;
pub(crate) mod registration;
mod resource_sets;
mod roles;
mod schemas;
mod scope_grants;
mod sessions;
mod sign_on;
pub(crate) mod signal_streams;
mod signing_keys;
mod targets;
mod user_types;
mod users;

use crate::modelled::Modelled;

/// All operations that are modelled by hand.
pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .merge(users::operations::operations())
        .merge(lifecycle::operations::operations())
        .merge(credentials::operations::operations())
        .merge(authentication::operations::operations())
        .merge(sessions::operations())
        .merge(api_tokens::operations())
        .merge(factors::operations::operations())
        .merge(groups::operations::operations())
        .merge(group_owners::operations::operations())
        .merge(group_rules::operations::operations())
        .merge(linked_objects::operations::operations())
        .merge(apps::operations::operations())
        .merge(app_assignments::operations::operations())
        .merge(scope_grants::operations::operations())
        .merge(client_credentials::operations::operations())
        .merge(signing_keys::operations::operations())
        .merge(identity_provider_keys::operations())
        .merge(oauth_clients::operations())
        .merge(refresh_tokens::operations::operations())
        .merge(consents::operations::operations())
        .merge(roles::operations::operations())
        .merge(iam::operations())
        .merge(bindings::operations::operations())
        .merge(policies::operations::operations())
        .merge(sign_on::operations::operations())
        .merge(authorization_servers::operations::operations())
        .merge(logs::operations())
        .merge(schemas::operations::operations())
        .merge(event_hooks::operations::operations())
        .merge(inline_hooks::operations())
        .merge(signal_streams::operations())
}

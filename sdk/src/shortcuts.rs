//! Frequent tasks in one call: what takes several requests, or many settings that are always the
//! same.
//!
//! They are methods of the handles and models that they belong to, and each is made of the
//! operations that are there anyway.
//!
//! | task | method |
//! |---|---|
//! | an app that users log in to by OpenID Connect | `OpenIdConnectApplication::web`, `::native` |
//! | an app that users log in to by SAML | `SamlApplication::for_service_provider` |
//! | an app of Okta's integration network | `Application::integration` |
//! | a rule that fills groups | `CreateGroupRuleRequest::from_expression` |
//! | a custom role, on what, for whom | `Client::delegate` |
//! | the user with a login | `Users::find_by_login` |
//! | the group with a name, made where it is missing | `Groups::find_or_create` |
//! | exactly these members | `Groups::set_members` |
//! | waiting for a status or a membership | `Users::wait_for_status`, `Users::wait_for_group` |

#[cfg(feature = "applications")]
mod apps;
#[cfg(feature = "admin-roles")]
mod delegation;
#[cfg(any(feature = "admin-roles", feature = "groups"))]
mod ensured;
#[cfg(feature = "groups")]
mod group_names;
#[cfg(feature = "groups")]
mod group_rules;
#[cfg(feature = "groups")]
mod members;
#[cfg(feature = "users")]
mod user_logins;
#[cfg(feature = "users")]
mod waiting;

/// A path parameter that outlives what it was taken from; an absent one stays absent.
#[cfg(any(feature = "groups", feature = "users"))]
fn owned(parameter: &impl crate::PathParameter) -> crate::Id {
    parameter.segment().map(crate::Id::from).unwrap_or_default()
}

#[cfg(feature = "applications")]
pub use self::apps::{Integration, ServiceProvider};
#[cfg(feature = "admin-roles")]
pub use self::delegation::{Delegated, Delegation};
#[cfg(any(feature = "admin-roles", feature = "groups"))]
pub use self::ensured::Ensured;
#[cfg(feature = "groups")]
pub use self::group_rules::ExpressionRule;
#[cfg(feature = "groups")]
pub use self::members::MembershipChange;

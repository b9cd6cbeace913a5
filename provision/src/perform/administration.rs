//! Custom roles, resource sets and applications.

use okta_sdk::models::{
    Application, CreateIamRoleRequest, CreateIamRoleRequestParts, CreateResourceSetRequest,
    CreateResourceSetRequestParts,
};
use okta_sdk::{Client, Error as OktaError};
use serde_json::Value;

use super::Outcome;
use crate::desired::{CustomRole, ResourceSet};
use crate::error::Error;
use crate::once::{Once, Unique, once};
use crate::org::find_app;

/// Makes an application. Okta lets two have the same label: it is looked for first, and for a while
/// before it is sent again.
pub(crate) async fn create_app(
    okta: &Client,
    label: &str,
    body: &Value,
) -> Result<(Outcome, String), Error> {
    if let Some(id) = find_app(okta, label).await? {
        return Ok((Outcome::Kept, id));
    }
    let app: Application = serde_json::from_value(body.clone())?;
    let app = &app;
    let made = once(
        Unique::No,
        || async move { Ok(okta.applications().create(app).await?.id().to_string()) },
        || find_app(okta, label),
    );
    Ok(outcome(made.await?))
}

/// Makes a custom role.
pub(crate) async fn create_custom_role(
    okta: &Client,
    role: &CustomRole,
) -> Result<(Outcome, String), Error> {
    let made = once(
        Unique::Yes,
        || async move {
            let body = CreateIamRoleRequest::new(CreateIamRoleRequestParts {
                description: role.description.clone(),
                label: role.label.to_string(),
                permissions: role.permissions.iter().cloned().collect(),
            });
            Ok(okta.custom_roles().create(body).await?.id.to_string())
        },
        || async move {
            let found = found(okta.custom_roles().get(&*role.label).await)?;
            Ok(found.map(|it| it.id.to_string()))
        },
    );
    Ok(outcome(made.await?))
}

/// Makes a resource set of these resources, by ORN or URL.
pub(crate) async fn create_resource_set(
    okta: &Client,
    set: &ResourceSet,
    resources: Vec<String>,
) -> Result<(Outcome, String), Error> {
    let resources = &resources;
    let made = once(
        Unique::Yes,
        || async move {
            let body = CreateResourceSetRequest::new(CreateResourceSetRequestParts {
                description: set.description.clone(),
                label: set.label.to_string(),
                resources: resources.clone(),
            });
            Ok(okta.resource_sets().create(body).await?.id.to_string())
        },
        || async move {
            let found = found(okta.resource_sets().get(&*set.label).await)?;
            Ok(found.map(|it| it.id.to_string()))
        },
    );
    Ok(outcome(made.await?))
}

fn found<T>(answer: Result<T, OktaError>) -> Result<Option<T>, OktaError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

fn outcome(made: Once<String>) -> (Outcome, String) {
    match made {
        Once::Made(id) => (Outcome::Created, id),
        Once::Found(id) => (Outcome::Kept, id),
    }
}

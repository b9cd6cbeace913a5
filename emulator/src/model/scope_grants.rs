//! Scopes of the org's API that administrators grant to applications.

pub(crate) mod operations;

use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::scope_grants::ScopeGrant;
use crate::problem::Problem;

impl Org {
    /// Grants a scope to an application, and gives the grant's id. Granting twice is no error.
    pub(crate) fn grant_scope(&mut self, app: u64, scope: &str) -> Result<String, Problem> {
        if !scope.starts_with("okta.") {
            return Err(Problem::validation(
                "scopeId",
                ["scopeId: must be a scope of the org's API, such as okta.users.read"],
            ));
        }
        let held = self.app(app)?.grants.values();
        if let Some(grant) = held.into_iter().find(|grant| grant.scope == scope) {
            return Ok(grant.id.clone());
        }
        let grant = ScopeGrant {
            id: self.ids.object("oag"),
            scope: scope.to_owned(),
            created: self.now,
        };
        let id = grant.id.clone();
        let app = self.app_mut(app)?;
        app.grants.insert(id.clone(), grant);
        let target = app.target();
        self.record(events::SCOPE_GRANTED, [target]);
        Ok(id)
    }

    /// Takes a scope from an application.
    pub(crate) fn revoke_scope_grant(&mut self, app: u64, id: &str) -> Result<(), Problem> {
        let app = self.app_mut(app)?;
        if app.grants.remove(id).is_none() {
            return Err(Problem::not_found(id, "OAuth2ScopeConsentGrant"));
        }
        let target = app.target();
        self.record(events::SCOPE_REVOKED, [target]);
        Ok(())
    }

    /// A grant of an application.
    pub(crate) fn scope_grant(&self, app: u64, id: &str) -> Result<&ScopeGrant, Problem> {
        let grant = self.app(app)?.grants.get(id);
        grant.ok_or_else(|| Problem::not_found(id, "OAuth2ScopeConsentGrant"))
    }
}

/// The scope that a request body names.
pub(crate) fn requested(body: &Object) -> Result<&str, Problem> {
    let scope = body.get("scopeId").and_then(|scope| scope.as_str());
    scope.ok_or_else(|| Problem::blank("scopeId"))
}

//! What handlers of an API ask for.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiError, Caller};

/// A scope, as a type.
pub trait Scope {
    /// Its name at the authorization server, such as `orders:read`.
    const NAME: &'static str;
}

/// A caller whose token has the scope `S`: a handler that asks for it is reached by nobody else.
/// Any other token is answered with 403 and the scope that it needs.
#[derive(Clone, Debug)]
pub struct Scoped<S> {
    caller: Caller,
    scope: PhantomData<fn() -> S>,
}

/// The token's other claims, as a `T`. A token that does not have them is answered with 403.
#[derive(Clone, Debug)]
pub struct Claims<T>(
    /// The claims.
    pub T,
);

/// What the token allows.
#[derive(Clone, Debug)]
pub struct Scopes(Caller);

/// The groups of the user, from the claim `groups`.
#[derive(Clone, Debug)]
pub struct Groups(Caller);

impl<S> Scoped<S> {
    /// Who calls.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl Scopes {
    /// Whether `scope` is among them.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.has_scope(scope)
    }

    /// Lets pass if `scope` is among them.
    ///
    /// # Errors
    /// 403, with the scope.
    pub fn require(&self, scope: &str) -> Result<(), ApiError> {
        if self.contains(scope) {
            return Ok(());
        }
        Err(ApiError::missing_scope(&self.0, scope))
    }

    /// Their names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.scopes().iter().map(String::as_str)
    }
}

impl Groups {
    /// Whether `group` is among them.
    #[must_use]
    pub fn contains(&self, group: &str) -> bool {
        self.iter().any(|known| known == group)
    }

    /// Lets pass if `group` is among them.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, group: &str) -> Result<(), ApiError> {
        if self.contains(group) {
            return Ok(());
        }
        Err(ApiError::forbidden())
    }

    /// Their names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.groups()
    }
}

fn caller(parts: &Parts) -> Result<Caller, ApiError> {
    let caller = parts.extensions.get::<Caller>().cloned();
    caller.ok_or_else(ApiError::not_set_up)
}

impl<R: Send + Sync> FromRequestParts<R> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &R) -> Result<Self, ApiError> {
        caller(parts)
    }
}

impl<R: Send + Sync> FromRequestParts<R> for Scopes {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &R) -> Result<Self, ApiError> {
        caller(parts).map(Self)
    }
}

impl<R: Send + Sync> FromRequestParts<R> for Groups {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &R) -> Result<Self, ApiError> {
        caller(parts).map(Self)
    }
}

impl<R: Send + Sync, S: Scope> FromRequestParts<R> for Scoped<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &R) -> Result<Self, ApiError> {
        let caller = caller(parts)?;
        if !caller.has_scope(S::NAME) {
            return Err(ApiError::missing_scope(&caller, S::NAME));
        }
        Ok(Self {
            caller,
            scope: PhantomData,
        })
    }
}

impl<R: Send + Sync, T: DeserializeOwned> FromRequestParts<R> for Claims<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &R) -> Result<Self, ApiError> {
        let claims = caller(parts)?.claims().clone();
        serde_json::from_value(Value::Object(claims))
            .map(Self)
            .map_err(|error| {
                tracing::warn!(%error, "an access token has not the claims that a route needs");
                ApiError::forbidden()
            })
    }
}

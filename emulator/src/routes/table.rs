//! Routes that say which operations they model.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::modelled::{Modelled, Operation};
use crate::shared::Shared;

/// Paths with their operations.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) router: Router<Arc<Shared>>,
    pub(super) modelled: Modelled,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn route(mut self, path: &str, methods: Methods) -> Self {
        for (method, operation) in methods.modelled {
            self.modelled.add(path, method, operation);
        }
        self.router = self.router.route(path, methods.router);
        self
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.modelled.merge(other.modelled);
        self
    }
}

/// The operations of one path.
pub(super) struct Methods {
    router: MethodRouter<Arc<Shared>>,
    modelled: Vec<(&'static str, Option<Operation>)>,
}

impl Methods {
    /// An operation of `method`, answered by `handler`.
    pub(super) fn on<H, T>(method: &'static str, operation: Option<Operation>, handler: H) -> Self
    where
        H: Handler<T, Arc<Shared>>,
        T: 'static,
    {
        Self {
            router: on(filter(method), handler),
            modelled: vec![(method, operation)],
        }
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.modelled.extend(other.modelled);
        self
    }
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "DELETE" => MethodFilter::DELETE,
        "PATCH" => MethodFilter::PATCH,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        _ => MethodFilter::GET,
    }
}

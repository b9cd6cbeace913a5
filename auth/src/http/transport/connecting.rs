//! Whether a request is still waiting for its connection.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    /// Set while a connection is being made for the request that is sent in this scope.
    static CONNECTING: Connecting;
}

/// Says whether the latest thing that happened to a request is that a connection was begun for it.
///
/// It is for messages, and no proof that nothing was sent: another connection may have become free
/// in between, and the request may have gone out on that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connecting(Arc<AtomicBool>);

impl Connecting {
    /// Watches `sending`, which begins now.
    pub(crate) async fn watch<T>(&self, sending: impl Future<Output = T>) -> T {
        self.set(false);
        CONNECTING.scope(self.clone(), sending).await
    }

    pub(crate) fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, connecting: bool) {
        self.0.store(connecting, Ordering::Relaxed);
    }
}

/// Puts a [`WatchedConnector`] around the connector of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WatchConnections;

impl<S> Layer<S> for WatchConnections {
    type Service = WatchedConnector<S>;

    fn layer(&self, connector: S) -> Self::Service {
        WatchedConnector(connector)
    }
}

/// Makes connections, TLS included, and tells the request that they are for.
#[derive(Clone, Debug)]
pub(crate) struct WatchedConnector<S>(S);

impl<S, R> Service<R> for WatchedConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = CONNECTING.try_with(Clone::clone).unwrap_or_default();
        connecting.set(true);
        let made = self.0.call(target);
        async move {
            let result = made.await;
            connecting.set(false);
            result
        }
        .boxed()
    }
}

//! Where connections come in.

use std::io;
use std::net::SocketAddr;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener as AxumListener};
use tokio::net::TcpListener;

use crate::socket::{Plug, Socket};
use crate::tls::{Acceptor, Stream};

impl Connected<IncomingStream<'_, Listener>> for Plug {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().plug()
    }
}

/// A TCP listener of [`Socket`]s, with TLS if there is an acceptor.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) acceptor: Acceptor,
}

impl AxumListener for Listener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = AxumListener::accept(&mut self.tcp).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "connection keeps Nagle's algorithm");
        }
        let socket = Socket::new(stream);
        (self.acceptor.accept(socket), peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

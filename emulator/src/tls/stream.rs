//! Connections with and without TLS.
//!
//! The plug of a connection lies beneath TLS, so that faults cut either kind.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(feature = "tls")]
use tokio_rustls::{Accept, TlsAcceptor, server::TlsStream};

use crate::socket::{Plug, Socket};

/// Makes streams of sockets.
#[derive(Default)]
pub(crate) struct Acceptor {
    #[cfg(feature = "tls")]
    tls: Option<TlsAcceptor>,
}

impl Acceptor {
    #[cfg(feature = "tls")]
    pub(crate) fn new(acceptor: TlsAcceptor) -> Self {
        Self {
            tls: Some(acceptor),
        }
    }

    pub(crate) fn accept(&self, socket: Socket) -> Stream {
        #[cfg(feature = "tls")]
        if let Some(acceptor) = &self.tls {
            return Stream::Greeting(Box::new(acceptor.accept(socket)));
        }
        Stream::Plain(socket)
    }
}

/// A connection.
pub(crate) enum Stream {
    Plain(Socket),
    /// The handshake is done by the task of the connection, so that a slow one delays nobody.
    #[cfg(feature = "tls")]
    Greeting(Box<Accept<Socket>>),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream<Socket>>),
    /// The handshake failed.
    #[cfg(feature = "tls")]
    Gone,
}

impl Stream {
    /// The plug of a connection that has just been accepted.
    pub(crate) fn plug(&self) -> Plug {
        match self {
            Self::Plain(socket) => socket.plug(),
            #[cfg(feature = "tls")]
            Self::Greeting(accept) => accept.get_ref().map(Socket::plug).unwrap_or_default(),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.get_ref().0.plug(),
            #[cfg(feature = "tls")]
            Self::Gone => Plug::default(),
        }
    }

    /// The stream to read from and write to, once the handshake is done.
    #[cfg_attr(
        not(feature = "tls"),
        allow(unused_variables, reason = "there is no handshake")
    )]
    fn poll_open(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Pin<&mut (dyn Duplex + Unpin)>>> {
        #[cfg(feature = "tls")]
        if let Self::Greeting(accept) = self {
            let outcome = ready!(Pin::new(accept.as_mut()).poll(context));
            *self = Self::Gone;
            *self = Self::Tls(Box::new(outcome?));
        }
        Poll::Ready(match self {
            Self::Plain(socket) => Ok(Pin::new(socket)),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Ok(Pin::new(stream.as_mut())),
            #[cfg(feature = "tls")]
            Self::Greeting(_) | Self::Gone => Err(io::ErrorKind::NotConnected.into()),
        })
    }
}

/// A stream in both directions.
trait Duplex: AsyncRead + AsyncWrite {}

impl<S: AsyncRead + AsyncWrite> Duplex for S {}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(context))?.poll_write(context, buffer)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(context))?.poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(socket) => socket.is_write_vectored(),
            #[cfg(feature = "tls")]
            _ => true,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_shutdown(context)
    }
}

//! Connections that can be cut: the listener hands every connection a [`Plug`], and whoever pulls
//! it makes the next write fail and the peer see a reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Cuts one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plug(Arc<Cuts>);

#[derive(Debug, Default)]
struct Cuts {
    writing: AtomicBool,
    reading: AtomicBool,
}

impl Plug {
    /// From the next write on, the connection is reset.
    pub(crate) fn pull(&self) {
        self.0.writing.store(true, Ordering::SeqCst);
    }

    /// Whether nothing is sent any more.
    pub(crate) fn is_pulled(&self) -> bool {
        self.0.writing.load(Ordering::SeqCst)
    }

    /// What is under way is sent. When the peer sends more, the connection is reset.
    pub(crate) fn go_stale(&self) {
        self.0.reading.store(true, Ordering::SeqCst);
    }
}

/// A TCP connection with a plug.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    plug: Plug,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            plug: Plug::default(),
        }
    }

    pub(crate) fn plug(&self) -> Plug {
        self.plug.clone()
    }

    fn unless(&self, cut: &AtomicBool) -> io::Result<()> {
        if !cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        // Without lingering, closing sends RST in place of FIN.
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }

    fn writable(&self) -> io::Result<()> {
        self.unless(&self.plug.0.writing)
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.unless(&self.plug.0.reading)?;
        }
        polled
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_write(context, buffer)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

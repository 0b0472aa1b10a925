//! Connections that end when nothing moves on them: half a request, an answer that nobody
//! takes, a caller who went away without a word; or when a caller sends and sends, and it never
//! becomes a request.

use std::io::{ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// Accepts connections that may stand still for so long.
#[derive(Debug)]
pub(crate) struct Door {
    pub listener: TcpListener,
    pub idle: Duration,
    /// How long callers may send without being answered: head and body of a request, and the
    /// time that the answer takes to begin.
    pub asking: Duration,
}

impl Listener for Door {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, addr) = Listener::accept(&mut self.listener).await;
        // Answers are written in few pieces; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        (Connection::new(stream, self.idle, self.asking), addr)
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that notes when something last moved.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    idle: Duration,
    moved: Instant,
    asking: Duration,
    /// When the first byte came after which none went out.
    asked: Option<Instant>,
    /// Rings when nothing moved since it was set; then it is set anew, or the connection ends.
    alarm: Pin<Box<Sleep>>,
}

impl Connection {
    fn new(stream: TcpStream, idle: Duration, asking: Duration) -> Self {
        let (moved, alarm) = (Instant::now(), Box::pin(sleep(idle)));
        Self { stream, idle, moved, asking, asked: None, alarm }
    }

    /// When the connection ends, if nothing happens until then.
    fn end(&self) -> Instant {
        let idle = self.moved + self.idle;
        self.asked.map_or(idle, |it| idle.min(it + self.asking))
    }

    fn watch<T>(&mut self, context: &mut Context<'_>, done: Poll<Result<T>>) -> Poll<Result<T>> {
        if done.is_ready() {
            self.moved = Instant::now();
            return done;
        }
        let end = self.end();
        if end < self.alarm.deadline() {
            self.alarm.as_mut().reset(end);
        }
        while self.alarm.as_mut().poll(context).is_ready() {
            if end <= Instant::now() {
                return Poll::Ready(Err(ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let done = Pin::new(&mut this.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && this.asked.is_none() {
            this.asked = Some(Instant::now());
        }
        this.watch(context, done)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        this.asked = None;
        let done = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watch(context, done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        this.asked = None;
        let done = Pin::new(&mut this.stream).poll_write_vectored(context, pieces);
        this.watch(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

//! The socket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use linli_pool::Pool;
use tokio::net::TcpListener;

use crate::config::ServeConfig;
use crate::error::Error;
use crate::http;

/// A pool at an address.
pub struct Server {
    listener: TcpListener,
    local_addr: SocketAddr,
    router: Router,
}

impl Server {
    /// Takes the address and opens the newest snapshot.
    ///
    /// **Errors.** The address is taken; the pool cannot be read.
    pub async fn bind(pool: Arc<Pool>, config: ServeConfig) -> Result<Self, Error> {
        let addr = config.addr;
        let failed = |source| Error::Bind { addr, source };
        let listener = TcpListener::bind(addr).await.map_err(failed)?;
        let local_addr = listener.local_addr().map_err(failed)?;
        let (router, app) = http::router(pool, config);
        let newest = app.snapshot(None).await?;
        app.reader(&newest).await?;
        Ok(Self { listener, local_addr, router })
    }

    /// The address that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Answers until `shutdown` is done, then lets requests under way finish.
    ///
    /// A match under way is not waited for: what it would have stored is stored whole or not
    /// at all. Its thread runs on until the process ends, so whoever owns the runtime should
    /// take it down with `shutdown_background` or a time limit.
    ///
    /// **Errors.** The socket fails.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        // Answers are written in few pieces; waiting for more would only delay them.
        let listener = self.listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let serving = axum::serve(listener, self.router).with_graceful_shutdown(shutdown);
        serving.await.map_err(|source| Error::Stopped { source })
    }
}

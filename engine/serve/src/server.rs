//! The socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use linli_pool::Pool;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::ServeConfig;
use crate::connection::Door;
use crate::error::Error;
use crate::http;

/// How long answers under way may take once the server is told to stop: enough for a page to
/// arrive, and less than the ten seconds after which process managers stop asking.
const GRACE: Duration = Duration::from_secs(5);

/// How long connections stay at most, whatever the limits say: a year. Instants have an end.
const STAY_MAX: Duration = Duration::from_secs(365 * 24 * 3600);

/// A pool at an address.
pub struct Server {
    door: Door,
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
        let limits = &config.limits;
        let answering = Duration::from_secs(limits.seconds_max);
        let waiting = Duration::from_secs(limits.idle_seconds_max);
        let idle = answering.saturating_add(waiting).min(STAY_MAX);
        // Whoever asks may wait with the head, and again with the body.
        let asking = idle.saturating_add(waiting).min(STAY_MAX);
        let (router, app) = http::router(pool, config);
        app.read(None).await?;
        Ok(Self { door: Door { listener, idle, asking }, local_addr, router })
    }

    /// The address that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Answers until `shutdown` is done; then takes no more connections, and gives answers
    /// under way five seconds.
    ///
    /// A match under way is not waited for: what it would have stored is stored whole or not
    /// at all. Its thread runs on until the process ends, so whoever owns the runtime should
    /// take it down with `shutdown_background` or a time limit.
    ///
    /// **Errors.** The socket fails.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let (told, telling) = oneshot::channel();
        let shutdown = async move {
            shutdown.await;
            // Nobody is left to tell when the server has ended by itself.
            let _ = told.send(());
        };
        let serving = axum::serve(self.door, self.router).with_graceful_shutdown(shutdown);
        let too_long = async {
            match telling.await {
                Ok(()) => tokio::time::sleep(GRACE).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            done = serving.into_future() => done.map_err(|source| Error::Stopped { source }),
            () = too_long => Ok(()),
        }
    }
}

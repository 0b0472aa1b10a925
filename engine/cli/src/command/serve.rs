//! serve: the pool over HTTP, until a signal comes.

use std::process::ExitCode;
use std::sync::Arc;

use linli_serve::{ServeConfig, Server};

use super::{Outcome, open};
use crate::args::Serve;
use crate::failure::Failed;
use crate::witness::{now_us, witness};

pub(super) async fn serve(args: &Serve) -> Outcome {
    let pool = Arc::new(open(&args.pool).await?);
    let here = witness();
    let config = ServeConfig::new(args.http, here.host, here.threads, Arc::new(now_us));
    let server = Server::bind(pool, config).await.map_err(|it| Failed::of(&it))?;
    // On stdout, so that a script that asked for port 0 can read where it went.
    println!("http://{}", server.local_addr());
    eprintln!("stop with Ctrl-C; 按 Ctrl-C 停止");
    let signal = async {
        // Without signals there is only being killed; then serving goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    server.run(signal).await.map_err(|it| Failed::of(&it))?;
    Ok(ExitCode::SUCCESS)
}

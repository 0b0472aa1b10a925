//! serve: the pool over HTTP, until somebody wants it to stop.

use std::process::ExitCode;
use std::sync::Arc;

use linli_serve::{ServeConfig, Server};

use super::{Outcome, answer, open};
use crate::args::Serve;
use crate::failure::{Failed, complain};
use crate::witness::{now_us, witness};

pub(super) async fn serve(args: &Serve, json: bool) -> Outcome {
    let pool = Arc::new(open(&args.pool).await?);
    let here = witness();
    let log = Arc::new(complain);
    let config = ServeConfig::new(args.http, here.host, here.threads, Arc::new(now_us), log);
    // Before the address is told: who reads it may ask to stop at once.
    let stopping = stopping().map_err(|it| Failed::internal(it.to_string()))?;
    let server = Server::bind(pool, config).await.map_err(|it| Failed::of(&it))?;
    // On stdout, so that a script that asked for port 0 can read where it went.
    let url = format!("http://{}", server.local_addr());
    answer(json, &serde_json::json!({ "url": url }), || url.clone())?;
    if !args.http.ip().to_canonical().is_loopback() {
        complain("there are no keys yet: whoever reaches this address may read and match");
        complain("尚无密钥：凡能访问此地址者均可读取数据并发起匹配");
    }
    complain("stop with Ctrl-C; 按 Ctrl-C 停止");
    server.run(stopping).await.map_err(|it| Failed::of(&it))?;
    Ok(ExitCode::SUCCESS)
}

/// Is done when the terminal (Ctrl-C) or whoever manages the process (SIGTERM) asks to stop.
#[cfg(unix)]
fn stopping() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// The same where there is only Ctrl-C.
#[cfg(not(unix))]
fn stopping() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without it there is only being killed; then serving goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::args::{Args, Command};

    #[test]
    fn nobody_else_reaches_a_server_unless_told_otherwise() {
        let args = Args::try_parse_from(["linli", "serve", "mypool"]).expect("arguments");
        let Command::Serve(serve) = args.command else { panic!("another command") };
        assert_eq!(serve.http.to_string(), "127.0.0.1:8080");
        assert!(serve.http.ip().is_loopback());
    }
}

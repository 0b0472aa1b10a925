//! One file per group of commands; each turns arguments into one call and one answer.

mod ask;
mod assign;
mod bench;
mod craft;
mod demo;
mod generate;
mod life;
mod output;
mod plugin;
mod pool;
mod run;
mod serve;
mod trust;

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use linli_pool::Pool;
use linli_pool::query::{Snapshot, Zone};
use serde::Serialize;

use crate::args::{Args, Command};
use crate::failure::Failed;
use crate::secret;

pub use bench::Measured;
pub use trust::Verdict;

/// The result of a command: the exit code of a success, or what went wrong.
pub type Outcome = Result<ExitCode, Failed>;

/// Runs one command.
pub async fn run(args: Args) -> Outcome {
    let json = args.json;
    match args.command {
        Command::Demo(it) => demo::demo(&it, json).await,
        Command::Init { pool } => pool::init(&pool, json).await,
        Command::Load(it) => pool::load(&it, json).await,
        Command::Quarantine(it) => match &it.fix {
            Some(fix) => pool::mend(&it.pool, it.table.as_deref(), fix, json).await,
            None => ask::quarantine(&it, json).await,
        },
        Command::History { pool, table } => pool::history(&pool, table.as_deref(), json).await,
        Command::Export { pool, file } => pool::export(&pool, &file, json).await,
        Command::Import { file, pool } => pool::import(&file, &pool, json).await,
        Command::Sql(it) => ask::sql(&it, json).await,
        Command::Query(it) => ask::query(&it, json).await,
        Command::Match(it) => run::matching(&it, json).await,
        Command::Publish { pool, run } => run::publish(&pool, &run, json).await,
        Command::Explain { pool, run, need, provider } => {
            run::explain(&pool, &run, &need, provider.as_deref(), json).await
        }
        Command::Verify { pool, run } => run::verify(&pool, &run, json).await,
        Command::CheckPlan(it) => run::check_plan(&it, json).await,
        Command::Evaluate(it) => run::evaluate(&it, json).await,
        Command::Generate(it) => generate::generate(&it, json),
        Command::Assign(it) => assign::assign(&it, json),
        Command::Plugin(it) => plugin::plugin(&it, json).await,
        Command::Serve(it) => serve::serve(&it, json).await,
    }
}

/// Prints one document, or the same as prose.
pub(super) fn answer<T: Serialize>(json: bool, document: &T, prose: impl FnOnce() -> String) -> Outcome {
    let text = if json {
        serde_json::to_string_pretty(document).map_err(|it| Failed::internal(it.to_string()))?
    } else {
        prose().trim_end().to_owned()
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line on stdout. Who has read enough and closed the pipe (`| head`) is not failed.
pub(crate) fn say(text: &str) -> Result<(), Failed> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failed::internal(error.to_string())),
        _ => Ok(()),
    }
}

/// Opens the pool a command names.
pub(super) async fn open(path: &Path) -> Result<Pool, Failed> {
    let pool = Pool::open(path).await?;
    // Without a secret everything works, and plugins are compiled every time.
    match secret::code_secret() {
        Some(secret) => Ok(pool.keeping_code(&secret)?),
        None => Ok(pool),
    }
}

/// Reads a time as people write it; without an offset it is the pool's local time.
pub(super) fn instant(pool: &Pool, text: &str) -> Result<i64, Failed> {
    Zone::parse(&pool.config().time_zone).instant(text).ok_or_else(|| {
        Failed::request(
            "bad-time",
            format!("found {text:?}, expected a time such as 2024-03-05T16:00"),
            format!("{text:?} 不是时间，应写作 2024-03-05T16:00"),
        )
    })
}

/// Reads `--as-of` where it names a state of the tables: its number, or a time at which it was
/// the newest.
pub(super) async fn snapshot(pool: &Pool, as_of: Option<&String>) -> Result<Snapshot, Failed> {
    match as_of {
        None => Ok(pool.latest().await?),
        Some(text) => match text.parse::<u64>() {
            Ok(id) => Ok(pool.snapshot(id).await?),
            Err(_) => Ok(pool.snapshot_at(instant(pool, text)?).await?),
        },
    }
}

/// The same for a flag that may be missing.
pub(super) fn instant_of(pool: &Pool, text: Option<&String>) -> Result<Option<i64>, Failed> {
    text.map(|it| instant(pool, it)).transpose()
}

//! sql, query, quarantine: rows in the format that was asked for.

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use linli_pool::Pool;
use linli_pool::query::{
    Format, Library, ParamValue, Params, QueryLimits, Rows, Session, Snapshot, write_rows,
};
use serde_json::json;

use super::{Outcome, answer, instant, open};
use crate::args::{Output, Query, Sql};
use crate::failure::Failed;
use crate::witness::witness;

pub(super) async fn sql(args: &Sql, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let text = match &args.sql {
        Some(text) => text.clone(),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|it| Failed::file(Path::new("stdin"), &it))?;
            text
        }
    };
    let (session, snapshot) = session(&pool, &args.output).await?;
    let rows = session.rows(&text, &Params::default()).await?;
    write(rows, &snapshot, &args.output, json).await
}

pub(super) async fn query(args: &Query, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let Some(name) = &args.name else { return list(json) };
    let mut params = Params::default();
    for text in &args.params {
        let (key, value) = text.split_once('=').ok_or_else(|| {
            let found = format!("found {text:?}, expected KEY=VALUE");
            Failed::request("bad-parameter", found, format!("{text:?} 应写作 参数=值"))
        })?;
        params.set(key, ParamValue::Text(value.to_owned()));
    }
    let (session, snapshot) = session(&pool, &args.output).await?;
    let rows = session.query(name, &params).await?;
    write(rows, &snapshot, &args.output, json).await
}

pub(super) async fn quarantine(path: &Path, json: bool) -> Outcome {
    let pool = open(path).await?;
    let output = Output { format: None, out: None, as_of: None, limit: None, timeout: None };
    let (session, snapshot) = session(&pool, &output).await?;
    let sql = "SELECT \"table\", file, line, \"column\", rule, found, expected FROM quarantine \
        ORDER BY \"table\", file, line, \"column\"";
    let rows = session.rows(sql, &Params::default()).await?;
    write(rows, &snapshot, &output, json).await
}

fn list(json: bool) -> Outcome {
    let library = Library::embedded()?;
    let queries: Vec<_> = library
        .queries()
        .filter(|it| it.is_callable())
        .map(|it| {
            let params: Vec<&str> = it.params.iter().map(|it| it.name.as_str()).collect();
            json!({ "name": it.name, "folder": it.folder, "summary": it.summary, "zh": it.zh, "params": params })
        })
        .collect();
    answer(json, &json!({ "queries": queries }), || {
        let line = |it: &linli_pool::query::Query| format!("{:<26} {}  {}\n", it.name, it.zh, it.summary);
        library.queries().filter(|it| it.is_callable()).map(line).collect()
    })
}

async fn session(pool: &Pool, output: &Output) -> Result<(Session, Snapshot), Failed> {
    let snapshot = match &output.as_of {
        None => pool.latest().await?,
        Some(text) => match text.parse::<u64>() {
            Ok(id) => pool.snapshot(id).await?,
            Err(_) => pool.snapshot_at(instant(pool, text)?).await?,
        },
    };
    let limits = QueryLimits {
        rows_max: output.limit,
        seconds_max: output.timeout,
        threads: witness().threads,
        ..QueryLimits::default()
    };
    Ok((pool.session(&snapshot, &limits).await?, snapshot))
}

async fn write(rows: Rows, snapshot: &Snapshot, output: &Output, json: bool) -> Outcome {
    let format: Format = match &output.format {
        Some(name) => name.parse()?,
        None if json => Format::Json,
        None => Format::Table,
    };
    // All or nothing: a failure in the middle must not leave half a document behind.
    let mut document = Vec::new();
    let summary = write_rows(rows, format, snapshot.id, &mut document).await?;
    match &output.out {
        Some(path) => {
            let mut file = File::create(path).map_err(|it| Failed::file(path, &it))?;
            file.write_all(&document).map_err(|it| Failed::file(path, &it))?;
            eprintln!("{} rows in {}", summary.row_count, path.display());
        }
        None => {
            let mut out = std::io::stdout().lock();
            if !format.is_text() && out.is_terminal() {
                let name = format.as_str();
                return Err(Failed::request(
                    "binary-output",
                    format!("{name} is no text for a terminal; say --out FILE"),
                    format!("{name} 不是文本，请用 --out FILE 写入文件"),
                ));
            }
            let written = out
                .write_all(&document)
                .and_then(|()| if format.is_text() { end(&mut out, &document) } else { Ok(()) });
            // A reader that has seen enough closes the pipe; that is no failure.
            if let Err(error) = written
                && error.kind() != std::io::ErrorKind::BrokenPipe
            {
                return Err(Failed::file(Path::new("stdout"), &error));
            }
        }
    }
    if summary.truncated {
        eprintln!("only the first {} rows; 仅显示前 {} 行", summary.row_count, summary.row_count);
    }
    Ok(ExitCode::SUCCESS)
}

fn end(out: &mut impl Write, document: &[u8]) -> std::io::Result<()> {
    if document.last().is_some_and(|it| *it != b'\n') { out.write_all(b"\n") } else { Ok(()) }
}

//! sql, query, quarantine: rows in the format that was asked for.

use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use linli_model::Text;
use linli_pool::Pool;
use linli_pool::query::{
    Error as QueryError, Format, Library, ParamValue, Params, QueryLimits, Rows, Session, Snapshot,
    WriteSummary, write_rows,
};
use serde_json::json;

use super::output::OutFile;
use super::{Outcome, answer, open, snapshot};
use crate::args::{Output, Quarantine, Query, Sql};
use crate::failure::{Failed, complain};
use crate::witness::witness;

/// How long a statement may take where nobody says otherwise, in seconds.
const SECONDS: u64 = 300;

/// How long an answer on stdout may be, in bytes: it is held back until it is whole.
const ANSWER_BYTES_MAX: usize = 256 << 20;

pub(super) async fn sql(args: &Sql, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let text = match &args.sql {
        // A comment may come first, so a misspelt option arrives here as well.
        Some(text)
            if text.starts_with("--")
                && text[2..].starts_with(|it: char| it.is_ascii_alphabetic())
                && !text.contains(char::is_whitespace) =>
        {
            let (en, zh) = (format!("there is no option {text}"), format!("没有选项 {text}"));
            return Err(Failed::request("usage", en, zh));
        }
        Some(text) => text.clone(),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|it| Failed::file(Path::new("stdin"), &it))?;
            text
        }
    };
    // Who shows what is masked must be able to say why.
    if args.reveal.as_ref().is_some_and(|it| it.trim().is_empty()) {
        return Err(Failed::request(
            "usage",
            "--reveal wants a reason".to_owned(),
            "--reveal 须写明理由".to_owned(),
        ));
    }
    let (session, snapshot) = session(&pool, &args.output, args.reveal.is_some()).await?;
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
    let (session, snapshot) = session(&pool, &args.output, false).await?;
    pool.settle_run(&session, name, &mut params).await?;
    let rows = session.query(name, &params).await?;
    write(rows, &snapshot, &args.output, json).await
}

pub(super) async fn quarantine(args: &Quarantine, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let output = Output { format: None, out: None, as_of: None, limit: None, timeout: None };
    let (session, snapshot) = session(&pool, &output, false).await?;
    let mut params = Params::default();
    let mut wanted = vec!["TRUE"];
    if let Some(table) = &args.table {
        // Whoever misspells a table is told, and not that nothing of it is quarantined.
        linli_pool::query::table(table, &snapshot, &pool.config().time_zone)?;
        params.set("table", ParamValue::Text(table.clone()));
        wanted.push("\"table\" = $table");
    }
    if !args.all {
        wanted.push("coalesce(state, 'open') = 'open'");
    }
    // People read an ID to type its beginning, programs to use it.
    let id = if json { "quarantine_id" } else { "substr(quarantine_id, 1, 12) AS quarantine_id" };
    let settled = if args.all { ", state, settled_by, settled_at" } else { "" };
    let sql = format!(
        "SELECT {id}, \"table\", file, sheet, line, \"column\", rule, found, expected, expected_zh, hint, \
         hint_zh{settled} FROM quarantine WHERE {} ORDER BY \"table\", file, sheet, line, \"column\", rule",
        wanted.join(" AND ")
    );
    let rows = session.rows(&sql, &params).await?;
    let summary = put(rows, &snapshot, &output, json).await?;
    if summary.row_count == 0 {
        complain("nothing is quarantined · 没有隔离的行");
    }
    Ok(ExitCode::SUCCESS)
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

async fn session(pool: &Pool, output: &Output, reveal: bool) -> Result<(Session, Snapshot), Failed> {
    let snapshot = snapshot(pool, output.as_of.as_ref()).await?;
    let limits = QueryLimits {
        rows_max: output.limit,
        // 0 stands for no end.
        seconds_max: Some(output.timeout.unwrap_or(SECONDS)).filter(|it| *it > 0),
        threads: witness().threads,
        reveal,
        ..QueryLimits::default()
    };
    Ok((pool.session(&snapshot, &limits).await?, snapshot))
}

async fn write(rows: Rows, snapshot: &Snapshot, output: &Output, json: bool) -> Outcome {
    put(rows, snapshot, output, json).await?;
    Ok(ExitCode::SUCCESS)
}

/// The form of rows: what was said, else what the name of the file says, else a table for people.
fn format(output: &Output, json: bool) -> Result<Format, Failed> {
    let said: Option<Format> = output.format.as_ref().map(|it| it.parse()).transpose()?;
    let Some(path) = &output.out else {
        return Ok(said.unwrap_or(if json { Format::Json } else { Format::Table }));
    };
    let ending = path.extension().map(|it| it.to_string_lossy().into_owned());
    let named: Option<Format> = ending.as_deref().and_then(|it| it.parse().ok());
    match (said, named) {
        (Some(said), Some(named)) if said != named => {
            let (path, said, named) = (path.display(), said.as_str(), named.as_str());
            Err(Failed::request(
                "two-formats",
                format!("{path} is named as {named}, but --format says {said}"),
                format!("{path} 的扩展名表示 {named}，而 --format 为 {said}"),
            )
            .with_hint(Text::new("leave --format out, or rename the file", "去掉 --format，或更改文件名")))
        }
        (said, named) => Ok(said.or(named).unwrap_or(Format::Table)),
    }
}

async fn put(rows: Rows, snapshot: &Snapshot, output: &Output, json: bool) -> Result<WriteSummary, Failed> {
    let format = format(output, json)?;
    let summary = match &output.out {
        Some(path) => {
            let summary = to_file(rows, format, snapshot.id, path).await?;
            let (count, path) = (summary.row_count, path.display().to_string());
            if json {
                let document = json!({ "file": path, "row_count": count, "truncated": summary.truncated });
                answer(json, &document, String::new)?;
            } else {
                complain(&format!("{count} rows in {path} · {count} 行已写入 {path}"));
            }
            summary
        }
        // With `--json` stdout is one JSON document, whatever else was said.
        None if json && format != Format::Json => {
            return Err(Failed::request(
                "two-formats",
                format!("--json and --format {} exclude each other on stdout", format.as_str()),
                format!("标准输出不能同时使用 --json 与 --format {}", format.as_str()),
            )
            .with_hint(Text::new("leave one out, or say --out FILE", "去掉其中一个，或用 --out FILE")));
        }
        None => to_stdout(rows, format, snapshot.id).await?,
    };
    if summary.truncated {
        complain(&format!("only the first {} rows; 仅显示前 {} 行", summary.row_count, summary.row_count));
    }
    Ok(summary)
}

/// All or nothing: a failure in the middle must not leave half a document behind.
async fn to_stdout(rows: Rows, format: Format, snapshot: u64) -> Result<WriteSummary, Failed> {
    if !format.is_text() && std::io::stdout().is_terminal() {
        let name = format.as_str();
        return Err(Failed::request(
            "binary-output",
            format!("{name} is no text for a terminal; say --out FILE"),
            format!("{name} 不是文本，请用 --out FILE 写入文件"),
        ));
    }
    let mut document = Document::default();
    let written = write_rows(rows, format, snapshot, &mut document).await;
    if document.is_full {
        return Err(too_long());
    }
    let summary = written?;
    let mut out = std::io::stdout().lock();
    let written = out
        .write_all(&document.bytes)
        .and_then(|()| if format.is_text() { end(&mut out, &document.bytes) } else { Ok(()) });
    // A reader that has seen enough closes the pipe; that is no failure.
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failed::unwritable(Path::new("stdout"), &error))
        }
        _ => Ok(summary),
    }
}

async fn to_file(rows: Rows, format: Format, snapshot: u64, path: &Path) -> Result<WriteSummary, Failed> {
    let mut file = OutFile::create(path)?;
    let written = write_rows(rows, format, snapshot, &mut file.out).await;
    file.finish(written.map_err(|it| match it {
        // So the writers of rows call whatever they write to.
        QueryError::Io { path: at, source } if at == "output" => Failed::unwritable(path, &source),
        other => other.into(),
    }))
}

fn too_long() -> Failed {
    let what = Text::new("bytes of an answer on stdout", "标准输出结果的字节数");
    let over = QueryError::Over { what, limit: ANSWER_BYTES_MAX as u64 };
    Failed::from(over).with_hint(Text::new(
        "say --out FILE, which has no such limit, or narrow it with WHERE or --limit",
        "请用 --out FILE 写入文件（不受此限），或用 WHERE、--limit 缩小范围",
    ))
}

/// An answer in memory, which does not grow without end.
#[derive(Default)]
struct Document {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Document {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > ANSWER_BYTES_MAX - self.bytes.len() {
            self.is_full = true;
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn end(out: &mut impl Write, document: &[u8]) -> std::io::Result<()> {
    if document.last().is_some_and(|it| *it != b'\n') { out.write_all(b"\n") } else { Ok(()) }
}

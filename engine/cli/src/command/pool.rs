//! init, load, mending what was quarantined, history, export, import.

use std::path::Path;

use linli_pool::Pool;
use linli_pool::query::{LoadOptions, Mode};
use serde_json::json;

use super::{Outcome, answer, open};
use crate::args::{Load, LoadMode};
use crate::show;
use crate::witness::{now_us, witness};

pub(super) async fn init(path: &Path, json: bool) -> Outcome {
    let pool = Pool::init(path, &witness()).await?;
    let snapshot = pool.latest().await?;
    let plugins = pool.plugins(&snapshot, &witness()).await?;
    let document = json!({ "pool": path.display().to_string(), "snapshot": snapshot.id, "plugins": plugins });
    answer(json, &document, || {
        let names: Vec<&str> = plugins.iter().map(|it| it.name.as_str()).collect();
        let (shown, typed, names) = (path.display(), show::shell(path), names.join(", "));
        format!(
            "{shown} is a pool now, with the plugins {names}\n{shown} 已建为资源池，自带插件 {names}\n\
             next 下一步: linli load {typed} volunteer FILE.csv"
        )
    })
}

pub(super) async fn load(args: &Load, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let mode = match args.mode {
        LoadMode::Upsert => Mode::Upsert,
        LoadMode::Replace => Mode::Replace,
        LoadMode::Append => Mode::Append,
    };
    let options = LoadOptions {
        mode,
        encoding: args.encoding.clone(),
        header_row: args.header_row,
        sheet: args.sheet.clone(),
        query: args.query.clone(),
        map: args.map.clone(),
        crs: args.crs.clone(),
        at_us: now_us(),
    };
    let report = pool.load(&args.table, &args.files, &options).await?;
    answer(json, &report, || show::load(&report, &args.pool))
}

pub(super) async fn mend(path: &Path, table: Option<&str>, fix: &Path, json: bool) -> Outcome {
    let pool = open(path).await?;
    let report = pool.mend(table, fix, now_us()).await?;
    answer(json, &report, || show::mended(&report, path))
}

pub(super) async fn history(path: &Path, table: Option<&str>, json: bool) -> Outcome {
    let pool = open(path).await?;
    let mut snapshots = pool.history().await?;
    if let Some(table) = table {
        // Whoever misspells a table is told, and not that it never changed.
        linli_pool::query::table(table, &pool.latest().await?, &pool.config().time_zone)?;
        let mut last = None;
        snapshots.retain(|it| {
            let version = it.tables.get(table).map(|it| it.version);
            std::mem::replace(&mut last, version) != version
        });
    }
    let zone = linli_pool::query::Zone::parse(&pool.config().time_zone);
    let rows: Vec<_> = snapshots
        .iter()
        .map(|it| {
            let tables: serde_json::Map<String, serde_json::Value> =
                it.tables.iter().map(|(name, state)| (name.clone(), json!(state.rows))).collect();
            json!({ "snapshot": it.id, "at": zone.rfc3339(it.at_us), "action": it.action, "rows": tables })
        })
        .collect();
    answer(json, &json!({ "snapshots": rows }), || {
        snapshots
            .iter()
            .map(|it| format!("{:>7}  {}  {}\n", it.id, zone.rfc3339(it.at_us), it.action))
            .collect()
    })
}

pub(super) async fn export(path: &Path, file: &Path, json: bool) -> Outcome {
    let report = open(path).await?.export(file).await?;
    answer(json, &report, || {
        let (snapshots, newest, bytes) = (report.snapshots, report.snapshot, report.bytes);
        format!(
            "{file}: {snapshots} snapshots up to {newest}, {bytes} bytes, SHA-256 {sum}\n\
             {file}：{snapshots} 个快照，最新为 {newest}，{bytes} 字节，SHA-256 {sum}\n\
             it holds all that the pool holds, names and telephone numbers too: keep it safe\n\
             其中包含资源池的全部内容，含姓名和电话，请妥善保管",
            file = report.file,
            sum = report.sha256
        )
    })
}

pub(super) async fn import(file: &Path, path: &Path, json: bool) -> Outcome {
    let report = Pool::import(file, path).await?;
    answer(json, &report, || {
        let (shown, snapshots, newest) = (path.display(), report.snapshots, report.snapshot);
        format!(
            "{shown} is a pool now: {snapshots} snapshots up to {newest}\n\
             {shown} 已建为资源池：{snapshots} 个快照，最新为 {newest}"
        )
    })
}

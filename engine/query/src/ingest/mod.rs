//! Bytes to tables: what can be kept is kept, what cannot is kept apart with the reason.
//!
//! ```text
//! file ─text, source─▶ pieces ─check─▶ typed rows ─merge─▶ new rows ─┐
//!        (header)                 └──▶ rows with issues ─quarantine─▶┴─▶ one snapshot
//! ```
//!
//! Lines above the header, lines without any value and lines of totals are no rows; the report
//! says where the header stands and counts the others apart. A row with too few or too many
//! cells is refused, unless those too many are empty or those too few are of columns without
//! name. A row with bytes that are no text is refused with the bytes; none is guessed.
//!
//! A row goes one of three ways, and every row goes one: `rows = kept + quarantined +
//! unchanged`. A load fails only where nothing can be said about rows: no such file, no
//! text, no encoding that is certain, no header, a required column missing, no rows, or not one row that could be kept.
//! Then nothing changed.
//!
//! A table has the columns of its schema. Other columns of a file are not kept: the report
//! names each of them, with the column that is spelt most like it.
//!
//! Whether a key of another table exists is not asked here: tables arrive in any order.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use linli_model::{Layer, TableSchema};

use crate::error::{Error, Result};
use crate::store::{CommitNote, Snapshot, Store, Write, blocking, engine, schema_of};
use crate::zone::Zone;

mod calendar;
mod cell;
mod check;
mod convert;
mod cut;
mod database;
mod decode;
mod encoding;
mod evidence;
mod existing;
mod header;
mod json;
mod legible;
mod merge;
mod nearest;
mod nodata;
mod normal;
mod object;
mod options;
mod pipeline;
mod preamble;
mod quarantine;
mod record;
mod report;
mod rule;
mod sniff;
mod source;
mod text;
mod time;
mod workbook;
mod written;

/// What must hold whatever the bytes are; the fuzzer has the same file.
#[cfg(test)]
#[path = "../../../../tests/fuzz/src/ingest/check/mod.rs"]
mod whatever;

use crate::Pending;
use check::{BadRow, Context};
use merge::Merged;
use source::Source;

pub(crate) use nearest::{nearest, nearest_table};
pub use options::{LoadOptions, Mode};
pub use report::{FileReport, IgnoredColumn, LoadReport};
pub(crate) use time::{offset_seconds, parse_datetime};

/// How often a load is put on top of what others wrote to `quarantine` meanwhile.
const ATTEMPTS: usize = 16;

/// Loads files into a table that outsiders may write, as one new snapshot; as none if
/// everything was there already.
///
/// **Errors.** [`Error::UnknownTable`], [`Error::NotLoadable`], [`Error::UnknownFile`],
/// [`Error::FileDenied`], [`Error::Unreadable`], [`Error::EmptyFile`], [`Error::UnknownKind`],
/// [`Error::UnknownEncoding`], [`Error::Undecodable`], [`Error::OpenQuote`], [`Error::UnknownSheet`],
/// [`Error::BadJson`], [`Error::Database`], [`Error::Over`], [`Error::MissingColumn`],
/// [`Error::NothingKept`], [`Error::Conflict`]. In every case nothing changed.
/// **Cost.** Files are streamed, except the sheet of a workbook, which is held as text; new rows
/// stay in memory until they are written, and 64
/// bytes for each row that is there; where a file lacks columns of an upsert, also what the
/// table holds of these columns. A load that updates rows writes the table anew.
pub fn load<'a>(
    store: &'a Store,
    table: &'a str,
    files: &'a [PathBuf],
    options: &'a LoadOptions,
) -> Pending<'a, Result<LoadReport>> {
    Box::pin(async move {
        let schema = loadable(table)?;
        let base = store.latest().await?;
        let (paths, mode, told) = (files.to_vec(), options.mode, options.clone());
        let time_zone = store.config().time_zone.clone();
        let (mut context, sources) = blocking(move || open(schema, paths, &told, &time_zone)).await?;
        let kept = if mode == Mode::Upsert { context.absent() } else { Vec::new() };
        let existing = existing::read(store, &base, schema, kept).await?;
        context.stored = existing.stored;
        let digests = existing.digests;
        let gathered = blocking(move || {
            let mut report = empty_report(&context, &sources, mode);
            let mut merged = Merged::new(mode, digests, sources.len());
            pipeline::run(&context, sources, |piece| merged.take(&context, piece))?;
            merged.bad.sort_by_key(|it| (it.file, it.line));
            settle(&mut report, &mut merged)?;
            let batches = std::mem::take(&mut merged.batches);
            merged.batches = merge::sorted(&context.key, batches)?;
            let records = quarantine::records(&context, &merged.bad)?;
            Ok((merged, records, report))
        })
        .await?;
        let (merged, records, mut report) = gathered;
        let write = table_write(store, &base, schema, mode, merged).await?;
        let note = CommitNote { at_us: options.at_us, action: format!("load {table}") };
        report.snapshot = commit(store, base, schema, write, &records, &note).await?.id;
        Ok(report)
    })
}

/// The schema of a table that outsiders may write.
fn loadable(table: &str) -> Result<&'static TableSchema> {
    let schema = schema_of(table)?;
    match schema.layer {
        Layer::Input => Ok(schema),
        Layer::Result | Layer::System => Err(Error::NotLoadable { table: table.to_owned() }),
    }
}

/// Opens every file and settles its columns, before any row is read.
fn open(
    table: &'static TableSchema,
    paths: Vec<PathBuf>,
    options: &LoadOptions,
    time_zone: &str,
) -> Result<(Context, Vec<Source>)> {
    let offset_s = offset_seconds(time_zone).ok_or_else(|| engine("the pool's time zone is no offset"))?;
    let (mut sources, mut mappings) = (Vec::new(), Vec::new());
    for path in &paths {
        let (source, headers) = Source::open(path, table, options)?;
        mappings.push(header::map(headers, table, &database::shown(path))?);
        sources.push(source);
    }
    let context = Context {
        table,
        schema: Arc::new(table.arrow()),
        key: check::key_positions(table)?,
        offset_s,
        zone: Zone::parse(time_zone),
        paths,
        mappings,
        stored: None,
    };
    Ok((context, sources))
}

fn empty_report(context: &Context, sources: &[Source], mode: Mode) -> LoadReport {
    let file = |(index, source): (usize, &Source)| source.report(context.shown(index));
    LoadReport {
        table: context.table.name.clone(),
        mode,
        snapshot: 0,
        rows: 0,
        kept: 0,
        quarantined: 0,
        unchanged: 0,
        inserted: 0,
        updated: 0,
        files: sources.iter().enumerate().map(file).collect(),
        ignored_columns: context.mappings.iter().flat_map(|it| it.ignored.clone()).collect(),
        issues_total: 0,
        issues: Vec::new(),
    }
}

/// Counts, and refuses a load of which nothing would remain.
fn settle(report: &mut LoadReport, merged: &mut Merged) -> Result<()> {
    for (index, file) in report.files.iter_mut().enumerate() {
        file.rows = merged.rows[index];
        (file.blank_lines, file.total_lines) = std::mem::take(&mut merged.no_data[index]);
    }
    report.rows = merged.rows.iter().sum();
    (report.inserted, report.updated) = (merged.inserted, merged.updated);
    report.kept = merged.inserted + merged.updated;
    report.unchanged = merged.unchanged;
    report.quarantined = merged.bad.len() as u64;
    assert_eq!(
        report.rows,
        report.kept + report.quarantined + report.unchanged,
        "every row is kept, quarantined or unchanged"
    );
    let issues = || merged.bad.iter().flat_map(|it: &BadRow| &it.issues);
    report.issues_total = issues().count() as u64;
    report.issues = issues().take(report::ISSUES_MAX).cloned().collect();
    if report.kept > 0 || report.unchanged > 0 {
        return Ok(());
    }
    // Rows without issues are kept or unchanged, so without issues there are no rows.
    if report.issues.is_empty() {
        let path = report.files.first().map(|it| it.file.clone()).unwrap_or_default();
        return Err(Error::EmptyFile { path });
    }
    let issues = std::mem::take(&mut report.issues);
    Err(Error::NothingKept { rows: report.rows, issues, issues_total: report.issues_total })
}

/// What happens to the table; nothing where it holds everything already.
async fn table_write(
    store: &Store,
    base: &Snapshot,
    schema: &'static TableSchema,
    mode: Mode,
    merged: Merged,
) -> Result<Option<Write>> {
    let changed = merged.inserted + merged.updated > 0;
    if mode == Mode::Replace {
        let is_new = changed || merged.has_others();
        let write = Write { replace: true, batches: merged.batches, sum: Some(merged.sum) };
        return Ok(is_new.then_some(write));
    }
    if !changed {
        return Ok(None);
    }
    let (batches, sum) = (merged.batches, merged.sum);
    if merged.updated == 0 {
        return Ok(Some(Write { replace: false, batches, sum: Some(sum) }));
    }
    let replaced = Arc::new(merged.replaced);
    let (others, mut total) = existing::read_others(store, base, schema, replaced).await?;
    total.add(sum);
    let key = check::key_positions(schema)?;
    let batches = blocking(move || merge::sorted(&key, [others, batches].concat())).await?;
    Ok(Some(Write { replace: true, batches, sum: Some(total) }))
}

/// Makes one snapshot of the table's rows and of the new quarantined ones.
///
/// Loads of different tables meet in `quarantine`. That is no conflict: records have names
/// of their own, so they are put on top of the others'.
async fn commit(
    store: &Store,
    mut base: Snapshot,
    schema: &TableSchema,
    write: Option<Write>,
    records: &quarantine::Records,
    note: &CommitNote,
) -> Result<Snapshot> {
    for _ in 0..ATTEMPTS {
        let mut writes = BTreeMap::new();
        if let Some(write) = &write {
            writes.insert(schema.name.clone(), write.clone());
        }
        let new = records.new_ones(store, &base).await?;
        if new.num_rows() > 0 {
            let write = Write { replace: false, batches: vec![new], sum: None };
            writes.insert(quarantine::TABLE.to_owned(), write);
        }
        if writes.is_empty() {
            return Ok(base);
        }
        match store.write(&base, writes, note).await {
            Err(Error::Conflict { table, .. }) if table == quarantine::TABLE => {
                let newest = store.latest().await?;
                store.check_unchanged(&base, &newest, std::iter::once(schema.name.as_str())).await?;
                base = newest;
            }
            other => return other,
        }
    }
    Err(Error::Conflict { table: quarantine::TABLE.to_owned(), snapshot: base.id })
}

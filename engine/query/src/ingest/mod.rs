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
//! names each of them, with the columns that are spelt most like it, and a mapping that
//! settles them once ([`mapping`]).
//!
//! What is in quarantine is open until its mended row is loaded ([`watch`]), until it passes
//! with what `--fix` says of it ([`mend`]), or until it is given up. The word of it is in the
//! snapshot that has the row. Rows that look like one ([`duplicate`]) and files that come
//! again ([`loaded`]) are reported and change nothing.
//!
//! Whether a key of another table exists is not asked here: tables arrive in any order.

use std::path::PathBuf;
use std::sync::Arc;

use linli_model::{Layer, TableSchema};

use crate::error::{Error, Result};
use crate::store::{CommitNote, Snapshot, Store, Write, blocking, engine, schema_of};
use crate::zone::Zone;

mod book;
mod calendar;
mod cell;
mod check;
mod convert;
mod cut;
mod database;
mod decode;
mod duplicate;
mod encoding;
mod evidence;
mod existing;
mod header;
mod hint;
mod json;
mod legible;
mod loaded;
mod mapping;
mod mend;
mod merge;
mod nearest;
mod nodata;
mod normal;
mod object;
mod open;
mod options;
mod orders;
mod pipeline;
mod place;
mod plan;
mod preamble;
mod quarantine;
mod record;
mod replay;
mod report;
mod rule;
mod seen;
mod settled;
mod sniff;
mod source;
mod split;
mod text;
mod time;
mod watch;
mod workbook;
mod written;

/// What must hold whatever the bytes are; the fuzzer has the same file.
#[cfg(test)]
#[path = "../../../../tests/fuzz/src/ingest/check/mod.rs"]
mod whatever;

use crate::Pending;
use book::Book;
use check::{BadRow, Context};
use existing::KeyMap;
use header::Known;
use merge::Merged;
use place::Place;
use quarantine::{Records, Settlement};
use source::Source;
use watch::Watch;

pub use mend::mend;
pub(crate) use nearest::{nearest, nearest_table};
pub use options::{LoadOptions, Mode};
pub(crate) use plan::PLAN;
pub use plan::{PlanLine, read_plan};
pub use report::{
    CrsReport, Duplicate, FileReport, IgnoredColumn, LoadReport, MappingSuggestion, MappingUse, UncodedWord,
};
pub(crate) use time::{offset_seconds, parse_datetime};

/// Loads files into a table that outsiders may write, as one new snapshot; as none if
/// everything was there already.
///
/// **Errors.** [`Error::UnknownTable`], [`Error::NotLoadable`], [`Error::UnknownFile`],
/// [`Error::FileDenied`], [`Error::Unreadable`], [`Error::EmptyFile`], [`Error::UnknownKind`],
/// [`Error::UnknownEncoding`], [`Error::UnknownCrs`], [`Error::BadMapping`], [`Error::Undecodable`],
/// [`Error::OpenQuote`], [`Error::UnknownSheet`], [`Error::BadJson`], [`Error::Database`],
/// [`Error::Over`], [`Error::IdleOption`], [`Error::MissingColumn`], [`Error::NothingKept`], [`Error::Conflict`]. In
/// every case nothing changed.
/// **Cost.** Files are streamed, except the sheet of a workbook, which is held as text; new rows
/// stay in memory until they are written, and 48
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
        let (paths, mode, at_us) = (files.to_vec(), options.mode, options.at_us);
        let (of, told) = (store.clone(), options.clone());
        let (mut context, sources) = blocking(move || open(&of, schema, paths, &told)).await?;
        let settled = context.settled.clone();
        let kept = if mode == Mode::Upsert { context.absent() } else { Vec::new() };
        let existing = existing::read(store, &base, schema, kept).await?;
        context.stored = existing.stored;
        let digests = existing.digests;
        let waiting = open::read(store, &base, table).await?;
        let gathered = blocking(move || {
            let watch = Watch::new(&context, waiting)?;
            let merged = Merged::new(mode, digests, sources.len()).watching(watch);
            gather(&context, sources, merged, mode, at_us)
        })
        .await?;
        let (mut merged, records, mut report) = gathered;
        let known = loaded::known(store, &base, table).await?;
        loaded::recognise(store, &base, &known, &mut report.files).await?;
        let mended = records.without(merged.watch.mended());
        report.mended = mended.len() as u64;
        let replaced = Arc::new(std::mem::take(&mut merged.replaced));
        let stored = Some(&base).filter(|_| mode != Mode::Replace);
        let found = duplicate::find(store, stored, schema, &merged.batches, Arc::clone(&replaced));
        (report.duplicates, report.duplicates_total) = found.await?;
        let write = table_write(store, &base, schema, mode, merged, replaced).await?;
        let mended = mended.into_iter().flatten().collect();
        let settlement = Settlement { mended, by: "reload", at_us, ..Settlement::default() };
        let book = Book { records, settlement, files: report.files.clone(), known };
        let note = CommitNote { at_us, action: format!("load {table}") };
        report.snapshot = book.commit(store, base, schema, write, &note).await?.id;
        if options.map.is_some() {
            let (root, name) = (store.root().to_owned(), &schema.name);
            blocking(move || mapping::keep(&root, name, &settled)).await?;
        }
        Ok(report)
    })
}

/// Checks the rows of all files, beside a thread that digests the files.
fn gather(
    context: &Context,
    sources: Vec<Source>,
    mut merged: Merged,
    mode: Mode,
    at_us: i64,
) -> Result<(Merged, Records, LoadReport)> {
    let files = file_reports(context, &sources)?;
    let mut report = empty_report(context, files, mode);
    let digests = std::thread::scope(|scope| {
        let digests = scope.spawn(|| loaded::digests(&context.paths));
        pipeline::run(context, sources, |piece| merged.take(context, piece))?;
        digests.join().map_err(|_| engine("the thread that digested files panicked"))?
    })?;
    for (file, digest) in report.files.iter_mut().zip(digests) {
        file.digest = digest;
    }
    merged.bad.sort_by_key(|it| (it.file, it.line));
    settle(&mut report, &mut merged)?;
    report.uncoded = merged.uncoded(context.table);
    merged.sort(&context.key)?;
    let records = quarantine::records(context, &merged.bad, &report.files, at_us)?;
    Ok((merged, records, report))
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
    store: &Store,
    table: &'static TableSchema,
    paths: Vec<PathBuf>,
    options: &LoadOptions,
) -> Result<(Context, Vec<Source>)> {
    let map = options.map.as_deref();
    let place = Place::settle(options, &store.config().crs)?;
    let settled = mapping::for_load(store.root(), table, map)?;
    let (mut sources, mut mappings) = (Vec::new(), Vec::new());
    let known = Known { table, settled: &settled, row: options.header_row };
    for path in &paths {
        let (source, headers) = Source::open(path, known, options)?;
        let mapping = header::map(headers, table, &database::shown(path), &settled);
        mappings.push(mapping.map_err(|it| source.told(it, options))?);
        sources.push(source);
    }
    source::idle(&sources, &paths, options)?;
    let given = map.map_or_else(|| mapping::shown(table), |it| it.display().to_string());
    let mut context = new_context(table, store, place, paths, mappings)?;
    context.settled = settled;
    context.settled_by = given;
    context.today = time::day_of(options.at_us, context.offset_s);
    Ok((context, sources))
}

/// What rows of these files are checked against.
fn new_context(
    table: &'static TableSchema,
    store: &Store,
    place: Place,
    paths: Vec<PathBuf>,
    mappings: Vec<header::Mapping>,
) -> Result<Context> {
    let time_zone = &store.config().time_zone;
    let offset_s = offset_seconds(time_zone).ok_or_else(|| engine("the pool's time zone is no offset"))?;
    Ok(Context {
        table,
        schema: Arc::new(table.arrow()),
        key: check::key_positions(table)?,
        offset_s,
        zone: Zone::parse(time_zone),
        today: i32::MAX,
        place,
        places: vec![place; paths.len()],
        paths,
        mappings,
        settled: settled::Settled::default(),
        settled_by: String::new(),
        stored: None,
    })
}

/// How each file is read.
fn file_reports(context: &Context, sources: &[Source]) -> Result<Vec<FileReport>> {
    let digest = context.settled.digest(&context.table.name)?;
    let mapping = MappingUse { file: context.settled_by.clone(), digest };
    let file = |(index, source): (usize, &Source)| FileReport {
        mapping: Some(mapping.clone()).filter(|_| context.mappings[index].is_settled),
        ..source.report(context.shown(index))
    };
    Ok(sources.iter().enumerate().map(file).collect())
}

fn empty_report(context: &Context, files: Vec<FileReport>, mode: Mode) -> LoadReport {
    let ignored: Vec<IgnoredColumn> = context.mappings.iter().flat_map(|it| it.ignored.clone()).collect();
    LoadReport {
        table: context.table.name.clone(),
        mode,
        snapshot: 0,
        rows: 0,
        kept: 0,
        quarantined: 0,
        crs: place::report(context.table, &context.places, &context.mappings),
        unchanged: 0,
        removed: 0,
        inserted: 0,
        updated: 0,
        files,
        mapping_suggestion: MappingSuggestion::of(&context.table.name, &ignored),
        ignored_columns: ignored,
        uncoded: Vec::new(),
        mended: 0,
        dropped: 0,
        duplicates_total: 0,
        duplicates: Vec::new(),
        issues_total: 0,
        issues: Vec::new(),
    }
}

/// Counts, and refuses a load of which nothing would remain.
fn settle(report: &mut LoadReport, merged: &mut Merged) -> Result<()> {
    for (index, file) in report.files.iter_mut().enumerate() {
        file.rows = merged.rows[index];
        // A workbook has counted its own before it was read.
        let no_rows = std::mem::take(&mut merged.no_rows[index]);
        file.blank_lines += no_rows.blank;
        file.totals += no_rows.totals;
        file.total_lines.extend(no_rows.total_lines);
    }
    report.rows = merged.rows.iter().sum();
    (report.inserted, report.updated) = (merged.inserted, merged.updated);
    report.kept = merged.inserted + merged.updated;
    report.unchanged = merged.unchanged;
    report.removed = if merged.mode == Mode::Replace { merged.others() } else { 0 };
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
    replaced: Arc<KeyMap<()>>,
) -> Result<Option<Write>> {
    let changed = merged.inserted + merged.updated > 0;
    if mode == Mode::Replace {
        let is_new = changed || merged.others() > 0;
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
    let (others, mut total) = existing::read_others(store, base, schema, replaced).await?;
    total.add(sum);
    let key = check::key_positions(schema)?;
    let batches = blocking(move || merge::sorted(&key, [others, batches].concat())).await?;
    Ok(Some(Write { replace: true, batches, sum: Some(total) }))
}

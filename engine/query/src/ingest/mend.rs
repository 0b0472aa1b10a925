//! `linli quarantine --fix`: the open lines of one table, tried again with what was settled.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::book::Book;
use super::check::Context;
use super::loaded::Known;
use super::mapping;
use super::merge::Merged;
use super::open::{self, OpenRow};
use super::orders;
use super::place::Place;
use super::quarantine::{Records, Settlement};
use super::replay::{self, Group, Plan};
use super::settled::Settled;
use super::{
    LoadOptions, LoadReport, Mode, duplicate, empty_report, existing, loadable, new_context, settle,
    table_write, time,
};
use crate::Pending;
use crate::error::{Error, Result};
use crate::store::{CommitNote, Store, blocking};

/// Tries the open lines of a table again, as a file of orders mends them, and keeps those that
/// pass, in one snapshot with the word that they are mended. The others stay as they are.
///
/// The file is a mapping file: `columns` and `values` hold for every line and are kept for
/// later loads; `rows` mends single cells, `{"<quarantine_id>": {"column": "text"}}`, or gives
/// a line up, `{"<quarantine_id>": null}`. It names its `table`, unless `table` does.
///
/// **Shape.** The report counts the lines that were tried. No open lines, no rows: no failure.
/// **Errors.** [`Error::BadMapping`], [`Error::NothingKept`] when lines were tried and none
/// passed, and those of [`load`](super::load). In every case nothing changed.
/// **Cost.** As a load of these lines; the quarantine is written anew.
pub fn mend<'a>(
    store: &'a Store,
    table: Option<&'a str>,
    file: &'a Path,
    at_us: i64,
) -> Pending<'a, Result<LoadReport>> {
    Box::pin(async move {
        let base = store.latest().await?;
        let (path, given) = (file.to_owned(), table.map(str::to_owned));
        let orders = blocking(move || orders::read(&path, given.as_deref())).await?;
        let schema = loadable(&orders.table.name)?;
        let (root, said) = (store.root().to_owned(), orders.settled);
        let settled = blocking(move || mapping::for_replay(&root, schema, said)).await?;
        let open = open::read(store, &base, &schema.name).await?;
        let plan = replay::plan(file, schema, &settled, &open, orders.rows)?;
        let mut trial = Trial::new(store, schema, &settled, open, plan)?;
        trial.context.today = time::day_of(at_us, trial.context.offset_s);
        let kept = trial.context.absent();
        let existing = existing::read(store, &base, schema, kept).await?;
        trial.context.stored = existing.stored;
        let digests = existing.digests;
        let (mut merged, settlement, mut report) = blocking(move || trial.run(digests, at_us)).await?;
        let replaced = Arc::new(std::mem::take(&mut merged.replaced));
        let found = duplicate::find(store, Some(&base), schema, &merged.batches, Arc::clone(&replaced));
        (report.duplicates, report.duplicates_total) = found.await?;
        let write = table_write(store, &base, schema, Mode::Upsert, merged, replaced).await?;
        let book = Book { records: Records::default(), settlement, files: Vec::new(), known: Known::new() };
        let note = CommitNote { at_us, action: format!("mend {}", schema.name) };
        report.snapshot = book.commit(store, base, schema, write, &note).await?.id;
        let (root, name) = (store.root().to_owned(), &schema.name);
        blocking(move || mapping::keep(&root, name, &settled)).await?;
        Ok(report)
    })
}

/// Lines that are tried.
struct Trial {
    context: Context,
    open: Vec<OpenRow>,
    groups: Vec<Group>,
    dropped: Vec<usize>,
}

impl Trial {
    /// **Errors.** A column that must be there is missing wherever lines could be tried.
    fn new(
        store: &Store,
        table: &'static linli_model::TableSchema,
        settled: &Settled,
        open: Vec<OpenRow>,
        plan: Plan,
    ) -> Result<Self> {
        let (mut groups, failed) = replay::group(table, settled, &open, plan.tried);
        let (named, failed_too) = replay::group_named(table, settled, &open, plan.named);
        groups.extend(named);
        // A human asked for these very lines, so that none of them may be passed over.
        if let Some(error) = failed_too.or(failed.filter(|_| groups.is_empty())) {
            return Err(error);
        }
        // A line knows the coordinate system of its file, unless an early build wrote it.
        let place = Place::settle(&LoadOptions::default(), &store.config().crs)?;
        let mut context = new_context(table, store, place, Vec::new(), Vec::new())?;
        context.settled = settled.clone();
        let context = replay::context(&context, &groups);
        Ok(Self { context, open, groups, dropped: plan.dropped })
    }

    /// Checks the lines and says which are mended.
    fn run(
        self,
        existing: existing::KeyMap<crate::store::digest::RowDigest>,
        at_us: i64,
    ) -> Result<(Merged, Settlement, LoadReport)> {
        let files = self.groups.iter().map(Group::report).collect();
        let mut report = empty_report(&self.context, files, Mode::Upsert);
        let guarded = replay::guarded(&self.groups, &self.open);
        let mut merged = Merged::new(Mode::Upsert, existing, self.groups.len()).guarding(guarded);
        for (file, group) in self.groups.iter().enumerate() {
            merged.take(&self.context, self.context.check_rows(file, group.raw())?)?;
        }
        merged.bad.sort_by_key(|it| (it.file, it.line));
        if !self.groups.is_empty() {
            match settle(&mut report, &mut merged) {
                // Where lines are given up, something was done.
                Err(Error::NothingKept { issues, .. }) if !self.dropped.is_empty() => report.issues = issues,
                other => other?,
            }
        }
        let bad: BTreeSet<(usize, u64)> = merged.bad.iter().map(|it| (it.file, it.line)).collect();
        let mut settlement = Settlement { by: "fix", at_us, ..Settlement::default() };
        for (file, group) in self.groups.iter().enumerate() {
            for ((at, _), line) in group.rows.iter().zip(&group.lines) {
                if !bad.contains(&(file, *line)) {
                    report.mended += 1;
                    settlement.mended.extend(self.open[*at].ids.clone());
                }
            }
        }
        report.dropped = self.dropped.len() as u64;
        settlement.dropped = self.dropped.iter().flat_map(|it| self.open[*it].ids.clone()).collect();
        merged.sort(&self.context.key)?;
        Ok((merged, settlement, report))
    }
}

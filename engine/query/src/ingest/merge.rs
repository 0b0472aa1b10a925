//! Checked rows against each other and against what the table holds.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, RecordBatch, UInt32Array};
use datafusion::arrow::compute::{
    SortColumn, concat_batches, filter_record_batch, interleave_record_batch, lexsort_to_indices,
};

use linli_model::{TableSchema, Text};

use super::Mode;
use super::check::{BadRow, Checked, Context, Uncoded};
use super::existing::KeyMap;
use super::report::{TOTALS_MAX, UNCODED_MAX, UncodedWord};
use super::seen::{Seen, Stand};
use super::watch::Watch;
use crate::error::Result;
use crate::store::digest::{RowDigest, RowSum};
use crate::store::{engine, workers};

/// Rows that are copied together when rows are sorted.
const ROWS_PER_BATCH: usize = 65_536;

/// What became of the rows of a load.
pub(super) struct Merged {
    pub(super) mode: Mode,
    existing: KeyMap<RowDigest>,
    /// The keys of good rows.
    seen: Seen,
    /// Rows, by file and line, that may not take the place of a row of the table.
    guarded: BTreeSet<(u32, u64)>,
    /// Lines that were quarantined before.
    pub(super) watch: Watch,
    /// Rows for the table, as far as they are not in it.
    pub(super) batches: Vec<RecordBatch>,
    /// The digest of `batches`.
    pub(super) sum: RowSum,
    /// Keys of rows in `batches` that replace a row of the table.
    pub(super) replaced: KeyMap<()>,
    /// Rows with issues.
    pub(super) bad: Vec<BadRow>,
    /// Rows of each file.
    pub(super) rows: Vec<u64>,
    /// The lines of each file that are no rows.
    pub(super) no_rows: Vec<NoRows>,
    /// Words without a code.
    uncoded: Uncoded,
    /// Rows whose key is new.
    pub(super) inserted: u64,
    /// Rows whose key was there with other cells.
    pub(super) updated: u64,
    /// Rows that were there.
    pub(super) unchanged: u64,
}

/// Lines of a file that are no rows.
#[derive(Clone, Default)]
pub(super) struct NoRows {
    /// How many hold nothing.
    pub(super) blank: u64,
    /// How many are totals or notes.
    pub(super) totals: u64,
    /// The first of these.
    pub(super) total_lines: Vec<u64>,
}

impl Merged {
    /// Nothing yet.
    pub(super) fn new(mode: Mode, existing: KeyMap<RowDigest>, files: usize) -> Self {
        Self {
            mode,
            existing,
            guarded: BTreeSet::new(),
            watch: Watch::default(),
            seen: Seen::new(),
            batches: Vec::new(),
            sum: RowSum::default(),
            replaced: KeyMap::default(),
            bad: Vec::new(),
            rows: vec![0; files],
            no_rows: vec![NoRows::default(); files],
            uncoded: Uncoded::new(),
            inserted: 0,
            updated: 0,
            unchanged: 0,
        }
    }

    /// The same, watching for the mended rows of lines that were quarantined.
    pub(super) fn watching(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// The same, with rows that may not take the place of a row of the table.
    pub(super) fn guarding(self, guarded: BTreeSet<(u32, u64)>) -> Self {
        Self { guarded, ..self }
    }

    /// How many rows of the table are in none of the files.
    pub(super) fn others(&self) -> u64 {
        self.existing.len() as u64 - self.unchanged - self.updated
    }

    /// Takes in the next piece. Of rows with the same key the first counts.
    pub(super) fn take(&mut self, context: &Context, piece: Checked) -> Result<()> {
        self.seen.expect(&piece.batch.project(&context.key).map_err(engine)?, piece.ascends)?;
        let mut stays = Vec::with_capacity(piece.raw.len());
        let mut repeated = Vec::new();
        for row in 0..piece.raw.len() {
            stays.push(piece.good[row] && self.settle(context, &piece, row, &mut repeated));
        }
        let good = piece.good.iter().filter(|it| **it).count();
        let ragged = piece.bad.len() - (piece.raw.len() - good);
        self.rows[piece.file] += (piece.raw.len() + ragged) as u64;
        let (blank, totals) = piece.raw.no_data();
        let no_rows = &mut self.no_rows[piece.file];
        no_rows.blank += blank;
        no_rows.totals += totals.len() as u64;
        let room = TOTALS_MAX - no_rows.total_lines.len();
        no_rows.total_lines.extend(totals.iter().take(room));
        for (word, cells) in piece.uncoded {
            *self.uncoded.entry(word).or_default() += cells;
        }
        self.bad.extend(piece.bad);
        self.bad.extend(repeated);
        if stays.iter().all(|it| *it) {
            self.batches.push(piece.batch);
        } else if stays.contains(&true) {
            let stays = BooleanArray::from(stays);
            self.batches.push(filter_record_batch(&piece.batch, &stays).map_err(engine)?);
        }
        Ok(())
    }

    /// Words without a code, by column, the commonest first.
    pub(super) fn uncoded(&self, table: &TableSchema) -> Vec<UncodedWord> {
        let mut words: Vec<_> = self.uncoded.iter().collect();
        words.sort_by_key(|((field, _), cells)| (*field, Reverse(**cells)));
        let columns = words.chunk_by(|left, right| left.0.0 == right.0.0);
        let first = columns.flat_map(|it| it.iter().take(UNCODED_MAX));
        let told = first.map(|((field, word), cells)| UncodedWord {
            column: table.fields[*field].name.clone(),
            word: word.clone(),
            cells: **cells,
        });
        told.collect()
    }

    /// Decides on a good row: whether it belongs to the content that comes.
    fn settle(&mut self, context: &Context, piece: &Checked, row: usize, repeated: &mut Vec<BadRow>) -> bool {
        let (key, digest) = (piece.keys[row], piece.digests[row]);
        let place = (u32::try_from(piece.file).unwrap_or(u32::MAX), piece.raw.line(row));
        let before = self.existing.get(&key).copied();
        if before.is_some() && (self.mode == Mode::Append || self.guarded.contains(&place)) {
            let expected = Text::new("a key that is not in the table", "表中尚无的主键");
            repeated.push(repetition(context, piece, row, expected));
            return false;
        }
        if let Some(first) = self.seen.insert(key, Stand::of(piece.file, piece.raw.line(row))) {
            let (file, line) = first.place();
            let first = context.shown(file);
            let expected = Text::new(
                format!("a key of its own: {first}:{line} has it"),
                format!("不重复的主键：{first} 第 {line} 行已有"),
            );
            repeated.push(repetition(context, piece, row, expected));
            return false;
        }
        self.watch.see(context, piece, row, before != Some(digest));
        let comes = match before {
            None => {
                self.inserted += 1;
                true
            }
            Some(it) if it == digest => {
                self.unchanged += 1;
                // The whole content is written anew, so it holds what was there as well.
                self.mode == Mode::Replace
            }
            Some(_) => {
                self.updated += 1;
                self.replaced.insert(key, ());
                true
            }
        };
        if comes {
            self.sum.add_row(&digest);
        }
        comes
    }
}

fn repetition(context: &Context, piece: &Checked, row: usize, expected: Text) -> BadRow {
    let field = context.key[0];
    let mut issue = context.issue(piece.file, &piece.raw, row, field, "duplicate_key", expected);
    let mapping = &context.mappings[piece.file];
    let others = context.key.iter().skip(1).filter_map(|it| mapping.sources[*it]);
    for source in others {
        issue.found = format!("{}, {}", issue.found, piece.raw.quote(row, source));
    }
    BadRow {
        file: piece.file,
        line: piece.raw.line(row),
        json: piece.raw.json(row, &mapping.headers),
        issues: vec![issue],
    }
}

impl Merged {
    /// Brings the rows into the order of their keys, so that a table does not depend on the order
    /// of input.
    pub(super) fn sort(&mut self, key: &[usize]) -> Result<()> {
        if !self.seen.ascends() {
            self.batches = sorted(key, std::mem::take(&mut self.batches))?;
        }
        Ok(())
    }
}

/// Sorts rows by the columns at `key`, so that a table does not depend on the order of input.
///
/// **Cost.** O(rows log rows); rows that are sorted already are not copied.
pub(super) fn sorted(key: &[usize], batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>> {
    let keys = batches.iter().map(|it| it.project(key));
    let keys = keys.collect::<std::result::Result<Vec<_>, _>>().map_err(engine)?;
    let Some(first) = keys.first() else {
        return Ok(batches);
    };
    let keys = concat_batches(&first.schema(), &keys).map_err(engine)?;
    let columns: Vec<SortColumn> =
        keys.columns().iter().map(|it| SortColumn { values: Arc::clone(it), options: None }).collect();
    let order: UInt32Array = lexsort_to_indices(&columns, None).map_err(engine)?;
    let order: &[u32] = order.values();
    if order.windows(2).all(|it| it[0] < it[1]) {
        return Ok(batches);
    }
    gather(&batches, order)
}

/// The rows in this order, counted through all batches; several threads copy.
fn gather(batches: &[RecordBatch], order: &[u32]) -> Result<Vec<RecordBatch>> {
    let mut places = Vec::with_capacity(order.len());
    for (index, batch) in batches.iter().enumerate() {
        places.extend((0..batch.num_rows()).map(|row| (index, row)));
    }
    let batches: Vec<&RecordBatch> = batches.iter().collect();
    let copy = |order: &[u32]| {
        let rows: Vec<_> = order.iter().map(|it| places[*it as usize]).collect();
        interleave_record_batch(&batches, &rows).map_err(engine)
    };
    // Where batches are cut shows in the bytes of files, so that only rows may decide it.
    let parts: Vec<&[u32]> = order.chunks(ROWS_PER_BATCH).collect();
    let share = parts.len().div_ceil(workers()).max(1);
    let copy = &copy;
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(|it| copy(it)).collect()))
            .collect();
        let mut sorted = Vec::new();
        for thread in threads {
            let part: Result<Vec<RecordBatch>> =
                thread.join().map_err(|_| engine("a thread that sorted rows panicked"))?;
            sorted.extend(part?);
        }
        Ok(sorted)
    })
}

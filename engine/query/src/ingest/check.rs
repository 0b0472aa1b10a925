//! Rows to typed rows, with every reason why some cannot be kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, new_null_array};
use datafusion::arrow::datatypes::SchemaRef;
use linli_model::{Field, RowIssue, TableSchema, Text};

use super::cell::{self, Reading};
use super::convert::convert;
use super::database;
use super::existing::Stored;
use super::header::Mapping;
use super::mapping::reworded;
use super::normal::normal;
use super::object::{broken_json, ragged_json};
use super::place::Place;
use super::rule::{self, Flaw};
use super::seen;
use super::settled::Settled;
use super::source::{Piece, Rows};
use crate::error::{Error, Result};
use crate::store::digest::{KeyId, RowDigest, key_ids, row_digests};
use crate::store::engine;
use crate::zone::Zone;

/// How much of a cell an issue quotes, in characters.
const FOUND_MAX: usize = 120;

/// How many different words without a code a piece remembers.
const UNCODED_MAX: usize = 1_000;

/// What rows are checked against.
pub(super) struct Context {
    /// The table.
    pub(super) table: &'static TableSchema,
    /// Its stored schema.
    pub(super) schema: SchemaRef,
    /// The positions of its primary key.
    pub(super) key: Vec<usize>,
    /// Where times without offset are, seconds east of Greenwich.
    pub(super) offset_s: i32,
    /// The same for recurrence rules.
    pub(super) zone: Zone,
    /// The day of the load, behind which nobody was born; days since 1970-01-01.
    pub(super) today: i32,
    /// Where coordinates come from, unless a file has a system of its own.
    pub(super) place: Place,
    /// Where the coordinates of each file come from.
    pub(super) places: Vec<Place>,
    /// The files, as they were given.
    pub(super) paths: Vec<PathBuf>,
    /// The columns of each file.
    pub(super) mappings: Vec<Mapping>,
    /// What people settled about headers and words.
    pub(super) settled: Settled,
    /// The file that says so.
    pub(super) settled_by: String,
    /// Cells of the table that files without their columns leave as they are.
    pub(super) stored: Option<Stored>,
}

/// A row that cannot be kept.
pub(super) struct BadRow {
    /// Which file.
    pub(super) file: usize,
    /// Where it begins.
    pub(super) line: u64,
    /// The row as a JSON object, header to text.
    pub(super) json: String,
    /// Why, by column.
    pub(super) issues: Vec<RowIssue>,
}

/// The rows of a piece, typed.
pub(super) struct Checked {
    /// Which file.
    pub(super) file: usize,
    /// The rows as they came.
    pub(super) raw: Rows,
    /// Every row of `raw`; cells with issues have no value.
    pub(super) batch: RecordBatch,
    /// Whether a row has no issues.
    pub(super) good: Vec<bool>,
    /// Whether each key lies behind the one before.
    pub(super) ascends: bool,
    /// What stands for each row's key.
    pub(super) keys: Vec<KeyId>,
    /// The hash of each row.
    pub(super) digests: Vec<RowDigest>,
    /// The rows with issues.
    pub(super) bad: Vec<BadRow>,
    /// Words without a code, by field, and how many cells have them.
    pub(super) uncoded: Uncoded,
}

/// Words without a code, by field, and how many cells have them.
pub(super) type Uncoded = BTreeMap<(usize, String), u64>;

/// What was found in the columns of a piece.
#[derive(Default)]
struct Findings {
    flaws: Vec<Flaw>,
    /// Rows and fields with words that have no code.
    uncoded: Vec<(usize, usize, String)>,
}

impl Context {
    /// Types and checks the rows of a piece of file number `file`.
    pub(super) fn check(&self, file: usize, piece: Piece) -> Result<Checked> {
        let key_column = self.key.first().and_then(|it| self.mappings[file].sources[*it]);
        self.check_rows(file, piece.rows(&self.shown(file), key_column)?)
    }

    /// The same for rows that are cut already.
    pub(super) fn check_rows(&self, file: usize, raw: Rows) -> Result<Checked> {
        let sources = &self.mappings[file].sources;
        let mut findings = Findings::default();
        let mut columns = Vec::with_capacity(self.table.fields.len());
        for (index, field) in self.table.fields.iter().enumerate() {
            columns.push(self.column(index, field, file, &raw, &mut findings));
        }
        let Findings { mut flaws, uncoded } = findings;
        self.places[file].convert(self.table, &mut columns, &mut flaws);
        let keys = key_ids(&self.batch(&columns)?, &self.key)?;
        if let Some(stored) = &self.stored {
            stored.fill(sources, &keys, &mut columns)?;
        }
        self.repeated_header(file, &raw, &mut flaws);
        rule::births(self.table, &columns, sources, self.today, &mut flaws);
        rule::order(self.table, &columns, sources, &mut flaws);
        rule::recurrences(self.table, &columns, self.zone, &mut flaws);
        let batch = self.batch(&columns)?;
        let mut good = vec![true; raw.len()];
        flaws.iter().for_each(|it| good[it.row] = false);
        let mut words = Uncoded::new();
        for (row, field, word) in uncoded {
            // Of a row that is not kept no word is.
            if good[row] && (words.len() < UNCODED_MAX || words.contains_key(&(field, word.clone()))) {
                *words.entry((field, word)).or_default() += 1;
            }
        }
        let digests = row_digests(&batch)?;
        let bad = self.bad_rows(file, &raw, flaws);
        let ascends = seen::ascends(&batch.project(&self.key).map_err(engine)?)?;
        Ok(Checked { file, raw, batch, good, ascends, keys, digests, bad, uncoded: words })
    }

    /// The fields beside the key that some file has no column of.
    pub(super) fn absent(&self) -> Vec<usize> {
        let is_absent = |field: &usize| self.mappings.iter().any(|it| it.sources[*field].is_none());
        let fields = 0..self.table.fields.len();
        fields.filter(|it| !self.key.contains(it)).filter(is_absent).collect()
    }

    /// The file's name for people.
    pub(super) fn shown(&self, file: usize) -> String {
        database::shown(&self.paths[file])
    }

    /// Words an issue of one cell.
    pub(super) fn issue(
        &self,
        file: usize,
        raw: &Rows,
        row: usize,
        field: usize,
        rule: &str,
        expected: Text,
    ) -> RowIssue {
        let source = self.mappings[file].sources[field];
        RowIssue {
            file: self.shown(file),
            line: raw.line(row),
            column: self.table.fields[field].name.clone(),
            rule: rule.to_owned(),
            found: source.map(|it| shorten(&raw.quote(row, it))).unwrap_or_default(),
            expected: expected.en,
            expected_zh: expected.zh,
        }
    }

    fn batch(&self, columns: &[ArrayRef]) -> Result<RecordBatch> {
        RecordBatch::try_new(Arc::clone(&self.schema), columns.to_vec()).map_err(engine)
    }

    /// A header that stands among the rows again, as in lists that were printed page by page.
    fn repeated_header(&self, file: usize, raw: &Rows, flaws: &mut Vec<Flaw>) {
        let Rows::Text(rows) = raw else { return };
        let mapping = &self.mappings[file];
        for field in &self.key {
            let Some(source) = mapping.sources[*field] else { continue };
            let header = mapping.headers[source].as_str();
            let is_header = |cell: &str| cell.len() >= header.len() && cell.trim() == header;
            for row in (0..rows.len()).filter(|it| is_header(rows.cell(*it, source))) {
                let expected = Text::new("data; this is the header again", "数据；此处又是表头");
                flaws.push(Flaw { row, field: *field, rule: "header", expected });
            }
        }
    }

    fn column(
        &self,
        index: usize,
        field: &Field,
        file: usize,
        raw: &Rows,
        findings: &mut Findings,
    ) -> ArrayRef {
        let mapping = &self.mappings[file];
        let Some(source) = mapping.sources[index] else {
            return new_null_array(&field.field_type.data_type(), raw.len());
        };
        // Of all files workbooks alone keep days as bare numbers.
        let serials = matches!(raw, Rows::Text(it) if it.has_serials());
        let reading = Reading { field, offset_s: self.offset_s, serials };
        let words = &mapping.words[index];
        let parsed = match raw {
            _ if !words.is_empty() => {
                let cell = |row| reworded(words, field.field_type, &raw.quote(row, source));
                let cells: Vec<String> = (0..raw.len()).map(cell).collect();
                cell::parse(reading, cells.iter().map(String::as_str))
            }
            Rows::Text(it) => cell::parse(reading, (0..it.len()).map(|row| it.cell(row, source))),
            Rows::Parquet(it, _) => convert(reading, it.column(source)),
        };
        let normal = normal(field, parsed);
        let mut found = Vec::new();
        rule::cells(index, field, &normal, |row| raw.quote(row, source), &mut found);
        if let Rows::Text(rows) = raw {
            let odd = rows.odd.iter().filter(|it| it.column == source && it.oddity.is_one(field.field_type));
            for cell in odd {
                // What its text breaks follows from what it is.
                found.retain(|it| it.row != cell.row);
                let (rule, expected) = (cell.oddity.rule(), cell.oddity.expected());
                found.push(Flaw { row: cell.row, field: index, rule, expected });
            }
        }
        findings.flaws.append(&mut found);
        findings.uncoded.extend(normal.uncoded.into_iter().map(|(row, word)| (row, index, word)));
        normal.column
    }

    fn bad_rows(&self, file: usize, raw: &Rows, mut flaws: Vec<Flaw>) -> Vec<BadRow> {
        flaws.sort_by_key(|it| (it.row, it.field));
        let headers = &self.mappings[file].headers;
        let mut bad: Vec<BadRow> = Vec::new();
        for flaws in flaws.chunk_by(|left, right| left.row == right.row) {
            let Some(row) = flaws.first().map(|it| it.row) else { continue };
            let issues = flaws
                .iter()
                .map(|it| self.issue(file, raw, row, it.field, it.rule, it.expected.clone()))
                .collect();
            bad.push(BadRow { file, line: raw.line(row), json: raw.json(row, headers), issues });
        }
        let Rows::Text(rows) = raw else { return bad };
        for row in &rows.ragged {
            let (cells, width) = (row.cells.len(), headers.len());
            let expected = Text::new(
                format!("{width} cells, as in the header"),
                format!("{width} 个单元格，与表头一致"),
            );
            let issue = self.row_issue(
                file,
                row.line,
                "columns",
                format!("{cells} cells · {cells} 个单元格"),
                expected,
            );
            let json = ragged_json(&row.cells, headers);
            bad.push(BadRow { file, line: row.line, json, issues: vec![issue] });
        }
        for row in &rows.undecoded {
            let encoding = rows.encoding();
            let expected = Text::new(
                format!(
                    "text in {encoding}, the encoding of this file; if it is another, name it with --encoding"
                ),
                format!("{encoding} 编码的文本（该文件的编码）；若另有编码，请用 --encoding 指明"),
            );
            let found = row.cells.iter().find(|it| it.contains("\\x")).map(|it| shorten(it));
            let issue = self.row_issue(file, row.line, "encoding", found.unwrap_or_default(), expected);
            let json = ragged_json(&row.cells, headers);
            bad.push(BadRow { file, line: row.line, json, issues: vec![issue] });
        }
        for row in &rows.refused {
            let found = shorten(&row.found);
            let issue = self.row_issue(file, row.line, row.rule, found, row.expected.clone());
            bad.push(BadRow { file, line: row.line, json: row.json.clone(), issues: vec![issue] });
        }
        if let Some(row) = &rows.broken {
            let expected = Text::new(
                "a closing quote, then a separator or the line's end; the lines behind this one were read as rows of their own",
                "闭合的引号，其后是分隔符或行尾；后面各行已按单独的行读取",
            );
            let issue = self.row_issue(file, row.line, "quote", shorten(&row.text), expected);
            bad.push(BadRow { file, line: row.line, json: broken_json(&row.text), issues: vec![issue] });
        }
        bad.sort_by_key(|it| it.line);
        bad
    }

    /// Words an issue of a whole row.
    fn row_issue(&self, file: usize, line: u64, rule: &str, found: String, expected: Text) -> RowIssue {
        RowIssue {
            file: self.shown(file),
            line,
            column: String::new(),
            rule: rule.to_owned(),
            found,
            expected: expected.en,
            expected_zh: expected.zh,
        }
    }
}

/// The first positions of the key of a table in its schema.
///
/// **Errors.** None for a catalog that was checked when it was read.
pub(super) fn key_positions(table: &TableSchema) -> Result<Vec<usize>> {
    let position =
        |it: &String| table.index_of(it).ok_or_else(|| -> Error { engine(format!("key {it} is no column")) });
    table.primary_key.iter().map(position).collect()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(FOUND_MAX) {
        None => text.to_owned(),
        Some((end, _)) => text[..end].to_owned(),
    }
}

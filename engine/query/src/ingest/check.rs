//! Rows to typed rows, with every reason why some cannot be kept.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, Int64Type, SchemaRef, TimestampMicrosecondType,
};
use linli_model::{Field, FieldType, RowIssue, TableSchema};

use super::cell;
use super::convert::convert;
use super::header::Mapping;
use super::source::{Piece, Rows, ragged_json};
use crate::candidate::recurrence;
use crate::error::{Error, Result};
use crate::store::digest::{KeyId, RowDigest, key_ids, row_digests};
use crate::store::engine;

/// Columns of which the second must lie after the first.
const ORDERED: [(&str, &str); 2] = [("start", "end"), ("window_start", "window_end")];

/// How much of a cell an issue quotes, in characters.
const FOUND_MAX: usize = 120;

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
    /// The files, as they were given.
    pub(super) paths: Vec<PathBuf>,
    /// The columns of each file.
    pub(super) mappings: Vec<Mapping>,
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
    /// The hash of each row's key.
    pub(super) keys: Vec<KeyId>,
    /// The hash of each row.
    pub(super) digests: Vec<RowDigest>,
    /// The rows with issues.
    pub(super) bad: Vec<BadRow>,
}

/// An issue before it is worded.
struct Flaw {
    row: usize,
    field: usize,
    rule: &'static str,
    expected: String,
}

impl Context {
    /// Types and checks the rows of a piece of file number `file`.
    pub(super) fn check(&self, file: usize, piece: Piece) -> Result<Checked> {
        let raw = piece.rows(&self.shown(file))?;
        let mut flaws = Vec::new();
        let mut columns = Vec::with_capacity(self.table.fields.len());
        for (index, field) in self.table.fields.iter().enumerate() {
            columns.push(self.column(index, field, file, &raw, &mut flaws));
        }
        self.check_order(&columns, &mut flaws);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(engine)?;
        let mut good = vec![true; raw.len()];
        flaws.iter().for_each(|it| good[it.row] = false);
        let keys = key_ids(&batch, &self.key)?;
        let digests = row_digests(&batch)?;
        let bad = self.bad_rows(file, &raw, flaws);
        Ok(Checked { file, raw, batch, good, keys, digests, bad })
    }

    /// The file's name for people.
    pub(super) fn shown(&self, file: usize) -> String {
        self.paths[file].display().to_string()
    }

    /// Words an issue of one cell.
    pub(super) fn issue(
        &self,
        file: usize,
        raw: &Rows,
        row: usize,
        field: usize,
        rule: &str,
        expected: String,
    ) -> RowIssue {
        let source = self.mappings[file].sources[field];
        RowIssue {
            file: self.shown(file),
            line: raw.line(row),
            column: self.table.fields[field].name.clone(),
            rule: rule.to_owned(),
            found: source.map(|it| shorten(&raw.quote(row, it))).unwrap_or_default(),
            expected,
        }
    }

    fn column(
        &self,
        index: usize,
        field: &Field,
        file: usize,
        raw: &Rows,
        flaws: &mut Vec<Flaw>,
    ) -> ArrayRef {
        let Some(source) = self.mappings[file].sources[index] else {
            return new_null_array(&field.field_type.data_type(), raw.len());
        };
        let (column, bad) = match raw {
            Rows::Text(it) => {
                let cells = (0..it.len()).map(|row| it.cell(row, source));
                cell::parse(field.field_type, cells, self.offset_s)
            }
            Rows::Parquet(it, _) => convert(field.field_type, it.column(source), self.offset_s),
        };
        if field.constraints.required {
            // Ascending, because `bad` is.
            let empty = (0..column.len()).filter(|it| column.is_null(*it));
            let empty = empty.filter(|it| bad.binary_search(it).is_err());
            let expected = || "a value".to_owned();
            flaws.extend(empty.map(|row| Flaw { row, field: index, rule: "required", expected: expected() }));
        }
        let expected = field.field_type.expected();
        flaws.extend(bad.into_iter().map(|row| Flaw {
            row,
            field: index,
            rule: "type",
            expected: expected.to_owned(),
        }));
        check_enum(index, field, &column, flaws);
        check_range(index, field, &column, flaws);
        check_recurrence(index, field, &column, flaws);
        column
    }

    fn check_order(&self, columns: &[ArrayRef], flaws: &mut Vec<Flaw>) {
        for (first, second) in ORDERED {
            let (Some(from), Some(to)) = (self.table.index_of(first), self.table.index_of(second)) else {
                continue;
            };
            let instants = |it: usize| columns[it].as_primitive_opt::<TimestampMicrosecondType>();
            let (Some(starts), Some(ends)) = (instants(from), instants(to)) else { continue };
            for row in 0..starts.len() {
                let both = starts.is_valid(row) && ends.is_valid(row);
                if both && ends.value(row) <= starts.value(row) {
                    let expected = format!("a time after {first}");
                    flaws.push(Flaw { row, field: to, rule: "order", expected });
                }
            }
        }
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
            let issue = RowIssue {
                file: self.shown(file),
                line: row.line,
                column: String::new(),
                rule: "columns".to_owned(),
                found: format!("{} cells", row.cells.len()),
                expected: format!("{} cells, as in the header", headers.len()),
            };
            let json = ragged_json(&row.cells, headers);
            bad.push(BadRow { file, line: row.line, json, issues: vec![issue] });
        }
        bad.sort_by_key(|it| it.line);
        bad
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

fn check_enum(index: usize, field: &Field, column: &ArrayRef, flaws: &mut Vec<Flaw>) {
    let Some(allowed) = &field.constraints.one_of else { return };
    let is_bad = |texts: &StringArray, row: usize| {
        texts.is_valid(row) && !allowed.iter().any(|it| it == texts.value(row))
    };
    let rows: Vec<usize> = match column.data_type() {
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            (0..texts.len()).filter(|it| is_bad(texts, *it)).collect()
        }
        DataType::List(_) => {
            let lists = column.as_list::<i32>();
            let any_bad = |row: usize| {
                let items = lists.value(row);
                let texts = items.as_string_opt::<i32>();
                texts.is_some_and(|it| (0..it.len()).any(|item| is_bad(it, item)))
            };
            (0..lists.len()).filter(|it| lists.is_valid(*it) && any_bad(*it)).collect()
        }
        _ => Vec::new(),
    };
    let expected = || format!("one of {}", allowed.join(", "));
    flaws.extend(rows.into_iter().map(|row| Flaw { row, field: index, rule: "enum", expected: expected() }));
}

/// A recurrence rule that cannot be read would stop every later match: it stops its row instead.
fn check_recurrence(index: usize, field: &Field, column: &ArrayRef, flaws: &mut Vec<Flaw>) {
    let Some(texts) = column.as_string_opt::<i32>().filter(|_| field.name == "rrule") else { return };
    for row in (0..texts.len()).filter(|it| texts.is_valid(*it)) {
        if let Err(cause) = recurrence::check(texts.value(row)) {
            let expected = format!("a rule such as FREQ=WEEKLY;BYDAY=MO,FR: {cause}");
            flaws.push(Flaw { row, field: index, rule: "rrule", expected });
        }
    }
}

fn check_range(index: usize, field: &Field, column: &ArrayRef, flaws: &mut Vec<Flaw>) {
    let limits = &field.constraints;
    if limits.minimum.is_none() && limits.maximum.is_none() {
        return;
    }
    let number = |row: usize| -> Option<f64> {
        match field.field_type {
            FieldType::Integer => Some(column.as_primitive::<Int64Type>().value(row) as f64),
            FieldType::Number => Some(column.as_primitive::<Float64Type>().value(row)),
            FieldType::Decimal => Some(column.as_primitive::<Decimal128Type>().value(row) as f64),
            _ => None,
        }
    };
    for row in (0..column.len()).filter(|it| column.is_valid(*it)) {
        let Some(number) = number(row) else { return };
        if let Some(least) = limits.minimum.filter(|it| number < *it) {
            let expected = format!("at least {least}");
            flaws.push(Flaw { row, field: index, rule: "minimum", expected });
        }
        if let Some(most) = limits.maximum.filter(|it| number > *it) {
            let expected = format!("at most {most}");
            flaws.push(Flaw { row, field: index, rule: "maximum", expected });
        }
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(FOUND_MAX) {
        None => text.to_owned(),
        Some((end, _)) => text[..end].to_owned(),
    }
}

//! Made-up columns: plausible, the same every time, and different from row to row.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};

use crate::description::{ColumnType, Columns};

/// How many indicators an evaluator is given that takes any.
const INDICATORS: usize = 5;

/// How many rows are null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// About one in ten, in every column.
    Some,
    /// Every one.
    All,
}

/// A batch with the columns a plugin asks for.
pub(super) fn batch(columns: &Columns, rows: usize, nulls: Nulls) -> Result<RecordBatch, String> {
    let mut named: Vec<(String, ArrayRef)> = match columns {
        Columns::Named(columns) => {
            columns.iter().map(|it| (it.name.clone(), array(&it.name, it.column_type, rows, nulls))).collect()
        }
        Columns::Any => (1..=INDICATORS)
            .map(|it| format!("indicator_{it}_share"))
            .map(|it| (it.clone(), array(&it, ColumnType::F64, rows, nulls)))
            .collect(),
    };
    if named.is_empty() {
        // A batch knows its rows by its columns; this one is not shown to the plugin.
        named.push(("row".to_owned(), array("row", ColumnType::I64, rows, nulls)));
    }
    let named = named.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(named).map_err(|it| it.to_string())
}

fn array(name: &str, column_type: ColumnType, rows: usize, nulls: Nulls) -> ArrayRef {
    let seed = name.bytes().fold(0, |sum, it| mixed(sum ^ u64::from(it)));
    let drawn = (0..rows as u64).map(|row| {
        let drawn = mixed(seed.wrapping_add(row));
        (nulls == Nulls::Some && !drawn.is_multiple_of(10)).then_some(drawn >> 8)
    });
    match column_type {
        ColumnType::F64 => {
            let largest = largest(name);
            Arc::new(drawn.map(|it| it.map(|it| fraction(it) * largest)).collect::<Float64Array>())
        }
        ColumnType::I64 => {
            let largest = largest(name);
            // Hosts round distances, see the dictionary of candidates.
            let step = if name.ends_with("_m") { 10 } else { 1 };
            let number = |it: u64| (fraction(it) * largest) as i64 / step * step;
            Arc::new(drawn.map(|it| it.map(number)).collect::<Int64Array>())
        }
        ColumnType::Bool => Arc::new(drawn.map(|it| it.map(|it| it & 1 == 1)).collect::<BooleanArray>()),
        ColumnType::Text => {
            let word = |it: u64| format!("c{}", it % 20);
            Arc::new(drawn.map(|it| it.map(word)).collect::<StringArray>())
        }
    }
}

/// The unit stands last in a name, so a name tells how large its numbers get.
fn largest(name: &str) -> f64 {
    match name.rsplit('_').next() {
        Some("m") => 3000.0,
        Some("share" | "ratio" | "rate" | "score" | "fit") => 1.0,
        Some("min" | "s" | "h") => 240.0,
        _ => 10.0,
    }
}

/// 0 to 1, without 1.
fn fraction(drawn: u64) -> f64 {
    // The lowest 53 bits fit a float exactly.
    (drawn & ((1 << 53) - 1)) as f64 / (1_u64 << 53) as f64
}

/// SplitMix64 (Steele, Lea & Flood 2014).
fn mixed(seed: u64) -> u64 {
    let mut it = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    it ^ (it >> 31)
}

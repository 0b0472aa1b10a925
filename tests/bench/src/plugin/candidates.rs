//! What scorers see of candidates, from fixed sequences.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use linli_plugin::{Columns, Plugin};
use linli_sdk::{Batch, Column, ColumnData, TextColumn};

use super::said;

const GROUPS: [&str; 5] = ["elderly", "lonely_elder", "disabled", "minor", "low_income"];
const BASES: [&str; 4] = ["centroid", "gazetteer", "point", "unknown"];
const CHANNELS: [&str; 4] = ["phone", "visit", "web", "wechat"];
const KINDS: [&str; 2] = ["merchant", "volunteer"];

/// The columns that a plugin asks for, of so many candidates.
pub fn wanted(plugin: &Plugin, rows: usize) -> Result<RecordBatch, String> {
    match &plugin.description().columns {
        Columns::Named(named) => table(named.iter().map(|it| it.name.as_str()), rows),
        Columns::Any => Err(format!("{} asks for whatever there is", plugin.description().name)),
    }
}

/// These columns of so many candidates.
pub fn table<'a>(names: impl IntoIterator<Item = &'a str>, rows: usize) -> Result<RecordBatch, String> {
    let columns = names.into_iter().map(|name| match column(name, rows) {
        Some(it) => Ok((name, it)),
        None => Err(format!("no values are made up for column {name}")),
    });
    RecordBatch::try_from_iter(columns.collect::<Result<Vec<_>, _>>()?).map_err(said)
}

/// A whole number below `below`.
///
/// Weyl sequence: the fractions of multiples of the golden ratio. Only the upper half of the bits is
/// used: the lowest ones repeat after a few rows.
fn draw(row: usize, salt: usize, below: u64) -> u64 {
    ((((row + salt) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) * below) >> 32
}

fn column(name: &str, rows: usize) -> Option<ArrayRef> {
    let required = |row| draw(row, 0, 4);
    let matched = |row| required(row).min(draw(row, 7, 4));
    let is_merchant = |row| draw(row, 31, 10) < 3;
    let same_district = |row| draw(row, 37, 4) < 3;
    Some(match name {
        // Of one in 32 nobody knows where it is.
        "distance_m" => {
            let known = |row| draw(row, 41, 32) > 0;
            nullable((0..rows).map(|it| known(it).then(|| 10 * draw(it, 43, 300) as i64)))
        }
        "exclusion_distance_m" => {
            let known = |row| draw(row, 47, 16) == 0;
            nullable((0..rows).map(|it| known(it).then(|| 10 * draw(it, 53, 100) as i64)))
        }
        "skills_required" => i64s(rows, required),
        "skills_matched" => i64s(rows, matched),
        "skills_offered" => i64s(rows, |it| matched(it) + draw(it, 13, 6)),
        "tier" => i64s(rows, |it| draw(it, 59, 4)),
        "duration_min" => i64s(rows, |it| 30 + 15 * draw(it, 61, 8)),
        "recent_tasks" => i64s(rows, |it| draw(it, 67, 12)),
        "days_met" => i64s(rows, |it| draw(it, 71, 12).saturating_sub(8)),
        "team_members" => i64s(rows, |it| draw(it, 73, 5)),
        "team_social_workers" => i64s(rows, |it| draw(it, 79, 2)),
        "community_given_min" => i64s(rows, |it| 30 * draw(it, 83, 400)),
        "community_received_min" => i64s(rows, |it| 30 * draw(it, 89, 400)),
        "speciality" => bools(rows, |it| draw(it, 29, 3) == 0),
        "speciality_point" => bools(rows, |it| draw(it, 97, 5) == 0),
        "is_merchant" => bools(rows, is_merchant),
        "same_district" => bools(rows, same_district),
        "same_community" => bools(rows, |it| same_district(it) && draw(it, 101, 3) == 0),
        // Who is no merchant has no price.
        "pay_ratio" => Arc::new(Float64Array::from_iter(
            (0..rows).map(|it| is_merchant(it).then(|| 0.5 + 0.05 * draw(it, 103, 11) as f64)),
        )),
        "price" => Arc::new(Float64Array::from_iter_values((0..rows).map(|it| draw(it, 107, 200) as f64))),
        "target_group" => texts(rows, |it| GROUPS.get(draw(it, 109, 8) as usize).copied()),
        "distance_basis" => texts(rows, |it| BASES.get(draw(it, 113, 4) as usize).copied()),
        "channel" => texts(rows, |it| CHANNELS.get(draw(it, 127, 4) as usize).copied()),
        "provider_kind" => texts(rows, |it| KINDS.get(usize::from(!is_merchant(it))).copied()),
        _ => return None,
    })
}

fn nullable(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(Int64Array::from_iter(values))
}

fn i64s(rows: usize, value: impl Fn(usize) -> u64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values((0..rows).map(|it| value(it) as i64)))
}

fn bools(rows: usize, value: impl Fn(usize) -> bool) -> ArrayRef {
    Arc::new((0..rows).map(|it| Some(value(it))).collect::<BooleanArray>())
}

fn texts(rows: usize, value: impl Fn(usize) -> Option<&'static str>) -> ArrayRef {
    Arc::new((0..rows).map(value).collect::<StringArray>())
}

/// The same with a null in every eighth row of every column.
pub fn with_nulls(batch: &RecordBatch) -> Result<RecordBatch, String> {
    fn thinned<T>(values: impl Iterator<Item = Option<T>>) -> impl Iterator<Item = Option<T>> {
        values.enumerate().map(|(row, value)| value.filter(|_| row % 8 != 7))
    }
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, array)| {
        let any = array.as_any();
        let thin: ArrayRef = if let Some(it) = any.downcast_ref::<Int64Array>() {
            Arc::new(Int64Array::from_iter(thinned(it.iter())))
        } else if let Some(it) = any.downcast_ref::<Float64Array>() {
            Arc::new(Float64Array::from_iter(thinned(it.iter())))
        } else if let Some(it) = any.downcast_ref::<BooleanArray>() {
            Arc::new(BooleanArray::from_iter(thinned(it.iter())))
        } else if let Some(it) = any.downcast_ref::<StringArray>() {
            Arc::new(StringArray::from_iter(thinned(it.iter())))
        } else {
            return Err(format!("{} has an unknown type", field.name()));
        };
        Ok((field.name().clone(), thin))
    });
    RecordBatch::try_from_iter(columns.collect::<Result<Vec<_>, String>>()?).map_err(said)
}

/// The same blocks as the SDK shows them to a kernel.
pub fn native(batch: &RecordBatch) -> Result<Vec<Batch>, String> {
    let blocks = Plugin::blocks(batch.num_rows());
    blocks.map(|rows| native_block(&batch.slice(rows.start, rows.len()))).collect()
}

fn native_block(block: &RecordBatch) -> Result<Batch, String> {
    let schema = block.schema();
    let columns = schema.fields().iter().zip(block.columns()).map(|(field, array)| {
        let data = data(array).ok_or_else(|| format!("{} has an unknown type", field.name()))?;
        let nulls = array.nulls().filter(|it| it.null_count() > 0);
        let validity = nulls.map(|it| it.iter().map(u8::from).collect());
        Ok(Column { name: field.name().clone(), validity, data })
    });
    let columns = columns.collect::<Result<Vec<_>, String>>()?;
    Ok(Batch { rows: block.num_rows() as u32, columns })
}

fn data(array: &ArrayRef) -> Option<ColumnData> {
    let any = array.as_any();
    if let Some(it) = any.downcast_ref::<Int64Array>() {
        return Some(ColumnData::I64s(it.iter().map(Option::unwrap_or_default).collect()));
    }
    if let Some(it) = any.downcast_ref::<Float64Array>() {
        return Some(ColumnData::F64s(it.iter().map(Option::unwrap_or_default).collect()));
    }
    if let Some(it) = any.downcast_ref::<BooleanArray>() {
        return Some(ColumnData::Bools(it.iter().map(|it| u8::from(it == Some(true))).collect()));
    }
    let texts = any.downcast_ref::<StringArray>()?;
    let (mut offsets, mut bytes) = (vec![0], Vec::new());
    for text in texts {
        bytes.extend(text.unwrap_or_default().as_bytes());
        offsets.push(bytes.len() as u32);
    }
    Some(ColumnData::Texts(TextColumn { offsets, bytes }))
}

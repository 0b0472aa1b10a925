//! Occurrences, slots and days as tables that SQL can join.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, ListBuilder, RecordBatch, StringArray, StringBuilder, TimestampMicrosecondArray,
    UInt32Array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::expand::Occurrence;
use super::{Horizon, Slot};
use crate::frame::{Frame, shared};
use crate::zone::Zone;
use crate::{Error, Result};

/// What an occurrence has of its need.
const COPIED: [&str; 15] = [
    "district_id",
    "community_id",
    "service_id",
    "skills",
    "tier",
    "target_group",
    "duration_min",
    "lon",
    "lat",
    "basis",
    "at_home",
    "reach_m",
    "has_card",
    "channel",
    "service_kind",
];

/// `need_occurrence`: need `n` of the rules. `day` is the first local day of its window that
/// lies in the horizon.
pub(super) fn occurrence_table(
    open: &Frame,
    occurrences: &[Occurrence],
    horizon: Horizon,
    time_zone: &str,
) -> Result<(SchemaRef, RecordBatch)> {
    let index: UInt32Array = occurrences.iter().map(|it| u32::try_from(it.row).ok()).collect();
    let begins = occurrences.iter().map(|it| it.start.max(horizon.start));
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("need_id", shared(StringArray::from_iter_values(occurrences.iter().map(|it| &it.need.need_id)))),
        ("occurrence_start", times(occurrences.iter().map(|it| it.start), time_zone)),
        ("occurrence_end", times(occurrences.iter().map(|it| it.end), time_zone)),
        ("day", days(begins, time_zone)),
    ];
    for name in COPIED {
        let column = open.batch().column_by_name(name);
        let column =
            column.ok_or_else(|| Error::Engine { cause: format!("need.sql has no column {name}") })?;
        columns.push((name, arrow(take(column, &index, None))?));
    }
    columns.push(("must", lists(occurrences.iter().map(|it| &it.must))));
    columns.push(("never", lists(occurrences.iter().map(|it| &it.never))));
    columns.push(("holders", lists(occurrences.iter().map(|it| &it.holders))));
    table(columns)
}

/// `slot`: slot `s` of the rules, cut to the horizon. `slot_day` is the local day on which the
/// part inside the horizon begins.
pub(super) fn slot_table(
    slots: &[Slot],
    horizon: Horizon,
    time_zone: &str,
) -> Result<(SchemaRef, RecordBatch)> {
    let begins = || slots.iter().map(|it| it.start.max(horizon.start));
    table(vec![
        ("provider_id", shared(StringArray::from_iter_values(slots.iter().map(|it| &it.provider_id)))),
        ("slot_id", shared(StringArray::from_iter_values(slots.iter().map(|it| &it.slot_id)))),
        ("slot_start", times(begins(), time_zone)),
        ("slot_end", times(slots.iter().map(|it| it.end.min(horizon.end)), time_zone)),
        ("slot_day", days(begins(), time_zone)),
    ])
}

/// `horizon_day`: every local day on which a task may begin.
pub(super) fn day_table(horizon: Horizon, time_zone: &str) -> Result<(SchemaRef, RecordBatch)> {
    let zone = Zone::parse(time_zone);
    let all = zone.day(horizon.start)..=zone.day(horizon.end - 1);
    table(vec![("day", days(all.map(|it| zone.day_start(it)), time_zone))])
}

fn table(columns: Vec<(&str, ArrayRef)>) -> Result<(SchemaRef, RecordBatch)> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch =
        arrow(RecordBatch::try_new(Arc::clone(&schema), columns.into_iter().map(|(_, it)| it).collect()))?;
    Ok((schema, batch))
}

/// Instants in the pool's zone, as tables show them.
fn times(values: impl Iterator<Item = i64>, time_zone: &str) -> ArrayRef {
    let array = TimestampMicrosecondArray::from_iter_values(values)
        .with_data_type(DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from(time_zone))));
    shared(array)
}

/// The local days of instants.
fn days(values: impl Iterator<Item = i64>, time_zone: &str) -> ArrayRef {
    let zone = Zone::parse(time_zone);
    let day = |at| i32::try_from(zone.day(at)).unwrap_or(i32::MAX);
    shared(Date32Array::from_iter_values(values.map(day)))
}

fn lists<'a>(rows: impl Iterator<Item = &'a Vec<String>>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for row in rows {
        for text in row {
            builder.values().append_value(text);
        }
        builder.append(true);
    }
    shared(builder.finish())
}

fn arrow<T>(result: std::result::Result<T, datafusion::arrow::error::ArrowError>) -> Result<T> {
    result.map_err(|it| Error::Engine { cause: it.to_string() })
}

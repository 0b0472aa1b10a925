//! What a row must hold to be kept: one function per rule, each with its wording.

use std::ops::Range;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use linli_model::{Field, FieldType, TableSchema, Text};

use super::cell::Parsed;
use super::legible;
use crate::candidate::recurrence;
use crate::zone::Zone;

/// Columns of which the second must lie after the first.
const ORDERED: [(&str, &str); 2] = [("start", "end"), ("window_start", "window_end")];

/// The column of recurrence rules, and the columns with which the first occurrence begins.
const RULE: &str = "rrule";
const FIRST: [&str; 2] = ["window_start", "start"];

/// Instants of which a plan can be made: from 1900 until 2200, in microseconds since 1970 UTC.
/// A year typed wrong would stretch every horizon that covers all windows.
const INSTANTS: Range<i64> = -2_208_988_800_000_000..7_258_118_400_000_000;

/// Occurrences of one rule on one day.
const PER_DAY_MAX: usize = 24;

/// An issue of one cell before its place is put into words.
pub(super) struct Flaw {
    /// The row of the piece.
    pub(super) row: usize,
    /// The field of the table.
    pub(super) field: usize,
    /// The rule's name.
    pub(super) rule: &'static str,
    /// What should stand there.
    pub(super) expected: Text,
}

/// Checks the cells of one column, each on its own.
pub(super) fn cells(index: usize, field: &Field, parsed: &Parsed, flaws: &mut Vec<Flaw>) {
    let (column, bad) = parsed;
    let mut flaw = |row: usize, rule: &'static str, expected: Text| {
        flaws.push(Flaw { row, field: index, rule, expected });
    };
    let kind = field.field_type;
    for row in bad {
        flaw(*row, "type", Text::new(kind.expected(), kind.expected_zh()));
    }
    if field.constraints.required {
        // Ascending, because `bad` is.
        for row in (0..column.len()).filter(|it| column.is_null(*it) && bad.binary_search(it).is_err()) {
            flaw(row, "required", Text::new("a value", "非空"));
        }
    }
    legible::cells(column, &mut flaw);
    one_of(field, column, &mut flaw);
    limits(field, column, &mut flaw);
    if let Some(instants) = instants(column) {
        for row in (0..instants.len()).filter(|it| instants.is_valid(*it)) {
            if !INSTANTS.contains(&instants.value(row)) {
                flaw(row, "range", Text::new("a time from 1900 to 2199", "1900 年至 2199 年之间的时间"));
            }
        }
    }
}

fn one_of(field: &Field, column: &ArrayRef, flaw: &mut impl FnMut(usize, &'static str, Text)) {
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
    for row in rows {
        let expected =
            Text::new(format!("one of {}", allowed.join(", ")), format!("以下之一：{}", allowed.join("、")));
        flaw(row, "enum", expected);
    }
}

fn limits(field: &Field, column: &ArrayRef, flaw: &mut impl FnMut(usize, &'static str, Text)) {
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
            flaw(row, "minimum", Text::new(format!("at least {least}"), format!("不小于 {least}")));
        }
        if let Some(most) = limits.maximum.filter(|it| number > *it) {
            flaw(row, "maximum", Text::new(format!("at most {most}"), format!("不大于 {most}")));
        }
    }
}

/// Checks that what ends ends after it began. Of a pair the file has only one column of, that
/// one is at fault.
///
/// **Shape.** `columns` and `sources` are by field.
pub(super) fn order(
    table: &TableSchema,
    columns: &[ArrayRef],
    sources: &[Option<usize>],
    flaws: &mut Vec<Flaw>,
) {
    for (first, second) in ORDERED {
        let (Some(from), Some(to)) = (table.index_of(first), table.index_of(second)) else {
            continue;
        };
        let (Some(starts), Some(ends)) = (instants(&columns[from]), instants(&columns[to])) else { continue };
        for row in 0..starts.len() {
            let both = starts.is_valid(row) && ends.is_valid(row);
            if !both || ends.value(row) > starts.value(row) {
                continue;
            }
            let (field, expected) = if sources[to].is_some() {
                (to, Text::new(format!("a time after {first}"), format!("晚于 {first} 的时间")))
            } else {
                (from, Text::new(format!("a time before {second}"), format!("早于 {second} 的时间")))
            };
            flaws.push(Flaw { row, field, rule: "order", expected });
        }
    }
}

/// Checks recurrence rules against the start of their own row: a rule that cannot be laid out
/// would stop every later match, so it stops its row instead.
pub(super) fn recurrences(table: &TableSchema, columns: &[ArrayRef], zone: Zone, flaws: &mut Vec<Flaw>) {
    let Some(field) = table.index_of(RULE) else { return };
    let Some(rules) = columns[field].as_string_opt::<i32>() else { return };
    let first = FIRST.iter().find_map(|it| table.index_of(it));
    let starts = first.and_then(|it| instants(&columns[it]));
    for row in (0..rules.len()).filter(|it| rules.is_valid(*it)) {
        let start = starts.filter(|it| it.is_valid(row)).map(|it| it.value(row));
        if start.is_some_and(|it| !INSTANTS.contains(&it)) {
            // The row has its issue already.
            continue;
        }
        if let Err(cause) = laid_out(rules.value(row), start, zone) {
            let expected = Text::new(
                format!("a rule such as FREQ=WEEKLY;BYDAY=MO,FR: {cause}"),
                "可按日展开的规则，如 FREQ=WEEKLY;BYDAY=MO,FR；UNTIL 不早于首次开始",
            );
            flaws.push(Flaw { row, field, rule: "rrule", expected });
        }
    }
}

fn laid_out(rule: &str, start: Option<i64>, zone: Zone) -> Result<(), String> {
    let part = |name: &str| {
        let parts = rule.trim().trim_start_matches("RRULE:").split(';');
        let mut named = parts.filter_map(|it| it.split_once('='));
        named.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let frequency = part("FREQ").unwrap_or_default().to_ascii_uppercase();
    if ["SECONDLY", "MINUTELY", "HOURLY"].contains(&frequency.as_str()) {
        return Err(format!("{frequency} is more often than DAILY"));
    }
    let times = |name| part(name).map_or(1, |it| it.split(',').count());
    let per_day = times("BYHOUR").saturating_mul(times("BYMINUTE")).saturating_mul(times("BYSECOND"));
    if per_day > PER_DAY_MAX {
        return Err(format!("{per_day} times a day, more than {PER_DAY_MAX}"));
    }
    match start {
        None => recurrence::check(rule),
        // The first moment alone: what cannot be begun cannot be laid out.
        Some(first) => recurrence::expand(rule, first, first, first + 1, zone).map(|_| ()),
    }
}

fn instants(column: &ArrayRef) -> Option<&TimestampMicrosecondArray> {
    column.as_primitive_opt::<TimestampMicrosecondType>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_must_fit_its_own_start() {
        let zone = Zone::parse("+08:00");
        let at = |text: &str| zone.instant(text).expect("a time");
        let fits = |rule: &str, start: &str| laid_out(rule, Some(at(start)), zone).is_ok();
        assert!(fits("FREQ=WEEKLY;BYDAY=MO,FR", "2024-03-04T16:00"));
        assert!(fits("FREQ=DAILY;UNTIL=20240304", "2024-03-04T16:00"));
        assert!(!fits("FREQ=DAILY;UNTIL=20240303", "2024-03-04T16:00"));
        assert!(laid_out("FREQ=DAILY;UNTIL=20240303", None, zone).is_ok());
    }

    #[test]
    fn a_rule_comes_at_most_so_often_a_day() {
        let zone = Zone::parse("+08:00");
        for often in [
            "FREQ=HOURLY",
            "RRULE:freq=minutely;INTERVAL=10",
            "FREQ=SECONDLY",
            "FREQ=DAILY;BYHOUR=8,9,10,11,12;BYMINUTE=0,10,20,30,40",
        ] {
            assert!(laid_out(often, None, zone).is_err(), "{often}");
        }
        assert!(laid_out("FREQ=DAILY;BYHOUR=8,16", None, zone).is_ok());
    }
}

//! What a row must hold to be kept: one function per rule, each with its wording.

use std::ops::Range;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use linli_model::{Field, FieldType, Format, TableSchema, Text};

use super::legible;
use super::normal::Normal;
use super::written::is_bound;
use crate::candidate::recurrence;
use crate::zone::Zone;

/// Columns of which the second must lie after the first.
const ORDERED: [(&str, &str); 2] = [("start", "end"), ("window_start", "window_end")];

/// The column of recurrence rules, and the columns with which the first occurrence begins.
const RULE: &str = "rrule";
const FIRST: [&str; 2] = ["window_start", "start"];

/// The column of days of birth, and the earliest of them: 1900-01-01 in days since 1970-01-01.
const BIRTH: &str = "birth_date";
const BIRTH_MIN: i32 = -25_567;

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

/// Checks the cells of one column, each on its own; `found` is what stands in a row.
pub(super) fn cells(
    index: usize,
    field: &Field,
    normal: &Normal,
    found: impl Fn(usize) -> String,
    flaws: &mut Vec<Flaw>,
) {
    let Normal { column, bad, misread, .. } = normal;
    let mut flaw = |row: usize, rule: &'static str, expected: Text| {
        flaws.push(Flaw { row, field: index, rule, expected });
    };
    for row in bad {
        flaw(*row, "type", expected(field, &found(*row)));
    }
    for (row, expected) in misread {
        flaw(*row, "format", expected.clone());
    }
    if field.constraints.required {
        // Ascending, because both are.
        let is_told = |row: usize| {
            bad.binary_search(&row).is_ok() || misread.binary_search_by_key(&row, |it| it.0).is_ok()
        };
        for row in (0..column.len()).filter(|it| column.is_null(*it) && !is_told(*it)) {
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

/// What to write where no value of the type stands.
fn expected(field: &Field, found: &str) -> Text {
    let kind = field.field_type;
    let is_number = matches!(kind, FieldType::Integer | FieldType::Number | FieldType::Decimal);
    let mut text = Text::new(kind.expected(), kind.expected_zh());
    if field.format == Some(Format::Discount) {
        text.en.push_str(", or a discount such as 95折, 8折 or 半价");
        text.zh.push_str("，或 95折、8折、半价 之类的折扣");
    }
    let (words, words_zh) = in_words(field);
    text.en.push_str(&words);
    text.zh.push_str(&words_zh);
    if is_number && is_bound(found) {
        text.en.push_str("; a bound is no number, the table published_figure keeps bounds");
        text.zh.push_str("；“多、余、近、左右”只给出范围，不是确数，范围请录入 published_figure 表");
    }
    text
}

/// The words of a field and the codes they stand for, to follow what is expected.
fn in_words(field: &Field) -> (String, String) {
    let worded = field.words.iter().filter(|(_, words)| !words.is_empty());
    let all: Vec<String> = worded.map(|(code, words)| format!("{} ({code})", words.join("/"))).collect();
    if all.is_empty() {
        return Default::default();
    }
    (format!("; or in words {}", all.join(", ")), format!("；也可写 {}", all.join("、")))
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
        let (words, words_zh) = in_words(field);
        let expected = Text::new(
            format!("one of {}{words}", allowed.join(", ")),
            format!("以下之一：{}{words_zh}", allowed.join("、")),
        );
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

/// Checks that people were born by `today`, and not so long ago that a year was mistyped.
///
/// **Shape.** `columns` and `sources` are by field; what the file does not say is not its fault.
pub(super) fn births(
    table: &TableSchema,
    columns: &[ArrayRef],
    sources: &[Option<usize>],
    today: i32,
    flaws: &mut Vec<Flaw>,
) {
    let Some(field) = table.index_of(BIRTH).filter(|it| sources[*it].is_some()) else { return };
    let Some(days) = columns[field].as_primitive_opt::<Date32Type>() else { return };
    for row in (0..days.len()).filter(|it| days.is_valid(*it)) {
        if !(BIRTH_MIN..=today).contains(&days.value(row)) {
            let expected = Text::new(
                "a day of birth from 1900-01-01 on that is not in the future",
                "1900-01-01 以后且不晚于今天的出生日期",
            );
            flaws.push(Flaw { row, field, rule: "birth", expected });
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

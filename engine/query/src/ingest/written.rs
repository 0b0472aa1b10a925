//! Figures and answers as people write them, for cells that no program wrote.
//!
//! Full-width digits, thousands separators, counters, 万 and 亿, 折, √ and ×. Only what names
//! one number exactly is read: a bound such as 150多 is none, and half of a separator is a slip.
//! All of this is slow and comes after the plain reading failed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use linli_model::{Field, Format, fold, half_width};

/// What people write behind a number of such a unit.
const UNITS: [(&str, &[&str]); 11] = [
    ("years", &["周岁", "岁"]),
    ("h", &["个小时", "小时", "钟头"]),
    ("people", &["人", "名", "个", "位", "口"]),
    ("providers", &["人", "名", "个", "位", "家"]),
    ("tasks", &["次", "单", "件", "个", "项"]),
    ("households", &["户", "家"]),
    ("min", &["分钟", "分"]),
    ("m", &["米"]),
    ("km²", &["平方公里", "平方千米", "km2"]),
    ("yuan", &["元", "块"]),
    ("°", &["度"]),
];

/// What people write behind a number that has no unit.
const COUNTERS: [&str; 16] =
    ["户", "家", "人", "名", "位", "支", "个", "件", "次", "副", "付", "套", "桶", "袋", "台", "项"];

/// What makes a bound or a guess of a number, before it and behind it.
const BEFORE: [&str; 19] = [
    "将近",
    "接近",
    "近",
    "大约",
    "约",
    "至少",
    "最少",
    "最多",
    "至多",
    "不低于",
    "不少于",
    "不超过",
    "超过",
    "不足",
    "逾",
    ">",
    "<",
    "≥",
    "≤",
];
const BEHIND: [&str; 10] = ["多", "余", "左右", "上下", "以上", "以下", "以内", "来", "几", "+"];

/// What people write where they have nothing to write.
const NOTHING: [&str; 20] = [
    "无",
    "暂无",
    "没有",
    "未填",
    "未知",
    "不详",
    "不清楚",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "n/a",
    "na",
    "none",
    "null",
    "?",
    "...",
    "……",
];

/// What people write for a day that does not come.
const FOR_EVER: [&str; 6] = ["长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"];

/// The longest list of items that is searched item by item.
const FEW: usize = 16;

/// Marks that show nothing and come along with copied text.
const INVISIBLE: [char; 2] = ['\u{200b}', '\u{feff}'];

/// A cell without what shows nothing around it.
pub(super) fn trim(cell: &str) -> &str {
    // Most cells begin and end with a letter or digit of ASCII.
    let plain = |it: Option<&u8>| it.is_some_and(u8::is_ascii_graphic);
    let bytes = cell.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) { cell } else { cell.trim_matches(is_around) }
}

fn is_around(it: char) -> bool {
    it.is_whitespace() || INVISIBLE.contains(&it)
}

/// A cell in half width, without what shows nothing around it.
pub(super) fn bare(cell: &str) -> Cow<'_, str> {
    match half_width(cell) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_around)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_around).to_owned()),
    }
}

/// The number of a cell in plain digits: `1,234` is 1234, `2470 户` is 2470, `5.8万` is 58000.
///
/// A counter counts only where the field has no unit or one of such things, `%` only where the
/// field is a part of one.
pub(super) fn figure(cell: &str, field: &Field) -> Option<String> {
    let text = bare(cell);
    let text = without_unit(&text, field.unit.as_deref());
    let is_part = field.constraints.maximum == Some(1.0) && field.constraints.minimum == Some(0.0);
    let (text, places) = match text.char_indices().next_back()? {
        (at, '万') => (&text[..at], 4),
        (at, '亿') => (&text[..at], 8),
        (at, '%') if is_part => (&text[..at], -2),
        _ => (text, 0),
    };
    shifted(&plain(text.trim_end())?, places)
}

fn without_unit<'a>(text: &'a str, unit: Option<&str>) -> &'a str {
    let Some(unit) = unit else { return without_one(text, &COUNTERS) };
    let text = if unit == "yuan" { text.trim_start_matches(['¥', '￥']).trim_start() } else { text };
    let words = UNITS.iter().find(|(name, _)| *name == unit).map_or(&[][..], |(_, words)| *words);
    match text.strip_suffix(unit) {
        Some(rest) => rest.trim_end(),
        None => without_one(text, words),
    }
}

fn without_one<'a>(text: &'a str, words: &[&str]) -> &'a str {
    words.iter().find_map(|it| text.strip_suffix(it)).unwrap_or(text).trim_end()
}

/// Digits with a sign and a point at most; commas only where thousands end.
fn plain(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b)));
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().filter(|it| is_digits(it))?;
    let mut number = format!("{sign}{first}");
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !is_digits(group) {
            return None;
        }
        number.push_str(group);
    }
    match fraction {
        Some(it) if is_digits(it) => Some(format!("{number}.{it}")),
        Some(_) => None,
        None => Some(number),
    }
}

/// Moves the point of a plain number to the right, or to the left where `places` is below zero.
fn shifted(number: &str, places: isize) -> Option<String> {
    if places == 0 {
        return Some(number.to_owned());
    }
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |it| ("-", it));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let steps = places.unsigned_abs();
    let (digits, point) = if places > 0 {
        (format!("{whole}{fraction:0<steps$}"), whole.len() + steps)
    } else {
        let width = whole.len().max(steps + 1);
        (format!("{whole:0>width$}{fraction}"), width - steps)
    };
    let (whole, fraction) = digits.split_at_checked(point)?;
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Whether a cell gives a bound or a guess, as in 150多, 近99% and 10左右, where a number is
/// expected.
pub(super) fn is_bound(cell: &str) -> bool {
    let text = bare(cell);
    let is_digit = |it: char| it.is_ascii_digit() || "一二三四五六七八九十百千万两".contains(it);
    let Some(first) = text.find(is_digit) else { return false };
    BEFORE.iter().any(|it| text[..first].trim_end().ends_with(it))
        || BEHIND.iter().any(|it| text[first..].contains(it))
}

/// The items of a cell, each once.
///
/// A semicolon parts items, and where there is one nothing else does. Without one, 、 and commas
/// and line ends part them; so do strokes and blanks between Chinese words: `水/电`, but `C/C++`.
pub(super) fn items<'a>(cell: &'a str, items: &mut Vec<&'a str>) {
    let mut seen = HashSet::new();
    let mut put = |item: &'a str| {
        let item = trim(item);
        // Most lists are short, and a set costs more than a look at each.
        let is_new = match items.len() {
            0..FEW => !items.contains(&item),
            FEW => {
                seen.extend(items.iter().copied());
                seen.insert(item)
            }
            _ => seen.insert(item),
        };
        if !item.is_empty() && is_new {
            items.push(item);
        }
    };
    if cell.contains([';', '；']) {
        cell.split([';', '；']).for_each(put);
        return;
    }
    for part in cell.split(['、', ',', '，', '\n', '\r']) {
        let is_stroke = |it: char| it.is_whitespace() || matches!(it, '/' | '／' | '|' | '｜');
        let is_han = |it: &str| it.starts_with(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
        if part.split(is_stroke).filter(|it| !it.is_empty()).all(is_han) {
            part.split(is_stroke).for_each(&mut put);
        } else {
            put(part);
        }
    }
}

/// Whether a cell says that there is no value, as 无 and / do; of the last day of something also
/// 长期.
pub(super) fn is_nothing(cell: &str, field: &Field) -> bool {
    if !may_be_nothing(cell) {
        return false;
    }
    let text = bare(cell).to_lowercase();
    NOTHING.contains(&text.as_str())
        || (field.name.ends_with("valid_to") && FOR_EVER.contains(&text.as_str()))
}

/// Whether a cell begins like one of the words for nothing: most are told apart by that.
fn may_be_nothing(cell: &str) -> bool {
    match cell.trim_start().chars().next() {
        Some(it) if it.is_ascii_alphanumeric() => matches!(it, 'n' | 'N'),
        Some(it @ '\u{4e00}'..='\u{9fff}') => "无暂没未不长永".contains(it),
        _ => true,
    }
}

/// The answer of a cell to a question of yes or no.
pub(super) fn answer(cell: &str, field: &Field) -> Option<bool> {
    let text = bare(cell);
    match text.as_ref() {
        "1" | "是" | "有" | "√" | "✓" | "✔" | "☑" | "y" | "Y" => Some(true),
        "0" | "否" | "无" | "没有" | "×" | "✗" | "✘" | "n" | "N" => Some(false),
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes") => Some(true),
        _ if text.eq_ignore_ascii_case("false") || text.eq_ignore_ascii_case("no") => Some(false),
        _ => code(cell, field)?.parse().ok(),
    }
}

/// The code that a word stands for; a code in other letters stands for itself.
pub(super) fn code<'a>(cell: &str, field: &'a Field) -> Option<&'a str> {
    let words = || field.words.iter().flat_map(|(code, it)| it.iter().map(move |it| (it, code.as_str())));
    let exact = words().find(|(word, _)| *word == cell).map(|(_, code)| code);
    exact
        .or_else(|| if field.words.is_empty() { None } else { codes(field).get(&fold(&bare(cell))).copied() })
}

/// The words of a field and its codes, each folded, with the code that is meant.
pub(super) fn codes(field: &Field) -> BTreeMap<String, &str> {
    let words = field
        .words
        .iter()
        .flat_map(|(code, words)| std::iter::once(code).chain(words).map(move |it| (it, code)));
    words.map(|(word, code)| (fold(word), code.as_str())).collect()
}

/// The part to pay that a field of discounts names in words.
pub(super) fn part(cell: &str, field: &Field) -> Option<f64> {
    if field.format == Some(Format::Discount) { linli_model::discount(&bare(cell)).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::cell::tests::field;
    use super::*;

    #[test]
    fn every_word_for_nothing_is_known_by_its_first_letter() {
        let field = field(r#"{ "type": "date" }"#);
        for word in NOTHING.iter().chain(&FOR_EVER) {
            assert!(may_be_nothing(word), "{word}");
        }
        for word in
            NOTHING.iter().flat_map(|it| [(*it).to_owned(), it.to_uppercase(), format!("\u{feff} {it}")])
        {
            assert!(is_nothing(&word, &field), "{word}");
        }
    }

    #[test]
    fn figures_are_read_as_offices_write_them() {
        let read = |cell: &str, json: &str| figure(cell, &field(json)).unwrap_or_else(|| "-".to_owned());
        let plain = r#"{ "type": "number" }"#;
        for (cell, number) in [
            ("１２３", "123"),
            ("－１２．５", "-12.5"),
            ("1,234", "1234"),
            ("1，234，567.8", "1234567.8"),
            ("2470 户", "2470"),
            ("\u{a0}2470\u{3000}户\u{feff}", "2470"),
            ("80万", "800000"),
            ("5.8万", "58000"),
            ("1.23456万", "12345.6"),
            ("1.2亿", "120000000"),
            ("3 万户", "30000"),
            ("−3", "-3"),
            // No number, or none that is exact.
            ("1,23", "-"),
            ("12,34", "-"),
            ("1234,567", "-"),
            ("1,234,", "-"),
            ("1.", "-"),
            ("二三百万", "-"),
            ("98%", "-"),
            ("150多", "-"),
            ("户", "-"),
            ("", "-"),
        ] {
            assert_eq!(read(cell, plain), number, "{cell}");
        }
    }

    #[test]
    fn a_unit_is_read_where_it_is_that_of_the_field() {
        let of = |unit: &str, cell: &str| {
            figure(cell, &field(&format!(r#"{{ "type": "number", "unit": "{unit}" }}"#)))
        };
        assert_eq!(of("people", "36 人").as_deref(), Some("36"));
        assert_eq!(of("min", "90分钟").as_deref(), Some("90"));
        assert_eq!(of("m", "500m").as_deref(), Some("500"));
        assert_eq!(of("yuan", "￥80万元").as_deref(), Some("800000"));
        assert_eq!(of("km²", "5.8 平方公里").as_deref(), Some("5.8"));
        for (unit, cell) in [("min", "30人"), ("min", "2小时"), ("m", "5公里"), ("people", "36户")] {
            assert_eq!(of(unit, cell), None, "{cell} in {unit}");
        }
        let part = field(r#"{ "type": "number", "constraints": { "minimum": 0, "maximum": 1 } }"#);
        assert_eq!(figure("95％", &part).as_deref(), Some("0.95"));
        assert_eq!(figure("0.5%", &part).as_deref(), Some("0.005"));
        assert_eq!(figure("100%", &part).as_deref(), Some("1"));
    }

    #[test]
    fn bounds_are_told_from_slips() {
        for cell in
            ["150多", "200余户", "近99%", "将近 500", "10左右", "90%以上", "不低于10", "二百多", "100+", "≥5"]
        {
            assert!(is_bound(cell), "{cell}");
        }
        for cell in ["two", "1.5", "1,23", "多", "附近", "-3"] {
            assert!(!is_bound(cell), "{cell}");
        }
    }

    #[test]
    fn yes_and_no_have_many_words() {
        let of = |cell| {
            answer(
                cell,
                &field(r#"{ "type": "boolean", "words": { "true": ["可上门"], "false": ["到店"] } }"#),
            )
        };
        for cell in ["有", "√", "Y", "Ｙ", "１", "ＹＥＳ", "可上门 ", "是\u{3000}"] {
            assert_eq!(of(cell), Some(true), "{cell}");
        }
        for cell in ["无", "×", "n", "０", "没有", "到店", "ＦＡＬＳＥ"] {
            assert_eq!(of(cell), Some(false), "{cell}");
        }
        assert_eq!((of("男"), of("也许"), of("")), (None, None, None));
    }
}

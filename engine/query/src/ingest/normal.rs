//! Values in the form in which they are kept: identifiers as their standards have them, words
//! as the codes they stand for.
//!
//! Only columns whose schema says so are looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use linli_model::identifier::{Flaw, division, phone, resident_id, uscc};
use linli_model::{Field, FieldType, Format, Text, fold};

use super::cell::{Parsed, end_list, list_builder};
use super::written::{bare, codes, is_nothing};

/// A column as it is kept.
pub(super) struct Normal {
    /// Its values; cells with issues have none.
    pub(super) column: ArrayRef,
    /// The rows whose cell is no value of the type, ascending.
    pub(super) bad: Vec<usize>,
    /// The rows whose cell is not written as the format of the field has it, ascending, with
    /// what should stand there.
    pub(super) misread: Vec<(usize, Text)>,
    /// Words for which there is no code, in columns that may hold others, each with its row.
    pub(super) uncoded: Vec<(usize, String)>,
}

/// Brings a column into the form in which it is kept.
pub(super) fn normal(field: &Field, (column, bad): Parsed) -> Normal {
    if let (Some(read), Some(texts)) = (reader(field.format), column.as_string_opt::<i32>()) {
        let (column, misread) = formatted(read, texts, field);
        return Normal { column, bad, misread, uncoded: Vec::new() };
    }
    let mut words = Words { codes: BTreeMap::new(), uncoded: Vec::new() };
    let column = match field.field_type {
        _ if field.words.is_empty() => column,
        FieldType::String => coded(field, &column, &mut words).unwrap_or(column),
        FieldType::List => coded_lists(field, &column, &mut words).unwrap_or(column),
        // Words of numbers and answers are read where their texts are.
        _ => column,
    };
    // Where only codes are allowed another word is an issue of its row.
    let uncoded = if field.constraints.one_of.is_some() { Vec::new() } else { words.uncoded };
    Normal { column, bad, misread: Vec::new(), uncoded }
}

/// The words of a field, and those that are none of them.
struct Words<'a> {
    codes: BTreeMap<String, &'a str>,
    uncoded: Vec<(usize, String)>,
}

impl<'a> Words<'a> {
    /// The code of a word; the word itself where it has none.
    fn code<'b>(&mut self, row: usize, text: &'b str) -> &'b str
    where
        'a: 'b,
    {
        match self.codes.get(&fold(&bare(text))) {
            Some(code) => code,
            None => {
                self.uncoded.push((row, text.to_owned()));
                text
            }
        }
    }
}

/// How values of a format are read, and the name of what is expected.
type Reader = (fn(&str) -> Result<String, Flaw>, (&'static str, &'static str));

fn reader(format: Option<Format>) -> Option<Reader> {
    match format? {
        Format::Uscc => Some((
            |it| uscc::read(it).map(|it| it.text),
            ("a unified social credit code of 18 characters", "18 位统一社会信用代码"),
        )),
        Format::ResidentId => Some((
            |it| resident_id::read(it).map(|it| it.text),
            ("a resident identity number", "居民身份证号码"),
        )),
        Format::DivisionCode => Some((
            |it| division::read(it).map(|it| it.text),
            ("a division code of 6, 9, 12 or 17 digits", "6、9、12 或 17 位区划代码"),
        )),
        Format::Phone => Some((phone::normal, ("a telephone number", "电话号码"))),
        // Discounts are numbers; names and addresses are written as they are.
        Format::Discount | Format::PersonName | Format::Address => None,
    }
}

fn formatted(
    (read, (name, name_zh)): Reader,
    texts: &StringArray,
    field: &Field,
) -> (ArrayRef, Vec<(usize, Text)>) {
    let mut builder = StringBuilder::with_capacity(texts.len(), texts.values().len());
    let mut misread = Vec::new();
    for (row, text) in texts.iter().enumerate() {
        let read = |it: &str| match read(it) {
            Err(_) if is_nothing(it, field) => None,
            other => Some(other),
        };
        match text.and_then(read) {
            Some(Ok(text)) => builder.append_value(text),
            None => builder.append_null(),
            Some(Err(flaw)) => {
                let why = flaw.text();
                misread
                    .push((row, Text::new(format!("{name}: {}", why.en), format!("{name_zh}：{}", why.zh))));
                builder.append_null();
            }
        }
    }
    (Arc::new(builder.finish()), misread)
}

/// The same texts with codes in place of words; none where all are codes already.
fn coded<'a>(field: &'a Field, column: &ArrayRef, words: &mut Words<'a>) -> Option<ArrayRef> {
    let texts = column.as_string_opt::<i32>()?;
    if texts.iter().flatten().all(|it| field.words.contains_key(it)) {
        return None;
    }
    let mut builder = StringBuilder::with_capacity(texts.len(), texts.values().len());
    words.codes = codes(field);
    for (row, text) in texts.iter().enumerate() {
        builder.append_option(text.map(|it| words.code(row, it)));
    }
    Some(Arc::new(builder.finish()))
}

fn coded_lists<'a>(field: &'a Field, column: &ArrayRef, words: &mut Words<'a>) -> Option<ArrayRef> {
    let lists = column.as_list_opt::<i32>()?;
    let mut builder = list_builder(lists.len());
    words.codes = codes(field);
    for (row, list) in lists.iter().enumerate() {
        let texts = list.as_ref().and_then(|it| it.as_string_opt::<i32>());
        let mut items = 0;
        for text in texts.into_iter().flat_map(StringArray::iter).flatten() {
            builder.values().append_value(words.code(row, text));
            items += 1;
        }
        end_list(&mut builder, items);
    }
    Some(Arc::new(builder.finish()))
}

#[cfg(test)]
mod tests {
    use super::super::cell::tests::{field, shown};
    use super::super::cell::{Reading, parse};
    use super::*;

    fn check(json: &str, cells: &[&str]) -> (String, Vec<(usize, Text)>) {
        let field = field(json);
        let parsed = parse(Reading { field: &field, offset_s: 0, serials: false }, cells.iter().copied());
        let normal = normal(&field, parsed);
        (shown(&normal.column, &normal.bad), normal.misread)
    }

    #[test]
    fn identifiers_are_kept_in_their_normal_form() {
        let cases = [
            ("uscc", "９１３５０１００m000100y43", "91350100M000100Y43"),
            ("resident_id", " 11010519491231002x", "11010519491231002X"),
            ("division_code", "３７１６０２", "371602"),
            ("phone", "（0543）3369019", "0543-3369019"),
            // The card of the texts: names keep what they begin with.
            ("person_name", "000666", "000666"),
        ];
        for (format, cell, expected) in cases {
            let json = format!(r#"{{ "type": "string", "format": "{format}" }}"#);
            let (values, misread) = check(&json, &[cell, ""]);
            assert_eq!((values, misread.len()), (format!("{expected} | -"), 0), "{format}");
        }
    }

    #[test]
    fn a_slip_is_told_with_what_was_found_and_what_was_expected() {
        let (values, misread) = check(
            r#"{ "type": "string", "format": "uscc" }"#,
            &["", "91350100M000100Y44", "91350100M000100Y4Z"],
        );
        assert_eq!(values, "- | - | -");
        let rows: Vec<usize> = misread.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [1, 2]);
        let text = &misread[0].1;
        assert!(text.en.contains("the check character is 4, the others call for 3"), "{}", text.en);
        assert!(text.zh.starts_with("18 位统一社会信用代码：校验码为 4，按其余各位应为 3"), "{}", text.zh);
        assert!(misread[1].1.zh.contains("第 18 位不能是“Z”"));
    }

    #[test]
    fn words_become_codes_and_codes_stay() {
        let json = r#""words": { "registered": ["在册"], "left": ["退出", "离队"] }"#;
        let (values, _) = check(
            &format!(r#"{{ "type": "string", {json} }}"#),
            &["在册", "registered", "离队\u{3000}", "ＬＥＦＴ", "其他", ""],
        );
        assert_eq!(values, "registered | registered | left | left | 其他 | -");
        let uncoded = |json: &str| {
            let field = field(&format!(r#"{{ "type": "string", {json} }}"#));
            let reading = Reading { field: &field, offset_s: 0, serials: false };
            normal(&field, parse(reading, ["在册", "其他", "", "其他"].into_iter())).uncoded
        };
        assert_eq!(uncoded(json), [(1, "其他".to_owned()), (3, "其他".to_owned())]);
        assert!(uncoded(&format!(r#"{json}, "constraints": {{ "enum": ["left"] }}"#)).is_empty());
        let (values, _) =
            check(&format!(r#"{{ "type": "list", {json} }}"#), &["在册；退出", "left、理发", ";"]);
        assert_eq!(values, "[registered, left] | [left, 理发] | -");
        let (values, _) = check(
            r#"{ "type": "integer", "words": { "3": ["特急"], "0": ["一般"] } }"#,
            &["特急", "２", " 一般 ", "急死了", "1"],
        );
        assert_eq!(values, "3 | 2 | 0 | bad | 1");
    }
}

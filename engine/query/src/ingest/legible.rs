//! Texts that can be shown and handed on: no control characters, and not without end.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use linli_model::Text;

/// The longest text of a cell, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Checks the texts of a column, and those of lists.
///
/// **Cost.** One look at all bytes; only where something is there, one at each text.
pub(super) fn cells(column: &ArrayRef, flaw: &mut impl FnMut(usize, &'static str, Text)) {
    let lists = match column.data_type() {
        DataType::Utf8 => None,
        DataType::List(_) => column.as_list_opt::<i32>(),
        _ => return,
    };
    let texts = lists.map_or(column, |it| it.values());
    let Some(texts) = texts.as_string_opt::<i32>() else { return };
    if !is_suspect(texts) {
        return;
    }
    for row in (0..column.len()).filter(|it| column.is_valid(*it)) {
        let items = lists.map_or(row..row + 1, |it| {
            let ends = it.value_offsets();
            index(ends[row])..index(ends[row + 1])
        });
        let of_row = || items.clone().map(|it| texts.value(it));
        let bytes: usize = of_row().map(str::len).sum();
        if bytes > TEXT_BYTES_MAX {
            let expected = Text::new(
                format!("at most {TEXT_BYTES_MAX} bytes of text, found {bytes}"),
                format!("不超过 {TEXT_BYTES_MAX} 字节的文本，现有 {bytes} 字节"),
            );
            flaw(row, "length", expected);
        }
        if let Some(control) = of_row().flat_map(str::chars).find(|it| is_control(*it)) {
            let name = format!("U+{:04X}", u32::from(control));
            let expected = Text::new(
                format!("text without control characters, found {name}"),
                format!("不含控制字符的文本，现有 {name}"),
            );
            flaw(row, "control", expected);
        }
    }
}

/// Offsets of an array are never negative.
fn index(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

/// Whether some text may break a rule. Control characters beyond ASCII are `C2` and a byte up
/// to `9F`.
fn is_suspect(texts: &StringArray) -> bool {
    // Without branches, so that many bytes are looked at together.
    let is_low =
        |it: u8| (it < b' ') & (it != b'\t') & (it != b'\n') & (it != b'\r') | (it == 0x7F) | (it == 0xC2);
    texts.value_data().iter().fold(false, |found, it| found | is_low(*it))
        || texts.value_data().len() > TEXT_BYTES_MAX
}

fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ingest::cell::parse;

    fn found(column: &ArrayRef) -> Vec<String> {
        let mut found = Vec::new();
        cells(column, &mut |row, rule, expected| found.push(format!("{row} {rule} {}", expected.en)));
        found
    }

    #[test]
    fn control_characters_and_texts_without_end_are_flaws() {
        let long = "长".repeat(TEXT_BYTES_MAX / 3 + 1);
        let fits = "a".repeat(TEXT_BYTES_MAX);
        let texts = ["a\tb\nc\r\n", "a\0b", "a\u{85}b", "±", &fits, &long];
        let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        assert_eq!(
            found(&column),
            [
                "1 control text without control characters, found U+0000",
                "2 control text without control characters, found U+0085",
                "5 length at most 1048576 bytes of text, found 1048578",
            ]
        );
    }

    #[test]
    fn items_of_lists_are_texts() {
        let field = crate::ingest::cell::tests::field(r#"{ "type": "list" }"#);
        let reading = crate::ingest::cell::Reading { field: &field, offset_s: 0, serials: false };
        let lists = parse(reading, ["a;b", "", "c;d\u{7}e"].into_iter()).0;
        assert_eq!(found(&lists), ["2 control text without control characters, found U+0007"]);
    }
}

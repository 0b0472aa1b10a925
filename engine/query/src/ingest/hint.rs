//! How to mend a row that could not be kept.

use linli_model::{RowIssue, TableSchema, Text};

use super::nearest::nearest;

/// What to do about one issue: in the file, or in a file for `--fix`.
pub(super) fn hint(table: &TableSchema, issue: &RowIssue) -> Text {
    let (column, expected, expected_zh) = (&issue.column, &issue.expected, &issue.expected_zh);
    match issue.rule.as_str() {
        "duplicate_key" => Text::new(
            "take one of the two lines out, or give this row a key of its own in the file or under `rows` of a --fix file",
            "两行只留一行；或在文件中、或在 --fix 文件的 rows 中，为此行另编主键",
        ),
        "columns" => Text::new(
            "put cells that hold a separator into quotes and load the file again, or give the whole row under `rows` of a --fix file",
            "含分隔符的单元格加上引号后重新载入；或在 --fix 文件的 rows 中给出整行",
        ),
        "quote" => Text::new(
            "close the quote and load the file again, or give the whole row under `rows` of a --fix file",
            "补上引号后重新载入；或在 --fix 文件的 rows 中给出整行",
        ),
        "json" => Text::new(
            "write one JSON object on the line and load the file again, or give the whole row under `rows` of a --fix file",
            "将该行改为一个 JSON 对象后重新载入；或在 --fix 文件的 rows 中给出整行",
        ),
        "required" => Text::new(
            format!("fill in {column} and load the file again, or give it under `rows` of a --fix file"),
            format!("补填 {column} 后重新载入；或在 --fix 文件的 rows 中给出"),
        ),
        "enum" => {
            let allowed = table.field(column).and_then(|it| it.constraints.one_of.as_ref());
            let near = allowed.and_then(|it| nearest(&issue.found, it.iter().map(String::as_str)));
            let (en, zh) = near.map_or_else(
                || (format!("write {expected}"), format!("改为{expected_zh}")),
                |it| (format!("write {it}"), format!("改为 {it}")),
            );
            Text::new(
                format!("{en}, or say once what the word stands for under `values.{column}` of a --fix file"),
                format!("{zh}；或在 --fix 文件的 values.{column} 中一次说明该词的含义"),
            )
        }
        _ => Text::new(
            format!("write {expected} and load the file again, or give it under `rows` of a --fix file"),
            format!("改为{expected_zh}后重新载入；或在 --fix 文件的 rows 中给出"),
        ),
    }
}

//! What a load says of its files, columns and rows.

use std::fmt::Write as _;

use linli_pool::query::{Duplicate, FileReport, LoadReport};

/// How many issues and how many duplicates a load shows; `--json` has more.
const SHOWN: usize = 5;

/// How files were read where that is not plain, files that were there before, and mappings that
/// were applied.
pub fn files(it: &LoadReport) -> String {
    let mut text = String::new();
    for file in &it.files {
        let name = &file.file;
        text.push_str(&reading(file));
        if let Some(snapshot) = file.seen_in {
            let _ = writeln!(text, "  {name} was loaded before, in snapshot {snapshot}: the same bytes");
            let _ = writeln!(text, "  {name} 此前已载入（快照 {snapshot}），内容完全相同");
        }
        if let Some(mapping) = &file.mapping {
            let from = &mapping.file;
            let _ = writeln!(text, "  columns of {name} are read as {from} says · {name} 的列按 {from} 对应");
        }
    }
    text
}

/// Encoding, sheet and header that somebody may want to override, and lines that are no rows.
fn reading(file: &FileReport) -> String {
    let (mut text, name) = (String::new(), &file.file);
    if let (Some(encoding), Some(basis)) = (&file.encoding, &file.encoding_basis)
        && encoding != "utf-8"
    {
        let _ = writeln!(text, "  {name} was read as {encoding}: {}", basis.en);
        let _ = writeln!(text, "  {name} 按 {encoding} 编码读取：{}", basis.zh);
    }
    if let Some(sheet) = &file.sheet {
        let others = file.other_sheets.join(", ");
        let (en, zh) = if others.is_empty() {
            Default::default()
        } else {
            (format!("; not read: {others}"), format!("；未读取：{others}"))
        };
        let _ = writeln!(text, "  {name}: sheet {sheet}{en}\n  {name}：工作表 {sheet}{zh}");
    }
    if let (Some(line), Some(basis)) = (file.header_row, &file.header_basis)
        && line != 1
    {
        let _ = writeln!(text, "  {name}: the header is on line {line}: {}", basis.en);
        let _ = writeln!(text, "  {name}：表头在第 {line} 行：{}", basis.zh);
    }
    if file.totals > 0 {
        let lines: Vec<String> = file.total_lines.iter().take(SHOWN).map(u64::to_string).collect();
        let (n, lines) = (file.totals, lines.join(", "));
        let _ = writeln!(text, "  {name}: lines of totals or notes, which are no rows: {n} (line {lines})");
        let _ = writeln!(text, "  {name}：合计或说明行 {n} 行，不算数据：第 {lines} 行");
    }
    if file.blank_lines > 0 {
        let n = file.blank_lines;
        let _ = writeln!(text, "  {name}: blank lines, which are no rows: {n} · 空行 {n} 行，不算数据");
    }
    text
}

/// Columns that were left out, and how to settle them.
pub fn columns(it: &LoadReport) -> String {
    let mut text = String::new();
    for column in &it.ignored_columns {
        let near: Vec<&str> = column.nearest.iter().chain(&column.others).map(String::as_str).collect();
        let (instead, nearest) = (column.instead.as_ref(), column.nearest.as_deref().unwrap_or_default());
        let (column, file) = (&column.column, &column.file);
        if let Some(used) = instead {
            let _ =
                writeln!(text, "  column {column:?} of {file} was left out: {used:?} is read as {nearest}");
            let _ = writeln!(text, "  {file} 的列 {column:?} 未载入：{nearest} 已取自列 {used:?}");
            continue;
        }
        let (en, zh) = if near.is_empty() {
            Default::default()
        } else {
            (
                format!(" (did you mean {}?)", near.join(" or ")),
                format!("（是否想写 {}？）", near.join(" 或 ")),
            )
        };
        let _ = writeln!(text, "  column {column:?} of {file} is not known and was left out{en}");
        let _ = writeln!(text, "  {file} 的列 {column:?} 不在表中，未载入{zh}");
    }
    for words in it.uncoded.chunk_by(|left, right| left.column == right.column) {
        let shown = words.iter().take(SHOWN).map(|it| format!("{} ({})", it.word, it.cells));
        let (column, shown) = (&words[0].column, shown.collect::<Vec<_>>().join(", "));
        let rest = if words.len() > SHOWN { ", …" } else { "" };
        let _ = writeln!(text, "  words of {column} without a code, kept as they are: {shown}{rest}");
        let _ = writeln!(text, "  {column} 列中没有对应代码的词，按原样保留：{shown}{rest}");
    }
    if let Some(document) = it.mapping_suggestion.as_ref().and_then(|it| serde_json::to_string(it).ok()) {
        let _ = writeln!(
            text,
            "  to settle them once, edit this, save it and load with --map FILE (null: not to be read)\n  \
             一次定好：修改下面一行，存为文件，载入时加 --map FILE（null 表示不读取）\n  {document}"
        );
    }
    text
}

/// Rows with issues, and rows that look like one.
pub fn findings(it: &LoadReport) -> String {
    let mut text = String::new();
    for issue in it.issues.iter().take(SHOWN) {
        let (file, line, found) = (&issue.file, issue.line, &issue.found);
        let column = if issue.column.is_empty() { String::new() } else { format!(" {}", issue.column) };
        // Chinese stands apart from what is no Chinese.
        let gap = if issue.expected_zh.starts_with(|it: char| it.is_ascii()) { " " } else { "" };
        let _ = writeln!(
            text,
            "  {file}:{line}{column}: found {found:?}, expected {} · 应为{gap}{} ({})",
            issue.expected, issue.expected_zh, issue.rule
        );
    }
    if it.duplicates_total > 0 {
        let n = it.duplicates_total;
        let pairs = if n == 1 { "pair of rows looks" } else { "pairs of rows look" };
        let _ = writeln!(text, "  {n} {pairs} like one and stay two · {n} 对记录疑似重复，均保留，未合并");
    }
    for pair in it.duplicates.iter().take(SHOWN) {
        let Duplicate { keys: [first, second], basis, .. } = pair;
        let (en, zh) = basis_text(basis);
        let _ = writeln!(text, "    {first} = {second}? {en} · {zh}");
    }
    text
}

/// What two rows share.
fn basis_text(basis: &str) -> (&'static str, &'static str) {
    match basis {
        "resident_id" => ("same resident ID", "身份证号相同"),
        "phone_and_name" => ("same telephone number and name", "电话与姓名相同"),
        "name_and_birth_date" => ("same name and day of birth", "姓名与出生日期相同"),
        "uscc" => ("same credit code", "统一社会信用代码相同"),
        "name_in_community" => ("same name in one community", "同一社区内名称相同"),
        _ => ("same name in one district", "同一区县内名称相同"),
    }
}

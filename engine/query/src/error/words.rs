//! What errors are called in Chinese, and what helps.

use linli_model::{Text, refusal};

use super::{Error, KINDS_ZH, first_issue, named};
use crate::ingest::PLAN;

/// The message, in Chinese.
pub(super) fn zh(error: &Error) -> String {
    match error {
        Error::NoPool { path } => format!("{path} 不是资源池：没有 pool.json"),
        Error::PoolExists { path } => format!("{path} 已经是资源池"),
        Error::NotEmpty { path } => format!("{path} 不为空，也不是资源池"),
        Error::FileExists { path } => format!("{path} 已存在"),
        Error::NotAnExport { path, cause } => format!("{path} 无法导入：{}", cause.zh),
        Error::NewerFormat { path, found, supported } => {
            format!("{path} 的格式版本为 {found}，本程序最高支持 {supported}")
        }
        Error::Damaged { path, cause } => format!("{path} 无法解析：{cause}"),
        Error::UnknownTable { table, .. } => format!("没有名为 {table} 的表"),
        Error::NotLoadable { table } => format!("表 {table} 只由 linli 写入"),
        Error::UnknownSnapshot { snapshot } => format!("没有编号为 {snapshot} 的快照"),
        Error::NoSnapshotAt { asked, first } => {
            format!("{asked} 时资源池尚未建立，最早的快照为 {first}")
        }
        Error::UnknownQuery { query, .. } => format!("查询库里没有 {query}"),
        Error::BadParameter { query, cause } => format!("查询 {query} 的参数有误：{}", cause.zh),
        Error::BadHorizon { start, end } => {
            format!("匹配时段的结束时间（{end}）不晚于开始时间（{start}）")
        }
        Error::NotOneStatement { found } => format!("现有 {found} 条语句，应为一条"),
        Error::Conflict { table, snapshot } => {
            format!("写入期间，快照 {snapshot} 已修改表 {table}")
        }
        Error::UnknownFile { path } => format!("没有文件 {path}"),
        Error::FileDenied { path } => format!("当前用户无权读取 {path}"),
        Error::Unreadable { path, cause } => format!("无法读取 {path}：{}", cause.zh),
        Error::EmptyFile { path } => format!("{path} 没有数据行：应有表头和数据行"),
        Error::OpenQuote { path, line } => format!("{path}：第 {line} 行的表头中有未闭合的引号"),
        Error::NoHeader { path, line } => format!("{path}：第 {line} 行没有表头"),
        Error::UnknownKind { path, found, .. } => format!("{path}：现为 {}，应为{KINDS_ZH}", found.zh),
        Error::Undecodable { path, line, bytes, cause } => {
            format!("{path} 第 {line} 行：字节 {bytes}，{}", cause.zh)
        }
        Error::UnknownEncoding { encoding, .. } => format!("没有名为 {encoding} 的编码"),
        Error::UnknownSheet { path, sheet, found } => {
            format!("{path} 中没有工作表 {sheet}，现有：{}", found.join("、"))
        }
        Error::BadJson { path, line, column, cause } => {
            format!("{path}：第 {line} 行第 {column} 列：{}", cause.zh)
        }
        Error::Database { database, cause, .. } => format!("{database}：{}", cause.zh),
        Error::LostFile { path, expected, found } => {
            let found = found.map_or_else(|| "已不存在".to_owned(), |it| format!("现有 {it} 字节"));
            format!("{path} {found}，应有 {expected} 字节")
        }
        Error::MissingColumn { path, table, column, found, .. } => {
            format!("{path}：缺少表 {table} 的列 {column}，现有列：{}", named(found).zh)
        }
        Error::IdleOption { path, found, option } => {
            format!("{path} 为 {found} 格式，选项 {option} 不适用")
        }
        Error::BadMapping { path, key, cause, .. } => {
            let key = if key.is_empty() { String::new() } else { format!("：{key}") };
            format!("{path}{key}：{}", cause.zh)
        }
        Error::NothingKept { rows, .. } => format!("{rows} 行中没有一行可用"),
        Error::BadRows { issues, .. } => first_issue(issues).zh,
        Error::Sql { cause } => format!("SQL 有误：{cause}"),
        Error::Evaluation { cause } => format!("无法算出结果：{cause}"),
        Error::UnknownFormat { format } => format!("没有名为 {format} 的格式"),
        Error::UnknownCrs { crs } => format!("没有名为 {crs} 的坐标系"),
        Error::Unsupported { format, cause } => format!("格式 {format} 无法容纳这些列：{cause}"),
        Error::NotReadOnly { found } => format!("只允许读取，语句中有 {found}"),
        Error::TimedOut { seconds } => format!("查询超过 {seconds} 秒"),
        Error::OutOfMemory { megabytes } => format!("查询所需内存超过 {megabytes} MB"),
        Error::Over { what, limit } => format!("{}：超过 {limit}", what.zh),
        Error::AmbiguousProvider { provider } => format!("编号 {provider} 既是志愿者又是商户"),
        Error::BadRecurrence { what, rule, cause } => {
            format!("{what} 的重复规则 {rule} 有误：{cause}")
        }
        Error::Schema(cause) => format!("内置表结构有误：{cause}"),
        Error::Engine { cause } => format!("引擎出错：{cause}"),
        Error::Io { path, source } => format!("{path}：{}", refusal(source).zh),
    }
}

/// What to do about it, where there is something.
pub(super) fn hint(error: &Error) -> Option<Text> {
    match error {
        Error::NoPool { path } => Some(Text::new(
            format!("make one: linli init {path}"),
            format!("先建立资源池：linli init {path}"),
        )),
        Error::UnknownTable { nearest: Some(it), .. }
        | Error::UnknownQuery { nearest: Some(it), .. }
        | Error::BadMapping { nearest: Some(it), .. } => {
            Some(Text::new(format!("did you mean `{it}`?"), format!("是否想写 {it}？")))
        }
        Error::LostFile { .. } => {
            Some(Text::new("bring the file back from a copy of the pool", "请从资源池的备份中恢复该文件"))
        }
        Error::FileExists { .. } => Some(Text::new("name a new file", "请指定新的文件名")),
        Error::NotAnExport { .. } => Some(Text::new(
            "no pool was made; export it again: linli export POOL FILE.tar",
            "未建立资源池；请重新导出：linli export POOL FILE.tar",
        )),
        Error::NewerFormat { .. } => Some(Text::new("use a newer linli", "请使用更新版本的 linli")),
        Error::Conflict { .. } => Some(Text::new("do it again", "请重试")),
        Error::NothingKept { issues, .. } => issues.first().map(|first| {
            let (en, zh) = if first.column.is_empty() {
                (String::new(), String::new())
            } else {
                (format!(" {}", first.column), format!(" {} 列", first.column))
            };
            Text::new(
                format!(
                    "first: {}:{}{en}: found {:?}, expected {}; if the file has other words or headers, \
                     say with --map FILE what they mean",
                    first.file, first.line, first.found, first.expected
                ),
                format!(
                    "首条：{} 第 {} 行{zh}：现为 {:?}，应为 {}；若文件用词或表头不同，请用 --map FILE 说明其含义",
                    first.file, first.line, first.found, first.expected_zh
                ),
            )
        }),
        Error::Database { hint, .. } => hint.as_deref().cloned(),
        Error::UnknownSheet { .. } => {
            Some(Text::new("name a sheet, or give its number from 1", "请给出工作表的名称，或从 1 起的序号"))
        }
        Error::EmptyFile { .. } => Some(Text::new(
            "nothing was loaded, and nothing of the table was replaced",
            "未载入任何数据，也未替换表中内容",
        )),
        Error::UnknownKind { hint, .. } => Some(Text::clone(hint)),
        Error::Undecodable { .. } => Some(Text::new(
            "save it as CSV in UTF-8, or name its encoding: --encoding gb18030",
            "请另存为 UTF-8 编码的 CSV，或指明编码：--encoding gb18030",
        )),
        Error::UnknownEncoding { nearest, .. } => Some(match nearest {
            Some(it) => Text::new(format!("did you mean `{it}`?"), format!("是否想写 {it}？")),
            None => Text::new(
                "use utf-8, gb18030, utf-16le or utf-16be",
                "可用 utf-8、gb18030、utf-16le、utf-16be",
            ),
        }),
        Error::MissingColumn { found, .. } if found.len() == 1 && found[0].contains(['，', '；', '、']) => {
            Some(Text::new(
                "separate cells with a comma, a semicolon or a tab, not with full-width marks",
                "请用半角逗号、分号或制表符分隔单元格，不要用全角标点",
            ))
        }
        Error::UnknownFormat { .. } => Some(Text::new(
            "use table, csv, json, ndjson, arrow, parquet or xlsx",
            "可用 table、csv、json、ndjson、arrow、parquet、xlsx",
        )),
        Error::UnknownCrs { .. } => Some(Text::new("use wgs84, gcj02 or bd09", "可用 wgs84、gcj02、bd09")),
        Error::TimedOut { .. } => Some(Text::new(
            "narrow it with WHERE, or ask for less at a time",
            "请用 WHERE 缩小范围，或分次查询",
        )),
        Error::IdleOption { option, .. } => {
            Some(Text::new(format!("leave {option} out"), format!("请去掉 {option}")))
        }
        Error::MissingColumn { table, .. } if table == PLAN => Some(Text::new(
            "a plan has the columns need_id, provider_id and slot_id, and may have occurrence_start",
            "方案须有 need_id、provider_id、slot_id 三列，另可有 occurrence_start 列",
        )),
        Error::BadRows { rows, issues_total, .. } => Some(Text::new(
            format!("of {rows} rows, {issues_total} cells or rows cannot be read; mend them and try again"),
            format!("共 {rows} 行，其中 {issues_total} 处无法读取；请改正后重试"),
        )),
        Error::MissingColumn { encoding: Some(it), .. } => Some(Text::new(
            format!("the file was read as {it}, as told; without --encoding its bytes decide"),
            format!("文件按指定的 {it} 读取；不写 --encoding 则按字节判断"),
        )),
        Error::MissingColumn { .. } => Some(Text::new(
            "name the header's line with --header-row N, or say which header is which column with --map FILE",
            "请用 --header-row N 指明表头所在行，或用 --map FILE 说明各表头对应的列",
        )),
        _ => None,
    }
}

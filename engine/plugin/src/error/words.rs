//! Codes, Chinese texts and hints of the errors.

use linli_model::Text;

use super::{Call, Error, Fault, Refusal, Site};

pub(super) fn code(error: &Error) -> &'static str {
    match error {
        Error::Host { .. } => "plugin-host",
        Error::Limits { .. } => "plugin-limits",
        Error::NotWasm { .. } => "not-wasm",
        Error::CoreModule => "core-module",
        Error::TooLarge { .. } => "component-too-large",
        Error::Broken { .. } => "broken-component",
        Error::TooManyParts { .. } => "component-too-many-parts",
        Error::ForbiddenImports { .. } => "forbidden-imports",
        Error::OtherVersion { .. } => "other-interface-version",
        Error::NoWorld { .. } => "no-plugin-world",
        Error::OtherShape { .. } => "other-interface-shape",
        Error::DescriptionUnreadable { .. } => "unreadable-description",
        Error::BadDescription { .. } => "bad-description",
        Error::NotGranted { .. } => "column-not-granted",
        Error::BreaksContract { .. } => "plugin-breaks-contract",
        Error::Untrusted(it) => it.code(),
        Error::WrongKind { .. } => "wrong-plugin-kind",
        Error::BadSettings { .. } => "bad-plugin-settings",
        Error::SettingsRefused { .. } => "plugin-settings-refused",
        Error::MissingColumn { .. } => "plugin-missing-column",
        Error::ColumnType { .. } => "plugin-column-type",
        Error::NotFinite { .. } => "not-finite",
        Error::TextTooLong { .. } => "plugin-text-too-long",
        Error::TooMany { .. } => "plugin-input-too-large",
        Error::WeightCount { .. } => "weight-count",
        Error::BadWeight { .. } => "bad-weight",
        Error::NoBlock { .. } => "no-block",
        Error::Busy { .. } => "plugins-busy",
        Error::OutOfFuel { .. } => "plugin-out-of-fuel",
        Error::TimedOut { .. } => "plugin-timeout",
        Error::OutOfMemory { .. } => "plugin-out-of-memory",
        Error::TableTooLarge { .. } => "plugin-table-too-large",
        Error::StackOverflow { .. } => "plugin-stack-overflow",
        Error::Trapped { .. } => "plugin-trapped",
        Error::Unreadable { .. } => "plugin-answer-unreadable",
        Error::Fault { .. } => "plugin-fault",
        Error::WrongLength { .. } => "plugin-wrong-length",
        Error::BadScore { .. } => "plugin-bad-score",
        Error::VetoBeyondRows { .. } => "plugin-veto-beyond-rows",
        Error::VetoOutOfOrder { .. } => "plugin-veto-out-of-order",
        Error::UnknownVeto { .. } => "plugin-unknown-veto",
        Error::BadIndex { .. } => "plugin-bad-index",
        Error::ContributionCount { .. } => "plugin-contribution-count",
        Error::BadContribution { .. } => "plugin-bad-contribution",
    }
}

pub(super) fn zh(error: &Error) -> String {
    zh_load(error).or_else(|| zh_caller(error)).unwrap_or_else(|| zh_plugin(error))
}

/// What goes wrong before a plugin is loaded.
fn zh_load(error: &Error) -> Option<String> {
    Some(match error {
        Error::Host { cause } => format!("无法建立插件沙箱：{cause}"),
        Error::Limits { cause } => format!("插件限额互相矛盾：{}", cause.zh),
        Error::NotWasm { found } => format!("应为 WebAssembly 组件，实为{}", found.zh),
        Error::CoreModule => "应为 WebAssembly 组件，实为核心模块".to_owned(),
        Error::TooLarge { bytes, bytes_max } => {
            format!("组件有 {bytes} 字节，上限为 {bytes_max} 字节")
        }
        Error::Broken { cause } => format!("组件已损坏，或使用了不允许的特性：{cause}"),
        Error::TooManyParts { part, found, max } => {
            let part = part.words()[1];
            format!("组件至少有 {found} {part}，上限为 {max}")
        }
        Error::ForbiddenImports { found, expected } => {
            format!("组件导入了 {}，只允许导入 {expected}", found.join("、"))
        }
        Error::OtherVersion { found, expected } => {
            format!("组件按 {found} 编写，本程序的接口版本为 {expected}")
        }
        Error::NoWorld { found } => {
            format!("组件导出了 {}，应导出 linli:plugin/scorer 或 linli:plugin/evaluator", list(found))
        }
        Error::OtherShape { name, cause } => {
            format!("组件的 {name} 与 linli:plugin 的约定不符：{cause}")
        }
        Error::DescriptionUnreadable { plugin, cause } => {
            format!("插件 {plugin} 的自我说明无法读取：{cause}")
        }
        Error::BadDescription { plugin, key, found, expected } => {
            format!("插件 {plugin} 的自我说明中 {key} 为 {found}，应为{}", expected.zh)
        }
        Error::NotGranted { plugin, column, why } => {
            format!("插件 {plugin} 要求列 {column}：{}", why.zh())
        }
        Error::BreaksContract { plugin, failed } => {
            let names: Vec<&str> = failed.iter().map(|it| it.name).collect();
            format!("插件 {plugin} 未遵守约定，未通过的检查：{}", names.join("、"))
        }
        Error::Untrusted(it) => it.zh(),
        _ => return None,
    })
}

/// What the caller asked for wrongly.
fn zh_caller(error: &Error) -> Option<String> {
    Some(match error {
        Error::WrongKind { plugin, found, expected } => {
            format!("{plugin} 是{}，此处需要{}", found.zh(), expected.zh())
        }
        Error::BadSettings { plugin, found, expected } => {
            format!("插件 {plugin} 的设置为{}，应为{}", found.zh, expected.zh)
        }
        Error::SettingsRefused { plugin, text } => format!("插件 {plugin} 不接受其设置：{text}"),
        Error::MissingColumn { plugin, column, found } => {
            format!("插件 {plugin} 需要列 {column}，现有列：{}", list(found))
        }
        Error::ColumnType { plugin, column, expected, found } => {
            format!("插件 {plugin} 要求列 {column} 的类型为 {}，实为 {found}", expected.arrow())
        }
        Error::NotFinite { column, row, value } => {
            format!("列 {column} 第 {row} 行为 {value}，应为有限数值或空值")
        }
        Error::TextTooLong { plugin, bytes, bytes_max } => {
            format!("送给插件 {plugin} 的文本有 {bytes} 字节，上限为 {bytes_max} 字节")
        }
        Error::TooMany { plugin, what, found, max } => {
            let what = if *what == "rows" { "行" } else { "列" };
            format!("送给插件 {plugin} 的数据有 {found} {what}，上限为 {max} {what}")
        }
        Error::WeightCount { plugin, found, expected } => {
            format!("插件 {plugin} 收到 {found} 个权重，而指标有 {expected} 列")
        }
        Error::BadWeight { column, value } => {
            format!("第 {column} 列的权重为 {value}，应为不小于 0 的有限数值")
        }
        Error::NoBlock { start, end, rows } => {
            format!("第 {start} 至 {end} 行不是 {rows} 行数据的一个分块")
        }
        Error::Busy { plugin, sessions_max } => {
            format!("插件 {plugin} 无法启动：已有 {sessions_max} 个实例在运行")
        }
        _ => return None,
    })
}

/// What a plugin did wrong.
fn zh_plugin(error: &Error) -> String {
    match error {
        Error::OutOfFuel { site, fuel_max } => {
            format!("{}耗尽燃料（上限 {fuel_max}）", place(site))
        }
        Error::TimedOut { site, seconds_max } => {
            format!("{}运行超过 {seconds_max} 秒", place(site))
        }
        Error::OutOfMemory { site, bytes, bytes_max } => {
            format!("{}申请 {bytes} 字节内存（上限 {bytes_max}）", place(site))
        }
        Error::TableTooLarge { site, elements, elements_max } => {
            format!("{}申请 {elements} 项的表（上限 {elements_max}）", place(site))
        }
        Error::StackOverflow { site } => format!("{}调用层次过深，栈已耗尽", place(site)),
        Error::Trapped { site, trap, report } => {
            format!("{}出错：{}", place(site), super::said(trap, report))
        }
        Error::Unreadable { site, cause } => format!("{}给出无法读取的答复：{cause}", place(site)),
        Error::Fault { site, fault } => match fault {
            Fault::MissingColumn(column) => format!("{}放弃：缺少列 {column}", place(site)),
            Fault::BadSettings(text) => format!("{}放弃：设置有误：{text}", place(site)),
            Fault::Other(text) => format!("{}放弃：{text}", place(site)),
        },
        Error::WrongLength { site, found } => {
            format!("{}给出 {found} 个答复，应为 {} 个", place(site), site.rows)
        }
        Error::BadScore { site, row, value } => {
            format!("插件 {} 给第 {row} 行的分数为 {value}，应为 0 到 1 的数值", site.plugin)
        }
        Error::VetoBeyondRows { site, row, rows_end } => {
            format!("插件 {} 否决了第 {row} 行，行号应小于 {rows_end}", site.plugin)
        }
        Error::VetoOutOfOrder { site, row, previous } => {
            format!("插件 {} 在第 {previous} 行之后否决第 {row} 行，行号应递增且不重复", site.plugin)
        }
        Error::UnknownVeto { site, row, code } => {
            format!("插件 {} 以编号 {code} 否决第 {row} 行，但其自我说明中没有该编号", site.plugin)
        }
        Error::BadIndex { site, row, value } => {
            format!("插件 {} 给第 {row} 行的指数为 {value}，应为有限数值或空值", site.plugin)
        }
        Error::ContributionCount { site, row, found, expected } => {
            format!("插件 {} 给第 {row} 行 {found} 个贡献值，应为 {expected} 个", site.plugin)
        }
        Error::BadContribution { site, row, column, value } => {
            format!("插件 {} 给第 {row} 行第 {column} 列的贡献值为 {value}，应为有限数值", site.plugin)
        }
        // The other halves of the list above.
        other => other.to_string(),
    }
}

fn place(site: &Site) -> String {
    let plugin = &site.plugin;
    match site.call {
        Call::Start => format!("插件 {plugin} 启动时"),
        Call::Describe => format!("插件 {plugin} 自我说明时"),
        Call::Configure => format!("插件 {plugin} 接收设置时"),
        Call::Score => {
            format!("插件 {plugin} 从第 {} 行起为 {} 行评分时", site.first_row, site.rows)
        }
        Call::Evaluate => format!("插件 {plugin} 评价 {} 行时", site.rows),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "（无）".to_owned() } else { names.join("、") }
}

pub(super) fn hint(error: &Error) -> Option<Text> {
    if let Error::Untrusted(it) = error {
        return it.hint();
    }
    if let Error::NotGranted { why: Refusal::Unknown { known }, .. } = error {
        let en = format!("candidates have: {}", known.join(", "));
        return Some(Text::new(en, format!("候选的列有：{}", known.join("、"))));
    }
    let (en, zh) = match error {
        Error::CoreModule => {
            ("make a component of it: cargo xtask plugins", "请先做成组件：cargo xtask plugins")
        }
        Error::ForbiddenImports { .. } => (
            "build for wasm32-unknown-unknown without WASI: there are no files, clock or network",
            "请以 wasm32-unknown-unknown 为目标编译，不用 WASI：插件没有文件、时钟和网络",
        ),
        Error::OtherVersion { .. } | Error::OtherShape { .. } => {
            ("build it again with the plugin kit of this linli", "请用本程序配套的插件开发包重新编译")
        }
        Error::NotGranted { why: Refusal::OtherType { .. }, .. } => (
            "ask for the type it has; datasets/schemas/candidate.json describes every column",
            "请按其类型申请；各列的说明见 datasets/schemas/candidate.json",
        ),
        Error::BreaksContract { .. } => {
            ("see what each check saw: linli plugin check", "查看每项检查的结果：linli plugin check")
        }
        Error::NotGranted { .. } => (
            "ask for what follows from it instead, e.g. distance_m for lon and lat",
            "请改用由其得出的列，例如以 distance_m 代替 lon 和 lat",
        ),
        Error::Broken { .. } => ("build or download the file again", "请重新编译或重新下载该文件"),
        Error::OutOfFuel { .. } | Error::TimedOut { .. } => (
            "look for an endless loop, or for work that grows faster than rows; what each check used: \
             linli plugin check",
            "请检查死循环，或用时增长快于行数的计算；各项检查的用量：linli plugin check",
        ),
        Error::OutOfMemory { .. } => {
            ("keep less than a few hundred bytes per row", "每行占用的内存请控制在几百字节以内")
        }
        Error::Trapped { report: None, .. } => (
            "build with the plugin kit: it reports the text of a panic",
            "请用插件开发包编译，以便报告 panic 的文本",
        ),
        Error::BadScore { .. } => (
            "divide by what can be zero with care, and clamp to 0..1 at the end",
            "请注意除数可能为零，并在最后限制到 0 到 1",
        ),
        Error::NotFinite { .. } => ("write NULL where something cannot be measured", "无法衡量之处请写 NULL"),
        Error::SettingsRefused { .. } | Error::BadSettings { .. } => {
            ("see what can be set: linli plugin inspect", "查看可用的设置：linli plugin inspect")
        }
        _ => return None,
    };
    Some(Text::new(en, zh))
}

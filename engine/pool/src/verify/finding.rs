//! What can be wrong with a run, in both languages.

use linli_model::Text;

use super::rows::Difference;
use crate::matching::CANARY_INPUT;

/// What `queries/report/certificate.sql` finds, in Chinese.
pub(super) const FINDINGS: [(&str, &str); 21] = [
    ("there is no such run, or it is there twice", "没有该批次，或有重复的批次"),
    ("one thing has two prices", "同一需求、配对或容量有两个价格"),
    ("a price is of no known level", "有价格的层级未知"),
    ("a capacity lacks its size or price, or one is out of bounds", "有容量缺少数量或价格，或其值超出范围"),
    ("a capacity is part of one that is not there", "有容量的上级不存在"),
    ("a capacity is part of one that is no wider", "有容量的上级并不更宽"),
    ("a price rises toward the root", "有上级容量的价格高于下级"),
    (
        "a need lacks its demand, penalty or price, or one is out of bounds",
        "有需求缺少人次、缺额代价或价格，或其值超出范围",
    ),
    ("a need costs more than leaving it", "有需求的价格高于其缺额代价"),
    ("a pair lacks its price, or it is out of bounds", "有配对缺少价格，或其值超出范围"),
    ("a candidate is for a need that is not there", "有候选所属的需求不存在"),
    ("a candidate takes a capacity that is not there", "有候选所占的容量不存在"),
    ("a scored candidate lacks its cost, or it is out of bounds", "有已评分候选缺少成本，或其值超出范围"),
    ("a match is for a need that is not there", "有匹配所属的需求不存在"),
    ("a match is no scored candidate at its cost", "有匹配不是相同成本的已评分候选"),
    ("a match is not one unit", "有匹配不是恰好一个人次"),
    ("a provider serves one need twice", "有服务者重复承接同一需求"),
    ("units are unserved of a need that is not there", "有缺额所属的需求不存在"),
    ("unserved units are named twice, or are none", "有缺额重复记录，或不是正数"),
    ("demand is not accounted for", "有需求的人次未全部入账"),
    ("a capacity is exceeded", "有容量被超出"),
];

/// A finding of the certificate.
pub(super) fn certificate(finding: Option<&str>, gap: i128) -> Text {
    match finding {
        Some(en) => {
            let zh = FINDINGS.iter().find(|(it, _)| *it == en).map_or(en, |(_, zh)| *zh);
            Text::new(en, zh)
        }
        None => Text::new(format!("the gap is {gap} instead of 0"), format!("差距为 {gap}，应为 0")),
    }
}

/// The finding as part of a report that speaks of other things too.
pub(super) fn of_certificate(it: &Text) -> Text {
    Text::new(format!("certificate: {}", it.en), format!("最优性证明：{}", it.zh))
}

/// An input that hashes to something else.
pub(super) fn input(kind: &str, name: &str, found: &str, named: &str) -> Text {
    Text::new(
        format!("{kind} {name}: found {found}, the run names {named}"),
        format!("{} {name}：现为 {found}，批次所记为 {named}", kind_zh(kind)),
    )
}

/// An input that cannot be read any more.
pub(super) fn lost_input(kind: &str, name: &str, cause: &Text) -> Text {
    Text::new(format!("{kind} {name}: {}", cause.en), format!("{} {name}：{}", kind_zh(kind), cause.zh))
}

fn kind_zh(kind: &str) -> &str {
    match kind {
        "table" => "数据表",
        "plugin" => "插件",
        CANARY_INPUT => "区县插件",
        "published" => "发布记录",
        "query" => "规则",
        other => other,
    }
}

/// An id that is not the digest of what the run says went into it.
pub(super) fn identity(run_id: &str, recomputed: &str) -> Text {
    Text::new(
        format!("its engine, inputs and settings make run {recomputed}, not {run_id}"),
        format!("按其引擎、输入与设置应为批次 {recomputed}，而非 {run_id}"),
    )
}

/// A run that this build must not judge by its own choice among equals.
pub(super) fn other_engine(made_by: &str, this: &str) -> Text {
    Text::new(
        format!("made by {made_by}; this is {this}, whose rules may differ: only {made_by} can derive it"),
        format!("由 {made_by} 生成；当前为 {this}，规则可能不同：只有 {made_by} 能重新推算"),
    )
}

/// Rows that are not what the run would write again.
pub(super) fn rows(table: &str, it: Difference) -> Text {
    let Difference { stored, derived, only_stored, only_derived } = it;
    Text::new(
        format!(
            "table {table}: {only_stored} of {stored} stored rows are not derived again, \
             {only_derived} of {derived} derived rows are not stored"
        ),
        format!(
            "表 {table}：已存 {stored} 行中有 {only_stored} 行未能重新推算得出，\
             重新推算的 {derived} 行中有 {only_derived} 行未存"
        ),
    )
}

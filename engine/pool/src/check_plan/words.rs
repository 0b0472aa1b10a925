//! What breaks a line, by name and in both languages.

use linli_model::Text;
use linli_plugin::Plugin;

use super::Finding;
use crate::matching::Limit;

fn finding(line: usize, rule: impl Into<String>, en: String, zh: String) -> Finding {
    Finding { line, occurrence_start: None, rule: rule.into(), text: Text::new(en, zh), veto: None }
}

pub(super) fn unknown_need(line: usize, need: &str) -> Finding {
    finding(line, "unknown_need", format!("there is no need {need}"), format!("没有需求 {need}"))
}

pub(super) fn not_asked(line: usize, need: &str) -> Finding {
    finding(
        line,
        "not_asked",
        format!(
            "need {need} takes no part: it is closed, outside the horizon or the districts, or published \
             matches serve it already"
        ),
        format!("需求 {need} 不参与本次匹配：已办结、不在时段或区县之内，或已由已发布的匹配承接"),
    )
}

pub(super) fn unknown_occurrence(line: usize, need: &str) -> Finding {
    finding(
        line,
        "unknown_occurrence",
        format!("need {need} has no occurrence in the horizon that begins then"),
        format!("需求 {need} 在本时段内没有此时开始的一次"),
    )
}

pub(super) fn unknown_provider(line: usize, provider: &str) -> Finding {
    finding(
        line,
        "unknown_provider",
        format!("there is no provider {provider}"),
        format!("没有服务者 {provider}"),
    )
}

pub(super) fn unknown_slot(line: usize, provider: &str, slot: &str) -> Finding {
    finding(
        line,
        "unknown_slot",
        format!("provider {provider} has no slot {slot} in the horizon"),
        format!("服务者 {provider} 在本时段内没有 {slot} 这一时段"),
    )
}

pub(super) fn rule(line: usize, rule: &str, said: Option<&Text>) -> Finding {
    let Text { en, zh } = said.cloned().unwrap_or_else(|| Text::new(rule, rule));
    finding(line, rule, format!("not so: {en}"), format!("不满足：{zh}"))
}

pub(super) fn vetoed(line: usize, name: &str, speaker: &Plugin, code: u16) -> Finding {
    let said = speaker.description().veto(code);
    let (en, zh) = said.map_or_else(
        || (format!("code {code}"), format!("代码 {code}")),
        |it| (it.en.clone(), it.zh.clone()),
    );
    let veto = Some((name.to_owned(), code));
    let (en, zh) = (format!("vetoed by {name}: {en}"), format!("被 {name} 否决：{zh}"));
    Finding { veto, ..finding(line, "vetoed", en, zh) }
}

pub(super) fn repeated(line: usize, earlier: u64) -> Finding {
    finding(line, "repeated_line", format!("line {earlier} says the same"), format!("与第 {earlier} 行重复"))
}

pub(super) fn provider_twice(line: usize, provider: &str, by: u64) -> Finding {
    finding(
        line,
        "provider_twice",
        format!("{provider} helps this need already, by line {by}"),
        format!("第 {by} 行已安排 {provider} 承接该需求"),
    )
}

pub(super) fn over_served(line: usize, demand: u32) -> Finding {
    finding(
        line,
        "over_served",
        format!("the need asks for {demand}, and lines before this one serve it"),
        format!("该需求所需人次为 {demand}，前面各行已满足"),
    )
}

/// A capacity that lines before this one have filled, or that has no room to begin with.
pub(super) fn full(line: usize, limit: &Limit) -> Finding {
    let (level, provider, label, capacity) = (limit.level, &limit.provider_id, &limit.label, limit.capacity);
    let (rule, level_zh) = match level {
        "slot" => ("slot_full", "时段"),
        "day" => ("day_full", "当日"),
        _ => ("week_full", "当周"),
    };
    finding(
        line,
        rule,
        format!("no room is left for {provider}: {level} {label} has room for {capacity}"),
        format!("{provider} 已无名额：{level_zh} {label} 可用名额为 {capacity}"),
    )
}

//! Explanations as sentences, in both languages.

use linli_model::Text;

use super::{NeedExplanation, PairExplanation, PartLine, PathStep};

/// The rule that keeps out whoever holds the need already: nobody would mend that.
const ONCE: &str = "once";

pub(super) fn need(it: &NeedExplanation) -> Text {
    let more = held_more(it.held_units);
    if it.unmatched.is_empty() {
        let mut who: Vec<&str> = Vec::new();
        for line in &it.matches {
            if !who.contains(&line.provider_id.as_str()) {
                who.push(&line.provider_id);
            }
        }
        return Text::new(
            format!(
                "{} is served by {} out of {} candidates{}",
                it.need_id,
                who.join(", "),
                it.candidates,
                more.en
            ),
            format!("{} 由 {} 承接（候选 {} 个）{}", it.need_id, who.join("、"), it.candidates, more.zh),
        );
    }
    let mut kinds: Vec<(&str, bool, i64)> = Vec::new();
    for line in &it.unmatched {
        // Whoever holds a unit of the occurrence already is not among those asked for the rest.
        let is_partial = line.status == "partial" || line.held_units > 0;
        let reason = line.reason.as_str();
        match kinds.iter_mut().find(|(known, partial, _)| (*known, *partial) == (reason, is_partial)) {
            Some((.., units)) => *units += line.units,
            None => kinds.push((reason, is_partial, line.units)),
        }
    }
    let open: i64 = kinds.iter().map(|(.., units)| units).sum();
    // Where the whole need has one answer, nobody asks which units it is about.
    let is_simple = kinds.len() == 1 && (kinds[0].1 || it.matches.is_empty());
    let clauses = kinds.iter().map(|(reason, is_partial, units)| {
        let said = match *reason {
            "no_candidate" => no_candidate(it, *is_partial),
            "vetoed" => all_vetoed(it, *is_partial),
            _ => full(it, *is_partial),
        };
        if is_simple {
            return said;
        }
        Text::new(
            format!("at the time of {units} of these, {}", said.en),
            format!("其中 {units} 人次的时段内，{}", said.zh),
        )
    });
    let Text { en, zh } = join(clauses.collect());
    Text::new(
        format!("{} of {} units of {} stay unserved{}: {en}", open, it.units, it.need_id, more.en),
        format!("{} 的 {} 人次中有 {} 人次未满足{}：{zh}", it.need_id, it.units, open, more.zh),
    )
}

/// Units that published matches hold, beside those the run was asked for.
fn held_more(units: i64) -> Text {
    let are = if units == 1 { "is" } else { "are" };
    match units {
        0 => Text::new("", ""),
        _ => Text::new(
            format!(", {units} more {are} held by published matches"),
            format!("，另有 {units} 人次已由已发布的匹配承接"),
        ),
    }
}

fn no_candidate(it: &NeedExplanation, is_partial: bool) -> Text {
    let (en, zh) = if is_partial {
        ("nobody else passes every rule", "没有其他人满足全部规则")
    } else {
        ("nobody passes every rule", "没有人满足全部规则")
    };
    match it.rules.iter().find(|it| it.only_this > 0 && it.rule != ONCE) {
        Some(rule) => Text::new(
            format!("{en}; {} come one short, and it is this: {}", rule.only_this, rule.text.en),
            format!("{zh}；其中 {} 人只差一条：{}", rule.only_this, rule.text.zh),
        ),
        None => Text::new(format!("{en}, and nobody comes within one"), format!("{zh}，也没有人只差一条")),
    }
}

fn all_vetoed(it: &NeedExplanation, is_partial: bool) -> Text {
    let said = it.vetoes.iter().map(|it| veto(&it.scorer, it.veto_code, it.veto.as_ref()));
    let said = join(said.collect());
    if is_partial {
        Text::new(
            format!("every other candidate was vetoed: {}", said.en),
            format!("其余候选均被否决：{}", said.zh),
        )
    } else {
        Text::new(
            format!("every candidate was vetoed: {}", said.en),
            format!("所有候选均被否决：{}", said.zh),
        )
    }
}

fn full(it: &NeedExplanation, is_partial: bool) -> Text {
    let reasons = [
        (
            it.taken,
            "taken by tasks that go first, being more urgent, pinned or no dearer to serve",
            "已用于优先的任务（更紧急、已指定服务者，或成本不更高）",
        ),
        (
            it.held,
            "without room because of published matches or the providers' own limits",
            "名额已被已发布的匹配占用，或受服务者自身上限限制",
        ),
        (it.vetoed, "vetoed", "被否决"),
    ];
    let counted = reasons.iter().filter(|(count, ..)| *count > 0);
    let counted = join(
        counted
            .map(|(count, en, zh)| Text::new(format!("{count} {en}"), format!("{count} 个{zh}")))
            .collect(),
    );
    let (en, zh) = if is_partial {
        ("no other candidate is free", "没有其他空闲的候选")
    } else {
        ("no candidate is free", "没有空闲的候选")
    };
    Text::new(format!("{en} ({})", counted.en), format!("{zh}（{}）", counted.zh))
}

/// What a scorer said against a candidate.
fn veto(scorer: &str, code: i64, said: Option<&Text>) -> Text {
    match said {
        Some(it) => Text::new(format!("{scorer}: {}", it.en), format!("{scorer}：{}", it.zh)),
        None => Text::new(format!("{scorer}: code {code}"), format!("{scorer}：代码 {code}")),
    }
}

fn join(texts: Vec<Text>) -> Text {
    let (en, zh): (Vec<String>, Vec<String>) = texts.into_iter().map(|it| (it.en, it.zh)).unzip();
    Text::new(en.join("; "), zh.join("；"))
}

pub(super) fn pair(it: &PairExplanation) -> Text {
    let (need, provider) = (&it.need_id, &it.provider_id);
    match it.verdict {
        "chosen" => Text::new(
            format!("{provider} helps {need}, score {:.6}", it.score.unwrap_or(0.0)),
            format!("{provider} 承接 {need}，得分 {:.6}", it.score.unwrap_or(0.0)),
        ),
        "rule_failed" => {
            let failed = || it.rules.iter().filter(|it| !it.ok);
            let en: Vec<&str> = failed().map(|it| it.text.en.as_str()).collect();
            let zh: Vec<&str> = failed().map(|it| it.text.zh.as_str()).collect();
            Text::new(
                format!("{provider} cannot help {need}; not so: {}", en.join(" ")),
                format!("{provider} 不能承接 {need}；不满足：{}", zh.join("；")),
            )
        }
        "vetoed" => {
            let said = |it: &PartLine| it.veto_code.map(|code| veto(&it.scorer, code, it.veto.as_ref()));
            let said = join(it.parts.iter().filter_map(said).collect());
            Text::new(
                format!("{provider} was vetoed for {need}: {}", said.en),
                format!("{provider} 承接 {need} 被否决：{}", said.zh),
            )
        }
        "beaten" => match it.regret {
            Some(regret) => beaten(it, regret),
            None => nothing_left(it),
        },
        _ => Text::new(
            format!("{provider} is no provider of this run"),
            format!("{provider} 不是本批次的服务者"),
        ),
    }
}

fn beaten(it: &PairExplanation, regret: i64) -> Text {
    let (need, provider) = (&it.need_id, &it.provider_id);
    if regret == 0 {
        return Text::new(
            format!("{provider} would be as good for {need}: an equally good plan exists"),
            format!("{provider} 承接 {need} 同样好：存在同等最优方案"),
        );
    }
    let in_the_way: Vec<Text> = it.path.iter().filter(|it| it.price != Some(0)).map(place).collect();
    let way = if in_the_way.is_empty() {
        Text::new("the others' scores", "其他候选得分更高")
    } else {
        join(in_the_way)
    };
    let enter = match it.score_to_enter {
        None => Text::new("no score would change that", "即使满分也不会改变"),
        Some(score) => Text::new(
            format!("with a score of {score:.6} it would be chosen"),
            format!("得分达到 {score:.6} 才会入选"),
        ),
    };
    Text::new(
        format!(
            "{provider} for {need} would make the whole plan {regret} millionths worse ({}); {}",
            way.en, enter.en
        ),
        format!(
            "由 {provider} 承接 {need} 会使整体方案变差 {regret}（百万分之一）：{}；{}",
            way.zh, enter.zh
        ),
    )
}

/// The pair passes every rule and no scorer objects, but no plan can hold it.
fn nothing_left(it: &PairExplanation) -> Text {
    let (need, provider) = (&it.need_id, &it.provider_id);
    let held = |step: &PathStep| {
        let Text { en, zh } = place(step);
        match step.held_by {
            Some("own_limit") => Text::new(format!("{en} (their own limit)"), format!("{zh}（自身上限）")),
            _ => Text::new(format!("{en} (published matches)"), format!("{zh}（已发布的匹配）")),
        }
    };
    let held = join(it.path.iter().map(held).collect());
    Text::new(
        format!("{provider} passes every rule for {need} but has no room left: {}", held.en),
        format!("{provider} 满足 {need} 的全部规则，但已无名额：{}", held.zh),
    )
}

/// A need or a capacity by its level and name.
fn place(it: &PathStep) -> Text {
    let level_zh = match it.level.as_str() {
        "need" => "需求",
        "slot" => "时段",
        "day" => "当日",
        "week" => "当周",
        _ => "本期",
    };
    Text::new(format!("{} {}", it.level, it.label), format!("{level_zh} {}", it.label))
}

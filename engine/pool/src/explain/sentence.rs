//! Explanations as sentences, in both languages.

use linli_model::Text;

use super::{NeedExplanation, PairExplanation, PathStep};

pub(super) fn need(it: &NeedExplanation) -> Text {
    if it.unmatched.is_empty() {
        let who: Vec<&str> = it.matches.iter().map(|it| it.provider_id.as_str()).collect();
        return Text::new(
            format!("{} is served by {} out of {} candidates", it.need_id, who.join(", "), it.candidates),
            format!("{} 由 {} 承接（候选 {} 个）", it.need_id, who.join("、"), it.candidates),
        );
    }
    let open: i64 = it.unmatched.iter().map(|it| it.units).sum();
    let reason = it.unmatched.first().map_or("", |it| it.reason.as_str());
    let (en, zh) = match reason {
        "no_candidate" => match it.rules.iter().find(|it| it.only_this > 0) {
            Some(rule) => (
                format!(
                    "nobody passes every rule; {} come one short, and it is this: {}",
                    rule.only_this, rule.text.en
                ),
                format!("没有人满足全部规则；其中 {} 人只差一条：{}", rule.only_this, rule.text.zh),
            ),
            None => (
                "nobody passes every rule, and nobody comes within one".to_owned(),
                "没有人满足全部规则，也没有人只差一条".to_owned(),
            ),
        },
        "vetoed" => ("every candidate was vetoed by a plugin".to_owned(), "所有候选均被插件否决".to_owned()),
        _ => (
            format!(
                "all {} candidates are taken by needs that are more urgent or cost less to serve",
                it.candidates
            ),
            format!("{} 个候选均已用于更紧急或更合适的需求", it.candidates),
        ),
    };
    Text::new(
        format!("{} of {} units of {} stay unserved: {en}", open, it.units, it.need_id),
        format!("{} 的 {} 个名额中有 {} 个未满足：{zh}", it.need_id, it.units, open),
    )
}

pub(super) fn pair(it: &PairExplanation) -> Text {
    let (need, provider) = (&it.need_id, &it.provider_id);
    match it.verdict {
        "chosen" => Text::new(
            format!("{provider} helps {need}, score {:.6}", it.score.unwrap_or(0.0)),
            format!("{provider} 承接 {need}，评分 {:.6}", it.score.unwrap_or(0.0)),
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
            let who: Vec<&str> =
                it.parts.iter().filter(|it| it.veto_code.is_some()).map(|it| it.scorer.as_str()).collect();
            Text::new(
                format!("{provider} was vetoed for {need} by {}", who.join(", ")),
                format!("{provider} 承接 {need} 被 {} 否决", who.join("、")),
            )
        }
        "beaten" => beaten(it),
        _ => Text::new(
            format!("{provider} is no provider of this run"),
            format!("{provider} 不是本批次的服务者"),
        ),
    }
}

fn beaten(it: &PairExplanation) -> Text {
    let (need, provider) = (&it.need_id, &it.provider_id);
    let regret = it.regret.unwrap_or(0);
    if regret == 0 {
        return Text::new(
            format!("{provider} would be as good for {need}: an equally good plan exists"),
            format!("{provider} 承接 {need} 同样好：存在同等最优方案"),
        );
    }
    let in_the_way = |it: &&PathStep| it.price != 0;
    let path: Vec<String> =
        it.path.iter().filter(in_the_way).map(|it| format!("{} {}", it.level, it.label)).collect();
    let way = if path.is_empty() { "the others' scores".to_owned() } else { path.join(", ") };
    let way_zh = if path.is_empty() { "其他候选评分更高".to_owned() } else { path.join("、") };
    let enter = it.score_to_enter.map_or_else(
        || ("; no score would change that".to_owned(), "；即使满分也不会改变".to_owned()),
        |score| {
            (
                format!("; with a score of {score:.6} it would be chosen"),
                format!("；评分达到 {score:.6} 才会入选"),
            )
        },
    );
    Text::new(
        format!(
            "{provider} for {need} would make the whole plan {regret} millionths worse ({way}){}",
            enter.0
        ),
        format!("由 {provider} 承接 {need} 会使整体方案变差 {regret}（百万分之一）：{way_zh}{}", enter.1),
    )
}

//! What happens to plugins, as prose for people.

use std::fmt::Write as _;
use std::path::Path;

use linli_pool::{Case, Effect, Interval, ReplayReport, StepReport};

use super::shell;

/// How many cases are shown; `--json` and table `replay_case` have more.
const CASES_SHOWN: usize = 10;

pub fn replay(it: &ReplayReport, pool: &Path) -> String {
    let (n_runs, name, digest) = (it.runs.len(), &it.name, &it.challenger[..12]);
    let mut text = format!(
        "{name} with {digest} in its place, past runs decided again {n_runs}: {}\n\
         {name} 改用 {digest}，重新决策以往批次 {n_runs} 个：{}\n",
        verdict(it.verdict).0,
        verdict(it.verdict).1
    );
    if !it.worse_for.is_empty() {
        let _ = writeln!(text, "worse for 受损群体: {}", it.worse_for.join(", "));
    }
    let changes = &it.total.changes;
    let (kept, before, after) = (changes.pairs_kept, changes.pairs_before, changes.pairs_after);
    let _ = writeln!(
        text,
        "pairs {before} before, {after} after, {kept} in both · 配对：原 {before}，新 {after}，相同 {kept}"
    );
    let (gained, lost) = (changes.needs_gained, changes.needs_lost);
    let (units_gained, units_lost) = (changes.units_gained, changes.units_lost);
    let _ = writeln!(
        text,
        "needs gained {gained}, lost {lost}; units gained {units_gained}, lost {units_lost} · \
         新增满足 {gained} 项，失去 {lost} 项；名额新增 {units_gained}，失去 {units_lost}"
    );
    let objective = &it.total.objective;
    let _ = writeln!(
        text,
        "objective by the incumbent's rule 按原规则 {} → {}, by the challenger's 按新规则 {} → {}",
        objective.before_by_incumbent,
        objective.after_by_incumbent,
        objective.before_by_challenger,
        objective.after_by_challenger
    );
    for run in it.runs.iter().filter(|it| !it.as_stored) {
        let _ = writeln!(
            text,
            "run {0} with the scorers of its day is not what is stored: linli verify {1} {0}\n\
             批次 {0} 用当时的插件重新决策与存档不符：linli verify {1} {0}",
            run.run_id,
            shell(pool)
        );
    }
    text.push_str(&effects(&it.effects));
    text.push_str(&cases(&it.cases, it.cases_total));
    let _ = writeln!(text, "replay 回放 {}", it.replay_id);
    text
}

pub fn step(it: &StepReport) -> String {
    let (name, digest) = (&it.name, &it.digest[..12]);
    let mut text = match it.action {
        "shadow" => format!(
            "{digest} scores beside {name} from now on and changes nothing\n\
             {digest} 自此与 {name} 同时评分，不影响结果\n"
        ),
        "canary" => format!(
            "{digest} scores for {name} in {0}\n{digest} 自此在 {0} 用于 {name}\n",
            it.districts.join(", ")
        ),
        "promote" => format!("{digest} is {name} from now on\n{digest} 自此为 {name} 的现用版本\n"),
        _ => format!("{digest} is {name}, nothing is tried\n{name} 现用 {digest}，无试用\n"),
    };
    if let Some(before) = &it.replaced {
        let _ = writeln!(text, "before 此前: {}", &before[..12]);
    }
    for guard in &it.guards {
        let least = guard.least as f64 / 1e6;
        let _ = writeln!(text, "guard 护栏: {} {least:+}", guard.measure);
    }
    match (&it.forced, &it.evidence) {
        (Some(reason), _) => {
            let _ = writeln!(text, "forced 强制执行: {reason}");
        }
        (None, Some(replay)) => {
            let _ = writeln!(text, "by replay 依据回放 {replay}");
        }
        (None, None) => {}
    }
    if !it.ended.is_empty() {
        let ended: Vec<&str> = it.ended.iter().map(|it| &it[..12]).collect();
        let _ = writeln!(text, "trials that ended 结束试用: {}", ended.join(", "));
    }
    text
}

fn verdict(word: &str) -> (&'static str, &'static str) {
    match word {
        "better" => ("better", "更好"),
        "no_worse" => ("no worse", "不差于原插件"),
        "worse" => ("WORSE", "更差"),
        _ => ("WORSE FOR SOME", "部分群体受损"),
    }
}

fn effects(effects: &[Effect]) -> String {
    let mut text = String::from(
        "effect 影响 (needs 需求, units served before→after 满足名额, share 满足率, score 得分; 95 %)\n",
    );
    for it in effects {
        let value = match (it.dimension, it.value.as_str()) {
            ("all", _) => String::new(),
            (_, "") => "(none 未注明)".to_owned(),
            (_, value) => value.to_owned(),
        };
        let word = match it.verdict {
            "worse" => "WORSE 变差",
            "better" => "better 变好",
            "same" => "same 不变",
            _ => "open 未定",
        };
        let why = it.rule.map(|rule| format!(" ({}, {rule})", it.measure.unwrap_or_default()));
        let _ = writeln!(
            text,
            "  {:<12} {:<14} {:>6}  {}→{}  share {}  score {}  -{} +{}  {word}{}",
            dimension(it.dimension),
            value,
            it.needs,
            it.served_before,
            it.served_after,
            interval(&it.served),
            interval(&it.score),
            it.losers,
            it.gainers,
            why.unwrap_or_default()
        );
    }
    text
}

fn dimension(word: &str) -> &'static str {
    match word {
        "all" => "all 全部",
        "district" => "district 区县",
        "group" => "group 群体",
        _ => "tier 级",
    }
}

fn interval(it: &Interval) -> String {
    if (it.mean, it.lo, it.hi) == (0.0, 0.0, 0.0) {
        return "0".to_owned();
    }
    format!("{:+.4} [{:+.4}, {:+.4}]", it.mean, it.lo, it.hi)
}

fn cases(cases: &[Case], total: i64) -> String {
    let mut text = String::new();
    if total > 0 {
        let _ = writeln!(text, "needs that lose, the most urgent first 受损需求，紧急者在前: {total}");
    }
    for it in cases.iter().take(CASES_SHOWN) {
        let group = if it.target_group.is_empty() { "-" } else { &it.target_group };
        let _ = writeln!(
            text,
            "  {}  tier {} 级  {group}  units 名额 {}→{} of {}  score 得分 {:.4}→{:.4}  run 批次 {}",
            it.need_id,
            it.tier,
            it.served_before,
            it.served_after,
            it.units,
            it.score_before,
            it.score_after,
            &it.run_id[..12.min(it.run_id.len())]
        );
    }
    text
}

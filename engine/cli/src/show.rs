//! Reports as prose for people.

use std::fmt::Write as _;
use std::path::Path;

use linli_pool::query::{LoadReport, Zone};
use linli_pool::{
    EvaluationReport, Explanation, MatchReport, NeedExplanation, PairExplanation, PlaceReport, VerifyReport,
};

mod ingest;
pub mod life;
mod plan;
mod plugin;
mod relax;

pub use plan::plan;
pub use plugin::{added, check, exported, inspected, measured, plugins, policy, removed, said, verified};

/// A path as a shell takes it.
pub fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |it: char| it.is_alphanumeric() || "-_./~+,:@%".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

pub fn load(it: &LoadReport, pool: &Path) -> String {
    let LoadReport { table, kept, rows, inserted, updated, unchanged, quarantined, snapshot, .. } = it;
    let mut text = format!(
        "{table}: kept {kept} of {rows} rows ({inserted} new, {updated} changed), {unchanged} unchanged, \
         {quarantined} quarantined; snapshot {snapshot}\n\
         表 {table}：共 {rows} 行，载入 {kept} 行（新增 {inserted}，更新 {updated}），未变 {unchanged}，\
         隔离 {quarantined}；快照 {snapshot}\n"
    );
    if it.removed > 0 {
        let n = it.removed;
        let rows =
            if n == 1 { "row that the files do not have is" } else { "rows that the files do not have are" };
        let _ = writeln!(text, "  {n} {rows} gone · 文件中没有的 {n} 行已移除");
    }
    if let Some(crs) = &it.crs {
        let (name, basis) = (&crs.name, &crs.basis);
        let _ = writeln!(text, "  coordinates were read as {name} ({})", basis.en);
        let _ = writeln!(text, "  坐标按 {name} 读取（{}）", basis.zh);
    }
    text.push_str(&ingest::files(it));
    text.push_str(&ingest::columns(it));
    if it.mended > 0 {
        let n = it.mended;
        let _ = writeln!(
            text,
            "  {n} quarantined rows are mended by this load\n  本次载入已修正 {n} 行此前隔离的数据"
        );
    }
    text.push_str(&ingest::findings(it));
    if it.quarantined > 0 {
        let _ = writeln!(text, "all of them · 全部隔离行: linli quarantine {}", shell(pool));
    }
    text
}

pub fn mended(it: &LoadReport, pool: &Path) -> String {
    let LoadReport { table, rows, mended, dropped, quarantined, snapshot, .. } = it;
    let mut text = format!(
        "{table}: tried {rows} quarantined rows, {mended} are in the table now, {quarantined} stay quarantined, \
         {dropped} given up; snapshot {snapshot}\n\
         表 {table}：重试隔离行 {rows} 行，入库 {mended} 行，仍隔离 {quarantined} 行，放弃 {dropped} 行；快照 {snapshot}\n"
    );
    text.push_str(&ingest::findings(it));
    if it.quarantined > 0 {
        let _ = writeln!(text, "what stays · 仍隔离的行: linli quarantine {}", shell(pool));
    }
    text
}

pub fn matching(it: &MatchReport, zone: Zone, pool: &Path) -> String {
    let MatchReport { matched, needs, partial, unmatched, .. } = it;
    let mut text = format!(
        "matched {matched} of {needs} needs, {partial} partly, {unmatched} not at all · \
         {needs} 项需求：全部满足 {matched}，部分满足 {partial}，未满足 {unmatched}\n"
    );
    if it.outside_horizon > 0 {
        let n = it.outside_horizon;
        let _ = writeln!(
            text,
            "{n} more open needs lie outside the horizon and took no part · 另有 {n} 项待办需求不在本次时段内，未参与匹配"
        );
    }
    let reasons: Vec<String> = it
        .unmatched_by_reason
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(reason, n)| format!("{reason} {} {n}", reason_zh(reason)))
        .collect();
    if !reasons.is_empty() {
        let _ = writeln!(text, "why not 原因: {}", reasons.join(", "));
    }
    for tier in it.by_tier.iter().filter(|it| it.needs > 0) {
        let (served, needs) = (tier.served, tier.needs);
        let _ = writeln!(
            text,
            "tier {} 级: {served} of {needs} needs served · {needs} 项中已满足 {served} 项",
            tier.tier
        );
    }
    for taken in &it.taken_back {
        let _ = writeln!(text, "TAKEN BACK 已撤回: {} · {}", taken.en, taken.zh);
    }
    let scorers: Vec<String> = it.scorers.iter().map(|it| format!("{} ({})", it.name, it.weight)).collect();
    let (start, end) = (zone.rfc3339(it.horizon_start), zone.rfc3339(it.horizon_end));
    let _ = writeln!(text, "horizon 时段 {start} to 至 {end}");
    let (candidates, scored, scorers) = (it.candidates, it.scored, scorers.join(", "));
    let _ = writeln!(
        text,
        "{candidates} candidates, {scored} of them scored by {scorers} · 候选 {candidates} 个，其中 {scored} 个已评分"
    );
    for scorer in &it.scorers {
        for own in &scorer.districts {
            let (name, district, digest) = (&scorer.name, &own.district_id, short(&own.digest));
            let _ = writeln!(
                text,
                "  {district} brings {digest} for {name}; its scores count as those of the pool's on the same \
                 candidates · {district} 自带 {digest} 代替 {name}，其得分按资源池插件对同一批候选的评分校准"
            );
        }
    }
    let _ = writeln!(
        text,
        "objective 目标值 {}, bound 下界 {}, gap 差距 {}: {}",
        it.objective,
        it.dual,
        it.gap,
        proof(it)
    );
    let _ = writeln!(text, "run 批次 {}", it.run_id);
    if it.needs == 0 {
        let _ = writeln!(
            text,
            "no need is open in this horizon; look at · 本时段没有待办需求，可查看: \
             linli sql {} \"SELECT * FROM need LIMIT 10\"",
            shell(pool)
        );
    } else {
        let _ = writeln!(text, "next 下一步: linli query {} match_list run={}", shell(pool), it.run_id);
    }
    text
}

/// Enough of a digest to tell plugins apart.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn reason_zh(reason: &str) -> &'static str {
    match reason {
        "no_candidate" => "无候选",
        "vetoed" => "被否决",
        _ => "名额已满",
    }
}

fn proof(it: &MatchReport) -> &'static str {
    if it.certified { "proven optimal 已证明最优" } else { "not proven optimal 未证明最优" }
}

pub fn explanation(it: &Explanation) -> String {
    match it {
        Explanation::Need(it) => need(it),
        Explanation::Pair(it) => pair(it),
    }
}

pub fn need(it: &NeedExplanation) -> String {
    let mut text = format!("{}\n{}\n", it.sentence.en, it.sentence.zh);
    for line in &it.matches {
        let distance = line.distance_m.map(|it| format!(", distance 距离 {it} m")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} from 自 {}, score 得分 {:.3}{distance}",
            line.provider_id, line.starts_at, line.score
        );
    }
    for line in &it.unmatched {
        let _ = writeln!(
            text,
            "  {}: {} units unserved 人次未满足 ({} {})",
            line.occurrence_start,
            line.units,
            line.reason,
            reason_zh(&line.reason)
        );
    }
    for line in &it.vetoes {
        let said = line.veto.as_ref().map(|it| format!("{} {}", it.en, it.zh)).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} candidates vetoed by {} 否决候选: {said} (code {})",
            line.candidates, line.scorer, line.veto_code
        );
    }
    for line in &it.runners_up {
        let _ = writeln!(
            text,
            "  next best: {} with score {:.3}; choosing them makes the plan {} millionths worse · \
             次优，改选将使方案变差 {}（百万分之一）",
            line.provider_id, line.score, line.regret, line.regret
        );
    }
    text.push_str(&relax::relaxations(&it.relaxations));
    for line in it.rules.iter().take(3) {
        let (failing, only_this) = (line.failing, line.only_this);
        let _ = writeln!(
            text,
            "  {failing} providers fail {:?}, {only_this} of them nothing else: {} · \
             {failing} 人不满足，其中 {only_this} 人仅此一条：{}",
            line.rule, line.text.en, line.text.zh
        );
    }
    text
}

pub fn pair(it: &PairExplanation) -> String {
    let mut text =
        format!("{} {}: {}\n{}\n", it.verdict, verdict_zh(it.verdict), it.sentence.en, it.sentence.zh);
    for part in &it.parts {
        let said = part.veto.as_ref().map(|it| format!(": {} {}", it.en, it.zh)).unwrap_or_default();
        let veto = part.veto_code.map(|it| format!("; vetoes 否决{said} (code {it})")).unwrap_or_default();
        let raw = part.raw.map(|it| format!("; the district's own plugin gave 本区县插件原始得分 {it:.3}"));
        let _ = writeln!(
            text,
            "  {} ({}) says 得分 {:.3} (weight 权重 {}){}{veto}",
            part.scorer,
            short(&part.digest),
            part.score,
            part.weight,
            raw.unwrap_or_default()
        );
    }
    for rule in it.rules.iter().filter(|it| !it.ok) {
        let _ = writeln!(text, "  fails 不满足 {}: {} {}", rule.rule, rule.text.en, rule.text.zh);
    }
    for step in it.path.iter().filter(|it| it.price != Some(0)) {
        let price = match (step.price, step.held_by) {
            (Some(price), _) => format!("{price} millionths 百万分之一"),
            (None, Some("own_limit")) => "nothing left, by their own limit 自身上限，无名额".to_owned(),
            (None, _) => "nothing left, published matches hold it 已发布的匹配占用，无名额".to_owned(),
        };
        let _ = writeln!(text, "  in the way 阻碍: {} {} ({price})", step.level, step.label);
    }
    if let ("beaten", Some(own), Some(regret)) = (it.verdict, it.own, it.regret) {
        let _ = writeln!(
            text,
            "  own part of the pair 该配对自身: {own} millionths 百万分之一; with what is in the way it makes \
             {regret} · 与各项阻碍合计 {regret}"
        );
    }
    text
}

fn verdict_zh(verdict: &str) -> &'static str {
    match verdict {
        "chosen" => "已入选",
        "rule_failed" => "不满足规则",
        "vetoed" => "被否决",
        "beaten" => "未入选",
        _ => "无此服务者",
    }
}

pub fn verification(it: &VerifyReport) -> String {
    let yes = |ok: bool| if ok { "ok 一致" } else { "NOT OK 不符" };
    let mut text = format!(
        "run 批次 {}\ninputs 输入 {}, rows 数据行 {}, certificate 证明 {}: {}\n",
        it.run_id,
        yes(it.inputs_ok),
        yes(it.rows_ok),
        yes(it.certificate_ok),
        if it.verified { "verified 核验通过" } else { "not verified 核验未通过" }
    );
    for finding in &it.findings {
        let _ = writeln!(text, "  {} · {}", finding.en, finding.zh);
    }
    text
}

pub fn evaluation(it: &EvaluationReport) -> String {
    let (period, evaluator) = (&it.period, &it.evaluator);
    let mut text =
        format!("period {period}, evaluator {evaluator} · 评价期 {period}，评价插件 {evaluator}\n");
    if it.synthetic {
        let _ = writeln!(text, "{}", synthetic_note());
    }
    if it.districts.iter().all(|it| it.index.is_none()) {
        let _ = writeln!(
            text,
            "nothing is compared: no indicator is common to all districts with cases · 未作比较：没有各区县共有的指标"
        );
    }
    if it.unplaced > 0 {
        let n = it.unplaced;
        let _ = writeln!(
            text,
            "cases that name no district and count for none: {n} · 未注明区县、不计入任何区县：{n} 件"
        );
    }
    for place in &it.districts {
        text.push_str(&district(place));
    }
    let n = it.communities.len();
    let _ = writeln!(
        text,
        "{n} communities; all of them: --json, or table district_index · {n} 个社区，全部见 --json 或表 district_index"
    );
    text
}

/// What must stand beside figures that rest on made-up rows.
pub fn synthetic_note() -> &'static str {
    "these figures rest on made-up rows and say nothing about the places · 数字基于虚构数据，不反映各地实际情况"
}

pub fn district(it: &PlaceReport) -> String {
    let number =
        |it: Option<f64>| it.map_or_else(|| "not measurable 不可测".to_owned(), |it| format!("{it:.4}"));
    let (en, zh) = match (it.index, it.rank, it.rank_lo, it.rank_hi) {
        (Some(index), Some(rank), Some(lo), Some(hi)) if lo == hi && rank == lo => {
            (format!("index {index:.4}, rank {rank}"), format!("指数 {index:.4}，第 {rank} 名"))
        }
        (Some(index), Some(rank), Some(lo), Some(hi)) => (
            format!("index {index:.4}, rank {rank} (could as well be {lo} to {hi})"),
            format!("指数 {index:.4}，第 {rank} 名（也可能是第 {lo} 至 {hi} 名）"),
        ),
        (Some(index), ..) => (format!("index {index:.4}, no rank"), format!("指数 {index:.4}，无名次")),
        (None, ..) => ("no index".to_owned(), "无指数".to_owned()),
    };
    let (place, cases) = (it.place_id().unwrap_or("-"), it.cases);
    let mut text = format!("{place}: {en}, {cases} cases · {zh}，{cases} 件\n");
    for figure in &it.contributions {
        let _ = writeln!(
            text,
            "  {:<24} {}  [{}, {}]  {}",
            figure.indicator,
            number(figure.value),
            number(figure.lo),
            number(figure.hi),
            figure
                .contribution
                .map_or_else(|| "not compared 未比较".to_owned(), |it| format!("contributes 贡献 {it:.4}"))
        );
    }
    if !it.missing.is_empty() {
        let _ = writeln!(text, "  not measurable here 此处不可测: {}", it.missing.join(", "));
    }
    text
}

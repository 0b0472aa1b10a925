//! Reports as prose for people.

use std::fmt::Write as _;
use std::path::Path;

use linli_plugin::Report;
use linli_pool::query::{LoadReport, Zone};
use linli_pool::{
    EvaluationReport, Explanation, MatchReport, NeedExplanation, PairExplanation, PlaceReport, PluginRow,
    VerifyReport,
};

/// How many issues a load shows; the quarantine has all.
const ISSUES_SHOWN: usize = 5;

pub fn load(it: &LoadReport, pool: &Path) -> String {
    let mut text = format!(
        "{}: kept {} of {} rows ({} new, {} changed), {} unchanged, {} quarantined; snapshot {}\n",
        it.table, it.kept, it.rows, it.inserted, it.updated, it.unchanged, it.quarantined, it.snapshot
    );
    for column in &it.ignored_columns {
        let nearest = column.nearest.as_ref().map(|it| format!(" (did you mean {it}?)")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  column {:?} of {} is not known and was left out{nearest}",
            column.column, column.file
        );
    }
    for issue in it.issues.iter().take(ISSUES_SHOWN) {
        let _ = writeln!(
            text,
            "  {}:{} {}: found {:?}, expected {} ({})",
            issue.file, issue.line, issue.column, issue.found, issue.expected, issue.rule
        );
    }
    if it.quarantined > 0 {
        let _ = writeln!(text, "all of them: linli quarantine {}", pool.display());
    }
    text
}

pub fn matching(it: &MatchReport, zone: Zone, pool: &Path) -> String {
    let mut text = format!(
        "matched {} of {} needs, {} partly, {} not at all\n",
        it.matched, it.needs, it.partial, it.unmatched
    );
    let reasons: Vec<String> = it
        .unmatched_by_reason
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(reason, n)| format!("{reason} {n}"))
        .collect();
    if !reasons.is_empty() {
        let _ = writeln!(text, "why not: {}", reasons.join(", "));
    }
    for tier in it.by_tier.iter().filter(|it| it.needs > 0) {
        let _ = writeln!(text, "tier {}: {} of {} needs served", tier.tier, tier.served, tier.needs);
    }
    let scorers: Vec<String> = it.scorers.iter().map(|it| format!("{} ({})", it.name, it.weight)).collect();
    let _ = writeln!(text, "horizon {} to {}", zone.rfc3339(it.horizon_start), zone.rfc3339(it.horizon_end));
    let _ = writeln!(
        text,
        "{} candidates, {} of them scored by {}",
        it.candidates,
        it.scored,
        scorers.join(", ")
    );
    let _ = writeln!(text, "objective {}, bound {}, gap {}: {}", it.objective, it.dual, it.gap, proof(it));
    let _ = writeln!(text, "run {}", it.run_id);
    if it.needs == 0 {
        let _ = writeln!(
            text,
            "no need is open in this horizon; look at: linli sql {} \"SELECT * FROM need LIMIT 10\"",
            pool.display()
        );
    } else {
        let _ = writeln!(text, "next: linli query {} match_list run={}", pool.display(), it.run_id);
    }
    text
}

fn proof(it: &MatchReport) -> &'static str {
    if it.certified { "proven optimal" } else { "not proven optimal" }
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
        let distance = line.distance_m.map(|it| format!(", {it} m away")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} from {}, score {:.3}{distance}",
            line.provider_id, line.starts_at, line.score
        );
    }
    for line in &it.unmatched {
        let _ =
            writeln!(text, "  {}: {} units unserved ({})", line.occurrence_start, line.units, line.reason);
    }
    for line in &it.runners_up {
        let _ = writeln!(
            text,
            "  next best: {} with score {:.3}; choosing them makes the plan {} millionths worse",
            line.provider_id, line.score, line.regret
        );
    }
    for line in it.rules.iter().take(3) {
        let _ = writeln!(
            text,
            "  {} providers fail {:?}, {} of them nothing else: {}",
            line.failing, line.rule, line.only_this, line.text.en
        );
    }
    text
}

pub fn pair(it: &PairExplanation) -> String {
    let mut text = format!("{}: {}\n{}\n", it.verdict, it.sentence.en, it.sentence.zh);
    for part in &it.parts {
        let veto = part.veto_code.map(|it| format!(", vetoed with code {it}")).unwrap_or_default();
        let _ = writeln!(text, "  {} says {:.3} (weight {}{veto})", part.scorer, part.score, part.weight);
    }
    for rule in it.rules.iter().filter(|it| !it.ok) {
        let _ = writeln!(text, "  fails {}: {}", rule.rule, rule.text.en);
    }
    for step in it.path.iter().filter(|it| it.price != 0) {
        let _ = writeln!(text, "  in the way: {} {} ({} millionths)", step.level, step.label, step.price);
    }
    text
}

pub fn verification(it: &VerifyReport) -> String {
    let yes = |ok: bool| if ok { "ok" } else { "NOT OK" };
    let mut text = format!(
        "run {}\ninputs {}, rows {}, certificate {}: {}\n",
        it.run_id,
        yes(it.inputs_ok),
        yes(it.rows_ok),
        yes(it.certificate_ok),
        if it.verified { "verified" } else { "not verified" }
    );
    for finding in &it.findings {
        let _ = writeln!(text, "  {finding}");
    }
    text
}

pub fn evaluation(it: &EvaluationReport) -> String {
    let mut text = format!("period {}, evaluator {}\n", it.period, it.evaluator);
    for place in &it.districts {
        text.push_str(&district(place));
    }
    let _ =
        writeln!(text, "{} communities; all of them: --json, or table district_index", it.communities.len());
    text
}

pub fn district(it: &PlaceReport) -> String {
    let number = |it: Option<f64>| it.map_or_else(|| "not measurable".to_owned(), |it| format!("{it:.4}"));
    let rank = |it: Option<i64>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let mut text = format!(
        "{}: index {}, rank {} (could as well be {} to {}), {} cases\n",
        it.district_id,
        number(it.index),
        rank(it.rank),
        rank(it.rank_lo),
        rank(it.rank_hi),
        it.cases
    );
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
                .map_or_else(|| "not compared".to_owned(), |it| format!("contributes {it:.4}"))
        );
    }
    if !it.missing.is_empty() {
        let _ = writeln!(text, "  not measurable here: {}", it.missing.join(", "));
    }
    text
}

pub fn plugins(rows: &[PluginRow]) -> String {
    rows.iter()
        .map(|it| {
            format!(
                "{:<18} {:<10} {:<7} {}  {} {}\n",
                it.name,
                it.kind,
                it.version,
                &it.digest[..12],
                it.title_zh,
                it.title_en
            )
        })
        .collect()
}

pub fn check(it: &Report) -> String {
    let mut text = String::new();
    for check in &it.checks {
        let _ = writeln!(text, "{} {}: {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail);
    }
    let _ = writeln!(
        text,
        "{} {}",
        it.digest,
        if it.ok { "keeps the contract" } else { "does not keep the contract" }
    );
    text
}

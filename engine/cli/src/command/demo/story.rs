//! The demo's summary: what was loaded, who is helped, why, and what to try next.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use linli_pool::query::{ParamValue, Params, QueryLimits, Session};
use linli_pool::{Explanation, Pool};

use super::{Practice, Seconds};
use crate::failure::Failed;
use crate::show;
use crate::witness::witness;

/// How many matches and how many unserved needs are explained.
const MATCHES: usize = 3;
const UNSERVED: usize = 2;

pub(super) async fn tell(
    pool: &Pool,
    practices: &[Practice],
    seconds: &Seconds,
    kept: Option<&str>,
) -> Result<String, Failed> {
    let mut text = String::new();
    heading(&mut text, "What was loaded", "装入的数据");
    for it in practices {
        let largest: Vec<String> = it.tables.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        let _ = writeln!(text, "{} {} ({})", it.id, it.title.zh, it.title.en);
        let _ = writeln!(
            text,
            "  {} rows kept 行载入, {} quarantined 行隔离: {}",
            it.load.kept,
            it.load.quarantined,
            largest.join(", ")
        );
    }
    heading(&mut text, "Who is helped", "匹配结果");
    for it in practices {
        let report = &it.matching;
        let _ = writeln!(
            text,
            "{}: {} of {} needs served 项需求已满足, {} partly 部分, {} not 未满足; {} candidates 个候选; {}",
            it.id,
            report.matched,
            report.needs,
            report.partial,
            report.unmatched,
            report.candidates,
            if report.certified {
                "proven optimal 已证明最优"
            } else {
                "not proven optimal 未证明最优"
            }
        );
        let _ = writeln!(
            text,
            "  certificate 证明: objective 目标值 {}, bound 下界 {}, gap 差距 {}; run 批次 {}",
            report.objective, report.dual, report.gap, report.run_id
        );
        let scorers: Vec<String> =
            report.scorers.iter().map(|it| format!("{} ({})", it.name, it.weight)).collect();
        let _ = writeln!(text, "  scored by 评分: {}", scorers.join(", "));
    }
    let session = pool.session(&pool.latest().await?, &QueryLimits::default()).await?;
    heading(&mut text, "Why these matches", "为何如此匹配");
    for (run, need) in spread(&session, practices, MATCHED, MATCHES).await? {
        explain(pool, &mut text, &run, &need).await?;
    }
    heading(&mut text, "Why these needs are not served", "为何未能满足");
    for (run, need) in spread(&session, practices, NOT_SERVED, UNSERVED).await? {
        explain(pool, &mut text, &run, &need).await?;
    }
    heading(&mut text, "How the districts do", "区级评价");
    let evaluations: Vec<_> = practices.iter().filter_map(|it| it.evaluate.as_ref()).collect();
    if evaluations.iter().any(|it| it.synthetic) {
        let _ = writeln!(text, "{}", show::synthetic_note());
    }
    // An index and a rank mean something among the places that one evaluator judged together.
    for evaluation in evaluations {
        for place in &evaluation.districts {
            text.push_str(&show::district(place));
            let (evaluator, period) = (&evaluation.evaluator, &evaluation.period);
            let _ = writeln!(text, "  by 评价插件 {evaluator}, {period}");
        }
    }
    let _ = writeln!(
        text,
        "\nseconds 用时（秒）: load 装入 {:.1}, match 匹配 {:.1}, evaluate 评价 {:.1}",
        seconds.load, seconds.matching, seconds.evaluate
    );
    next(&mut text, kept, practices);
    Ok(text)
}

fn heading(text: &mut String, en: &str, zh: &str) {
    let _ = writeln!(text, "\n== {zh} · {en} ==");
}

async fn explain(pool: &Pool, text: &mut String, run: &str, need: &str) -> Result<(), Failed> {
    if let Explanation::Need(it) = pool.explain(run, need, None, &witness()).await? {
        text.push_str(&show::need(&it));
    }
    Ok(())
}

/// Takes turns among the practices until there are enough, each time a need of a kind that was
/// not told yet, as long as there is one.
async fn spread(
    session: &Session,
    practices: &[Practice],
    sql: &str,
    wanted: usize,
) -> Result<Vec<(String, String)>, Failed> {
    let mut queues = Vec::new();
    for it in practices {
        let mut params = Params::default();
        params.set("run", ParamValue::Text(it.matching.run_id.clone()));
        let (schema, batches) = session.internal(sql, &params).await?;
        let rows = linli_pool::query::Frame::new(&schema, &batches)?;
        let (needs, kinds) = (rows.texts("need_id")?, rows.texts("kind")?);
        let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
        let queue: Vec<_> = needs.iter().zip(&kinds).map(|(need, kind)| (text(need), text(kind))).collect();
        queues.push((it.matching.run_id.clone(), queue));
    }
    let mut told = BTreeSet::new();
    let mut chosen = Vec::new();
    while chosen.len() < wanted && queues.iter().any(|it| !it.1.is_empty()) {
        for (run, queue) in queues.iter_mut().filter(|it| !it.1.is_empty()) {
            let fresh = queue.iter().position(|it| !told.contains(&it.1)).unwrap_or(0);
            let (need, kind) = queue.remove(fresh);
            told.insert(kind);
            if chosen.len() < wanted {
                chosen.push((run.clone(), need));
            }
        }
    }
    Ok(chosen)
}

/// The served needs that had the widest choice, by the kind of service.
const MATCHED: &str = "SELECT need_id, kind FROM (SELECT m.need_id, n.service_id AS kind, max(c.tier) AS tier, \
    count(*) AS choice FROM match m JOIN need n ON n.need_id = m.need_id \
    JOIN candidate c ON c.run_id = m.run_id AND c.need_id = m.need_id AND c.scored \
    WHERE m.run_id = $run GROUP BY m.need_id, n.service_id) ORDER BY tier DESC, choice DESC, need_id LIMIT 50";

/// The unserved needs by reason, the most urgent first; one counts under its first occurrence's.
const NOT_SERVED: &str = "SELECT need_id, reason AS kind FROM (SELECT need_id, reason, tier, \
    row_number() OVER (PARTITION BY reason ORDER BY tier DESC, need_id) AS place \
    FROM (SELECT need_id, reason, tier, \
        row_number() OVER (PARTITION BY need_id ORDER BY occurrence_start) AS nth \
        FROM unmatched WHERE run_id = $run) WHERE nth = 1) \
    WHERE place <= 5 ORDER BY place, reason, need_id";

fn next(text: &mut String, kept: Option<&str>, practices: &[Practice]) {
    let Some(pool) = kept else {
        let _ = writeln!(text, "keep the pool and look around 保留资源池继续查看: linli demo --out POOL");
        return;
    };
    let pool = show::shell(std::path::Path::new(pool));
    let Some(run) = practices.first().map(|it| it.matching.run_id.as_str()) else { return };
    let _ = writeln!(text, "try next 接下来可以试试:");
    let _ = writeln!(text, "  linli sql {pool} \"SELECT reason, count(*) FROM unmatched GROUP BY reason\"");
    let _ = writeln!(text, "  linli query {pool} match_list run={run} --limit 10");
    let _ = writeln!(text, "  linli verify {pool} {run}");
    let _ = writeln!(text, "  linli publish {pool} {run}");
    let _ = writeln!(text, "  linli serve {pool}");
}

//! match, check-plan, publish, explain, verify, evaluate.

use std::path::Path;
use std::process::ExitCode;

use linli_model::Kind;
use linli_pool::query::{ScorerChoice, Zone};
use linli_pool::{EvaluateRequest, MatchRequest, Pool};

use super::{Outcome, answer, instant_of, open, snapshot};
use crate::args::{Asked, CheckPlan, Evaluate, Match};
use crate::failure::{Failed, exit_code};
use crate::show;
use crate::witness::witness;

pub(super) async fn matching(args: &Match, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let report = pool.match_run(&request(&pool, &args.asked)?, &witness()).await?;
    let zone = Zone::parse(&pool.config().time_zone);
    answer(json, &report, || show::matching(&report, zone, &args.pool))
}

pub(super) async fn check_plan(args: &CheckPlan, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let request = request(&pool, &args.asked)?;
    let report = pool.check_plan(&args.file, args.encoding.as_deref(), &request, &witness()).await?;
    answer(json, &report, || show::plan(&report))
}

/// What a match is asked for.
fn request(pool: &Pool, asked: &Asked) -> Result<MatchRequest, Failed> {
    let scorers = asked.scorers.iter().map(|it| scorer(it)).collect::<Result<Vec<_>, _>>()?;
    // A number is no time: `--as-of 42` reads the tables of snapshot 42, a time decides with what
    // was known then.
    let snapshot = asked.as_of.as_ref().and_then(|it| it.parse().ok());
    Ok(MatchRequest {
        snapshot,
        scorers,
        districts: asked.districts.clone(),
        as_of: instant_of(pool, asked.as_of.as_ref().filter(|_| snapshot.is_none()))?,
        from: instant_of(pool, asked.from.as_ref())?,
        to: instant_of(pool, asked.to.as_ref())?,
        seed: asked.seed,
    })
}

/// Reads `NAME` or `NAME=WEIGHT`, the weight in thousandths.
fn scorer(text: &str) -> Result<ScorerChoice, Failed> {
    let (name, weight) = text.split_once('=').unwrap_or((text, "1000"));
    let weight = weight.parse().map_err(|_| {
        Failed::request(
            "bad-weight",
            format!(
                "scorer {name}: found weight {weight:?}, expected thousandths, a whole number up to {}",
                u32::MAX
            ),
            format!("评分插件 {name} 的权重现为 {weight:?}，应为千分数，不超过 {} 的整数", u32::MAX),
        )
    })?;
    Ok(ScorerChoice { name: name.to_owned(), weight, settings: serde_json::json!({}) })
}

pub(super) async fn publish(path: &Path, run: &str, json: bool) -> Outcome {
    let report = open(path).await?.publish(run, &witness()).await?;
    answer(json, &report, || {
        format!(
            "run {run} is published: {n} matches hold their providers from now on\n\
             批次 {run} 已发布：{n} 项匹配自此占用服务者",
            run = report.run_id,
            n = report.matches
        )
    })
}

pub(super) async fn explain(
    path: &Path,
    run: &str,
    need: &str,
    provider: Option<&str>,
    json: bool,
) -> Outcome {
    let explanation = open(path).await?.explain(run, need, provider, &witness()).await?;
    answer(json, &explanation, || show::explanation(&explanation))
}

pub(super) async fn verify(path: &Path, run: &str, json: bool) -> Outcome {
    let report = open(path).await?.verify(run, &witness()).await?;
    answer(json, &report, || show::verification(&report))?;
    Ok(if report.verified { ExitCode::SUCCESS } else { exit_code(Kind::Data) })
}

pub(super) async fn evaluate(args: &Evaluate, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let asked = match &args.as_of {
        Some(_) => Some(snapshot(&pool, args.as_of.as_ref()).await?.id),
        None => None,
    };
    let request = EvaluateRequest {
        snapshot: asked,
        evaluator: args.evaluator.clone(),
        settings: args.settings.as_deref().map(settings).transpose()?,
        period: args.period.clone(),
        seed: args.seed,
    };
    let report = pool.evaluate(&request, &witness()).await?;
    answer(json, &report, || show::evaluation(&report))
}

/// The settings of a plugin in a file.
fn settings(file: &Path) -> Result<serde_json::Value, Failed> {
    let text = std::fs::read_to_string(file).map_err(|it| Failed::file(file, &it))?;
    serde_json::from_str(&text).map_err(|it| {
        let file = file.display();
        Failed::request("bad-settings", format!("{file}: {it}"), format!("{file} 有误：{it}"))
    })
}

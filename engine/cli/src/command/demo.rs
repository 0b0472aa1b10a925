//! demo: the public commands, one after another, on a fresh pool.
//!
//! What is loaded, matched and evaluated, and by which plugins, stands in each case's `case.json`;
//! nothing here knows a practice by name.

mod cases;
mod story;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use linli_pool::query::{LoadOptions, Mode};
use linli_pool::{EvaluateRequest, EvaluationReport, MatchReport, MatchRequest, Pool};
use serde::Serialize;
use tempfile::TempDir;

use super::{Outcome, answer, instant};
use crate::args::Demo;
use crate::failure::{Failed, complain};
use crate::witness::{now_us, witness};
use cases::Case;

/// One practice, from files to figures.
#[derive(Debug, Serialize)]
pub(super) struct Practice {
    id: String,
    #[serde(skip)]
    title: linli_model::Text,
    #[serde(skip)]
    district_id: String,
    #[serde(skip)]
    period: String,
    #[serde(skip)]
    evaluator: Option<String>,
    /// Rows per table that came from its files.
    tables: BTreeMap<String, u64>,
    load: Loaded,
    #[serde(rename = "match")]
    matching: MatchReport,
    evaluate: Option<EvaluationReport>,
}

#[derive(Debug, Default, Serialize)]
struct Loaded {
    rows: u64,
    kept: u64,
    quarantined: u64,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Seconds {
    load: f64,
    #[serde(rename = "match")]
    matching: f64,
    evaluate: f64,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    practices: &'a [Practice],
    seconds: &'a Seconds,
    pool: Option<String>,
}

/// Tells who waits what goes on.
fn note(en: &str, zh: &str) {
    complain(&format!("{en} · {zh}"));
}

pub(super) async fn demo(args: &Demo, json: bool) -> Outcome {
    let folder = Folder::new(args.out.as_deref())?;
    let (source, cases) = cases::read(args.cases.as_deref(), &folder)?;
    note(&format!("cases from {source}"), &format!("案例取自 {source}"));
    let pool = Pool::init(folder.pool(), &witness()).await?;
    let mut seconds = Seconds::default();
    let mut practices = Vec::new();
    let start = Instant::now();
    let mut loaded = Vec::new();
    for case in cases {
        note(&format!("loading {}", case.title.en), &format!("载入：{}", case.title.zh));
        loaded.push(load(&pool, &case).await.map(|it| (case, it))?);
    }
    seconds.load = start.elapsed().as_secs_f64();
    let start = Instant::now();
    for (case, (tables, load)) in loaded {
        note(&format!("matching {}", case.title.en), &format!("匹配：{}", case.title.zh));
        let request = MatchRequest {
            scorers: case.scorers.clone(),
            districts: case.districts.clone(),
            as_of: Some(instant(&pool, &case.as_of)?),
            from: Some(instant(&pool, &case.from)?),
            to: Some(instant(&pool, &case.to)?),
            ..MatchRequest::default()
        };
        let matching = pool.match_run(&request, &witness()).await?;
        let Case { id, title, district_id, period, evaluator, .. } = case;
        practices.push(Practice {
            id,
            title,
            district_id,
            period,
            evaluator,
            tables,
            load,
            matching,
            evaluate: None,
        });
    }
    seconds.matching = start.elapsed().as_secs_f64();
    let start = Instant::now();
    note("evaluating", "评价");
    for practice in &mut practices {
        // All districts take part in each evaluation. One of the same period by the same evaluator is
        // read again.
        let request = EvaluateRequest {
            evaluator: practice.evaluator.clone(),
            period: Some(practice.period.clone()),
            ..EvaluateRequest::default()
        };
        let evaluation = pool.evaluate(&request, &witness()).await?;
        practice.evaluate = Some(evaluation.of_district(&practice.district_id));
    }
    seconds.evaluate = start.elapsed().as_secs_f64();
    let kept = args.out.as_ref().map(|it| it.display().to_string());
    let text =
        if json { String::new() } else { story::tell(&pool, &practices, &seconds, kept.as_deref()).await? };
    answer(json, &Document { practices: &practices, seconds: &seconds, pool: kept }, || text)
}

async fn load(pool: &Pool, case: &Case) -> Result<(BTreeMap<String, u64>, Loaded), Failed> {
    let mut tables = BTreeMap::new();
    let mut sum = Loaded::default();
    for (table, file) in &case.files {
        let options = LoadOptions { mode: Mode::Upsert, at_us: now_us(), ..LoadOptions::default() };
        let report = pool.load(table, std::slice::from_ref(file), &options).await?;
        *tables.entry(table.clone()).or_default() += report.rows;
        sum.rows += report.rows;
        // A row that two cases share is kept by the first and unchanged by the second.
        sum.kept += report.kept + report.unchanged;
        sum.quarantined += report.quarantined;
    }
    Ok((tables, sum))
}

/// Where the pool stands: where it was asked for, or in a folder that goes when the demo ends.
pub(super) struct Folder {
    kept: Option<PathBuf>,
    temporary: TempDir,
    pool: PathBuf,
}

impl Folder {
    fn new(out: Option<&Path>) -> Result<Self, Failed> {
        let temporary = TempDir::with_prefix("linli-demo-")
            .map_err(|it| Failed::unwritable(&std::env::temp_dir(), &it))?;
        let pool = out.map_or_else(|| temporary.path().join("pool"), Path::to_owned);
        Ok(Self { kept: out.map(Path::to_owned), temporary, pool })
    }

    fn pool(&self) -> &Path {
        self.kept.as_deref().unwrap_or(&self.pool)
    }

    /// Room for files that are not kept.
    fn scratch(&self) -> &Path {
        self.temporary.path()
    }
}

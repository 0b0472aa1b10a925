//! assign: a problem from a file, solved and proven.

use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;
use std::time::Instant;

use linli_model::Kind;
use linli_pool::assign::{AssignReport, prove, read_problem, solve_problem};
use linli_pool::solver::Limits;
use serde::Serialize;

use super::output::OutFile;
use super::{Outcome, answer};
use crate::args::Assign;
use crate::failure::{Failed, exit_code};
use crate::witness::{peak_bytes, witness};

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    report: AssignReport,
    seconds: Seconds,
    /// 0 where the system does not tell.
    peak_bytes: u64,
}

#[derive(Serialize)]
struct Seconds {
    read: f64,
    solve: f64,
    certify: f64,
}

pub(super) fn assign(args: &Assign, json: bool) -> Outcome {
    let threads = args.threads.map_or_else(|| witness().threads, |it| it.get().into());
    let start = Instant::now();
    let file = File::open(&args.file).map_err(|it| Failed::file(&args.file, &it))?;
    let problem = read_problem(BufReader::new(file), threads)?;
    let read = start.elapsed();
    let limits = Limits { steps_max: args.limit_steps, threads, ..Limits::default() };
    let solution = solve_problem(&problem, &limits)?;
    let solved = start.elapsed();
    let assigned = prove(&problem, solution, threads);
    let proven = start.elapsed();
    if let Some(out) = &args.out {
        let mut file = OutFile::create(out)?;
        let written = assigned.write(&mut file.out).map_err(|it| Failed::unwritable(out, &it));
        file.finish(written)?;
    }
    let seconds = Seconds {
        read: read.as_secs_f64(),
        solve: (solved - read).as_secs_f64(),
        certify: (proven - solved).as_secs_f64(),
    };
    let document = Document { report: assigned.report, seconds, peak_bytes: peak_bytes() };
    let is_limited = document.report.status == "limit";
    answer(json, &document, || prose(&document))?;
    Ok(if is_limited { exit_code(Kind::Limit) } else { ExitCode::SUCCESS })
}

fn prose(it: &Document) -> String {
    let AssignReport { status, needs, nodes, edges, objective, dual, gap, certified, unmet, .. } = &it.report;
    let (teams, teams_zh) = match it.report.teams.zip(it.report.teams_unserved) {
        Some((all, unserved)) => {
            (format!(", {unserved} of {all} teams unserved"), format!("，{all} 个团队中 {unserved} 个未满足"))
        }
        None => (String::new(), String::new()),
    };
    let (proof, proof_zh) =
        if *certified { ("proven optimal", "已证明最优") } else { ("not proven", "未证明") };
    format!(
        "{status}: {needs} needs, {nodes} nodes, {edges} edges; objective {objective}, at least {dual}, gap {gap}: \
         {proof}; {unmet} units unserved{teams}\n\
         共 {needs} 项需求、{nodes} 个容量、{edges} 条边；目标值 {objective}，下界 {dual}，差距 {gap}：{proof_zh}；\
         未满足 {unmet} 个单位{teams_zh}\n\
         read {:.2} s, solve {:.2} s, certify {:.2} s",
        it.seconds.read, it.seconds.solve, it.seconds.certify
    )
}

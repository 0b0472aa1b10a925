//! Workload  the demo, made by the program beside this one; then forgeries of its rows.
//! Ways      linli: `queries/report/certificate.sql` when it matched. duckdb: the same file on the
//!           same Parquet files.
//! Answer    the verdict of each on each run.
//! Checked   objective, bound and verdict are the same, and no forgery passes.

use std::path::Path;
use std::process::Command;

use crate::tools;

pub const QUESTION: &str = "Does another engine come to the same verdict on a stored plan?";

/// Pinned, so that verdicts can be compared over time.
const WHEELS: [&str; 1] = ["duckdb==2.0.1"];
const SCRIPT: &str = include_str!("certificate.py");
const SQL: &str = include_str!("../../../queries/report/certificate.sql");

pub fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("linli-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|it| it.to_string())?;
    let outcome = compare(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn compare(folder: &Path) -> Result<(), String> {
    let python = tools::python(&WHEELS)?;
    let linli = std::env::current_exe().map_err(|it| it.to_string())?.with_file_name("linli");
    let pool = folder.join("demo");
    let made = Command::new(&linli).args(["demo", "--json", "--out"]).arg(&pool).output();
    let made =
        made.map_err(|it| format!("{}: {it}; build it with cargo build --release", linli.display()))?;
    if !made.status.success() {
        return Err(format!("the demo failed: {}", String::from_utf8_lossy(&made.stderr).trim()));
    }
    let (script, sql) = (folder.join("certificate.py"), folder.join("certificate.sql"));
    for (path, text) in [(&script, SCRIPT), (&sql, SQL)] {
        std::fs::write(path, text).map_err(|it| it.to_string())?;
    }
    let verdict = Command::new(python).arg(&script).arg(&sql).arg(&pool).status();
    match verdict.map_err(|it| it.to_string())?.success() {
        true => Ok(()),
        false => Err("the verdicts differ, or a forgery passed".to_owned()),
    }
}

//! Workload  5,000,000 volunteers as CSV, twelve columns of seven types, Chinese words in two of
//!           them, in UTF-8 and the same in GB18030; 0.02 % of the rows break a rule.
//! Ways      linli: `load` into a fresh pool: typed, checked, keys compared, rows digested, sorted,
//!           written as Parquet, committed. duckdb: `read_csv` with the same types and two
//!           threads, bad rows rejected, written as Parquet. polars: `scan_csv` with the same
//!           types, dates parsed, written as Parquet; it has no way to keep bad rows apart, so it
//!           reads a file without them.
//! Answer    seconds, peak memory, and linli ÷ each other, medians of the rounds.
//! Checked   each keeps the rows that it must.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tools;

pub const QUESTION: &str = "How long does it take to load five million rows, with every check on?";

const ROWS: u64 = 5_000_000;
const BAD_EVERY: u64 = 5_000;
const ROUNDS: usize = 3;
/// Pinned, so that ratios can be compared over time.
const WHEELS: [&str; 2] = ["duckdb==2.0.1", "polars==2.1.0"];

const DUCKDB: &str = r#"
import duckdb, sys
out = duckdb.connect()
out.execute("SET threads = 2")
out.execute("SET enable_progress_bar = false")
out.execute(f"""COPY (SELECT * FROM read_csv('{sys.argv[1]}', header=true, store_rejects=true, columns={{
 'volunteer_id':'VARCHAR','district_id':'VARCHAR','community_id':'VARCHAR','kind':'VARCHAR','skills':'VARCHAR',
 'lon':'DOUBLE','lat':'DOUBLE','max_per_day':'BIGINT','max_per_week':'BIGINT','consent':'BOOLEAN',
 'credential_valid_to':'DATE','status':'VARCHAR'}})) TO '{sys.argv[2]}' (FORMAT parquet)""")
print(out.execute(f"SELECT count(*) FROM '{sys.argv[2]}'").fetchone()[0])
"#;

const POLARS: &str = r#"
import sys, polars as pl
frame = pl.scan_csv(sys.argv[1], schema={'volunteer_id':pl.String,'district_id':pl.String,'community_id':pl.String,
 'kind':pl.String,'skills':pl.String,'lon':pl.Float64,'lat':pl.Float64,'max_per_day':pl.Int64,'max_per_week':pl.Int64,
 'consent':pl.Boolean,'credential_valid_to':pl.String,'status':pl.String})
frame = frame.with_columns(pl.col('credential_valid_to').str.to_date('%Y-%m-%d'))
frame.sink_parquet(sys.argv[2], compression='snappy')
print(pl.scan_parquet(sys.argv[2]).select(pl.len()).collect().item())
"#;

struct Measured {
    seconds: f64,
    peak_mb: u64,
}

pub fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("linli-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|it| it.to_string())?;
    let outcome = measure(&folder);
    // Whatever happened, two gigabytes do not stay behind.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn measure(folder: &Path) -> Result<(), String> {
    let python = tools::python(&WHEELS)?;
    let (mixed, clean, chinese) =
        (folder.join("mixed.csv"), folder.join("clean.csv"), folder.join("gb18030.csv"));
    write(&mixed, true).and_then(|()| write(&clean, false)).map_err(|it| it.to_string())?;
    recode(&python, &mixed, &chinese)?;
    let ways: [(&str, &dyn Fn() -> Result<Measured, String>); 4] = [
        ("linli, UTF-8", &|| linli(folder, &mixed)),
        ("linli, GB18030", &|| linli(folder, &chinese)),
        ("duckdb, UTF-8", &|| script(&python, DUCKDB, folder, &mixed, ROWS - ROWS / BAD_EVERY)),
        ("polars, UTF-8", &|| script(&python, POLARS, folder, &clean, ROWS)),
    ];
    let mut seconds = vec![Vec::new(); ways.len()];
    let mut peaks = vec![0; ways.len()];
    for _ in 0..ROUNDS {
        for (way, (_, run)) in ways.iter().enumerate() {
            let measured = run()?;
            seconds[way].push(measured.seconds);
            peaks[way] = measured.peak_mb.max(peaks[way]);
        }
    }
    let medians: Vec<f64> = seconds
        .iter_mut()
        .map(|it| {
            it.sort_by(f64::total_cmp);
            it[it.len() / 2]
        })
        .collect();
    for ((name, _), (median, peak)) in ways.iter().zip(medians.iter().zip(&peaks)) {
        println!("  {name:<16} {median:7.2} s  {peak:6} MB at most");
    }
    println!("  UTF-8: linli ÷ duckdb   {:6.2}", medians[0] / medians[2]);
    println!("  UTF-8: linli ÷ polars   {:6.2}", medians[0] / medians[3]);
    println!("  GB18030 ÷ UTF-8 (linli) {:6.2}", medians[1] / medians[0]);
    Ok(())
}

/// Rows from a fixed sequence.
fn write(path: &Path, with_bad: bool) -> std::io::Result<()> {
    const SKILLS: [&str; 6] = ["走访", "走访;家务", "法律", "陪护;健康", "环卫", "辅导;英语"];
    const KINDS: [&str; 2] = ["party_member", "social"];
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(
        out,
        "volunteer_id,district_id,community_id,kind,skills,lon,lat,max_per_day,max_per_week,consent,credential_valid_to,status"
    )?;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for row in 0..ROWS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = |shift: u32, below: u64| (state >> shift) % below;
        let community = at(0, 7_480);
        let per_day =
            if with_bad && row % BAD_EVERY == 17 { "many".to_owned() } else { at(3, 4).to_string() };
        writeln!(
            out,
            "v{row:08},d{:03},c{community:06},{},{},106.{:06},26.{:06},{per_day},{},{},20{:02}-{:02}-{:02},active",
            community / 150,
            KINDS[at(5, 2) as usize],
            SKILLS[at(7, 6) as usize],
            at(11, 1_000_000),
            at(19, 1_000_000),
            at(29, 6),
            at(31, 10) > 0,
            at(33, 30) + 20,
            at(37, 12) + 1,
            at(41, 28) + 1,
        )?;
    }
    out.flush()
}

fn recode(python: &Path, from: &Path, to: &Path) -> Result<(), String> {
    let program = "import sys\nwith open(sys.argv[1], encoding='utf-8', newline='') as a, \
        open(sys.argv[2], 'w', encoding='gb18030', newline='') as b:\n for line in a: b.write(line)";
    let status = Command::new(python).args(["-c", program]).arg(from).arg(to).status();
    let is_done = status.map_err(|it| it.to_string())?.success();
    is_done.then_some(()).ok_or_else(|| "the file could not be recoded".to_owned())
}

fn linli(folder: &Path, file: &Path) -> Result<Measured, String> {
    let here = std::env::current_exe().map_err(|it| it.to_string())?;
    let binary = here.with_file_name(format!("linli{}", std::env::consts::EXE_SUFFIX));
    let pool = folder.join("pool");
    let made = Command::new(&binary).arg("init").arg(&pool).stdout(Stdio::null()).status();
    if !made.map_err(|it| format!("{}: {it}", binary.display()))?.success() {
        return Err("no pool could be made".to_owned());
    }
    let mut load = Command::new(&binary);
    load.arg("load").arg(&pool).arg("volunteer").arg(file).arg("--json");
    let (measured, printed) = timed(load)?;
    let (kept, bad) = (ROWS - ROWS / BAD_EVERY, ROWS / BAD_EVERY);
    let says = |name: &str, count: u64| printed.contains(&format!("\"{name}\": {count},"));
    if !says("kept", kept) || !says("quarantined", bad) {
        return Err(format!("linli did not keep {kept} rows: {}", &printed[..printed.len().min(400)]));
    }
    std::fs::remove_dir_all(&pool).map_err(|it| it.to_string())?;
    Ok(measured)
}

fn script(python: &Path, program: &str, folder: &Path, file: &Path, kept: u64) -> Result<Measured, String> {
    let out = folder.join("out.parquet");
    let mut run = Command::new(python);
    run.env("POLARS_MAX_THREADS", "2").args(["-c", program]).arg(file).arg(&out);
    let (measured, printed) = timed(run)?;
    if printed.trim() != kept.to_string() {
        return Err(format!("found {} rows, expected {kept}", printed.trim()));
    }
    std::fs::remove_file(&out).map_err(|it| it.to_string())?;
    Ok(measured)
}

/// Runs a program to its end and looks at its memory meanwhile.
fn timed(mut program: Command) -> Result<(Measured, String), String> {
    let start = Instant::now();
    let mut child = program.stdout(Stdio::piped()).spawn().map_err(|it| it.to_string())?;
    let status = format!("/proc/{}/status", child.id());
    let mut out = child.stdout.take().ok_or("no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut out, &mut text).map(|_| text)
    });
    let mut peak_kb = 0;
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let kb = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak_kb = kb.unwrap_or(0).max(peak_kb);
        match child.try_wait().map_err(|it| it.to_string())? {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let printed = reader.join().map_err(|_| "the reader stopped")?.map_err(|it| it.to_string())?;
    if !ended.success() {
        return Err(format!("{:?} failed: {}", program.get_program(), &printed[..printed.len().min(400)]));
    }
    Ok((Measured { seconds, peak_mb: peak_kb / 1024 }, printed))
}

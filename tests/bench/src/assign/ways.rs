//! The solvers, each in a process of its own, and what one run of them says.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::child::PHASES;
use super::{child, families};
use crate::tools;

/// Pinned, so that ratios can be compared over time.
const WHEELS: [&str; 4] = ["numpy==2.4.6", "scipy==1.17.1", "ortools==9.15.6755", "highspy==1.16.0"];

const SCRIPTS: [(&str, &str); 6] = [
    ("network.py", include_str!("baselines/network.py")),
    ("or_tools.py", include_str!("baselines/or_tools.py")),
    ("highs.py", include_str!("baselines/highs.py")),
    ("matching.py", include_str!("baselines/matching.py")),
    ("dense.py", include_str!("baselines/dense.py")),
    ("lemon.cpp", include_str!("baselines/lemon.cpp")),
];

/// A file that any of them solves at once, before the one that counts.
const FIRST: &str = "first";

/// How to solve a problem.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Linli,
    LinliTwoThreads,
    OrTools,
    LemonSimplex,
    LemonScaling,
    Highs,
    Matching,
    Dense,
}

/// What one run found and took.
#[derive(Clone, Default)]
pub struct Measured {
    pub objective: String,
    pub wall_s: f64,
    /// All cores together.
    pub cpu_s: f64,
    pub peak_kb: f64,
    /// Of our own: the checks of the problem, and the proof.
    pub check_s: f64,
    pub proof_s: f64,
    /// Of our own: seconds of each phase, bids, and vertices that searches settled.
    pub phases_s: [f64; PHASES.len()],
    pub bids: f64,
    pub settled: f64,
    /// Of our own: stands for plan and prices.
    pub digest: String,
}

/// How a run ended.
#[derive(Clone)]
pub enum Outcome {
    Solved(Measured),
    /// The solver says that it cannot.
    Refused,
    /// It was stopped after so many seconds.
    Stopped(u64),
}

/// Where the solvers are.
pub struct Solvers {
    python: PathBuf,
    folder: PathBuf,
}

impl Solvers {
    /// Gets whatever is missing; scripts and the compiled program go into `folder`.
    pub fn get(folder: &Path) -> Result<Self, String> {
        let (python, lemon) = (tools::python(&WHEELS)?, tools::lemon()?);
        for (name, text) in SCRIPTS {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|it| format!("{}: {it}", path.display()))?;
        }
        let first = folder.join(FIRST);
        families::drawn(10)?.write(&first).map_err(|it| format!("{}: {it}", first.display()))?;
        tools::compile(&folder.join("lemon.cpp"), &lemon, &folder.join("lemon"))?;
        Ok(Self { python, folder: folder.to_owned() })
    }

    /// Solves a file once.
    ///
    /// **Errors.** A process that ends badly or says nothing: what it said instead.
    pub fn run(&self, way: Way, file: &Path, seconds_max: u64) -> Result<Outcome, String> {
        let mut command = self.command(way, file)?;
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|it| format!("{}: {it}", way.name()))?;
        if !ends(&mut child, Duration::from_secs(seconds_max))? {
            return Ok(Outcome::Stopped(seconds_max));
        }
        let output = child.wait_with_output().map_err(|it| it.to_string())?;
        let (said, complaint) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        parse(&said)
            .filter(|_| output.status.success())
            .ok_or_else(|| format!("{} failed on {}: {said}{complaint}", way.name(), file.display()))
    }

    fn command(&self, way: Way, file: &Path) -> Result<Command, String> {
        let script = |name: &str| {
            let mut command = Command::new(&self.python);
            command.arg(self.folder.join(name));
            command
        };
        let own = |threads: &str| {
            let here = std::env::current_exe().map_err(|it| it.to_string())?;
            let mut command = Command::new(here);
            command.args([child::COMMAND, threads]);
            Ok::<_, String>(command)
        };
        let lemon = |algorithm: &str| {
            let mut command = Command::new(self.folder.join("lemon"));
            command.arg(algorithm);
            command
        };
        let mut command = match way {
            Way::Linli => own("1")?,
            Way::LinliTwoThreads => own("2")?,
            Way::OrTools => script("or_tools.py"),
            Way::LemonSimplex => lemon("simplex"),
            Way::LemonScaling => lemon("scaling"),
            Way::Highs => script("highs.py"),
            Way::Matching => script("matching.py"),
            Way::Dense => script("dense.py"),
        };
        command.arg(self.folder.join(FIRST)).arg(file);
        Ok(command)
    }
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Self::Linli => "linli",
            Self::LinliTwoThreads => "2 threads",
            Self::OrTools => "OR-Tools",
            Self::LemonSimplex => "LEMON NS",
            Self::LemonScaling => "LEMON CS",
            Self::Highs => "HiGHS",
            Self::Matching | Self::Dense => "scipy",
        }
    }

    pub fn is_own(self) -> bool {
        matches!(self, Self::Linli | Self::LinliTwoThreads)
    }
}

/// Waits for a process, so long and no longer.
fn ends(child: &mut Child, time: Duration) -> Result<bool, String> {
    let start = Instant::now();
    while child.try_wait().map_err(|it| it.to_string())?.is_none() {
        if start.elapsed() > time {
            child.kill().and_then(|()| child.wait()).map_err(|it| it.to_string())?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(true)
}

/// Reads `key=value` words.
fn parse(said: &str) -> Option<Outcome> {
    let mut measured = Measured::default();
    for (key, value) in said.split_whitespace().filter_map(|it| it.split_once('=')) {
        let number = || value.parse::<f64>().ok();
        match key {
            "objective" => measured.objective = value.to_owned(),
            "digest" => measured.digest = value.to_owned(),
            "wall_ns" => measured.wall_s = number()? / 1e9,
            "cpu_ns" => measured.cpu_s = number()? / 1e9,
            "check_ns" => measured.check_s = number()? / 1e9,
            "proof_ns" => measured.proof_s = number()? / 1e9,
            "peak_kb" => measured.peak_kb = number()?,
            "bids" => measured.bids = number()?,
            "settled" => measured.settled = number()?,
            _ => {
                let phase = PHASES.iter().position(|it| key.strip_suffix("_ns") == Some(it.0))?;
                measured.phases_s[phase] = number()? / 1e9;
            }
        }
    }
    match measured.objective.as_str() {
        "" => None,
        "refused" => Some(Outcome::Refused),
        _ => Some(Outcome::Solved(measured)),
    }
}

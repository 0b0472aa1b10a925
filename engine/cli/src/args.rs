//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

/// Match the needs of a community with those who can help, and prove the match optimal
#[derive(Debug, Parser)]
#[command(name = "linli", version, propagate_version = true, max_term_width = 100)]
pub struct Args {
    /// Print exactly one JSON document on stdout, also on failure
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// See it work: load two real practices into a fresh pool, match, explain and evaluate
    Demo(Demo),
    /// Make a pool in an empty or new folder
    Init {
        /// The folder
        pool: PathBuf,
    },
    /// Load files into a table
    Load(Load),
    /// Show rows that could not be kept, why, and how to mend them; or try them again
    Quarantine(Quarantine),
    /// Show the snapshots of a pool, or of one table
    History {
        /// The pool's folder
        pool: PathBuf,
        /// Only snapshots that changed this table
        table: Option<String>,
    },
    /// Write a pool with its whole history into one file
    Export {
        /// The pool's folder
        pool: PathBuf,
        /// The new file
        #[arg(value_name = "FILE.tar")]
        file: PathBuf,
    },
    /// Make a pool of an exported file
    Import {
        /// The file
        #[arg(value_name = "FILE.tar")]
        file: PathBuf,
        /// The new or empty folder
        pool: PathBuf,
    },
    /// Ask in SQL (reading only)
    Sql(Sql),
    /// Run a query of the library by name; without a name, list them
    Query(Query),
    /// Match open needs with providers and prove the match optimal
    Match(Match),
    /// Publish a run: its matches hold their providers from now on
    Publish {
        /// The pool's folder
        pool: PathBuf,
        /// The run, by the beginning of its id (4 digits or more), or `latest`
        run: String,
    },
    /// Say why: what became of a need, or of one pair
    Explain {
        /// The pool's folder
        pool: PathBuf,
        /// The run, by the beginning of its id (4 digits or more), or `latest`
        run: String,
        /// The need
        need: String,
        /// The provider to ask about
        provider: Option<String>,
    },
    /// Derive a run again and check its proof
    Verify {
        /// The pool's folder
        pool: PathBuf,
        /// The run, by the beginning of its id (4 digits or more), or `latest`
        run: String,
    },
    /// Check a plan made by hand, and say how far it is from the optimum
    CheckPlan(CheckPlan),
    /// Evaluate districts and communities, with rank intervals
    Evaluate(Evaluate),
    /// Make up a city of any size, as Parquet files to load
    Generate(Generate),
    /// Solve an assignment problem of a file and prove the plan optimal
    Assign(Assign),
    /// Write plugins, look at them and put them into a pool
    #[command(subcommand)]
    Plugin(Plugin),
    /// Answer over HTTP
    Serve(Serve),
}

#[derive(Debug, Arguments)]
pub struct Demo {
    /// Keep the pool in this new or empty folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Read the cases from this folder instead of the built-in copy; by default
    /// `datasets/cases` where the command runs, if it is there
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LoadMode {
    /// Rows take the place of rows with their key
    Upsert,
    /// The table holds the files' rows and no others
    Replace,
    /// Rows are added; keys that are there are refused
    Append,
}

#[derive(Debug, Arguments)]
pub struct Load {
    /// The pool's folder
    pub pool: PathBuf,
    /// The table, e.g. volunteer or need
    pub table: String,
    /// CSV, XLSX, XLS, JSON, NDJSON or Parquet files, or postgresql://USER@HOST/DATABASE
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The encoding of text files, e.g. utf-8, gb18030 or utf-16le; by default found out
    #[arg(long, value_name = "ENCODING")]
    pub encoding: Option<String>,
    /// The line of the header, the row of a sheet; by default found out
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// The sheet of workbooks, by name or number; the table of a database
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Ask a database this instead of a whole table
    #[arg(long, value_name = "SQL")]
    pub query: Option<String>,
    /// A file that says which header is which column; the pool remembers it for later loads of
    /// the table. `none`: leave aside what the pool remembers
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// The coordinate system of the files; by default the pool's
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    pub crs: Option<String>,
    /// What happens to rows that are there already
    #[arg(long, value_enum, default_value = "upsert")]
    pub mode: LoadMode,
}

#[derive(Debug, Arguments)]
pub struct Quarantine {
    /// The pool's folder
    pub pool: PathBuf,
    /// Only rows meant for this table
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// Show also rows that were mended or given up
    #[arg(long, conflicts_with = "fix")]
    pub all: bool,
    /// Try the rows of one table again, as this file mends them: a mapping file, with `rows` for
    /// single cells: {"table": "…", "columns": {…}, "values": {…}, "rows": {"ID": {"column": "text"}}}
    #[arg(long, value_name = "FILE")]
    pub fix: Option<PathBuf>,
}

#[derive(Debug, Arguments)]
pub struct Output {
    /// table, csv, json, ndjson, arrow, parquet or xlsx; of a FILE, as its name ends. In csv a
    /// text that a spreadsheet program would take for a formula gets a ' before it
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Read the snapshot of this number, or the newest one at this time
    #[arg(long, value_name = "SNAPSHOT|TIME")]
    pub as_of: Option<String>,
    /// Stop after this many rows
    #[arg(long, value_name = "ROWS")]
    pub limit: Option<u64>,
    /// Give up after this many seconds, 300 where nothing is said; 0 for never
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<u64>,
}

#[derive(Debug, Arguments)]
pub struct Sql {
    /// The pool's folder
    pub pool: PathBuf,
    /// The query; without it, read from stdin
    #[arg(allow_hyphen_values = true)]
    pub sql: Option<String>,
    /// Show names, numbers and the like as they are, for this reason; otherwise they are masked
    #[arg(long, value_name = "REASON")]
    pub reveal: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Arguments)]
pub struct Query {
    /// The pool's folder
    pub pool: PathBuf,
    /// The query's name
    pub name: Option<String>,
    /// Its parameters
    #[arg(value_name = "KEY=VALUE")]
    pub params: Vec<String>,
    #[command(flatten)]
    pub output: Output,
}

/// What is decided, and for whom.
#[derive(Debug, Arguments)]
pub struct Asked {
    /// A scorer and its weight in thousandths (can be repeated); by default the pool's
    #[arg(long = "scorer", value_name = "NAME[=WEIGHT]")]
    pub scorers: Vec<String>,
    /// Only needs of this district (can be repeated)
    #[arg(long = "district", value_name = "DISTRICT")]
    pub districts: Vec<String>,
    /// Decide with the needs received by this time, by default all; or with the tables as they
    /// were in the snapshot of this number
    #[arg(long, value_name = "SNAPSHOT|TIME")]
    pub as_of: Option<String>,
    /// Plan from this time; by default from the decision, or the first window
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Plan up to this time; by default to the last window, and a week at least
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Part of the run's identity
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub seed: i64,
}

#[derive(Debug, Arguments)]
pub struct Match {
    /// The pool's folder
    pub pool: PathBuf,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Arguments)]
pub struct CheckPlan {
    /// The pool's folder
    pub pool: PathBuf,
    /// The plan: a file with the columns need_id, provider_id and slot_id, and occurrence_start
    /// where a need recurs and the slot does not tell which time is meant
    pub file: PathBuf,
    /// The encoding of a text file, e.g. utf-8, gb18030 or utf-16le; by default found out
    #[arg(long, value_name = "ENCODING")]
    pub encoding: Option<String>,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Arguments)]
pub struct Evaluate {
    /// The pool's folder
    pub pool: PathBuf,
    /// The evaluator; by default the pool's
    #[arg(long, value_name = "NAME")]
    pub evaluator: Option<String>,
    /// 2012, 2012-03 or 2012-03-01..2012-04-01, whose end is not part of it; by default all there is
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Evaluate the snapshot of this number, or the newest one at this time
    #[arg(long, value_name = "SNAPSHOT|TIME")]
    pub as_of: Option<String>,
    /// Decides the draws behind the rank intervals
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub seed: i64,
}

#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// Make a project for a new plugin: a plugin that works, its tests, and the SDK as source
    New {
        /// What to write it in
        #[arg(long, value_name = "rust|python|c", default_value = "rust")]
        lang: String,
        /// The new or empty folder; its name becomes the plugin's
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Build the plugin of a project, and fetch the tools for it where they are missing
    Build {
        /// The project's folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Write the component into this file; by default NAME.wasm in the folder
        #[arg(long, value_name = "FILE.wasm")]
        out: Option<PathBuf>,
    },
    /// Put a plugin into a pool, in place of an earlier one of its name
    Add {
        /// The pool's folder
        pool: PathBuf,
        /// The component
        file: PathBuf,
        /// Who signed it; by default FILE.sig, if it is there
        #[arg(long, value_name = "FILE.sig")]
        signatures: Option<PathBuf>,
        #[command(flatten)]
        places: Places,
    },
    /// Decide past runs again with a component in the place of a scorer: who gains, who loses
    Replay(Replay),
    /// Have a component score beside a scorer from now on: each match says what it would have said
    Shadow {
        /// The pool's folder
        pool: PathBuf,
        /// The scorer
        name: String,
        /// The component, or the digest of one that the pool keeps (8 digits or more)
        #[arg(value_name = "FILE.wasm|DIGEST")]
        challenger: String,
    },
    /// Have the challenger score some districts in place of the scorer; needs a replay
    Canary(Canary),
    /// Make the challenger the scorer everywhere; needs a replay
    Promote {
        /// The pool's folder
        pool: PathBuf,
        /// The scorer
        name: String,
        /// Go on without a replay that speaks for it, for this reason, which is kept
        #[arg(long, value_name = "REASON")]
        force: Option<String>,
    },
    /// Bring back the component before, and end whatever is tried
    Rollback {
        /// The pool's folder
        pool: PathBuf,
        /// The scorer
        name: String,
    },
    /// List the plugins of a pool and what is tried against them
    List {
        /// The pool's folder
        pool: PathBuf,
    },
    /// Take a plugin out of a pool; its file stays while a run names it
    Remove {
        /// The pool's folder
        pool: PathBuf,
        /// The plugin
        name: String,
    },
    /// Show what a plugin reports while it answers, and what was done with it
    Logs {
        /// The pool's folder
        pool: PathBuf,
        /// The plugin
        name: String,
    },
    /// Make a pair of keys to sign plugins with
    Key {
        /// The new file for the secret key; nobody else may read it
        file: PathBuf,
    },
    /// Sign a component and what it says of itself; others may add their signatures
    Sign {
        /// The component
        #[arg(value_name = "FILE.wasm")]
        file: PathBuf,
        /// The file with the secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The file of signatures; by default FILE.wasm.sig
        #[arg(long, value_name = "FILE.sig")]
        signatures: Option<PathBuf>,
    },
    /// Say who signed a component, and what a policy says to it; needs no pool and no network
    Verify {
        /// The component
        #[arg(value_name = "FILE.wasm")]
        file: PathBuf,
        /// The file of signatures; by default FILE.wasm.sig
        #[arg(long, value_name = "FILE.sig")]
        signatures: Option<PathBuf>,
        /// Who may add plugins: what `plugin policy POOL --json` prints
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        #[command(flatten)]
        places: Places,
    },
    /// Show who may add plugins to a pool, for which districts; or say so from now on
    Policy {
        /// The pool's folder
        pool: PathBuf,
        /// The new policy: {"threshold": 2, "keys": [{"key": "ed25519:…", "owner": "an office",
        /// "districts": ["d1"]}]}, where "*" is every district; {} for nobody has to sign
        file: Option<PathBuf>,
    },
    /// Write a plugin of a pool and its signatures into one file
    Export {
        /// The pool's folder
        pool: PathBuf,
        /// The plugin
        name: String,
        /// The new file
        #[arg(value_name = "FILE.tar")]
        file: PathBuf,
    },
    /// Put the plugin of such a file into a pool
    Import {
        /// The pool's folder
        pool: PathBuf,
        /// The file
        #[arg(value_name = "FILE.tar")]
        file: PathBuf,
        #[command(flatten)]
        places: Places,
    },
    /// Say what a plugin says of itself
    Inspect {
        /// The component
        file: PathBuf,
    },
    /// Check that a plugin keeps the contract
    Check {
        /// The component
        file: PathBuf,
    },
}

/// Where a plugin is to decide.
#[derive(Debug, Arguments)]
pub struct Places {
    /// Only for the needs of this district, in place of the pool's plugin of its name (can be
    /// repeated); by default for the whole pool
    #[arg(long = "district", value_name = "DISTRICT")]
    pub districts: Vec<String>,
}

#[derive(Debug, Arguments)]
pub struct Replay {
    /// The pool's folder
    pub pool: PathBuf,
    /// The scorer whose place is taken
    pub name: String,
    /// The component, or the digest of one that the pool keeps (8 digits or more)
    #[arg(value_name = "FILE.wasm|DIGEST")]
    pub challenger: String,
    /// Decide so many runs again, the last ones that used the scorer
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with = "run",
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub runs: u32,
    /// Decide this run again, by the beginning of its id or `latest` (can be repeated)
    #[arg(long, value_name = "RUN")]
    pub run: Vec<String>,
    /// Decides the draws behind the intervals
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub seed: i64,
}

#[derive(Debug, Arguments)]
pub struct Canary {
    /// The pool's folder
    pub pool: PathBuf,
    /// The scorer
    pub name: String,
    /// A district whose needs the challenger scores (can be repeated)
    #[arg(long = "district", value_name = "DISTRICT", required = true)]
    pub districts: Vec<String>,
    /// What must be kept there, challenger less scorer, e.g. served_share=-0.02,tier3_served=0;
    /// whoever crosses it is taken back
    #[arg(long, value_name = "MEASURE=LEAST,…", allow_hyphen_values = true)]
    pub guard: Option<String>,
    /// Go on without a replay that speaks for it, for this reason, which is kept
    #[arg(long, value_name = "REASON")]
    pub force: Option<String>,
}

#[derive(Debug, Arguments)]
pub struct Generate {
    /// How large: 1 is a district of 800,000 residents, 40 a city with a million needs; from
    /// 0.001 to 1000
    #[arg(long, value_name = "N", default_value = "1")]
    pub scale: String,
    /// The same seed makes the same bytes
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// The new or empty folder
    pub out: PathBuf,
}

#[derive(Debug, Arguments)]
pub struct Assign {
    /// The problem: .lbm text or a dense problem of the OR-Library, packed by gzip or not
    pub file: PathBuf,
    /// How many threads may work; the plan is the same for any number. All there are if not given
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroU16>,
    /// Stop after so many steps with the best plan so far and a bound; one thread does all then
    #[arg(long, value_name = "N")]
    pub limit_steps: Option<u64>,
    /// Write plan and prices into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Arguments)]
pub struct Serve {
    /// The pool's folder
    pub pool: PathBuf,
    /// Where to listen; by default on this machine only
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub http: SocketAddr,
}

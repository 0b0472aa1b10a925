//! What can be typed.

mod plugin;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

pub use plugin::{Canary, Plugin, Replay};

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
    /// Its settings, a JSON object such as {"five_stars": 0.95}; by default the pool's for the pool's
    /// evaluator, and the plugin's own for others
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
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

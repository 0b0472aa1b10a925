//! What can be typed behind `plugin`.

use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand};

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
    /// Measure what a plugin takes: fuel, time and memory, beside the same source without a sandbox
    /// for those that come with linli
    Bench {
        /// The component
        #[arg(value_name = "FILE.wasm")]
        file: PathBuf,
        /// Made-up rows per round; by default 262,144 candidates, or 1,000 places for an evaluator
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
        rows: Option<u32>,
        /// Make rounds for so long, at least three and at most 101
        #[arg(long, value_name = "SECONDS", default_value_t = 5,
              value_parser = clap::value_parser!(u32).range(0..=3600))]
        seconds: u32,
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

//! A PostgreSQL server for the tests: the one of the system, or Debian's package.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

/// The variable that tells the tests where the server's programs are.
pub const VARIABLE: &str = "LINLI_POSTGRES_BIN";

/// Where Debian puts the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with `initdb`, `postgres` and `psql`; the package is installed if there is none and
/// the user may do so.
pub fn find() -> Result<PathBuf, Failure> {
    if let Some(told) = env::var_os(VARIABLE).map(PathBuf::from) {
        return is_complete(&told).then_some(told.clone()).ok_or_else(|| {
            Failure::Wrong(format!("{VARIABLE}={}: no initdb, postgres and psql in it", told.display()))
        });
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    println!("no PostgreSQL; installing Debian's package postgresql");
    // Another source of the system that is out of reach need not matter: whether the package is
    // there is seen below.
    run(&["-qq", "update"]).ok();
    let why = run(&["-qq", "install", "--yes", "--no-install-recommends", "postgresql"]).err();
    installed().ok_or_else(|| {
        let why = why.unwrap_or_else(|| "the package is installed, its programs are not found".to_owned());
        Failure::Missing(format!(
            "no PostgreSQL to test loads from databases with: {why}\n  \
             either   apt-get install postgresql\n  \
             or       {VARIABLE}=FOLDER with initdb, postgres and psql"
        ))
    })
}

/// The newest version of Debian's, else the first on the path.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let number = |it: &Path| it.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = versions.map(|it| it.path()).collect();
    versions.sort_by_key(|it| std::cmp::Reverse(number(it)));
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().map(|it| it.join("bin")).chain(env::split_paths(&path));
    folders.into_iter().find(|it| is_complete(it))
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"].iter().all(|it| folder.join(it).is_file())
}

fn run(arguments: &[&str]) -> Result<String, String> {
    linli_craft::run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
}

//! Other programs, and the folder where those are kept that were fetched.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};

/// Runs a command to its end; what it printed, or why it failed: what it complained of.
pub fn run(command: &mut Command) -> std::result::Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(it) if it.status.success() => Ok(String::from_utf8_lossy(&it.stdout).into_owned()),
        Ok(it) => Err(format!("{program}: {}", String::from_utf8_lossy(&it.stderr).trim())),
        Err(it) => Err(format!("{program}: {it}")),
    }
}

/// The first line that a command prints.
///
/// **Errors.** As [`run`].
pub fn first_line(command: &mut Command) -> std::result::Result<String, String> {
    let text = run(command)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The folder `linli` of the user's cache.
///
/// **Errors.** [`Error::Missing`] for a user without a home.
pub fn cache() -> Result<PathBuf> {
    let set = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let cache = set.or_else(|| Some(env::home_dir()?.join(".cache")));
    let cache = cache.ok_or_else(|| {
        Error::missing("no home directory; set XDG_CACHE_HOME", "没有主目录，请设置 XDG_CACHE_HOME")
    })?;
    Ok(cache.join("linli"))
}

/// A place in the cache that nobody else has, for what lasts as long as one build.
///
/// **Errors.** As [`cache`], and where the folder cannot be made.
pub(crate) fn workplace() -> Result<Workplace> {
    static BUILDS: AtomicU32 = AtomicU32::new(0);
    let (process, build) = (std::process::id(), BUILDS.fetch_add(1, Ordering::Relaxed));
    let folder = cache()?.join(format!("tools/work-{process}-{build}"));
    std::fs::create_dir_all(&folder).map_err(|it| Error::file(&folder, &it))?;
    Ok(Workplace(folder))
}

/// A folder that goes when its build ends.
pub(crate) struct Workplace(PathBuf);

impl Workplace {
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // What is left in the cache harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

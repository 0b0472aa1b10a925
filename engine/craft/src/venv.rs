//! Tools that come as Python packages: each in an environment of its own, in the user's cache.
//!
//! Python is the one program that is asked for; its own `venv` and `pip` do the rest. Versions are
//! fixed, and the files that `pip` may take are named by their SHA-256: who asks later, or asks a
//! mirror, gets the same tool or none. A mirror is named as for any use of pip, by PIP_INDEX_URL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Say;
use crate::error::{Error, Result, Text};
use crate::run::{cache, run};

/// Older ones cannot read the SDK.
const OLDEST: (u32, u32) = (3, 10);
/// The interpreter, as systems call it.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// A tool on PyPI.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// What is fetched, in megabytes: people wait for it.
    pub(crate) megabytes: u32,
    /// The files for Linux, macOS and Windows on common processors.
    pub(crate) sha256: &'static [&'static str],
}

impl Tool {
    /// Name and version, as one word.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The programs of the environment with this tool, fetched if need be.
    ///
    /// **Errors.** [`Error::Missing`] when Python, its `venv` or the package cannot be had.
    pub(crate) fn programs(&self, say: Say<'_>) -> Result<PathBuf> {
        let home = self.home()?;
        let programs = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let ready = home.join("ready");
        if !ready.is_file() {
            self.fetch(&home, &programs, say)?;
            // Written last: what was begun and broken off is begun again.
            fs::write(&ready, self.label()).map_err(|it| Error::file(&ready, &it))?;
        }
        Ok(programs)
    }

    /// Whether it was fetched before.
    pub(crate) fn is_there(&self) -> bool {
        self.home().is_ok_and(|it| it.join("ready").is_file())
    }

    fn home(&self) -> Result<PathBuf> {
        Ok(cache()?.join("tools").join(format!("{}-{}", self.name, self.version)))
    }

    fn fetch(&self, home: &Path, programs: &Path, say: Say<'_>) -> Result<()> {
        python()?;
        let (label, megabytes, place) = (self.label(), self.megabytes, home.display());
        say(&Text::new(
            format!("fetching {label} from PyPI into {place} (once, {megabytes} MB)"),
            format!("正在从 PyPI 下载 {label} 到 {place}（仅一次，{megabytes} MB）"),
        ));
        run(Command::new(PYTHON).args(["-m", "venv", "--clear"]).arg(home)).map_err(|why| {
            Error::missing(
                format!("Python's venv does not work: {why}\n  Debian, Ubuntu: apt-get install python3-venv"),
                format!("Python 的 venv 不可用：{why}\n  Debian、Ubuntu：apt-get install python3-venv"),
            )
        })?;
        let file = home.join("requirements.txt");
        fs::write(&file, self.requirements()).map_err(|it| Error::file(&file, &it))?;
        let mut pip = Command::new(programs.join("python"));
        pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]);
        pip.args(["--only-binary", ":all:", "--require-hashes", "--requirement"]).arg(&file);
        // What a user set for other installations would send this one elsewhere.
        for other in ["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH"] {
            pip.env_remove(other);
        }
        run(&mut pip).map(drop).map_err(|why| {
            let why = last_lines(&why, 4);
            Error::missing(
                format!("{label} cannot be had from PyPI:\n{why}\n  behind a mirror: set PIP_INDEX_URL"),
                format!("无法从 PyPI 取得 {label}：\n{why}\n  使用镜像时请设置 PIP_INDEX_URL"),
            )
        })
    }

    /// What pip may take.
    fn requirements(&self) -> String {
        let hashes: String = self.sha256.iter().map(|it| format!(" --hash=sha256:{it}")).collect();
        format!("{}=={}{hashes}\n", self.name, self.version)
    }
}

/// Whether there is a Python that is new enough.
fn python() -> Result<()> {
    let (major, minor) = OLDEST;
    let ask = format!("import sys; print(sys.version_info >= ({major}, {minor}), sys.version.split()[0])");
    let (found, found_zh) = match run(Command::new(PYTHON).args(["-c", &ask])) {
        Ok(it) if it.starts_with("True") => return Ok(()),
        Ok(it) => {
            let version = it.trim().trim_start_matches("False ").to_owned();
            (format!("found Python {version}"), format!("现有 Python {version}"))
        }
        Err(_) => (format!("{PYTHON} is not there"), format!("没有 {PYTHON}")),
    };
    Err(Error::missing(
        format!(
            "{found}, expected {major}.{minor} or newer\n  \
             Debian, Ubuntu: apt-get install python3 python3-venv; elsewhere: https://www.python.org"
        ),
        format!(
            "{found_zh}，应为 {major}.{minor} 或更新版本\n  \
             Debian、Ubuntu：apt-get install python3 python3-venv；其他系统见 https://www.python.org"
        ),
    ))
}

/// The end of what a program complained of: the rest is how it got there.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|it| !it.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_may_take_the_named_files_only() {
        let tool = Tool { name: "x", version: "1.2", megabytes: 1, sha256: &["ab", "cd"] };
        assert_eq!(tool.requirements(), "x==1.2 --hash=sha256:ab --hash=sha256:cd\n");
    }

    #[test]
    fn of_a_long_complaint_the_end_is_shown() {
        assert_eq!(last_lines("a\n\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }
}

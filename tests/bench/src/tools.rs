//! What the benches need beside Rust, in the user's cache folder: nothing is installed elsewhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python with these wheels, pinned so that ratios can be compared over time.
///
/// **Cost.** Some minutes the first time, for what has to be fetched; a second or two after that.
pub fn python(wheels: &[&str]) -> Result<PathBuf, String> {
    let home = cache()?.join("bench-python");
    let python = home.join("bin/python");
    let home = home.to_str().ok_or("the cache folder has no name in UTF-8")?;
    if !python.is_file() && !does(Command::new("python3").args(["-m", "venv", home])) {
        return Err("python3 with venv is missing: it runs what linli is compared with\n  \
                    on Debian   apt-get install python3-venv"
            .to_owned());
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    if !does(Command::new(&python).args(install).args(wheels)) {
        return Err(format!("{} could not be installed", wheels.join(" and ")));
    }
    Ok(python)
}

/// The folder with LEMON's headers: the system's, else Debian's package unpacked.
pub fn lemon() -> Result<PathBuf, String> {
    let home = cache()?.join("bench-lemon");
    let known = [PathBuf::from("/usr/include"), home.join("usr/include")];
    let find = || known.iter().find(|it| it.join("lemon/network_simplex.h").is_file()).cloned();
    if let Some(found) = find() {
        return Ok(found);
    }
    println!("  fetching Debian's package liblemon-dev");
    std::fs::create_dir_all(&home).map_err(|it| it.to_string())?;
    let download = || does(apt("download").arg("liblemon-dev").current_dir(&home));
    // The package lists may be missing, and not everybody may fetch them.
    let is_there = download() || (does(&mut apt("update")) && download());
    let packages = std::fs::read_dir(&home).map_err(|it| it.to_string())?.flatten().map(|it| it.path());
    for package in packages.filter(|it| is_there && it.extension().is_some_and(|it| it == "deb")) {
        does(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&home));
        let _ = std::fs::remove_file(&package);
    }
    find().ok_or_else(|| {
        "LEMON is missing: it is one of the solvers compared with\n  \
         on Debian   apt-get install liblemon-dev"
            .to_owned()
    })
}

/// Compiles a C++ file as fast as it gets for any machine of this kind.
pub fn compile(source: &Path, include: &Path, program: &Path) -> Result<(), String> {
    let flags = ["-std=c++14", "-O3", "-DNDEBUG", "-w"];
    let mut compiler = Command::new("g++");
    compiler.args(flags).arg("-I").arg(include).arg("-o").arg(program).arg(source);
    match compiler.output() {
        Ok(it) if it.status.success() => Ok(()),
        Ok(it) => Err(format!("{}: {}", source.display(), String::from_utf8_lossy(&it.stderr).trim())),
        Err(it) => Err(format!("g++: {it}\n  on Debian   apt-get install g++")),
    }
}

fn apt(command: &str) -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", command]);
    apt
}

fn does(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).status().is_ok_and(|it| it.success())
}

fn cache() -> Result<PathBuf, String> {
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let cache = set.or_else(|| Some(std::env::home_dir()?.join(".cache")));
    Ok(cache.ok_or("no home directory; set XDG_CACHE_HOME")?.join("linli"))
}

//! A compiler for wasm32 out of Debian packages, unpacked into a private folder.
//!
//! ```text
//! HOME/apt   package lists of our own, so that no rights are needed   removed at the end
//! HOME/debs  the packages                                             removed at the end
//! HOME/root  the packages unpacked
//! HOME/std   a crate whose build leaves the library for wasm32        removed at the end
//! HOME/rustc a script that runs the compiler in HOME/root
//! HOME/ready the names of the packages; written last
//! ```
//!
//! Debian's `rustc-web` follows the newest compiler closely, and `rust-web-src` has the sources of
//! its library with everything they depend on, so that no registry decides what is in the library.
//! The packages cannot be installed beside another compiler; unpacked they disturb nobody.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchain::{Host, TARGET, cargo_home, clean, remap};
use crate::error::{Error, Result, Text};
use crate::{Say, run as command};

/// The compiler and the sources of its library; the rest follows from what these depend on.
const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];
/// Which dependencies to unpack: the others belong to every Debian system.
const PARTS: [&str; 2] = ["libstd-rust-web", "libllvm"];
/// An empty crate: building it builds the library.
const STD_MANIFEST: &str = "\
[package]
name = \"std-for-wasm\"
edition = \"2024\"

[lib]
crate-type = [\"cdylib\"]

[profile.release]
panic = \"abort\"

[workspace]
";

/// The compiler in `home`, made if it is not there, and the package it comes from.
pub(super) fn rustc(home: &Path, host: &Host, say: Say<'_>) -> Result<(PathBuf, String)> {
    let rustc = home.join("rustc");
    let ready = home.join("ready");
    if !ready.is_file() {
        make(&rustc, home, host, say)?;
    }
    let packages = fs::read_to_string(&ready).map_err(|it| Error::file(&ready, &it))?;
    let package = packages.lines().find(|it| it.starts_with(PACKAGES[0]));
    Ok((rustc, package.unwrap_or_default().to_owned()))
}

fn make(rustc: &Path, home: &Path, host: &Host, say: Say<'_>) -> Result<()> {
    let place = home.display();
    say(&Text::new(
        format!(
            "no {TARGET} in the Rust toolchain; making one in {place}\n\
             (quicker where it can reach its server: rustup target add {TARGET})"
        ),
        format!(
            "Rust 工具链不含 {TARGET}，正在 {place} 中准备\n\
             （若能访问其服务器，运行 rustup target add {TARGET} 更快）"
        ),
    ));
    for part in ["apt", "debs", "root", "std"] {
        remove(&home.join(part))?;
    }
    let packages = fetch(home, say)?;
    script(rustc, home)?;
    build_std(home, host, say)?;
    for part in ["apt", "debs", "std", "root/usr/src"] {
        remove(&home.join(part))?;
    }
    write(&home.join("ready"), &format!("{}\n", packages.join("\n")))
}

/// Fetches and unpacks the packages; their file names.
fn fetch(home: &Path, say: Say<'_>) -> Result<Vec<String>> {
    for folder in ["apt/state/lists/partial", "apt/cache/archives/partial", "debs", "root"] {
        let folder = home.join(folder);
        fs::create_dir_all(&folder).map_err(|it| Error::file(&folder, &it))?;
    }
    say(&Text::new("reading the package lists", "正在读取软件包列表"));
    // Another source of the system that is out of reach need not matter, so the result is not
    // looked at: whether the packages are known is seen below.
    run(apt("apt-get", home).args(["-qq", "update"])).ok();
    let wanted = closure(home)?;
    let names = wanted.iter().map(String::as_str).collect::<Vec<_>>();
    say(&Text::new(format!("fetching {}", names.join(", ")), format!("正在下载 {}", names.join("、"))));
    let debs = home.join("debs");
    run(apt("apt-get", home).current_dir(&debs).args(["-qq", "download"]).args(&wanted))?;
    let mut names = Vec::new();
    for deb in fs::read_dir(&debs).map_err(|it| Error::file(&debs, &it))?.flatten() {
        run(Command::new("dpkg-deb").arg("-x").arg(deb.path()).arg(home.join("root")))?;
        names.push(deb.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The packages and those of their dependencies that have to be unpacked too.
fn closure(home: &Path) -> Result<BTreeSet<String>> {
    let mut wanted = BTreeSet::new();
    let mut open: Vec<String> = PACKAGES.map(String::from).into();
    while let Some(package) = open.pop() {
        let output = run(apt("apt-cache", home).args(["depends", &package]))?;
        let depends = output.lines().filter_map(|it| it.trim().strip_prefix("Depends: "));
        let parts = depends.filter(|it| PARTS.iter().any(|part| it.starts_with(part)));
        open.extend(parts.filter(|it| !wanted.contains(*it)).map(String::from));
        wanted.insert(package);
    }
    Ok(wanted)
}

/// An apt command that reads and writes package lists of its own.
fn apt(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    for (key, folder) in [("Dir::State", "apt/state"), ("Dir::Cache", "apt/cache")] {
        command.arg("-o").arg(format!("{key}={}", home.join(folder).display()));
    }
    command.args(["-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Debug::NoLocking=1"]);
    command
}

/// The compiler finds its own libraries only where a system would have installed them.
fn script(rustc: &Path, home: &Path) -> Result<()> {
    let lib = home.join("root/usr/lib");
    let folders = fs::read_dir(&lib).map_err(|it| Error::file(&lib, &it))?.flatten();
    let mut folders = folders.map(|it| it.path());
    let libraries = folders.find(|it| it.to_string_lossy().ends_with("-linux-gnu"));
    let libraries = libraries.ok_or_else(|| missing("no libraries unpacked"))?;
    let text = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n",
        libraries.display(),
        home.join("root/usr/bin/rustc").display()
    );
    write(rustc, &text)?;
    run(Command::new("chmod").arg("+x").arg(rustc)).map(drop)
}

/// Builds the library for wasm32 and puts it where the compiler looks for it.
fn build_std(home: &Path, host: &Host, say: Say<'_>) -> Result<()> {
    say(&Text::new(
        format!("building the standard library for {TARGET}"),
        format!("正在为 {TARGET} 编译标准库"),
    ));
    let folder = home.join("std");
    fs::create_dir_all(folder.join("src")).map_err(|it| Error::file(&folder, &it))?;
    write(&folder.join("Cargo.toml"), STD_MANIFEST)?;
    write(&folder.join("src/lib.rs"), "")?;
    fs::create_dir_all(folder.join(".cargo")).map_err(|it| Error::file(&folder, &it))?;
    let vendor = home.join("root/usr/lib/rustlib/src/rust/library/vendor");
    let config = format!(
        "[source.crates-io]\nreplace-with = \"vendor\"\n\n[source.vendor]\ndirectory = '{}'\n",
        vendor.display()
    );
    write(&folder.join(".cargo/config.toml"), &config)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    clean(&mut cargo);
    // With bitcode in the library, plugins are optimised as a whole.
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    flags.extend(remap(&[(home, "/tool"), (&cargo_home(), "/cargo")]));
    cargo.current_dir(&folder).env("RUSTC", home.join("rustc"));
    // Building the library is an unstable option of a compiler that is otherwise stable.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &host.rust_lld);
    cargo.args(["build", "--quiet", "--release", "--target", TARGET]);
    cargo.args(["-Zbuild-std=std,panic_abort", "--target-dir"]).arg(folder.join("target"));
    run(&mut cargo)?;
    let from = folder.join("target").join(TARGET).join("release/deps");
    let to = home.join("root/usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&to).map_err(|it| Error::file(&to, &it))?;
    for library in fs::read_dir(&from).map_err(|it| Error::file(&from, &it))?.flatten() {
        if library.path().extension() == Some("rlib".as_ref()) {
            let place = to.join(library.file_name());
            fs::copy(library.path(), &place).map_err(|it| Error::file(&place, &it))?;
        }
    }
    Ok(())
}

fn run(program: &mut Command) -> Result<String> {
    command::run(program).map_err(|it| missing(&it))
}

fn missing(why: &str) -> Error {
    let packages = PACKAGES.join(", ");
    Error::missing(
        format!(
            "no tools to build plugins with: {why}\n  \
             either   rustup target add {TARGET}\n  \
             or       Debian 12 with its security updates in reach (apt-get, dpkg-deb, {packages})"
        ),
        format!(
            "没有编译插件的工具：{why}\n  \
             或者   rustup target add {TARGET}\n  \
             或者   能访问安全更新源的 Debian 12（apt-get、dpkg-deb、{packages}）"
        ),
    )
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(it) if it.kind() != std::io::ErrorKind::NotFound => Err(Error::file(folder, &it)),
        _ => Ok(()),
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).map_err(|it| Error::file(file, &it))
}

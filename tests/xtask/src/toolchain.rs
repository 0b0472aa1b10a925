//! Finds the tools that turn Rust into a component, or gets them.
//!
//! 1. Where the compiler in use has the standard library for wasm32, it is taken.
//! 2. Elsewhere a second compiler with the sources of its library is unpacked from Debian
//!    packages into a private folder, and the library is built from them. Nothing is installed
//!    and no rights are needed: about 140 MB to fetch, 1 GB on disk, a minute or two, once.
//!
//! The linker is in both cases the one that comes with the compiler in use: it makes a component
//! of what it links, so no further tool is needed.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, debian};

/// Plugins import nothing from a system, so the target is bare.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What builds a plugin.
pub struct Toolchain {
    rustc: PathBuf,
    linker: PathBuf,
    wasm_ld: PathBuf,
    /// The folder whose name must not get into the components.
    home: PathBuf,
    /// Compiler and linker in one line; other versions give other bytes.
    pub version: String,
}

/// The compiler in use, which brings the linker.
pub struct Host {
    sysroot: PathBuf,
    version: String,
    linker: PathBuf,
    pub wasm_ld: PathBuf,
    pub rust_lld: PathBuf,
}

/// The tools, fetched if need be.
pub fn find() -> Result<Toolchain, Failure> {
    let host = Host::find()?;
    let own = host.sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let (rustc, origin, home) = if own.is_dir() {
        (rustc(), "in use".to_owned(), host.sysroot)
    } else {
        let home = cache()?.join("linli/wasm-toolchain");
        let (rustc, package) = debian::rustc(&home, &host)?;
        (rustc, package, home)
    };
    let compiler = line(Command::new(&rustc).arg("--version"))?;
    let version = format!("{compiler}, {origin}; linker of {}", host.version);
    Ok(Toolchain { rustc, linker: host.linker, wasm_ld: host.wasm_ld, home, version })
}

impl Toolchain {
    /// Makes a cargo command build components, whatever the caller's environment says.
    pub fn prepare(&self, cargo: &mut Command, root: &Path) {
        let linker_flag = format!("-Clink-arg=--wasm-ld-path={}", self.wasm_ld.display());
        let mut flags = vec!["-Ctarget-feature=+simd128".to_owned(), linker_flag];
        flags.extend(remap(&[(root, "/src"), (&cargo_home(), "/cargo"), (&self.home, "/tool")]));
        clean(cargo);
        cargo.env("RUSTC", &self.rustc);
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker);
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    }
}

impl Host {
    fn find() -> Result<Self, Failure> {
        let sysroot = PathBuf::from(line(Command::new(rustc()).args(["--print", "sysroot"]))?);
        let version = line(Command::new(rustc()).arg("--version"))?;
        let triple = host_triple()?;
        let bin = sysroot.join("lib/rustlib").join(triple).join("bin");
        let exe = |name: &str| bin.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let linker = exe("wasm-component-ld");
        if !linker.is_file() {
            return Err(Failure::Missing(format!(
                "{version} at {} comes without wasm-component-ld;\n  \
                 a toolchain from https://rustup.rs has it",
                sysroot.display()
            )));
        }
        let wasm_ld = exe("gcc-ld/wasm-ld");
        Ok(Self { linker, wasm_ld, rust_lld: exe("rust-lld"), sysroot, version })
    }
}

/// The name of this machine's kind, as the compiler in use has it.
pub fn host_triple() -> Result<String, Failure> {
    line(Command::new(rustc()).args(["--print", "host-tuple"]))
}

/// Flags that replace the names of folders by names that are the same everywhere.
pub fn remap(folders: &[(&Path, &str)]) -> Vec<String> {
    let flag = |(from, to): &(&Path, &str)| format!("--remap-path-prefix={}={to}", from.display());
    folders.iter().map(flag).collect()
}

/// Takes away what in the caller's environment would change the result.
pub fn clean(cargo: &mut Command) {
    const CHANGING: [&str; 4] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "RUSTC_"];
    const ALSO: [&str; 3] = ["CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTFLAGS"];
    let changes = |name: &OsString| {
        let name = name.to_string_lossy();
        ALSO.contains(&&*name) || CHANGING.iter().any(|it| name.starts_with(it))
    };
    for (name, _) in env::vars_os().filter(|(name, _)| changes(name)) {
        cargo.env_remove(name);
    }
}

/// Where cargo keeps the sources of dependencies.
pub fn cargo_home() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_else(|| ".cargo".into())
}

/// Runs a command to its end; what it printed, or why it failed.
pub fn run(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(it) if it.status.success() => Ok(String::from_utf8_lossy(&it.stdout).into_owned()),
        Ok(it) => Err(format!("{program}: {}", String::from_utf8_lossy(&it.stderr).trim())),
        Err(it) => Err(format!("{program}: {it}")),
    }
}

/// The first line a command prints.
fn line(command: &mut Command) -> Result<String, Failure> {
    let text = run(command).map_err(Failure::Missing)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn rustc() -> PathBuf {
    env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

fn cache() -> Result<PathBuf, Failure> {
    let set = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let cache = set.or_else(|| Some(env::home_dir()?.join(".cache")));
    cache.ok_or_else(|| Failure::Missing("no home directory; set XDG_CACHE_HOME".into()))
}

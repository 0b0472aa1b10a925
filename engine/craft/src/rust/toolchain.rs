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

use super::debian;
use crate::Say;
use crate::error::{Error, Result};
use crate::run::{cache, first_line};

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
pub(super) struct Host {
    sysroot: PathBuf,
    version: String,
    linker: PathBuf,
    wasm_ld: PathBuf,
    pub(super) rust_lld: PathBuf,
}

/// The tools, fetched if need be.
///
/// **Errors.** [`Error::Missing`] says what to install.
/// **Cost.** A moment, or the first time about two minutes and 140 MB.
pub fn find(say: Say<'_>) -> Result<Toolchain> {
    let host = Host::find()?;
    let (rustc, origin, home) = if host.has_target() {
        (rustc(), "in use".to_owned(), host.sysroot)
    } else {
        let home = made()?;
        let (rustc, package) = debian::rustc(&home, &host, say)?;
        (rustc, package, home)
    };
    let compiler = line(Command::new(&rustc).arg("--version"))?;
    let version = format!("{compiler}, {origin}; linker of {}", host.version);
    Ok(Toolchain { rustc, linker: host.linker, wasm_ld: host.wasm_ld, home, version })
}

/// Whether [`find`] would fetch nothing.
pub fn at_hand() -> bool {
    let made = || made().is_ok_and(|it| it.join("ready").is_file());
    Host::find().is_ok_and(|it| it.has_target() || made())
}

/// Where a compiler is put that has the target.
fn made() -> Result<PathBuf> {
    Ok(cache()?.join("wasm-toolchain"))
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
    /// Whether the compiler in use has the library for wasm32.
    fn has_target(&self) -> bool {
        self.sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
    }

    fn find() -> Result<Self> {
        let sysroot = PathBuf::from(line(Command::new(rustc()).args(["--print", "sysroot"]))?);
        let version = line(Command::new(rustc()).arg("--version"))?;
        let triple = host_triple()?;
        let bin = sysroot.join("lib/rustlib").join(triple).join("bin");
        let exe = |name: &str| bin.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let linker = exe("wasm-component-ld");
        if !linker.is_file() {
            let sysroot = sysroot.display();
            return Err(Error::missing(
                format!(
                    "{version} at {sysroot} comes without wasm-component-ld;\n  \
                     a toolchain from https://rustup.rs has it"
                ),
                format!(
                    "{sysroot} 中的 {version} 不带 wasm-component-ld；\n  \
                     请改用 https://rustup.rs 提供的工具链"
                ),
            ));
        }
        let wasm_ld = exe("gcc-ld/wasm-ld");
        Ok(Self { linker, wasm_ld, rust_lld: exe("rust-lld"), sysroot, version })
    }
}

/// The name of this machine's kind, as the compiler in use has it.
///
/// **Errors.** [`Error::Missing`] when there is no compiler.
pub fn host_triple() -> Result<String> {
    line(Command::new(rustc()).args(["--print", "host-tuple"]))
}

/// Flags that replace the names of folders by names that are the same everywhere.
pub(super) fn remap(folders: &[(&Path, &str)]) -> Vec<String> {
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
pub(super) fn cargo_home() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_else(|| ".cargo".into())
}

/// The first line a command of the Rust toolchain prints.
fn line(command: &mut Command) -> Result<String> {
    first_line(command).map_err(|it| {
        Error::missing(
            format!("no Rust toolchain: {it}\n  get one from https://rustup.rs"),
            format!("没有 Rust 工具链：{it}\n  请从 https://rustup.rs 安装"),
        )
    })
}

fn rustc() -> PathBuf {
    env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

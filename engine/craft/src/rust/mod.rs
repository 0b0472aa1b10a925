//! Rust: cargo, a compiler for wasm32, and the linker that makes components.

mod debian;
mod toolchain;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Say;
use crate::error::{Error, Result};

pub use toolchain::{TARGET, Toolchain, at_hand, clean, find, host_triple};

/// The profile for components, which the project or its workspace has.
pub const PROFILE: &str = "plugin";

/// Cargo, as the caller's shell would start it.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds the package in a folder; the component's bytes and the tools in one line.
///
/// What cargo says goes to stderr as it is said.
pub(crate) fn build(folder: &Path, say: Say<'_>) -> Result<(Vec<u8>, String)> {
    let package = package(folder)?;
    let toolchain = find(say)?;
    let workspace = workspace(folder)?;
    let target = workspace.join("target");
    let mut cargo = cargo();
    cargo.current_dir(folder).args(["build", "--target", TARGET, "--profile", PROFILE, "--lib"]);
    cargo.args(["--package", &package]).arg("--target-dir").arg(&target);
    // Cargo's own lines are progress; a document on stdout must stay alone there.
    cargo.stdout(std::process::Stdio::null());
    toolchain.prepare(&mut cargo, &workspace);
    let status = cargo.status().map_err(|it| {
        Error::missing(
            format!("cargo: {it}\n  get a Rust toolchain from https://rustup.rs"),
            format!("cargo：{it}\n  请从 https://rustup.rs 安装 Rust 工具链"),
        )
    })?;
    if !status.success() {
        let folder = folder.display();
        return Err(Error::source(
            format!("the plugin in {folder} does not compile; cargo says why above"),
            format!("{folder} 中的插件无法编译，原因见上方 cargo 的输出"),
        ));
    }
    let file = target.join(TARGET).join(PROFILE).join(format!("{}.wasm", package.replace('-', "_")));
    let bytes = std::fs::read(&file).map_err(|it| Error::file(&file, &it))?;
    Ok((bytes, toolchain.version))
}

/// The name of the package in a folder.
fn package(folder: &Path) -> Result<String> {
    let file = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&file).map_err(|it| Error::file(&file, &it))?;
    name_in(&text).ok_or_else(|| {
        let file = file.display();
        Error::source(
            format!("{file}: expected [package] with name = \"…\" on a line of its own"),
            format!("{file}：[package] 中应有单独一行 name = \"…\""),
        )
    })
}

/// The value of `name` in the table `package`.
fn name_in(manifest: &str) -> Option<String> {
    let lines = manifest.lines().map(str::trim).skip_while(|it| *it != "[package]").skip(1);
    let mut lines = lines.take_while(|it| !it.starts_with('['));
    let value = lines.find_map(|it| it.strip_prefix("name")?.trim_start().strip_prefix('='))?;
    let name = value.trim().strip_prefix('"')?.split('"').next()?;
    Some(name.to_owned())
}

/// The folder whose name must not get into the component: that of the whole workspace.
fn workspace(folder: &Path) -> Result<PathBuf> {
    let mut ask = cargo();
    ask.current_dir(folder).args(["locate-project", "--workspace", "--message-format", "plain"]);
    let manifest = crate::run::first_line(&mut ask)
        .map_err(|it| Error::source(it.clone(), format!("无法读取 Cargo 项目：{it}")))?;
    Ok(Path::new(&manifest).parent().unwrap_or(folder).to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn the_name_is_that_of_the_package() {
        let manifest =
            "[lib]\nname = \"x\"\n\n[package]\nedition = \"2024\"\nname   = \"my-plugin\" # mine\n";
        assert_eq!(name_in(manifest), Some("my-plugin".to_owned()));
        assert_eq!(name_in("[package]\n[lib]\nname = \"x\"\n"), None);
        assert_eq!(name_in("name = \"x\"\n"), None);
    }
}

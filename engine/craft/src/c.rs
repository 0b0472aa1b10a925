//! C: the compiler of Zig, which is one package on every system, and the frame of the world.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Say;
use crate::component;
use crate::error::{Error, Result, Text};
use crate::project::sdk;
use crate::run::{cache, workplace};
use crate::venv::{Tool, last_lines};

/// Brings a C compiler and a linker for wasm32 in one file.
const ZIG: Tool = Tool {
    name: "ziglang",
    version: "0.17.1",
    megabytes: 101,
    sha256: &[
        "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
        "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
        "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
        "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
        "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb",
    ],
};

/// How plugins are compiled. Nothing of a C library, no names of functions, and no product and sum
/// in one step where a processor could do that: natively and in the sandbox bits are the same.
const FLAGS: [&str; 13] = [
    "--target=wasm32-freestanding",
    "-mcpu=generic+bulk_memory+simd128",
    "-std=c11",
    "-O2",
    "-ffp-contract=off",
    "-fno-builtin",
    "-nostdlib",
    "-Wall",
    "-Wextra",
    // Lists of the manifest end with {0}.
    "-Wno-missing-field-initializers",
    "-Wl,--no-entry",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=262144",
];

/// Lines of the compiler's that are shown where it finds something.
const LINES_SHOWN: usize = 60;

pub(crate) fn prepare(say: Say<'_>) -> Result<()> {
    ZIG.programs(say).map(drop)
}

pub(crate) fn at_hand() -> bool {
    ZIG.is_there()
}

/// Builds the sources in a folder; the component's bytes and the tools in one line.
pub(crate) fn build(folder: &Path, say: Say<'_>) -> Result<(Vec<u8>, String)> {
    let sdk = sdk(folder, "sdk", "linli.h")?;
    let mut sources = sources(folder)?;
    sources.extend(self::sources(&sdk)?);
    let python = ZIG.programs(say)?.join("python");
    let cache = cache()?.join("tools/zig-cache");
    let work = workplace()?;
    let module = work.join("module.wasm");
    let mut zig = Command::new(python);
    zig.args(["-m", "ziglang", "cc"]).args(FLAGS).arg("-I").arg(&sdk).args(&sources).arg("-o").arg(&module);
    // Otherwise it leaves a folder where the command runs.
    zig.env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", &cache);
    let output = zig.output().map_err(|it| Error::file(Path::new("ziglang"), &it))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let (folder, said) = (folder.display(), last_lines(&said, LINES_SHOWN));
        return Err(Error::source(
            format!("the plugin in {folder} does not compile:\n{said}"),
            format!("{folder} 中的插件无法编译，编译器的说明见英文信息"),
        ));
    }
    if !said.trim().is_empty() {
        say(&Text::new(said.trim(), "（以上是编译器的提醒）"));
    }
    let bytes = fs::read(&module).map_err(|it| Error::file(&module, &it))?;
    Ok((component::of_module(&bytes)?, ZIG.label()))
}

/// The C files of a folder, tests apart, in the order of their names: another order would give
/// other bytes.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|it| Error::file(folder, &it))?;
    let is_source = |it: &PathBuf| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".c") && !name.starts_with("test")
    };
    let mut sources: Vec<PathBuf> = entries.flatten().map(|it| it.path()).filter(is_source).collect();
    sources.sort();
    Ok(sources)
}

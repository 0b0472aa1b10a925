//! Python: `componentize-py`, which bundles an interpreter, the SDK and the plugin.
//!
//! The interpreter is started while the component is built, imports the plugin, and is stored as it
//! stands in memory then, the seed of its hashes included. So two builds differ in their bytes; all
//! instances of one component are alike.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Say;
use crate::component::World;
use crate::error::{Error, Result, Text};
use crate::project::sdk;
use crate::run::{run, workplace};
use crate::venv::{Tool, last_lines};

const COMPONENTIZE: Tool = Tool {
    name: "componentize-py",
    version: "0.25.1",
    megabytes: 17,
    sha256: &[
        "8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f",
        "7b6a87c520358166843af0daa86d2312d7af4cbcbbf1e598951085cf7f2991ca",
        "a556991534cc496207a9d2ca733c4b0f17ed38ef56a8d6b5f1847fdf1225dd1b",
        "65fbc4a94df1de8acf7da50a1f5ed1711230188844e53e6332d99029be4e0afa",
        "c7fd552fb0849858b0c1e8981543ed5dff4b0cc1597a8ea0bc26a495786dc0c6",
    ],
};

/// The contract, as the tool reads it.
const WIT: &str = include_str!("../../../plugins/wit/linli.wit");

/// Imports the plugin natively: mistakes show in a moment instead of half a minute later. What it
/// says of itself must be there before its kind is of use.
const ASK: &str = "\
import sys
sys.path[:0] = sys.argv[1:]
import plugin, linli_sdk.kinds
linli_sdk.kinds.describe(plugin.PLUGIN)
print(plugin.PLUGIN.KIND)
";

/// Lines of the tool's that are shown where it finds something.
const LINES_SHOWN: usize = 20;

pub(crate) fn prepare(say: Say<'_>) -> Result<()> {
    COMPONENTIZE.programs(say).map(drop)
}

pub(crate) fn at_hand() -> bool {
    COMPONENTIZE.is_there()
}

/// Builds the plugin in a folder; the component's bytes and the tools in one line.
pub(crate) fn build(folder: &Path, say: Say<'_>) -> Result<(Vec<u8>, String)> {
    let sdk = sdk(folder, "linli_sdk", "__init__.py")?;
    let beside = sdk.parent().unwrap_or(folder);
    let programs = COMPONENTIZE.programs(say)?;
    let world = world(&programs.join("python"), folder, beside)?;
    say(&Text::new("bundling the interpreter; this takes half a minute", "正在打包解释器，约需半分钟"));
    Ok((bundle(&programs, folder, beside, world)?, COMPONENTIZE.label()))
}

fn bundle(programs: &Path, folder: &Path, beside: &Path, world: World) -> Result<Vec<u8>> {
    let work = workplace()?;
    let (wit, out) = (work.join("linli.wit"), work.join("plugin.wasm"));
    fs::write(&wit, WIT).map_err(|it| Error::file(&wit, &it))?;
    let module = match world {
        World::Scoring => "linli_sdk.scoring",
        World::Evaluating => "linli_sdk.evaluating",
    };
    let mut tool = Command::new(programs.join("componentize-py"));
    tool.current_dir(work.path()).arg("-d").arg(&wit).args([
        "-w",
        world.as_str(),
        "componentize",
        "--stub-wasi",
    ]);
    tool.arg("-p").arg(folder).arg("-p").arg(beside).arg("-o").arg(&out).arg(module);
    // Packages of the caller's must not get into the component.
    tool.env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV");
    run(&mut tool).map_err(|it| refused(folder, &it))?;
    fs::read(&out).map_err(|it| Error::file(&out, &it))
}

/// Which world a plugin is for, as it says itself.
fn world(python: &Path, folder: &Path, beside: &Path) -> Result<World> {
    let mut ask = Command::new(python);
    // Isolated: nothing of the caller's environment is read. And no files are left behind.
    ask.args(["-I", "-B", "-X", "utf8", "-c", ASK]).arg(folder).arg(beside);
    let kind = run(&mut ask).map_err(|it| refused(folder, &it))?;
    match kind.trim() {
        "scorer" => Ok(World::Scoring),
        "evaluator" => Ok(World::Evaluating),
        other => Err(Error::source(
            format!("PLUGIN.KIND is {other:?}, expected a subclass of Scorer or Evaluator"),
            format!("PLUGIN.KIND 为 {other:?}，PLUGIN 应为 Scorer 或 Evaluator 的子类"),
        )),
    }
}

fn refused(folder: &Path, said: &str) -> Error {
    let (folder, said) = (folder.display(), last_lines(said, LINES_SHOWN));
    Error::source(
        format!("the plugin in {folder} cannot be built:\n{said}"),
        format!("{folder} 中的插件无法构建，详细说明见英文信息"),
    )
}

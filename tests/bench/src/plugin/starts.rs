//! What it takes until a plugin can be asked, by language.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use linli_plugin::{Host, Limits, Plugin, Shelf, measure};

use super::components::{Component, Components};
use super::{Effort, said};
use crate::rounds::{cpu_seconds, medians};

/// One of each language.
const ONE_EACH: [&str; 3] = ["skill-fit", "quarter-hour", "familiar-faces"];
/// Instances made in one round.
const INSTANCES: usize = 100;
/// Opens a seal that nobody else has to trust.
const SECRET: [u8; 32] = *b"a bench keeps no secrets from it";

/// Files in a folder, as a pool keeps them.
struct Files(PathBuf);

impl Shelf for Files {
    fn take(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.0.join(name)).ok()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        // What could not be kept is compiled again, and shows.
        let _ = fs::write(self.0.join(name), bytes);
    }
}

pub fn run(components: &Components, folder: &Path, effort: Effort) -> Result<(), String> {
    println!("\n  starts, of all cores: compiled, loaded from a file, one more instance with its settings");
    println!(
        "  {:<18} {:<7} {:>9} {:>11} {:>11} {:>11}",
        "scorer", "in", "kB", "compile ms", "load ms", "instance µs"
    );
    for component in components.iter().filter(|it| ONE_EACH.contains(&it.name)) {
        let kept = folder.join(format!("code-{}", component.name));
        fs::create_dir_all(&kept).map_err(said)?;
        let bare = Host::new(Limits::default()).map_err(said)?;
        let shelved = Host::with_shelf(Limits::default(), &SECRET, Box::new(Files(kept))).map_err(said)?;
        // The first puts it there.
        component.load(&shelved)?;
        let plugin = component.load(&shelved)?;
        // An interpreter compiles for seconds: once, and no round before it.
        let [compile] = if component.language == "python" {
            [cpu_seconds(|| load(component, &bare))]
        } else {
            medians(effort.rounds.min(7), [&mut || load(component, &bare)])
        };
        let [load_s, instances] =
            medians(effort.rounds, [&mut || load(component, &shelved), &mut || instantiate(&plugin)]);
        println!(
            "  {:<18} {:<7} {:>9.1} {:>11.1} {:>11.2} {:>11.1}",
            component.name,
            component.language,
            component.bytes.len() as f64 / 1e3,
            compile * 1e3,
            load_s * 1e3,
            instances * 1e6 / INSTANCES as f64
        );
    }
    Ok(())
}

fn load(component: &Component, host: &Host) {
    black_box(component.load(host)).ok();
}

fn instantiate(plugin: &Plugin) {
    for _ in 0..INSTANCES {
        black_box(measure::instantiate(plugin, "{}")).ok();
    }
}

//! Small problems that are hard on some solver: how much slower than the better of two others ours
//! is at most.

use std::path::Path;

use super::hard::HARD;
use super::named;
use super::race::Race;
use super::ways::{Solvers, Way};
use crate::Scale;

const SIZES: [usize; 2] = [1_000, 10_000];
/// The one that is also solved large, unless time is short: where every plan of a size is as good as
/// any other, scaling has nothing to scale.
const LARGE: (&str, usize) = ("all ties", 100_000);
const SECONDS_MAX: u64 = 120;

pub fn run(solvers: &Solvers, folder: &Path, scale: Scale) -> Result<(), String> {
    println!("\n  hard on some solver: seconds of all cores, and linli ÷ the better of the others");
    println!(
        "  {:<26} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "instance", "edges", "linli", "OR-Tools", "LEMON NS", "÷ better"
    );
    let mut slowest = (String::new(), 0.0);
    for (name, make) in HARD {
        let large = (name == LARGE.0 && scale != Scale::Quick).then_some(LARGE.1);
        for needs in SIZES.into_iter().chain(large) {
            let instance = make(needs);
            let file = folder.join(format!("hard-{needs}"));
            instance.write(&file).map_err(|it| format!("{}: {it}", file.display()))?;
            let ways = [Way::Linli, Way::OrTools, Way::LemonSimplex];
            let race = Race::run(solvers, &ways, &file, SECONDS_MAX).map_err(|it| format!("{name}: {it}"))?;
            let to = |way| race.ratio(Way::Linli, way, |it| it.cpu_s);
            let others = [to(Way::OrTools), to(Way::LemonSimplex)];
            // The better of the others is the one against which ours looks worse.
            let ratio = others.into_iter().flatten().fold(0.0, f64::max);
            let name = format!("{name}, {}", named(needs));
            println!(
                "  {name:<26} {:>9} {:>9} {:>9} {:>9} {ratio:>8.2}",
                instance.edges.len(),
                race.seconds_text(Way::Linli),
                race.seconds_text(Way::OrTools),
                race.seconds_text(Way::LemonSimplex),
            );
            if ratio > slowest.1 {
                slowest = (name, ratio);
            }
        }
    }
    println!("  slowest: {}, {:.2} times the better of the others", slowest.0, slowest.1);
    Ok(())
}

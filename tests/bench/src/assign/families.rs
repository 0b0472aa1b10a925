//! Four kinds of city, by what makes them hard, and problems where everything is possible.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use linli_assign::{Edge, Need, Node, read_orlib, tier_penalty};

use super::city::City;
use super::draw::Draws;
use super::instance::{Instance, Make};
use super::week::by_the_hour;

/// name, what it is.
pub const FAMILIES: [(&str, Make); 4] =
    [("cityA", whole), ("commB", local), ("lamC", laminar), ("easyD", ample)];

/// All in one component, and room for eight in ten.
fn whole(needs: usize) -> Instance {
    city(needs, 11).instance()
}

/// Candidates of the own community only: many components, less room.
fn local(needs: usize) -> Instance {
    City { density: 300, is_local: true, ..city(needs, 12) }.instance()
}

/// Week ⊃ day ⊃ slot.
fn laminar(needs: usize) -> Instance {
    by_the_hour(&City { reach: 10, ..city(needs, 13) }.instance(), 90)
}

/// Room for more than there are.
fn ample(needs: usize) -> Instance {
    City { providers: needs * 7 / 10, ..city(needs, 14) }.instance()
}

pub fn city(needs: usize, seed: u64) -> City {
    City { needs, providers: needs * 4 / 10, reach: 20, density: 400, is_local: false, seed }
}

/// The committed problems of the OR-Library, and a larger one after their manner: costs from 1 to
/// 100, everybody served once.
pub fn dense() -> Result<Vec<(String, Instance)>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/instances/orlib");
    let wrong = |it: std::io::Error| format!("{}: {it}", folder.display());
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).map_err(wrong)?.flatten().map(|it| it.path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = BufReader::new(File::open(&file).map_err(wrong)?);
        let problem = read_orlib(text).map_err(|it| format!("{}: {it}", file.display()))?;
        let (needs, nodes, edges) =
            (problem.needs().to_vec(), problem.nodes().to_vec(), problem.edges().to_vec());
        found.push(("orlib".to_owned(), Instance { needs, nodes, edges }));
    }
    found.push(("dense".to_owned(), drawn(500)?));
    Ok(found)
}

pub fn drawn(n: u32) -> Result<Instance, String> {
    let draws = &mut Draws::new(15);
    let penalty = tier_penalty(0, n.into(), 1, 100).map_err(|it| it.to_string())?;
    let ends = (0..n).flat_map(|need| (0..n).map(move |node| (need, node)));
    let edge = |(need, node)| Edge { need, node, cost: draws.below(100) as i64 + 1, pair: None };
    Ok(Instance {
        needs: vec![Need { demand: 1, penalty }; n as usize],
        nodes: vec![Node { parent: None, capacity: 1 }; n as usize],
        edges: ends.map(edge).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many needs the components have, the largest first.
    fn components(instance: &Instance) -> Vec<usize> {
        let n_needs = instance.needs.len();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); n_needs + instance.nodes.len()];
        let mut join = |a: usize, b: usize| {
            next[a].push(b);
            next[b].push(a);
        };
        instance.edges.iter().for_each(|it| join(it.need as usize, n_needs + it.node as usize));
        let parents = (0..).zip(&instance.nodes).filter_map(|(at, it)| Some((at, it.parent?)));
        parents.for_each(|(at, it)| join(n_needs + at, n_needs + it as usize));
        let mut seen = vec![false; next.len()];
        let mut sizes = Vec::new();
        for first in 0..n_needs {
            let (mut open, mut size) = (vec![first], 0);
            while let Some(at) = open.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    size += usize::from(at < n_needs);
                    open.extend(&next[at]);
                }
            }
            sizes.push(size);
        }
        sizes.retain(|it| *it > 0);
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    #[test]
    fn one_city_hangs_together_and_communities_do_not() {
        let n = 20_000;
        let largest = |it: fn(usize) -> Instance| components(&it(n))[0];
        assert!(largest(whole) > n * 99 / 100 && largest(ample) > n * 99 / 100);
        let sizes = components(&local(n));
        assert!(sizes.iter().filter(|it| **it > 100).count() > 5, "{:?}", &sizes[..10]);
        assert!(sizes[0] < n * 6 / 10, "{:?}", &sizes[..10]);
    }

    #[test]
    fn the_same_seed_gives_the_same_problem_and_every_class_occurs() {
        for (name, make) in FAMILIES {
            let (a, b) = (make(1_000), make(1_000));
            assert!(a.needs == b.needs && a.nodes == b.nodes && a.edges == b.edges, "{name}");
            let tiers = a.tiered().expect("penalties");
            let mut penalties: Vec<i64> = tiers.needs.iter().map(|it| it.penalty).collect();
            penalties.sort_unstable();
            penalties.dedup();
            assert_eq!(penalties.len(), 4, "{name}");
            assert!(penalties[0] * 4 == penalties[3], "{name}: spaced evenly, {penalties:?}");
        }
    }

    #[test]
    fn days_lie_in_weeks_and_slots_in_days() {
        let hours = laminar(1_000);
        let depth = |mut at: u32| {
            let mut depth = 1;
            while let Some(above) = hours.nodes[at as usize].parent {
                (at, depth) = (above, depth + 1);
            }
            depth
        };
        assert!(hours.edges.iter().all(|it| depth(it.node) == 3));
        let roots = hours.nodes.iter().filter(|it| it.parent.is_none()).count();
        assert_eq!(roots, 400);
    }
}

//! Problems whose optimum several independent solvers agree on.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use linli_assign::{Edge, Limits, Need, Node, Problem, Status, certify, read_lbm, solve};

pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/instances");

fn unpacked(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    let file = BufReader::new(File::open(path).unwrap());
    GzDecoder::new(file).read_to_end(&mut text).unwrap();
    text
}

fn assert_optimum(name: &str, problem: &Problem, optimum: i128) {
    let solution = solve(problem, &Limits::default()).unwrap();
    let proof = certify(problem, &solution);
    assert_eq!(solution.objective, optimum, "{name}");
    assert_eq!((proof.gap, proof.violations), (0, vec![]), "{name}");
    assert_eq!(solution.status, Status::Optimal, "{name}");
}

#[test]
fn every_stated_optimum_is_found_and_proven() {
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".lbm.gz"))
        .collect();
    files.sort();
    assert!(files.len() >= 14, "{} instances", files.len());
    for path in files {
        let name = path.display().to_string();
        let file = read_lbm(unpacked(&path).as_slice()).unwrap();
        assert_optimum(&name, &file.problem, file.optimum.unwrap());
    }
}

#[test]
fn more_steps_serve_no_fewer() {
    let path = PathBuf::from(format!("{FOLDER}/city5k.lbm.gz"));
    let problem = read_lbm(unpacked(&path).as_slice()).unwrap().problem;
    let unmet = |steps| {
        let solution = solve(&problem, &Limits { steps_max: Some(steps), ..Limits::default() }).unwrap();
        solution.unmet.iter().sum::<u32>()
    };
    let found = [0, 1_000, 5_000, 20_000, 50_000, 100_000, 1_000_000].map(unmet);
    assert!(found.is_sorted_by(|a, b| a >= b), "{found:?}");
    // 1,279 units stay out in the end; a plan cut short keeps what the auction gave away.
    assert!(found[0] == 5_000 && found[5] < 1_600 && found[6] == 1_279, "{found:?}");
}

/// Dense n × n costs: the first number is n, the rest are the rows.
#[test]
fn the_classic_assignment_of_100_costs_305() {
    let text = fs::read_to_string(format!("{FOLDER}/orlib/orlib_assign100.txt")).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|it| it.parse::<i64>().unwrap());
    let n = numbers.next().unwrap() as u32;
    let needs = vec![Need { demand: 1, penalty: 1 << 20 }; n as usize];
    let nodes = vec![Node { parent: None, capacity: 1 }; n as usize];
    let ends = (0..n).flat_map(|need| (0..n).map(move |node| (need, node)));
    let edges: Vec<Edge> =
        ends.zip(numbers).map(|((need, node), cost)| Edge { need, node, cost, pair: None }).collect();
    assert_eq!(edges.len(), 10_000);
    assert_optimum("assign100", &Problem::new(needs, nodes, edges).unwrap(), 305);
}

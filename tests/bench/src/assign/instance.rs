//! A problem on its way to the solvers: in rows that each of them reads at once.
//!
//! ```text
//! u64 needs, nodes, edges      little endian, like everything that follows
//! i64 demand, i64 penalty      per need
//! i64 parent, i64 capacity     per node; parent −1 is a root
//! u32 need, u32 node, i64 cost per edge
//! ```

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use linli_assign::{Edge, Need, Node, tier_penalty};

/// Urgency of a need, 0 to 3.
pub type Class = u8;

/// Penalty by class, where one class does not come before the other at any cost.
pub const FLAT: [i64; 4] = [12_000, 20_000, 40_000, 100_000];

/// Makes a problem of so many needs.
pub type Make = fn(usize) -> Instance;

pub struct Instance {
    pub needs: Vec<Need>,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

impl Instance {
    /// The same with penalties that make classes lexicographic tiers.
    pub fn tiered(mut self) -> Result<Self, String> {
        let units = self.needs.iter().map(|it| u64::from(it.demand)).sum();
        let costs = self.edges.iter().map(|it| it.cost);
        let (least, most) = (costs.clone().min().unwrap_or(0), costs.max().unwrap_or(0));
        for need in &mut self.needs {
            let class = FLAT.partition_point(|it| *it < need.penalty) as Class;
            need.penalty = tier_penalty(class, units, least, most).map_err(|it| it.to_string())?;
        }
        Ok(self)
    }

    /// Whether everybody asks for one unit and nodes stand alone.
    pub fn is_unit(&self) -> bool {
        self.needs.iter().all(|it| it.demand == 1) && self.nodes.iter().all(|it| it.parent.is_none())
    }

    /// Whether every need can have every node, and one unit fits each.
    pub fn is_dense(&self) -> bool {
        let n = self.needs.len();
        let is_square = n == self.nodes.len() && n * n == self.edges.len();
        is_square && self.is_unit() && self.nodes.iter().all(|it| it.capacity == 1)
    }

    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        for n in [self.needs.len(), self.nodes.len(), self.edges.len()] {
            out.write_all(&(n as u64).to_le_bytes())?;
        }
        for it in &self.needs {
            write_row(&mut out, i64::from(it.demand), it.penalty)?;
        }
        for it in &self.nodes {
            write_row(&mut out, it.parent.map_or(-1, i64::from), i64::from(it.capacity))?;
        }
        for it in &self.edges {
            write_row(&mut out, i64::from(it.need) | i64::from(it.node) << 32, it.cost)?;
        }
        out.flush()
    }

    /// **Errors.** Files of another form are not told from good ones: the bench reads its own.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
        let mut count = || {
            let mut bytes = [0; 8];
            file.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
        };
        let [needs, nodes, edges] = [count()?, count()?, count()?];
        let need = |[demand, penalty]: [i64; 2]| Need { demand: demand as u32, penalty };
        let node = |[parent, capacity]: [i64; 2]| Node {
            parent: u32::try_from(parent).ok(),
            capacity: capacity as u32,
        };
        let edge =
            |[ends, cost]: [i64; 2]| Edge { need: ends as u32, node: (ends >> 32) as u32, cost, pair: None };
        Ok(Self {
            needs: read_rows(&mut file, needs, need)?,
            nodes: read_rows(&mut file, nodes, node)?,
            edges: read_rows(&mut file, edges, edge)?,
        })
    }
}

fn write_row(out: &mut impl Write, first: i64, second: i64) -> io::Result<()> {
    out.write_all(&first.to_le_bytes())?;
    out.write_all(&second.to_le_bytes())
}

/// With all the room at once: a list that grows leaves its smaller selves in the peak of memory.
fn read_rows<T>(file: &mut impl Read, n: u64, row: impl Fn([i64; 2]) -> T) -> io::Result<Vec<T>> {
    let mut rows = Vec::with_capacity(n as usize);
    let mut bytes = [0; 16];
    for _ in 0..n {
        file.read_exact(&mut bytes)?;
        let both = u128::from_le_bytes(bytes);
        rows.push(row([both as i64, (both >> 64) as i64]));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assign::families::{FAMILIES, drawn};

    #[test]
    fn what_is_written_is_read() {
        let path = std::env::temp_dir().join(format!("linli-bench-instance-{}", std::process::id()));
        for (name, make) in FAMILIES {
            let written = make(300).tiered().expect("penalties");
            written.write(&path).expect("a file");
            let read = Instance::read(&path).expect("a problem");
            let are_equal =
                (read.needs, read.nodes, read.edges) == (written.needs, written.nodes, written.edges);
            assert!(are_equal, "{name}");
        }
        std::fs::remove_file(&path).expect("a file");
    }

    #[test]
    fn solvers_of_special_problems_are_asked_for_those_only() {
        let kind = |it: &Instance| (it.is_unit(), it.is_dense());
        let [whole, _, laminar, _] = FAMILIES.map(|it| kind(&it.1(300)));
        assert_eq!((whole, laminar), ((true, false), (false, false)));
        let mut square = drawn(10).expect("penalties");
        assert_eq!(kind(&square), (true, true));
        square.edges.pop();
        assert_eq!(kind(&square), (true, false));
    }
}

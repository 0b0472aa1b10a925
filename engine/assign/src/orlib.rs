//! Reads the dense assignment problems of the OR-Library: n, then n rows of n costs.

use std::io::BufRead;

use crate::error::Error;
use crate::problem::{COST_MAX, Edge, Need, Node, Problem, within};
use crate::tier::tier_penalty;

/// Reads a problem of n needs and n nodes with room for one each. Leaving one out costs more than
/// any plan, so that all are served.
///
/// **Errors.** Every error names its line: [`Error::Read`], [`Error::Syntax`], [`Error::Count`],
/// and [`Error::Line`] around a cost that no edge may have.
/// **Cost.** One pass; memory grows with the costs read.
/// **Source.** Beasley 1990, OR-Library: distributing test problems by electronic mail.
pub fn read_orlib(mut text: impl BufRead) -> Result<Problem, Error> {
    let (mut n, mut costs) = (None, Vec::new());
    let (mut bytes, mut line) = (Vec::new(), 0);
    loop {
        bytes.clear();
        line += 1;
        let read = text.read_until(b'\n', &mut bytes);
        if read.map_err(|source| Error::Read { line, source })? == 0 {
            break;
        }
        for word in String::from_utf8_lossy(&bytes).split_ascii_whitespace() {
            let wrong = |expected| Error::Syntax { line, found: word.to_owned(), expected };
            if n.is_none() {
                n = Some(word.parse::<u16>().map_err(|_| wrong("how many rows there are, up to 65535"))?);
                continue;
            }
            let cost: i64 = word.parse().map_err(|_| wrong("a cost"))?;
            within("cost", "edge", costs.len() as u64, cost.into(), -COST_MAX, COST_MAX)
                .map_err(|source| Error::Line { line, source: Box::new(source) })?;
            costs.push(cost);
        }
    }
    let n = u32::from(n.unwrap_or_default());
    let (found, expected) = (costs.len() as u64, u64::from(n) * u64::from(n));
    if found != expected {
        return Err(Error::Count { line, what: "costs", found, expected });
    }
    let (least, most) = (costs.iter().min().copied(), costs.iter().max().copied());
    let penalty = tier_penalty(0, n.into(), least.unwrap_or(0), most.unwrap_or(0))?;
    let ends = (0..n).flat_map(|need| (0..n).map(move |node| (need, node)));
    let edge = |((need, node), cost)| Edge { need, node, cost, pair: None };
    Problem::new(
        vec![Need { demand: 1, penalty }; n as usize],
        vec![Node { parent: None, capacity: 1 }; n as usize],
        ends.zip(costs).map(edge).collect(),
    )
}

//! Edges, which most lines of a file are: a block of them is read by several hands.
//!
//! What is no plain edge line, or not as it should be, is left for the reader that goes line by line
//! and says what is wrong: hands change how long it takes and nothing else.

use crate::hands::share;
use crate::problem::{COST_MAX, Edge};

/// Bytes that are read at once: enough for every hand, little beside what they turn into.
pub(super) const BLOCK_BYTES: u64 = 4 << 20;

/// Bytes for which another hand is worth its while.
const HAND_BYTES: usize = 64 << 10;

/// What one hand read.
struct Stretch {
    start: usize,
    /// Where the first line begins that is no plain edge, or where the stretch ends.
    end: usize,
    edges: Vec<Edge>,
}

/// Appends the plain edges at the front of some whole lines, at most `room` of them; the bytes that
/// they take.
pub(super) fn take(
    lines: &[u8],
    [n_needs, n_nodes]: [u64; 2],
    room: u64,
    hands: usize,
    edges: &mut Vec<Edge>,
) -> usize {
    let hands = hands.min(lines.len() / HAND_BYTES).max(1);
    let stretches = share(hands, lines.len(), |own| {
        let start = line_start(lines, own.start);
        let mut stretch = Stretch { start, end: start, edges: Vec::new() };
        let end = line_start(lines, own.end);
        while stretch.end < end {
            let Some((edge, bytes)) = edge(&lines[stretch.end..], n_needs, n_nodes) else { break };
            stretch.edges.push(edge);
            stretch.end += bytes;
        }
        stretch
    });
    let mut end = 0;
    let mut room = usize::try_from(room).unwrap_or(usize::MAX);
    for stretch in stretches {
        // Where one hand stopped early, what the next ones read comes later. And a row too many is
        // for the other reader to find.
        if stretch.start != end || stretch.edges.len() > room {
            break;
        }
        room -= stretch.edges.len();
        end = stretch.end;
        edges.extend(stretch.edges);
    }
    end
}

/// The first beginning of a line from here on.
fn line_start(lines: &[u8], at: usize) -> usize {
    match at.checked_sub(1) {
        None => 0,
        Some(before) => before + lines[before..].iter().position(|it| *it == b'\n').map_or(0, |it| it + 1),
    }
}

/// The edge of a line `e NEED NODE COST`, and how long the line is; nothing for what is no such line
/// or has an id or a cost out of bounds.
fn edge(text: &[u8], n_needs: u64, n_nodes: u64) -> Option<(Edge, usize)> {
    let mut line = Line { text, at: 1 };
    if text.first() != Some(&b'e') {
        return None;
    }
    let (need, node, cost) = (line.number()?, line.number()?, line.number()?);
    let known = |it: i64, len: u64| u32::try_from(it).ok().filter(|it| u64::from(*it) < len);
    let (need, node) = (known(need, n_needs)?, known(node, n_nodes)?);
    if cost.abs() > COST_MAX {
        return None;
    }
    Some((Edge { need, node, cost, pair: None }, line.end()?))
}

/// A line that is read from left to right.
struct Line<'a> {
    text: &'a [u8],
    at: usize,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        matches!(self.text.get(self.at), Some(b' ' | b'\t'))
    }

    /// The next number, behind at least one blank.
    fn number(&mut self) -> Option<i64> {
        if !self.is_blank() {
            return None;
        }
        while self.is_blank() {
            self.at += 1;
        }
        let is_negative = self.text.get(self.at) == Some(&b'-');
        self.at += usize::from(is_negative);
        let (first, mut number) = (self.at, 0_i64);
        while let Some(digit) = self.text.get(self.at).filter(|it| it.is_ascii_digit()) {
            number = number.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
            self.at += 1;
        }
        (self.at > first).then_some(if is_negative { -number } else { number })
    }

    /// How long the line is, if nothing else is in it.
    fn end(&mut self) -> Option<usize> {
        while self.is_blank() || self.text.get(self.at) == Some(&b'\r') {
            self.at += 1;
        }
        match self.text.get(self.at) {
            None => Some(self.at),
            Some(b'\n') => Some(self.at + 1),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(lines: &str, room: u64, hands: usize) -> (Vec<(u32, u32, i64)>, usize) {
        let mut edges = Vec::new();
        let bytes = take(lines.as_bytes(), [10, 20], room, hands, &mut edges);
        (edges.iter().map(|it| (it.need, it.node, it.cost)).collect(), bytes)
    }

    #[test]
    fn plain_edges_are_taken_up_to_what_is_none() {
        let all = "e 1 2 3\ne\t0  19 -7 \r\ne 9 0 0";
        assert_eq!(taken(all, 3, 1), (vec![(1, 2, 3), (0, 19, -7), (9, 0, 0)], all.len()));
        for other in [
            "c",
            "",
            "e",
            "e 1 2",
            "e 1 2 3 4",
            "e 10 0 0",
            "e 0 20 0",
            "e 0 0 1.5",
            "e 0 0 +1",
            "e 0 0 -",
            "e -1 0 0",
            "e 0 0 1099511627777",
            "e 0 0 99999999999999999999",
            "e0 0 0",
            "n 1 1",
            "e 0 0 0x",
        ] {
            let lines = format!("e 1 2 3\n{other}\ne 4 5 6\n");
            assert_eq!(taken(&lines, 9, 1), (vec![(1, 2, 3)], 8), "{other}");
        }
        assert_eq!(taken("e 1 2 3\n", 0, 1), (vec![], 0), "a row too many is not taken");
    }

    #[test]
    fn any_number_of_hands_takes_the_same() {
        let line = |it: usize| format!("e {} {} {}\n", it % 10, it % 20, it);
        let lines: String = (0..60_000).map(line).collect();
        let whole = taken(&lines, u64::MAX, 1);
        assert_eq!((whole.0.len(), whole.1), (60_000, lines.len()));
        for hands in [2, 3, 7, 1000] {
            assert_eq!(taken(&lines, u64::MAX, hands), whole, "{hands} hands");
        }
        // A line in the middle that is none: what stands behind it comes later.
        let cut = lines.replacen("e 0 0 30000\n", "c 0 0 30000\n", 1);
        let before = taken(&cut, u64::MAX, 1);
        assert_eq!(before.0.len(), 30_000);
        for hands in [2, 3, 7] {
            assert_eq!(taken(&cut, u64::MAX, hands), before, "{hands} hands");
        }
    }
}

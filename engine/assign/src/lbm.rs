//! Reads problems written as `.lbm` text.
//!
//! ```text
//! c  comment
//! p  lbm NEEDS NODES EDGES   first of all
//! n  DEMAND PENALTY          need i is the i-th n line
//! t  PARENT CAPACITY         node j is the j-th t line; parent −1 is a root
//! e  NEED NODE COST          positions count from 0; parallel edges may occur
//! o  OPTIMUM [UNMET]         the proven optimum, where it is known
//! ```

mod block;

use std::io::{BufRead, Read as _};
use std::str::{FromStr, SplitAsciiWhitespace};

use crate::error::Error;
use crate::problem::{Edge, Need, Node, Problem, UNITS_MAX, check_counts, within};
use crate::team::Team;

/// A problem with the optimum its file states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LbmFile {
    pub problem: Problem,
    pub optimum: Option<i128>,
}

/// Reads a problem.
///
/// **Errors.** Every error names its line: [`Error::Read`], [`Error::Syntax`],
/// [`Error::Count`], and [`Error::Line`] around whatever [`Problem::new`] would refuse.
/// **Cost.** One pass; memory grows with the lines read, not with what the `p` line promises.
pub fn read_lbm(text: impl BufRead) -> Result<LbmFile, Error> {
    read_lines(text, false, 1).map(|it| it.0)
}

/// What `.team` adds.
#[derive(Default)]
pub(crate) struct TeamRows {
    pub(crate) teams: Vec<Team>,
    pub(crate) deputies: Vec<(u32, u32)>,
}

pub(crate) fn read_lines(
    mut text: impl BufRead,
    has_teams: bool,
    hands: usize,
) -> Result<(LbmFile, TeamRows), Error> {
    let mut reader = Reader { has_teams, ..Reader::default() };
    let mut lines = Vec::new();
    loop {
        lines.clear();
        let read = text.by_ref().take(block::BLOCK_BYTES).read_to_end(&mut lines);
        let read = read.and_then(|_| text.read_until(b'\n', &mut lines));
        if let Err(source) = read {
            // What came before it is read, and may be wrong itself.
            let whole = lines.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
            reader.read_block(&lines[..whole], hands)?;
            return Err(Error::Read { line: reader.line + 1, source });
        }
        if lines.is_empty() {
            reader.line += 1;
            return reader.finish();
        }
        reader.read_block(&lines, hands)?;
    }
}

#[derive(Default)]
struct Reader {
    line: u64,
    has_teams: bool,
    rows: TeamRows,
    promised: Option<[u64; 3]>,
    needs: Vec<Need>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    node_lines: Vec<u64>,
    optimum: Option<i128>,
}

impl Reader {
    /// Reads whole lines.
    fn read_block(&mut self, lines: &[u8], hands: usize) -> Result<(), Error> {
        let mut rest = lines;
        let mut are_edges = true;
        while !rest.is_empty() {
            // Once in a block: edges between other lines are read as those are.
            if let Some([n_needs, n_nodes, n_edges]) = self.promised.filter(|_| are_edges && rest[0] == b'e')
            {
                let before = self.edges.len();
                let room = n_edges - before as u64;
                let bytes = block::take(rest, [n_needs, n_nodes], room, hands, &mut self.edges);
                self.line += (self.edges.len() - before) as u64;
                rest = &rest[bytes..];
                are_edges = false;
                continue;
            }
            let end = rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |it| it + 1);
            let (line, later) = rest.split_at(end);
            self.line += 1;
            self.read(&String::from_utf8_lossy(line))?;
            rest = later;
        }
        Ok(())
    }

    fn read(&mut self, text: &str) -> Result<(), Error> {
        let mut words = text.split_ascii_whitespace();
        let kind = words.next().unwrap_or("c");
        if self.promised.is_none() && matches!(kind, "n" | "t" | "e" | "o" | "g" | "d") {
            return Err(self.syntax(kind, "the p line first"));
        }
        match kind {
            _ if kind.starts_with('c') => return Ok(()),
            "p" => self.read_counts(&mut words)?,
            "n" => self.read_need(&mut words)?,
            "t" => self.read_node(&mut words)?,
            "e" => self.read_edge(&mut words)?,
            "o" => {
                self.optimum = Some(self.number(words.next(), "an optimum")?);
                // -1 stands for not known.
                if let Some(unmet) = words.next().filter(|it| !self.has_teams || *it != "-1") {
                    self.number::<u64>(Some(unmet), "unserved units")?;
                }
            }
            "g" if self.has_teams => self.read_team(&mut words)?,
            "d" if self.has_teams => self.read_deputies(&mut words)?,
            _ if self.has_teams => return Err(self.syntax(kind, "c, p, n, t, e, g, d or o")),
            _ => return Err(self.syntax(kind, "c, p, n, t, e or o")),
        }
        words.next().map_or(Ok(()), |extra| Err(self.syntax(extra, "the end of the line")))
    }

    fn read_counts(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        if self.promised.is_some() {
            return Err(self.syntax("p", "one p line only"));
        }
        let form = words.next().unwrap_or("");
        if form != "lbm" {
            return Err(self.syntax(form, "lbm"));
        }
        let mut count = |what| self.number::<u32>(words.next(), what).map(u64::from);
        let promised = [count("needs")?, count("nodes")?, count("edges")?];
        let [needs, nodes, edges] = promised.map(|it| it as usize);
        self.at_line(check_counts(needs, nodes, edges))?;
        self.promised = Some(promised);
        Ok(())
    }

    fn read_need(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        let index = self.needs.len() as u64;
        let demand = self.units(words.next(), "demand", "need", index)?;
        let need = Need { demand, penalty: self.number(words.next(), "a penalty")? };
        self.at_line(need.check(index))?;
        self.needs.push(need);
        self.check_count(0)
    }

    fn read_node(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        let [_, n_nodes, _] = self.promised.unwrap_or_default();
        let index = self.nodes.len() as u64;
        let parent: i64 = self.number(words.next(), "a parent or -1")?;
        let parent = if parent == -1 { None } else { Some(self.id(parent, "node", "node", index, n_nodes)?) };
        let capacity = self.units(words.next(), "capacity", "node", index)?;
        self.nodes.push(Node { parent, capacity });
        self.node_lines.push(self.line);
        self.check_count(1)
    }

    fn read_edge(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        let [n_needs, n_nodes, _] = self.promised.unwrap_or_default();
        let index = self.edges.len() as u64;
        let need = self.number(words.next(), "a need")?;
        let need = self.id(need, "need", "edge", index, n_needs)?;
        let node = self.number(words.next(), "a node")?;
        let node = self.id(node, "node", "edge", index, n_nodes)?;
        let edge = Edge { need, node, cost: self.number(words.next(), "a cost")?, pair: None };
        self.at_line(edge.check(index, n_needs, n_nodes))?;
        self.edges.push(edge);
        self.check_count(2)
    }

    fn read_team(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        let index = self.rows.teams.len() as u64;
        let penalty = self.number(words.next(), "a penalty")?;
        let mut needs = vec![self.need(words.next(), "team", index)?];
        for word in words {
            needs.push(self.need(Some(word), "team", index)?);
        }
        let team = Team { penalty, needs };
        self.at_line(team.check(index, u64::from(u32::MAX)))?;
        self.rows.teams.push(team);
        Ok(())
    }

    fn read_deputies(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Error> {
        let index = self.rows.deputies.len() as u64;
        let owner = "pair of deputies";
        let (a, b) = (self.need(words.next(), owner, index)?, self.need(words.next(), owner, index)?);
        if a == b {
            return self.at_line(Err(Error::SameNeed { index, need: a }));
        }
        self.rows.deputies.push((a, b));
        Ok(())
    }

    fn need(&self, word: Option<&str>, owner: &'static str, index: u64) -> Result<u32, Error> {
        let [n_needs, _, _] = self.promised.unwrap_or_default();
        self.id(self.number(word, "a need")?, "need", owner, index, n_needs)
    }

    fn finish(mut self) -> Result<(LbmFile, TeamRows), Error> {
        let promised = self.promised.ok_or_else(|| self.syntax("", "a p line"))?;
        let found = self.found();
        if let Some(kind) = (0..3).find(|&kind| found[kind] != promised[kind]) {
            return Err(self.count_error(kind));
        }
        let (needs, nodes) = (std::mem::take(&mut self.needs), std::mem::take(&mut self.nodes));
        let edges = std::mem::take(&mut self.edges);
        // Only a cycle shows after the last line; it is reported where its node stands.
        let problem = Problem::new(needs, nodes, edges).map_err(|source| {
            if let Error::ParentCycle { node } = source {
                self.line = self.node_lines[node as usize];
            }
            Error::Line { line: self.line, source: Box::new(source) }
        })?;
        Ok((LbmFile { problem, optimum: self.optimum }, self.rows))
    }

    fn found(&self) -> [u64; 3] {
        [self.needs.len() as u64, self.nodes.len() as u64, self.edges.len() as u64]
    }

    /// Stops at the first row too many, before it is believed.
    fn check_count(&self, kind: usize) -> Result<(), Error> {
        let promised = self.promised.unwrap_or_default();
        if self.found()[kind] > promised[kind] { Err(self.count_error(kind)) } else { Ok(()) }
    }

    fn count_error(&self, kind: usize) -> Error {
        let expected = self.promised.unwrap_or_default()[kind];
        let what = ["needs", "nodes", "edges"][kind];
        Error::Count { line: self.line, what, found: self.found()[kind], expected }
    }

    fn number<T: FromStr>(&self, word: Option<&str>, expected: &'static str) -> Result<T, Error> {
        let word = word.unwrap_or("");
        word.parse().map_err(|_| self.syntax(word, expected))
    }

    fn units(
        &self,
        word: Option<&str>,
        what: &'static str,
        owner: &'static str,
        index: u64,
    ) -> Result<u32, Error> {
        let found: i64 = self.number(word, what)?;
        self.at_line(within(what, owner, index, found.into(), 0, UNITS_MAX.into()))?;
        Ok(found as u32)
    }

    fn id(
        &self,
        found: i64,
        what: &'static str,
        owner: &'static str,
        index: u64,
        len: u64,
    ) -> Result<u32, Error> {
        let unknown = || Error::UnknownId { what, owner, index, found: found.into(), len };
        let id = u32::try_from(found).ok().filter(|&id| u64::from(id) < len);
        self.at_line(id.ok_or_else(unknown))
    }

    fn syntax(&self, found: &str, expected: &'static str) -> Error {
        let found = found.chars().take(40).collect();
        Error::Syntax { line: self.line, found, expected }
    }

    fn at_line<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|source| Error::Line { line: self.line, source: Box::new(source) })
    }
}

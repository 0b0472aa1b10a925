//! Which lines of a plan are candidates, and what keeps the others from being one.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::StringArray;
use linli_model::Text;
use linli_query::{Error as QueryError, LineCheck, PlanLine, rules};

use super::{Finding, words};
use crate::Result;
use crate::matching::{Decision, Key, Scorers};

/// Where each line stands.
pub(super) struct Standing {
    /// The candidates that a line may mean, ascending: one for each occurrence at which it keeps
    /// every rule. None for a line that was struck out.
    pub options: Vec<Vec<u32>>,
    pub findings: Vec<Finding>,
    /// Lines that name a need which takes no part in the match.
    strangers: Vec<usize>,
}

impl Standing {
    /// Looks the lines up: ids first, rules then.
    pub(super) fn new(decision: &Decision, lines: &[PlanLine], checks: &[LineCheck]) -> Result<Self> {
        let wording: BTreeMap<String, Text> = rules()?.into_iter().map(|it| (it.name, it.text)).collect();
        let key = Key::new(&decision.candidates.rows)?;
        let (mut options, mut findings) = (vec![Vec::new(); lines.len()], Vec::new());
        let mut strangers = Vec::new();
        let mut rest = checks;
        for (position, line) in lines.iter().enumerate() {
            let own = rest.iter().take_while(|it| it.line == position).count();
            let own = rest.split_off(..own).unwrap_or_default();
            let unknown = unknown(decision, line, position, &mut strangers);
            if !unknown.is_empty() {
                findings.extend(unknown);
                continue;
            }
            for it in own.iter().filter(|it| it.failed.is_empty()) {
                let found = (line.need_id.as_str(), it.occurrence_start, &*line.provider_id, &*line.slot_id);
                // What keeps every rule is a candidate: the block leaves out only what breaks one.
                let row = key.row(found).ok_or_else(|| QueryError::Engine {
                    cause: format!("line {} keeps every rule but is no candidate", line.line),
                })?;
                options[position].push(row);
            }
            // Of several occurrences the one is spoken of at which the line comes closest.
            let closest = own.iter().min_by_key(|it| it.failed.len()).filter(|it| !it.failed.is_empty());
            for rule in closest.iter().flat_map(|it| &it.failed) {
                findings.push(Finding {
                    occurrence_start: closest.map(|it| it.occurrence_start),
                    ..words::rule(position, rule, wording.get(rule))
                });
            }
        }
        Ok(Self { options, findings, strangers })
    }

    /// Whether a line names a need that takes no part.
    pub(super) fn names_stranger(&self) -> bool {
        !self.strangers.is_empty()
    }

    /// Tells needs that take no part from those that are nowhere.
    pub(super) fn place_strangers(&mut self, lines: &[PlanLine], needs: &StringArray) {
        let known: BTreeSet<&str> = needs.iter().flatten().collect();
        for position in std::mem::take(&mut self.strangers) {
            let need = lines[position].need_id.as_str();
            let is_known = known.contains(need);
            self.findings.push(if is_known {
                words::not_asked(position, need)
            } else {
                words::unknown_need(position, need)
            });
        }
    }

    /// Strikes out what scorers veto. A line that may mean several occurrences means one at
    /// which nobody vetoes, if there is any.
    pub(super) fn veto(&mut self, decision: &Decision, scorers: &Scorers) {
        let places = &decision.plan.places;
        for (position, options) in self.options.iter_mut().enumerate() {
            let scored = |row: u32| decision.plan.scored[row as usize].as_ref();
            let vetoes = |row: u32| scored(row).map(|it| it.vetoes.as_slice()).unwrap_or_default();
            let Some(first) = options.first().copied() else { continue };
            options.retain(|it| vetoes(*it).is_empty());
            if !options.is_empty() {
                continue;
            }
            let need = places[first as usize].need as usize;
            let office = scored(first).and_then(|it| it.office);
            for (scorer, code) in vetoes(first) {
                let name = scorers.scorers[*scorer].choice.name.as_str();
                let speaker = scorers.speaker(office, *scorer);
                self.findings.push(Finding {
                    occurrence_start: Some(decision.stage.needs[need].occurrence_start),
                    ..words::vetoed(position, name, speaker, *code)
                });
            }
        }
    }
}

/// What a line names that is not there.
fn unknown(
    decision: &Decision,
    line: &PlanLine,
    position: usize,
    strangers: &mut Vec<usize>,
) -> Vec<Finding> {
    let stage = &decision.stage;
    let mut findings = Vec::new();
    let from = stage.needs.partition_point(|it| it.need_id < line.need_id);
    let mut own = stage.needs[from..].iter().take_while(|it| it.need_id == line.need_id).peekable();
    let is_known = own.peek().is_some();
    if !is_known {
        strangers.push(position);
    } else if line.occurrence_start.is_some_and(|at| own.all(|it| it.occurrence_start != at)) {
        findings.push(words::unknown_occurrence(position, &line.need_id));
    }
    if !stage.providers.contains_key(&line.provider_id) {
        findings.push(words::unknown_provider(position, &line.provider_id));
    } else {
        let from = stage.slots.partition_point(|it| it.provider_id < line.provider_id);
        let mut own = stage.slots[from..].iter().take_while(|it| it.provider_id == line.provider_id);
        if own.all(|it| it.slot_id != line.slot_id) {
            findings.push(words::unknown_slot(position, &line.provider_id, &line.slot_id));
        }
    }
    findings
}

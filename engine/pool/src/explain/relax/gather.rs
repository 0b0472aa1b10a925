//! Asks the tables who could help if something were eased, and the scorers what they think of it.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;
use linli_assign::Edge;
use linli_query::{Candidates, Ease, Eased, Error as QueryError, Slot, Stage, integer_at, text_at};

use super::Question;
use super::ground::Patch;
use super::kind::{Change, Kind, STEP_M, WEEK_DAYS};
use super::option::{Choice, Nodes};
use crate::Result;
use crate::explain::opinion::Bench;
use crate::matching::{Key, Scored, StoredProblem, Tree, stretch};
use crate::pool::own_limits;

/// What `eased` candidates have behind the columns of others.
const EXTRA_COLUMNS: usize = 2;

/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// Who could help a week later.
pub(super) struct Later {
    candidates: Candidates,
    tree: Tree,
}

impl Later {
    /// Looks a week ahead for some occurrences, given as positions in the stored problem.
    pub(super) async fn new(
        question: &Question<'_>,
        stage: &Stage,
        problem: &StoredProblem,
        open: &[u32],
    ) -> Result<Self> {
        let Question { pool, run, witness, .. } = question;
        let (base, limits) = (pool.snapshot(run.snapshot).await?, own_limits(witness));
        let asked = asked(problem, open);
        let later = stage.postponed(&pool.store, &base, &limits, &run.scope, &asked, WEEK_DAYS).await?;
        let candidates = later.candidates().await?;
        Ok(Self { tree: Tree::new(&later, &candidates)?, candidates })
    }
}

/// Occurrences by need and start.
fn asked(problem: &StoredProblem, open: &[u32]) -> BTreeSet<(String, i64)> {
    let rows = open.iter().map(|it| &problem.needs[*it as usize]);
    rows.map(|it| (it.need_id.clone(), it.occurrence_start)).collect()
}

/// Gathers choices for unserved occurrences of needs.
pub(super) struct Gathering<'a> {
    pub stage: &'a Stage,
    pub problem: &'a StoredProblem,
    pub nodes: Nodes<'a>,
    /// The unserved occurrences, as positions in the stored problem.
    pub open: Vec<u32>,
    bench: Bench,
    /// Whose each need is, of those whose district brings a plugin of its own.
    offices: BTreeMap<String, usize>,
    /// Who could help an occurrence already, or with less eased.
    near: BTreeSet<(u32, String)>,
    /// Labels of providers that the run gave none.
    labels: BTreeMap<String, u32>,
}

/// One eased candidate, as choices are grouped: occurrence, provider and skill.
type Group = (u32, String, Option<String>);

impl<'a> Gathering<'a> {
    pub(super) async fn new(
        question: &Question<'_>,
        stage: &'a Stage,
        problem: &'a StoredProblem,
        open: Vec<u32>,
    ) -> Result<Self> {
        let bench = Bench::new(question).await?;
        let offices = bench.offices(stage);
        let near = problem
            .edges
            .iter()
            .filter(|it| open.contains(&it.need))
            .map(|it| (it.need, it.provider_id.clone()))
            .collect();
        let nodes = Nodes::new(problem, stage);
        Ok(Self { stage, problem, nodes, open, bench, offices, near, labels: BTreeMap::new() })
    }

    /// What easing lets in, one choice per occurrence and provider. Who gets in with less is not
    /// among them.
    pub(super) async fn eased(&mut self, ease: Ease) -> Result<Vec<Choice>> {
        let asked = asked(self.problem, &self.open);
        let Eased { candidates, slots } = self.stage.eased(&asked, ease).await?;
        let tree = Tree::over(self.stage, &candidates, &slots)?;
        let rows = &candidates.rows;
        let key = Key::new(rows)?;
        let (lacking, asked) = (rows.texts("lacking")?, rows.integers("asked_reach_m")?);
        let distances = rows.integers("distance_m")?;
        let mut choices: BTreeMap<Group, Choice> = BTreeMap::new();
        for (row, need, scored) in self.opinions(&candidates, &key, 0)? {
            let provider = key.providers.value(row);
            if self.near.contains(&(need, provider.to_owned())) {
                continue;
            }
            let beyond = integer_at(&distances, row).unwrap_or(0) - integer_at(&asked, row).unwrap_or(0);
            let mut changes = Vec::new();
            let mut change = |kind, amount, label: String| {
                changes.push(Change { kind, amount, provider_id: Some(provider.to_owned()), label });
            };
            if ease.reach_m > 0 {
                change(Kind::Reach, (beyond.max(1) + STEP_M - 1) / STEP_M * STEP_M, String::new());
            }
            if ease.slot {
                change(Kind::Slot, 1, self.hours(&slots, key.slots.value(row)));
            }
            if let Some(skill) = text_at(&lacking, row) {
                change(Kind::Skill, 1, skill.to_owned());
            }
            let group = (need, provider.to_owned(), text_at(&lacking, row).map(str::to_owned));
            self.add(&mut choices, group, &changes, &tree, (key.slots.value(row), scored.cost));
        }
        self.near.extend(choices.keys().map(|(need, provider, _)| (*need, provider.clone())));
        Ok(choices.into_values().collect())
    }

    /// What a week later lets in: one choice per occurrence, whoever can help then.
    pub(super) fn next_week(&mut self, later: &Later) -> Result<Vec<Choice>> {
        let Later { candidates, tree } = later;
        let key = Key::new(&candidates.rows)?;
        let mut choices: BTreeMap<Group, Choice> = BTreeMap::new();
        for (row, need, scored) in self.opinions(candidates, &key, WEEK_DAYS * DAY_US)? {
            let label = self.stage.zone.format(key.occurrences.value(row), "%Y-%m-%d %H:%M");
            let change = Change { kind: Kind::NextWeek, amount: WEEK_DAYS, provider_id: None, label };
            let group = (need, String::new(), None);
            self.add(&mut choices, group, &[change], tree, (key.slots.value(row), scored.cost));
        }
        Ok(choices.into_values().collect())
    }

    /// The candidates of open occurrences that no scorer vetoes: row, occurrence, opinion.
    fn opinions(&self, candidates: &Candidates, key: &Key, by: i64) -> Result<Vec<(usize, u32, Scored)>> {
        let mut asked: Vec<(u32, u32)> = Vec::new();
        for row in 0..candidates.rows.rows() {
            let start = key.occurrences.value(row) - by;
            let need = self.problem.need_at(key.needs.value(row), start);
            let is_near =
                |it: &u32| by == 0 && self.near.contains(&(*it, key.providers.value(row).to_owned()));
            let need = need.filter(|it| self.open.contains(it) && !is_near(it));
            if let (Some(need), Ok(row)) = (need, u32::try_from(row)) {
                asked.push((row, need));
            }
        }
        let rows: Vec<u32> = asked.iter().map(|it| it.0).collect();
        let office = |row: u32| self.offices.get(key.needs.value(row as usize)).copied();
        let Bench { scorers, maps } = &self.bench;
        let scored = scorers.judge(&seen(candidates.rows.batch())?, &rows, office, maps)?;
        let open = asked.into_iter().zip(scored).filter(|(_, it)| it.vetoes.is_empty());
        Ok(open.map(|((row, need), it)| (row as usize, need, it)).collect())
    }

    /// Puts an edge into the choice of its group.
    fn add(
        &mut self,
        choices: &mut BTreeMap<Group, Choice>,
        group: Group,
        changes: &[Change],
        tree: &Tree,
        (slot, cost): (&str, i64),
    ) {
        let (need, provider) = (group.0, group.1.clone());
        let Some(node) = self.nodes.slot(tree, slot) else { return };
        let holder = tree.by_slot.get(slot).and_then(|it| tree.limits.get(*it as usize));
        let holder = holder.map_or(provider, |it| it.provider_id.clone());
        let several = self.problem.needs[need as usize].demand > 1;
        let pair = several.then(|| self.label(&holder));
        let choice = choices.entry(group).or_insert_with(|| Choice {
            need,
            changes: changes.to_vec(),
            patch: Patch::default(),
            served_by: Vec::new(),
            cost,
        });
        choice.cost = choice.cost.min(cost);
        choice.patch.edges.push(Edge { need, node, cost, pair });
        choice.served_by.push((holder, slot.to_owned()));
    }

    /// The label under which a provider serves a need once.
    fn label(&mut self, provider: &str) -> u32 {
        let (known, free) = self.problem.pair_label(provider);
        let next = free + u32::try_from(self.labels.len()).unwrap_or(u32::MAX / 2);
        known.unwrap_or_else(|| *self.labels.entry(provider.to_owned()).or_insert(next))
    }

    /// When a slot that somebody would add is.
    fn hours(&self, slots: &[Slot], id: &str) -> String {
        let slot = slots.iter().find(|it| it.slot_id == id);
        slot.map_or_else(String::new, |it| stretch(self.stage.zone, it.start, it.end))
    }
}

/// What scorers see: the columns that every candidate has.
fn seen(batch: &RecordBatch) -> Result<RecordBatch> {
    let is_eased = batch.column_by_name("asked_reach_m").is_some();
    let count = batch.num_columns() - if is_eased { EXTRA_COLUMNS } else { 0 };
    let columns: Vec<usize> = (0..count).collect();
    batch.project(&columns).map_err(|it| QueryError::Engine { cause: it.to_string() }.into())
}

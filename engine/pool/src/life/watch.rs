//! After a match: what is in stage shadow says what it would have said, and what is in stage canary
//! answers to its guards.
//!
//! Both stand beside the run. A challenger that fails harms nobody: a shadow's failure is a row; where
//! a canary fails the match goes on with the incumbents, and it is taken back.

use std::collections::{BTreeMap, BTreeSet};

use linli_model::{Failure as _, Kind, Text};
use linli_query::Session;

use super::compare::{Comparison, compare, opinions};
use super::{Action, Event, guard};
use crate::book::Page;
use crate::choice::{PluginChoice, Stage, choice_page};
use crate::matching::{Decision, PlanSettings, RunIdentity, Scorers, is_of_a_plugin, plan};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// So many of a need's candidates, the best by the incumbent's rule, have their order compared.
const ORDERED_MAX: usize = 20;
/// How often it is tried to write beside others who write.
const TRIES: usize = 3;

/// A run that was just decided.
pub(crate) struct Decided<'a> {
    pub identity: &'a RunIdentity,
    pub decision: &'a Decision,
    pub scorers: &'a Scorers,
    pub settings: PlanSettings,
}

/// How the orders of two rules agree.
#[derive(Default)]
struct Agreement {
    candidates: i64,
    vetoed: [i64; 2],
    ordered: i64,
    agreed: i64,
    firsts: i64,
    same_first: i64,
}

impl Pool {
    /// Lets shadows speak and asks guards, for the scorers of a run.
    ///
    /// **Errors.** Those of reading and writing; never those of a challenger.
    /// **Cost.** Nothing where nothing is tried; else for each challenger the scoring and solving
    /// of the match again, over the candidates that it found.
    pub(crate) async fn watch(&self, decided: &Decided<'_>, witness: &Witness) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_watch(decided, witness).await {
                Err(error) if error.kind() == Kind::Conflict && tries < TRIES => {}
                done => return done,
            }
        }
    }

    async fn try_watch(&self, decided: &Decided<'_>, witness: &Witness) -> Result<()> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let mut choices = self.choice_rows(&session).await?;
        let names: BTreeSet<&str> =
            decided.scorers.scorers.iter().map(|it| it.choice.name.as_str()).collect();
        let tried: Vec<PluginChoice> =
            choices.iter().filter(|it| names.contains(it.name.as_str())).cloned().collect();
        if tried.is_empty() {
            return Ok(());
        }
        let mut page = Page::new("shadow_run");
        let shadows: Vec<&PluginChoice> = tried.iter().filter(|it| it.stage == Stage::Shadow).collect();
        for it in &shadows {
            self.shadow_row(decided, it, &mut page)?;
        }
        let mut changes = if shadows.is_empty() { Vec::new() } else { vec![page.append()?] };
        let taken_back = self.ask_guards(&session, decided, &tried).await?;
        if !taken_back.is_empty() {
            let is_taken = |it: &PluginChoice| {
                it.stage == Stage::Canary && taken_back.iter().any(|event| event.name == it.name)
            };
            choices.retain(|it| !is_taken(it));
            changes.push(choice_page(&choices)?);
            changes.push(self.events(&session, &taken_back, witness).await?);
        }
        if !changes.is_empty() {
            let note = self.note(witness, format!("plugins tried beside {}", decided.identity.run_id));
            self.store.commit(&latest, changes, &note).await?;
        }
        Ok(())
    }

    /// Takes back canaries, by name and digest, because a match could not be made with them: all of
    /// that match, since an error may name one that stands for several. `run_id` is the run that was
    /// made with the incumbents.
    ///
    /// **Errors.** Those of reading and writing.
    pub(crate) async fn take_back(
        &self,
        canaries: &[(String, String)],
        run_id: &str,
        error: Error,
        witness: &Witness,
    ) -> Result<()> {
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        let mut choices = self.choice_rows(&session).await?;
        let is_of = |it: &PluginChoice, (name, digest): &(String, String)| {
            it.stage == Stage::Canary && it.name == *name && it.digest == *digest
        };
        let why = failure(error)?;
        let event = |canary: &(String, String)| Event {
            evidence: Some(run_id.to_owned()),
            ..Event::new(Action::Guard, &canary.0, &canary.1, guard::taken_back(&canary.0, &canary.1, &why))
        };
        let there = canaries.iter().filter(|canary| choices.iter().any(|it| is_of(it, canary)));
        let events: Vec<Event> = there.map(event).collect();
        if events.is_empty() {
            return Ok(());
        }
        choices.retain(|it| !canaries.iter().any(|canary| is_of(it, canary)));
        let changes = vec![choice_page(&choices)?, self.events(&session, &events, witness).await?];
        let note = self.note(witness, format!("canaries that failed before {run_id}"));
        self.store.commit(&latest, changes, &note).await?;
        Ok(())
    }

    fn shadow_row(&self, decided: &Decided<'_>, choice: &PluginChoice, page: &mut Page) -> Result<()> {
        let scorers = &decided.scorers.scorers;
        let incumbent = scorers.iter().find(|it| it.choice.name == choice.name);
        page.add([
            ("run_id", decided.identity.run_id.as_str().into()),
            ("name", choice.name.as_str().into()),
            ("digest", choice.digest.as_str().into()),
            ("incumbent", incumbent.map(|it| it.plugin.digest()).into()),
        ]);
        match self.with_challenger(decided, &choice.name, &choice.digest) {
            Ok((comparison, it)) => {
                let changes = comparison.changes;
                page.fill([
                    ("candidates", it.candidates.into()),
                    ("vetoed_before", it.vetoed[0].into()),
                    ("vetoed_after", it.vetoed[1].into()),
                    ("ordered", it.ordered.into()),
                    ("agreed", it.agreed.into()),
                    ("firsts", it.firsts.into()),
                    ("same_first", it.same_first.into()),
                    ("pairs_before", changes.pairs_before.into()),
                    ("pairs_after", changes.pairs_after.into()),
                    ("pairs_kept", changes.pairs_kept.into()),
                    ("needs_gained", changes.needs_gained.into()),
                    ("needs_lost", changes.needs_lost.into()),
                    ("units_gained", changes.units_gained.into()),
                    ("units_lost", changes.units_lost.into()),
                ]);
                Ok(())
            }
            Err(error) => {
                let text = failure(error)?;
                page.fill([("fault_zh", text.zh.into()), ("fault_en", text.en.into())]);
                Ok(())
            }
        }
    }

    /// Which canaries are taken back, and why.
    async fn ask_guards(
        &self,
        session: &Session,
        decided: &Decided<'_>,
        tried: &[PluginChoice],
    ) -> Result<Vec<Event>> {
        let mut canaries: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for it in tried.iter().filter(|it| it.stage == Stage::Canary) {
            canaries.entry((&it.name, &it.digest)).or_default().extend(it.district_id.clone());
        }
        let mut events = Vec::new();
        for ((name, digest), districts) in canaries {
            let guards = self.guards(session, name).await?;
            if guards.is_empty() {
                continue;
            }
            let comparison = with_incumbent(decided, name)?;
            if let Some(why) = guard::crossed(&guards, &comparison, &districts) {
                let text = guard::taken_back(name, digest, &why);
                let evidence = Some(decided.identity.run_id.clone());
                events.push(Event { evidence, ..Event::new(Action::Guard, name, digest, text) });
            }
        }
        Ok(events)
    }

    /// The run as it was decided against the run with a challenger in the place of one scorer.
    fn with_challenger(
        &self,
        decided: &Decided<'_>,
        name: &str,
        digest: &str,
    ) -> Result<(Comparison, Agreement)> {
        let Decided { decision, scorers, settings, .. } = decided;
        let other = scorers.with(name, Some(&self.scorer_by_digest(name, digest)?));
        let after = plan(&decision.stage, &decision.candidates, &decision.tree, &other, *settings)?;
        let comparison = compare(decision, [&decision.plan, &after], [scorers, &other])?;
        let plan = &decision.plan;
        let seen: BTreeSet<u32> =
            (0_u32..).zip(&plan.scored).filter(|(_, scored)| scored.is_some()).map(|(row, _)| row).collect();
        let before = opinions(decision, plan, scorers, &seen)?;
        let after = opinions(decision, &after, &other, &seen)?;
        let mut by_need: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for row in &seen {
            by_need.entry(plan.places[*row as usize].need).or_default().push(*row);
        }
        let cost = |of: &BTreeMap<u32, Option<i64>>, row: &u32| of.get(row).copied().flatten();
        let mut agreement = Agreement { candidates: seen.len() as i64, ..Agreement::default() };
        for rows in by_need.values() {
            let of = |side: &BTreeMap<u32, Option<i64>>| -> Vec<Option<i64>> {
                rows.iter().map(|row| cost(side, row)).collect()
            };
            agreement.hear(&of(&before), &of(&after));
        }
        Ok((comparison, agreement))
    }
}

/// The run with the incumbent of a name everywhere against the run as it was decided.
fn with_incumbent(decided: &Decided<'_>, name: &str) -> Result<Comparison> {
    let Decided { decision, scorers, settings, .. } = decided;
    let incumbent = scorers.with(name, None);
    let before = plan(&decision.stage, &decision.candidates, &decision.tree, &incumbent, *settings)?;
    compare(decision, [&before, &decision.plan], [&incumbent, scorers])
}

impl Agreement {
    /// Adds the candidates of one need: their costs by both rules, nothing where vetoed.
    fn hear(&mut self, before: &[Option<i64>], after: &[Option<i64>]) {
        for (count, costs) in self.vetoed.iter_mut().zip([before, after]) {
            *count += costs.iter().filter(|it| it.is_none()).count() as i64;
        }
        let ranked = |costs: &[Option<i64>]| {
            let mut ranked: Vec<(i64, usize)> =
                costs.iter().enumerate().filter_map(|(at, cost)| Some(((*cost)?, at))).collect();
            ranked.sort_unstable();
            ranked
        };
        let mut best = ranked(before);
        let first = best.first().map(|it| it.1);
        self.firsts += i64::from(first.is_some());
        self.same_first += i64::from(first.is_some() && ranked(after).first().map(|it| it.1) == first);
        best.truncate(ORDERED_MAX);
        for (position, (cost, at)) in best.iter().enumerate() {
            for (worse, other) in &best[position + 1..] {
                if cost == worse {
                    continue;
                }
                self.ordered += 1;
                let agrees = match (after[*at], after[*other]) {
                    (Some(one), Some(two)) => one < two,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                self.agreed += i64::from(agrees);
            }
        }
    }
}

/// What went wrong with a challenger, in words; whatever else goes wrong is passed on.
fn failure(error: Error) -> Result<Text> {
    let is_its_own =
        matches!(error, Error::MissingPlugin { .. } | Error::TamperedPlugin { .. }) || is_of_a_plugin(&error);
    if is_its_own { Ok(Text::new(error.to_string(), error.zh())) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_compared_where_the_incumbent_has_one() {
        let mut it = Agreement::default();
        it.hear(&[Some(1), Some(2), Some(2), None], &[Some(5), Some(4), None, Some(1)]);
        // 1 before 2 and 1 before 2: one is reversed, one is vetoed behind it.
        assert_eq!((it.ordered, it.agreed), (2, 1));
        assert_eq!((it.firsts, it.same_first, it.vetoed), (1, 0, [1, 1]));
    }
}

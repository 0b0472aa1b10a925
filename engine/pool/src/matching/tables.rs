//! A plan as rows: the run, its inputs, candidates, scores, matches, unmatched units and prices.

mod reason;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use linli_model::{Catalog, MILLION, Score};
use linli_query::{Candidates, Change, Stage, cast_to};

use super::identity::ENGINE;
use super::office::{CANARY_INPUT, input_parts};
use super::{Decision, Key, Plan, RunIdentity, Scorers, Tree};
use crate::book::{Cell, Page};
use crate::{Result, Witness};

/// Everything a run appends, in one commit.
pub(super) fn write(
    identity: &RunIdentity,
    decision: &Decision,
    scorers: &Scorers,
    witness: &Witness,
) -> Result<Vec<Change>> {
    let Decision { stage, candidates, tree, plan } = decision;
    let run = identity.run_id.as_str();
    Ok(vec![
        run_page(identity, stage, plan).append()?,
        input_page(identity).append()?,
        log_page(run, witness).append()?,
        candidate_change(run, candidates, tree, plan)?,
        plan.maps.page(run, scorers).append()?,
        score_page(run, candidates, plan, scorers)?.append()?,
        match_page(run, decision, scorers)?.append()?,
        unmatched_page(run, stage, plan).append()?,
        price_page(run, stage, tree, plan).append()?,
    ])
}

fn run_page(identity: &RunIdentity, stage: &Stage, plan: &Plan) -> Page {
    // A need counts once however often it recurs: matched when every unit of every occurrence is.
    let mut by_need: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (need, unmet) in stage.needs.iter().zip(&plan.solution.unmet) {
        let (demand, open) = by_need.entry(&need.need_id).or_default();
        *demand += u64::from(need.demand);
        *open += u64::from(*unmet);
    }
    let count = |status: fn(u64, u64) -> bool| {
        Cell::Integer(by_need.values().filter(|(demand, open)| status(*demand, *open)).count() as i64)
    };
    let mut page = Page::new("run");
    page.add([
        ("run_id", identity.run_id.as_str().into()),
        ("snapshot", Cell::Integer(identity.snapshot as i64)),
        ("engine", ENGINE.into()),
        ("as_of", Cell::Time(stage.horizon.as_of)),
        ("horizon_start", Cell::Time(stage.horizon.start)),
        ("horizon_end", Cell::Time(stage.horizon.end)),
        ("seed", identity.seed.into()),
        ("districts", Cell::List(identity.scope.districts.clone())),
        ("settings", identity.settings.as_str().into()),
        ("query_digest", linli_query::rules_digest().into()),
        ("needs", Cell::Integer(by_need.len() as i64)),
        ("units", Cell::Integer(by_need.values().map(|(demand, _)| *demand as i64).sum())),
        ("outside_horizon", Cell::Integer(stage.outside_horizon as i64)),
        ("candidates", Cell::Integer(plan.places.len() as i64)),
        ("scored", Cell::Integer(plan.scored.iter().flatten().count() as i64)),
        ("rounds", Cell::Integer(i64::from(plan.rounds))),
        ("matched", count(|_, open| open == 0)),
        ("partial", count(|demand, open| open > 0 && open < demand)),
        ("unmatched", count(|demand, open| open == demand)),
        ("objective", Cell::Decimal(plan.certificate.primal)),
        ("dual", Cell::Decimal(plan.certificate.dual)),
        ("gap", Cell::Decimal(plan.certificate.gap)),
        ("certified", (plan.certificate.feasible && plan.certificate.gap == 0).into()),
    ]);
    page
}

fn input_page(identity: &RunIdentity) -> Page {
    let mut page = Page::new("run_input");
    let district = |kind: &str, name| if kind == CANARY_INPUT { input_parts(name) } else { None };
    for (kind, name, digest, weight) in &identity.inputs {
        page.add([
            ("run_id", identity.run_id.as_str().into()),
            ("kind", kind.as_str().into()),
            ("name", name.as_str().into()),
            ("digest", digest.as_str().into()),
            ("weight", (*weight).into()),
            ("district_id", district(kind, name).map(|(_, district)| district).into()),
        ]);
    }
    page
}

/// When and where the run was asked for.
pub(super) fn log_page(run: &str, witness: &Witness) -> Page {
    let mut page = Page::new("run_log");
    page.add([
        ("run_id", run.into()),
        ("at", Cell::Time(witness.at_us)),
        ("host", witness.host.as_str().into()),
        ("action", "match".into()),
    ]);
    page
}

/// Candidates are many, so their columns are copied whole instead of cell by cell.
fn candidate_change(run: &str, candidates: &Candidates, tree: &Tree, plan: &Plan) -> Result<Change> {
    let rows = candidates.rows.rows();
    let node = |row: usize| tree.limits.get(plan.places[row].node as usize).map(|it| it.id.as_str());
    let open = |row: usize| plan.scored[row].as_ref().filter(|it| it.vetoes.is_empty());
    let score = |row: usize| open(row).map(|it| (MILLION - it.cost) as f64 / 1e6);
    let vetoed = |row: usize| plan.scored[row].as_ref().map(|it| !it.vetoes.is_empty());
    let added: [(&str, ArrayRef); 6] = [
        ("run_id", Arc::new(StringArray::from_iter_values((0..rows).map(|_| run)))),
        ("node_id", Arc::new(StringArray::from_iter((0..rows).map(node)))),
        ("scored", Arc::new(BooleanArray::from_iter(plan.scored.iter().map(|it| Some(it.is_some()))))),
        ("vetoed", Arc::new(BooleanArray::from_iter((0..rows).map(vetoed)))),
        ("cost", Arc::new(Int64Array::from_iter((0..rows).map(|row| open(row).map(|it| it.cost))))),
        ("score", Arc::new(Float64Array::from_iter((0..rows).map(score)))),
    ];
    let schema =
        Catalog::embedded().map_err(linli_query::Error::Schema)?.table("candidate").map(|it| it.arrow());
    let schema = Arc::new(schema.unwrap_or_else(arrow_schema::Schema::empty));
    let source = candidates.rows.batch();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for field in schema.fields() {
        let found = added.iter().find(|(name, _)| name == field.name()).map(|(_, it)| it);
        columns.push(match found.or_else(|| source.column_by_name(field.name())) {
            Some(column) => cast_to(column, field.data_type())?,
            None => new_null_array(field.data_type(), rows),
        });
    }
    let batch = RecordBatch::try_new(schema, columns)
        .map_err(|it| linli_query::Error::Engine { cause: it.to_string() })?;
    Ok(Change::Append { table: "candidate".to_owned(), batches: vec![batch] })
}

fn score_page(run: &str, candidates: &Candidates, plan: &Plan, scorers: &Scorers) -> Result<Page> {
    let key = Key::new(&candidates.rows)?;
    let mut page = Page::new("candidate_score");
    for (row, scored) in plan.scored.iter().enumerate() {
        let Some(scored) = scored else { continue };
        for (position, scorer) in scorers.scorers.iter().enumerate() {
            let veto = scored.vetoes.iter().find(|(it, _)| *it == position).map(|(_, code)| i64::from(*code));
            page.add([
                ("run_id", run.into()),
                ("need_id", key.needs.value(row).into()),
                ("occurrence_start", Cell::Time(key.occurrences.value(row))),
                ("provider_id", key.providers.value(row).into()),
                ("slot_id", key.slots.value(row).into()),
                ("scorer", scorer.choice.name.as_str().into()),
                ("digest", scorers.speaker(scored.office, position).digest().into()),
                ("score", scored.parts[position].to_f64().into()),
                ("raw", scorers.raw(scored, position).map(Score::to_f64).into()),
                ("veto_code", veto.into()),
            ]);
        }
    }
    Ok(page)
}

fn match_page(run: &str, decision: &Decision, scorers: &Scorers) -> Result<Page> {
    let Decision { stage, candidates, plan, .. } = decision;
    let rows = &candidates.rows;
    let key = Key::new(rows)?;
    let (starts, ends) = (rows.times("starts_at")?, rows.times("ends_at")?);
    let (kinds, offers) = (rows.texts("provider_kind")?, rows.texts("offer_id")?);
    let mut page = Page::new("match");
    let has_alternatives = |edge: &u32| plan.solution.undecided.binary_search(edge).is_ok();
    for edge in &plan.solution.chosen {
        let row = plan.rows[*edge as usize] as usize;
        let need = &stage.needs[plan.places[row].need as usize];
        let scored = plan.scored[row].as_ref();
        let cost = scored.map(|it| it.cost);
        page.add([
            ("run_id", run.into()),
            ("need_id", key.needs.value(row).into()),
            ("occurrence_start", Cell::Time(key.occurrences.value(row))),
            ("provider_id", key.providers.value(row).into()),
            ("slot_id", key.slots.value(row).into()),
            ("units", 1.into()),
            ("score", cost.map(|it| (MILLION - it) as f64 / 1e6).into()),
            ("cost", cost.into()),
            ("digests", scored.map_or(Cell::None, |it| Cell::List(scorers.digests(it)))),
            ("alternatives", has_alternatives(edge).into()),
            ("state", "proposed".into()),
            ("starts_at", Cell::Time(starts.value(row))),
            ("ends_at", Cell::Time(ends.value(row))),
            ("provider_kind", kinds.value(row).into()),
            ("offer_id", linli_query::text_at(&offers, row).into()),
            ("district_id", need.district_id.clone().into()),
            ("community_id", need.community_id.clone().into()),
        ]);
    }
    Ok(page)
}

fn unmatched_page(run: &str, stage: &Stage, plan: &Plan) -> Page {
    let mut page = Page::new("unmatched");
    let reasons = reason::reasons(stage, plan);
    for ((need, unmet), reason) in stage.needs.iter().zip(&plan.solution.unmet).zip(reasons) {
        if *unmet == 0 {
            continue;
        }
        page.add([
            ("run_id", run.into()),
            ("need_id", need.need_id.as_str().into()),
            ("occurrence_start", Cell::Time(need.occurrence_start)),
            ("units", Cell::Integer(i64::from(*unmet))),
            ("status", if *unmet < need.demand { "partial" } else { "unmatched" }.into()),
            ("reason", reason.into()),
            ("tier", Cell::Integer(i64::from(need.tier))),
            ("district_id", need.district_id.clone().into()),
            ("community_id", need.community_id.clone().into()),
        ]);
    }
    page
}

fn price_page(run: &str, stage: &Stage, tree: &Tree, plan: &Plan) -> Page {
    let prices = &plan.solution.prices;
    let mut page = Page::new("price");
    for (position, need) in stage.needs.iter().enumerate() {
        page.add([
            ("run_id", run.into()),
            ("level", "need".into()),
            ("price_id", need_key(need).into()),
            ("need_id", need.need_id.as_str().into()),
            ("occurrence_start", Cell::Time(need.occurrence_start)),
            ("tier", Cell::Integer(i64::from(need.tier))),
            ("quantity", Cell::Integer(i64::from(need.demand))),
            ("penalty", plan.penalties[position].into()),
            ("price", prices.need[position].into()),
        ]);
    }
    for (position, limit) in tree.limits.iter().enumerate() {
        page.add([
            ("run_id", run.into()),
            ("level", limit.level.into()),
            ("price_id", limit.id.as_str().into()),
            ("parent_id", limit.parent.map(|it| tree.limits[it as usize].id.clone()).into()),
            ("provider_id", limit.provider_id.as_str().into()),
            ("label", limit.label.as_str().into()),
            ("quantity", Cell::Integer(i64::from(limit.capacity))),
            ("price", prices.node[position].into()),
        ]);
    }
    let names: Vec<&String> = stage.providers.keys().collect();
    for pair in &prices.pair {
        let need = &stage.needs[pair.need as usize];
        let provider = names[pair.pair as usize].as_str();
        page.add([
            ("run_id", run.into()),
            ("level", "pair".into()),
            ("price_id", format!("{}/{provider}", need_key(need)).into()),
            ("need_id", need.need_id.as_str().into()),
            ("occurrence_start", Cell::Time(need.occurrence_start)),
            ("provider_id", provider.into()),
            ("quantity", 1.into()),
            ("price", pair.price.into()),
        ]);
    }
    page
}

fn need_key(need: &linli_query::Need) -> String {
    format!("{}@{}", need.need_id, need.occurrence_start)
}

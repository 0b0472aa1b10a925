//! Who could help if one thing were different.
//!
//! Needs, providers or slots are eased, and the same blocks, rules and features look at them:
//! tables of a statement's WITH clause stand before those of the session. A week later there is
//! another horizon, so that takes a stage of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};

use super::layout;
use super::rule;
use super::stage::{Candidates, Stage, frame};
use super::{Horizon, Scope, Slot};
use crate::frame::{integer_at, shared, take_rows};
use crate::session::{Params, QueryLimits};
use crate::store::{Snapshot, Store, engine};
use crate::zone::DAY_US;
use crate::{Pending, Result};

/// What is asked less of, or given more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ease {
    /// Every volunteer has one more of the skills that the need asks for.
    pub skill: bool,
    /// The need reaches so many metres further.
    pub reach_m: i64,
    /// Every provider has one more slot, where the need's window is.
    pub slot: bool,
}

/// Candidates that there would be.
#[derive(Debug, Clone)]
pub struct Eased {
    /// As [`Stage::candidates`] has them, each with `lacking`, the skill that was added to the
    /// provider, and `asked_reach_m`, the reach that the need has.
    pub candidates: Candidates,
    /// The slots that were added and are met by a candidate.
    pub slots: Vec<Slot>,
}

/// The table of the occurrences in question.
const ASKED: &str = "eased_asked";

/// The table of their windows, in which everybody might have a slot.
const WINDOWS: &str = "eased_window";

impl Stage {
    /// The candidates of some occurrences of needs if something were eased; among them those that
    /// there are anyway.
    ///
    /// **Shape.** As [`Stage::candidates`]; a provider who lacks one skill of two that are eased
    /// stands there once for each. Nothing without occurrences.
    /// **Cost.** One candidate query over these needs; with `skill`, times their skills.
    pub fn eased<'a>(&'a self, asked: &'a BTreeSet<(String, i64)>, ease: Ease) -> Pending<'a, Result<Eased>> {
        Box::pin(async move {
            let needs = asked_table(asked)?;
            self.session.register(ASKED, needs.schema(), vec![needs])?;
            let slots = if ease.slot { self.windows().await? } else { Vec::new() };
            let candidates = Candidates { rows: frame(&self.session, &self.eased_sql(ease)?).await? };
            let slots = self.added(&candidates, &slots)?;
            Ok(Eased { candidates, slots })
        })
    }

    fn eased_sql(&self, ease: Ease) -> Result<String> {
        let more = ease.reach_m;
        let mut with = vec![format!(
            "need_occurrence AS (SELECT * REPLACE (reach_m + {more} AS reach_m), reach_m AS asked_reach_m \
             FROM (SELECT n.* FROM need_occurrence n JOIN {ASKED} a ON {IS_ASKED}))"
        )];
        let mut conditions: Vec<String> =
            self.rules.iter().map(|it| format!("(({}) IS TRUE)", it.expression)).collect();
        if ease.skill {
            with.push(LEARNED.to_owned());
            conditions.push("p.for_need = n.need_id".to_owned());
        } else {
            with.push("provider AS (SELECT *, CAST(NULL AS VARCHAR) AS lacking FROM provider)".to_owned());
        }
        if ease.slot {
            with.push(format!(
                "slot AS (SELECT p.provider_id, p.provider_id || t.slot_id AS slot_id, t.slot_start, t.slot_end, \
                 t.slot_day, t.need_id AS for_need, t.occurrence_us AS for_us \
                 FROM (SELECT DISTINCT provider_id FROM provider) p CROSS JOIN {WINDOWS} t)"
            ));
            conditions.push(
                "s.for_need = n.need_id AND s.for_us = arrow_cast(n.occurrence_start, 'Int64')".to_owned(),
            );
        }
        Ok(format!(
            "WITH {} SELECT DISTINCT {}, p.lacking, n.asked_reach_m FROM {} {} {} WHERE {} \
             ORDER BY need_id, occurrence_start, provider_id, slot_id, lacking",
            with.join(", "),
            rule::sql("features")?,
            rule::sql("block")?,
            rule::sql("with_offer")?,
            rule::sql("with_history")?,
            conditions.join(" AND ")
        ))
    }

    /// The windows of the occurrences as slots of nobody, which are put down as a table: a day
    /// of each at most.
    async fn windows(&self) -> Result<Vec<Slot>> {
        let sql = format!(
            "SELECT n.need_id, n.occurrence_start, n.occurrence_end, n.duration_min FROM need_occurrence n \
             JOIN {ASKED} a ON {IS_ASKED} ORDER BY n.need_id, n.occurrence_start"
        );
        let rows = frame(&self.session, &sql).await?;
        let (ids, minutes) = (rows.texts("need_id")?, rows.integers("duration_min")?);
        let (starts, ends) = (rows.times("occurrence_start")?, rows.times("occurrence_end")?);
        let mut slots = Vec::new();
        for row in 0..rows.rows() {
            let task = (integer_at(&minutes, row).unwrap_or(0) * 60_000_000).max(1);
            let Horizon { start, end, .. } = self.horizon;
            let (start, end) = (starts.value(row).max(start), ends.value(row).min(end));
            let midnight = self.zone.day_start(self.zone.day(start) + 1);
            // Today if the task still fits, else over midnight.
            let last = if start + task <= midnight { midnight } else { start + DAY_US };
            slots.push(super::expand::slot("", start, end.min(last), 1, self.zone));
        }
        let (_, table) = layout::slot_table(&slots, self.horizon, &self.zone_name()?)?;
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for (field, column) in table.schema().fields().iter().zip(table.columns()) {
            columns.push((field.name().clone(), Arc::clone(column)));
        }
        columns.push(("need_id".to_owned(), shared(ids)));
        columns.push(("occurrence_us".to_owned(), shared(starts)));
        let table = RecordBatch::try_from_iter(columns).map_err(engine)?;
        self.session.register(WINDOWS, table.schema(), vec![table])?;
        Ok(slots)
    }

    /// The slots that candidates meet in the windows that were put down.
    fn added(&self, candidates: &Candidates, windows: &[Slot]) -> Result<Vec<Slot>> {
        let (providers, ids) = (candidates.rows.texts("provider_id")?, candidates.rows.texts("slot_id")?);
        let mut added: Vec<Slot> = Vec::new();
        for row in 0..candidates.rows.rows() {
            let (provider, id) = (providers.value(row), ids.value(row));
            let window = windows.iter().find(|it| id.strip_prefix(provider) == Some(&it.slot_id));
            added.extend(window.map(|it| Slot {
                slot_id: id.to_owned(),
                provider_id: provider.to_owned(),
                ..it.clone()
            }));
        }
        added.sort_by(|a, b| a.slot_id.cmp(&b.slot_id));
        added.dedup();
        Ok(added)
    }

    /// The zone as tables name it.
    fn zone_name(&self) -> Result<String> {
        let at = self.zone.rfc3339(0);
        at.get(at.len().saturating_sub(6)..).map(str::to_owned).ok_or_else(|| engine("a zone without name"))
    }

    /// The stage of a later horizon on which only these occurrences of needs stand, moved by so
    /// many days.
    ///
    /// **Cost.** That of [`Stage::new`].
    pub fn postponed<'a>(
        &'a self,
        store: &'a Store,
        snapshot: &'a Snapshot,
        limits: &'a QueryLimits,
        scope: &'a Scope,
        asked: &'a BTreeSet<(String, i64)>,
        days: i64,
    ) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            let by = days * DAY_US;
            let Horizon { as_of, start, end } = self.horizon;
            let scope =
                Scope { as_of: Some(as_of), from: Some(start + by), to: Some(end + by), ..scope.clone() };
            let mut later = Self::new(store, snapshot, &scope, limits).await?;
            let rows = frame(&self.session, "SELECT * FROM need_occurrence").await?;
            let (ids, starts) = (rows.texts("need_id")?, rows.times("occurrence_start")?);
            let is_asked = |need: &str, start: i64| asked.contains(&(need.to_owned(), start));
            let kept = (0..rows.rows()).filter(|it| is_asked(ids.value(*it), starts.value(*it)));
            let kept: UInt32Array = kept.map(|it| u32::try_from(it).ok()).collect();
            let moved = shifted(&take_rows(rows.batch(), &kept)?, by)?;
            later.session.register("need_occurrence", moved.schema(), vec![moved])?;
            let (schema, batches) = later.session.internal(&rule::sql("offer")?, &Params::default()).await?;
            later.session.register("best_offer", schema, batches)?;
            later.needs =
                self.needs.iter().filter(|it| is_asked(&it.need_id, it.occurrence_start)).cloned().collect();
            later.needs.iter_mut().for_each(|it| it.occurrence_start += by);
            Ok(later)
        })
    }
}

/// Whether an occurrence `n` is one of the asked, `a`.
const IS_ASKED: &str = "a.need_id = n.need_id AND a.occurrence_us = arrow_cast(n.occurrence_start, 'Int64')";

/// Volunteers, once for each need and each skill of it that they lack, with that skill.
const LEARNED: &str = "provider AS (SELECT * REPLACE (CASE WHEN skills IS NULL THEN make_array(lacking) \
    ELSE array_append(skills, lacking) END AS skills) FROM (SELECT p.*, k.lacking, k.for_need FROM provider p \
    CROSS JOIN (SELECT DISTINCT need_id AS for_need, unnest(skills) AS lacking FROM need_occurrence) k \
    WHERE p.kind <> 'merchant' AND NOT list_covers(p.skills, make_array(k.lacking))))";

fn asked_table(asked: &BTreeSet<(String, i64)>) -> Result<RecordBatch> {
    let ids = StringArray::from_iter_values(asked.iter().map(|it| &it.0));
    let starts = Int64Array::from_iter_values(asked.iter().map(|it| it.1));
    RecordBatch::try_from_iter([("need_id", shared(ids)), ("occurrence_us", shared(starts))]).map_err(engine)
}

/// Needs with their windows moved.
fn shifted(needs: &RecordBatch, by: i64) -> Result<RecordBatch> {
    let days = i32::try_from(by / DAY_US).map_err(engine)?;
    let schema = needs.schema();
    let columns = schema.fields().iter().zip(needs.columns()).map(|(field, column)| {
        let column: ArrayRef = match (field.name().as_str(), column.data_type()) {
            ("occurrence_start" | "occurrence_end", DataType::Timestamp(_, zone)) => {
                let moved = column
                    .as_primitive::<TimestampMicrosecondType>()
                    .unary::<_, TimestampMicrosecondType>(|it| it + by);
                shared(moved.with_timezone_opt(zone.clone()))
            }
            ("day", DataType::Date32) => {
                shared(column.as_primitive::<Date32Type>().unary::<_, Date32Type>(|it| it + days))
            }
            _ => Arc::clone(column),
        };
        column
    });
    let columns = columns.collect();
    RecordBatch::try_new(Arc::clone(&schema), columns).map_err(engine)
}

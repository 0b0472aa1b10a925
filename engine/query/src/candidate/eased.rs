//! Who could help if one thing were different.
//!
//! Needs, providers or slots are eased, and the same blocks, rules and features look at them:
//! tables of a statement's WITH clause stand before those of the session. A week later there is
//! another horizon, so that takes a stage of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};

use super::layout;
use super::rule;
use super::stage::{Candidates, Stage, frame};
use super::{Horizon, Scope, Slot};
use crate::frame::{Frame, integer_at, shared, take_rows};
use crate::session::{ParamValue, Params, QueryLimits};
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

/// The need in question, as the parameters `$need` and `$start_0`, `$start_1`, …
struct Asked {
    params: Params,
    /// A condition on `need_occurrence`.
    condition: String,
}

impl Asked {
    fn new(need_id: &str, occurrences: &[i64]) -> Self {
        let mut params = Params::default();
        params.set("need", ParamValue::Text(need_id.to_owned()));
        let mut starts = Vec::new();
        for (position, start) in occurrences.iter().enumerate() {
            params.set(format!("start_{position}"), ParamValue::Timestamp(*start));
            starts.push(format!("$start_{position}"));
        }
        let condition = format!("need_id = $need AND occurrence_start IN ({})", starts.join(", "));
        Self { params, condition }
    }
}

impl Stage {
    /// The candidates of some occurrences of a need if something were eased; among them those
    /// that there are anyway.
    ///
    /// **Shape.** As [`Stage::candidates`]; a provider who lacks one skill of two that are eased
    /// stands there once for each. Nothing without occurrences.
    /// **Cost.** One candidate query over one need.
    pub fn eased<'a>(
        &'a self,
        need_id: &'a str,
        occurrences: &'a [i64],
        ease: Ease,
    ) -> Pending<'a, Result<Eased>> {
        Box::pin(async move {
            let asked = Asked::new(need_id, occurrences);
            let slots = if ease.slot { self.windows(&asked).await? } else { Vec::new() };
            let sql = self.eased_sql(&asked, ease)?;
            let (schema, batches) = self.session.internal(&sql, &asked.params).await?;
            let candidates = Candidates { rows: Frame::new(&schema, &batches)? };
            let slots = self.added(&candidates, &slots)?;
            Ok(Eased { candidates, slots })
        })
    }

    fn eased_sql(&self, asked: &Asked, ease: Ease) -> Result<String> {
        let (condition, more) = (&asked.condition, ease.reach_m);
        let mut with = vec![format!(
            "need_occurrence AS (SELECT * REPLACE (reach_m + {more} AS reach_m), reach_m AS asked_reach_m \
             FROM need_occurrence WHERE {condition})"
        )];
        with.push(if ease.skill {
            "provider AS (SELECT * REPLACE (CASE WHEN skills IS NULL THEN make_array(lacking) \
             ELSE array_append(skills, lacking) END AS skills) FROM (SELECT p.*, k.lacking FROM provider p \
             CROSS JOIN (SELECT DISTINCT unnest(skills) AS lacking FROM need_occurrence) k \
             WHERE p.kind <> 'merchant' AND NOT list_covers(p.skills, make_array(k.lacking))))"
                .to_owned()
        } else {
            "provider AS (SELECT *, CAST(NULL AS VARCHAR) AS lacking FROM provider)".to_owned()
        });
        if ease.slot {
            with.push(format!(
                "slot AS (SELECT p.provider_id, p.provider_id || t.slot_id AS slot_id, t.slot_start, \
                 t.slot_end, t.slot_day FROM (SELECT DISTINCT provider_id FROM provider) p CROSS JOIN {WINDOWS} t)"
            ));
        }
        let passes: Vec<String> =
            self.rules.iter().map(|it| format!("(({}) IS TRUE)", it.expression)).collect();
        Ok(format!(
            "WITH {} SELECT DISTINCT {}, p.lacking, n.asked_reach_m FROM {} {} WHERE {} \
             ORDER BY need_id, occurrence_start, provider_id, slot_id, lacking",
            with.join(", "),
            rule::sql("features")?,
            rule::sql("block")?,
            rule::sql("with_offer")?,
            passes.join(" AND ")
        ))
    }

    /// The windows of the occurrences as slots of nobody, which are put down as a table: a day
    /// of each at most.
    async fn windows(&self, asked: &Asked) -> Result<Vec<Slot>> {
        let sql = format!(
            "SELECT occurrence_start, occurrence_end, duration_min FROM need_occurrence WHERE {} \
             ORDER BY occurrence_start",
            asked.condition
        );
        let (schema, batches) = self.session.internal(&sql, &asked.params).await?;
        let rows = Frame::new(&schema, &batches)?;
        let (starts, ends) = (rows.times("occurrence_start")?, rows.times("occurrence_end")?);
        let minutes = rows.integers("duration_min")?;
        let mut slots = Vec::new();
        for row in 0..rows.rows() {
            let task = (integer_at(&minutes, row).unwrap_or(0) * 60_000_000).max(1);
            let Horizon { start, end, .. } = self.horizon;
            let (start, end) = (starts.value(row).max(start), ends.value(row).min(end));
            let midnight = self.zone.day_start(self.zone.day(start) + 1);
            // Today if the task still fits, else over midnight.
            let last = if start + task <= midnight { midnight } else { start + DAY_US };
            if start < end {
                slots.push(super::expand::slot("", start, end.min(last), 1, self.zone));
            }
        }
        slots.dedup();
        let zone = self.zone_name()?;
        let (schema, batch) = layout::slot_table(&slots, self.horizon, &zone)?;
        self.session.register(WINDOWS, schema, vec![batch])?;
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

/// The table of windows that everybody might have a slot in.
const WINDOWS: &str = "eased_window";

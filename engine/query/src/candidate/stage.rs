//! The tables a match works on, laid out once in a session of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray, UInt32Array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::expand::{self, Occurrence};
use super::rule::{self, Rule};
use super::{Held, Horizon, Need, Provider, Scope, Slot};
use crate::frame::{Frame, integer_at, shared, text_at};
use crate::session::{ParamValue, Params, QueryLimits, Session};
use crate::store::{Snapshot, Store};
use crate::zone::{DAY_US, Zone};
use crate::{Error, Pending, Result};

/// A horizon without a window in sight is a week.
const HORIZON_DAYS: i64 = 7;

/// Needs, providers and slots of one horizon, ready to be paired.
pub struct Stage {
    pub(super) session: Session,
    pub(super) rules: Vec<Rule>,
    /// Local time.
    pub zone: Zone,
    /// The stretch of time that is planned.
    pub horizon: Horizon,
    /// Needs with something left to ask for, by (need, occurrence).
    pub needs: Vec<Need>,
    /// All slots, by (provider, start, end).
    pub slots: Vec<Slot>,
    /// All providers, by id.
    pub providers: BTreeMap<String, Provider>,
    /// What published runs hold already.
    pub held: Held,
}

/// Every pair and slot that passes all hard rules, with what scorers may see.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// Sorted by (need_id, occurrence_start, provider_id, slot_id).
    pub rows: Frame,
}

impl Stage {
    /// Lays out one horizon of a snapshot.
    ///
    /// **Errors.** An unreadable recurrence rule, or a horizon with more occurrences or slots
    /// than one run takes.
    /// **Cost.** O(needs + availability + slots), all in memory.
    pub fn new<'a>(
        store: &'a Store,
        snapshot: &'a Snapshot,
        scope: &'a Scope,
        limits: &'a QueryLimits,
    ) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            let session = Session::new(store, snapshot, limits).await?;
            let zone = Zone::parse(&store.config().time_zone);
            let open = open_needs(&session, scope).await?;
            let horizon = horizon(&open, scope, snapshot.at_us, zone)?;
            let mut occurrences = expand::occurrences(&open, horizon, zone)?;
            let providers = providers(&session).await?;
            let availability =
                frame(&session, "SELECT * FROM availability ORDER BY provider_id, \"start\"").await?;
            let slots = expand::slots(&availability, &providers, horizon, zone)?;
            let (held, holders) = held(&session, zone).await?;
            for it in &mut occurrences {
                let taken = holders.get(&(it.need.need_id.clone(), it.start)).map_or(0, |it| it.len());
                it.need.demand = it.need.demand.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX));
            }
            occurrences.retain(|it| it.need.demand > 0);
            let pins = pins(&session).await?;
            for it in &mut occurrences {
                it.need.pinned = pins.get(&it.need.need_id).is_some_and(|(must, _)| !must.is_empty());
            }
            let (schema, batch) = occurrence_table(&open, &occurrences, &pins, &holders, store, zone)?;
            session.register("need_occurrence", schema, vec![batch])?;
            let (schema, batch) = slot_table(&slots, store)?;
            session.register("slot", schema, vec![batch])?;
            let (schema, batches) = session.internal(&rule::sql("offer")?, &Params::default()).await?;
            session.register("best_offer", schema, batches)?;
            let needs = occurrences.into_iter().map(|it| it.need).collect();
            Ok(Self { session, rules: rule::rules()?, zone, horizon, needs, slots, providers, held })
        })
    }

    /// Pairs everything with everything that may help it.
    ///
    /// **Shape.** One row per need, occurrence, provider and slot; columns of `features.sql`.
    pub fn candidates<'a>(&'a self) -> Pending<'a, Result<Candidates>> {
        Box::pin(async move {
            let passes: Vec<String> =
                self.rules.iter().map(|it| format!("(({}) IS TRUE)", it.expression)).collect();
            let sql = format!(
                "SELECT {} FROM {} WHERE {} ORDER BY n.need_id, n.occurrence_start, p.provider_id, s.slot_id",
                rule::sql("features")?,
                rule::sql("block")?,
                passes.join(" AND ")
            );
            Ok(Candidates { rows: frame(&self.session, &sql).await? })
        })
    }
}

/// Runs SQL of our own and joins the batches.
pub(super) async fn frame(session: &Session, sql: &str) -> Result<Frame> {
    let (schema, batches) = session.internal(sql, &Params::default()).await?;
    Frame::new(&schema, &batches)
}

async fn open_needs(session: &Session, scope: &Scope) -> Result<Frame> {
    let mut params = Params::default();
    params.set("as_of", scope.as_of.map_or(ParamValue::Null, ParamValue::Timestamp));
    params.set("reach_m", ParamValue::Integer(scope.reach_m));
    let (schema, batches) = session.internal(&rule::sql("need")?, &params).await?;
    let all = Frame::new(&schema, &batches)?;
    if scope.districts.is_empty() {
        return Ok(all);
    }
    let districts = all.texts("district_id")?;
    let kept: UInt32Array = (0..all.rows())
        .filter(|row| {
            text_at(&districts, *row).is_some_and(|it| scope.districts.iter().any(|wanted| wanted == it))
        })
        .filter_map(|row| u32::try_from(row).ok())
        .collect();
    let columns =
        all.batch().columns().iter().map(|it| arrow(take(it, &kept, None))).collect::<Result<Vec<_>>>()?;
    Frame::new(&schema, &[arrow(RecordBatch::try_new(Arc::clone(&schema), columns))?])
}

/// The horizon that was asked for, or the one the needs themselves span.
fn horizon(open: &Frame, scope: &Scope, snapshot_at: i64, zone: Zone) -> Result<Horizon> {
    let (starts, ends) = (open.times("window_start")?, open.times("window_end")?);
    let rules = open.texts("rrule")?;
    let times = open.times("received_at")?;
    let received = (0..open.rows()).filter_map(|row| integer_at(&times, row)).max();
    let once = |row: &usize| text_at(&rules, *row).is_none();
    let first = (0..open.rows()).filter_map(|row| integer_at(&starts, row)).min();
    let last = (0..open.rows()).filter(once).filter_map(|row| integer_at(&ends, row)).max();
    // Whoever names no instant means "with all that is known": the data decide, not the clock.
    let as_of = scope.as_of.or(received).or(first).unwrap_or(snapshot_at);
    let start = scope.from.or(scope.as_of).or(first).unwrap_or_else(|| zone.day_start(zone.day(as_of)));
    let end = scope.to.unwrap_or_else(|| last.unwrap_or(start).max(start + HORIZON_DAYS * DAY_US));
    if end <= start {
        return Err(Error::BadParameter {
            query: "match".to_owned(),
            cause: format!(
                "the horizon ends ({}) before it begins ({})",
                zone.rfc3339(end),
                zone.rfc3339(start)
            ),
        });
    }
    Ok(Horizon { as_of, start, end })
}

async fn providers(session: &Session) -> Result<BTreeMap<String, Provider>> {
    let (schema, batches) = session.internal(&rule::sql("provider")?, &Params::default()).await?;
    let all = Frame::new(&schema, &batches)?;
    session.register("provider", schema, batches)?;
    let ids = all.texts("provider_id")?;
    let (days, weeks) = (all.integers("max_per_day")?, all.integers("max_per_week")?);
    let mut providers = BTreeMap::new();
    for row in 0..all.rows() {
        let provider =
            Provider { max_per_day: integer_at(&days, row), max_per_week: integer_at(&weeks, row) };
        if providers.insert(ids.value(row).to_owned(), provider).is_some() {
            return Err(Error::AmbiguousProvider { provider: ids.value(row).to_owned() });
        }
    }
    Ok(providers)
}

type Holders = BTreeMap<(String, i64), Vec<String>>;

async fn held(session: &Session, zone: Zone) -> Result<(Held, Holders)> {
    let rows = frame(session, &rule::sql("held")?).await?;
    let (needs, providers, slots) =
        (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("slot_id")?);
    let (occurrences, starts) = (rows.times("occurrence_start")?, rows.times("starts_at")?);
    let units = rows.integers("units")?;
    let (mut held, mut holders) = (Held::default(), Holders::new());
    for row in 0..rows.rows() {
        let (provider, start, units) = (providers.value(row), starts.value(row), units.value(row));
        *held.by_slot.entry(slots.value(row).to_owned()).or_default() += units;
        *held.by_day.entry((provider.to_owned(), zone.day(start))).or_default() += units;
        *held.by_week.entry((provider.to_owned(), zone.week(start))).or_default() += units;
        holders
            .entry((needs.value(row).to_owned(), occurrences.value(row)))
            .or_default()
            .push(provider.to_owned());
    }
    Ok((held, holders))
}

/// Need → providers fixed for it and providers ruled out.
type Pins = BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>;

async fn pins(session: &Session) -> Result<Pins> {
    let rows =
        frame(session, "SELECT need_id, provider_id, kind FROM pin ORDER BY need_id, provider_id").await?;
    let (needs, providers, kinds) = (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("kind")?);
    let mut pins = Pins::new();
    for row in 0..rows.rows() {
        let (must, never) = pins.entry(needs.value(row).to_owned()).or_default();
        let side = if kinds.value(row) == "must" { must } else { never };
        side.insert(providers.value(row).to_owned());
    }
    Ok(pins)
}

fn occurrence_table(
    open: &Frame,
    occurrences: &[Occurrence],
    pins: &Pins,
    holders: &Holders,
    store: &Store,
    zone: Zone,
) -> Result<(SchemaRef, RecordBatch)> {
    const COPIED: [&str; 15] = [
        "district_id",
        "community_id",
        "service_id",
        "skills",
        "tier",
        "target_group",
        "duration_min",
        "lon",
        "lat",
        "basis",
        "at_home",
        "reach_m",
        "has_card",
        "channel",
        "service_kind",
    ];
    let index: UInt32Array = occurrences.iter().map(|it| u32::try_from(it.row).ok()).collect();
    let days: Vec<i32> =
        occurrences.iter().map(|it| i32::try_from(zone.day(it.start)).unwrap_or(i32::MAX)).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("need_id", shared(StringArray::from_iter_values(occurrences.iter().map(|it| &it.need.need_id)))),
        ("occurrence_start", times(occurrences.iter().map(|it| it.start), store)),
        ("occurrence_end", times(occurrences.iter().map(|it| it.end), store)),
        ("day", shared(Date32Array::from(days))),
    ];
    for name in COPIED {
        let column = open.batch().column_by_name(name);
        let column =
            column.ok_or_else(|| Error::Engine { cause: format!("need.sql has no column {name}") })?;
        columns.push((name, arrow(take(column, &index, None))?));
    }
    let none = (BTreeSet::new(), BTreeSet::new());
    let pinned = |it: &Occurrence| pins.get(&it.need.need_id).unwrap_or(&none).clone();
    let holding =
        |it: &Occurrence| holders.get(&(it.need.need_id.clone(), it.start)).cloned().unwrap_or_default();
    columns.push(("must", lists(occurrences.iter().map(|it| pinned(it).0.into_iter().collect()))));
    columns.push(("never", lists(occurrences.iter().map(|it| pinned(it).1.into_iter().collect()))));
    columns.push(("holders", lists(occurrences.iter().map(holding))));
    table(columns)
}

fn slot_table(slots: &[Slot], store: &Store) -> Result<(SchemaRef, RecordBatch)> {
    let days: Vec<i32> = slots.iter().map(|it| i32::try_from(it.day).unwrap_or(i32::MAX)).collect();
    table(vec![
        ("provider_id", shared(StringArray::from_iter_values(slots.iter().map(|it| &it.provider_id)))),
        ("slot_id", shared(StringArray::from_iter_values(slots.iter().map(|it| &it.slot_id)))),
        ("slot_start", times(slots.iter().map(|it| it.start), store)),
        ("slot_end", times(slots.iter().map(|it| it.end), store)),
        ("slot_day", shared(Date32Array::from(days))),
        ("slot_week", shared(Int64Array::from_iter_values(slots.iter().map(|it| it.week)))),
    ])
}

fn table(columns: Vec<(&str, ArrayRef)>) -> Result<(SchemaRef, RecordBatch)> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch =
        arrow(RecordBatch::try_new(Arc::clone(&schema), columns.into_iter().map(|(_, it)| it).collect()))?;
    Ok((schema, batch))
}

/// Instants in the pool's zone, as tables show them, so that days are cut locally in SQL too.
fn times(values: impl Iterator<Item = i64>, store: &Store) -> ArrayRef {
    let zone = Arc::from(store.config().time_zone.as_str());
    let array = TimestampMicrosecondArray::from_iter_values(values)
        .with_data_type(DataType::Timestamp(TimeUnit::Microsecond, Some(zone)));
    shared(array)
}

fn lists(rows: impl Iterator<Item = Vec<String>>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for row in rows {
        for text in row {
            builder.values().append_value(text);
        }
        builder.append(true);
    }
    shared(builder.finish())
}

fn arrow<T>(result: std::result::Result<T, datafusion::arrow::error::ArrowError>) -> Result<T> {
    result.map_err(|it| Error::Engine { cause: it.to_string() })
}

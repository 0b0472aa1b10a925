//! The tables a match works on, laid out once in a session of their own.

use std::collections::BTreeMap;

use datafusion::arrow::array::UInt32Array;

use super::expand;
use super::held::Tasks;
use super::layout;
use super::rule::{self, Rule};
use super::{Held, Horizon, Need, Provider, Scope, Slot};
use crate::frame::{Frame, integer_at, take_rows, text_at};
use crate::session::{Params, QueryLimits, Session};
use crate::store::{Snapshot, Store};
use crate::zone::Zone;
use crate::{Error, Pending, Result};

/// Needs, providers and slots of one horizon, ready to be paired.
pub struct Stage {
    pub(super) session: Session,
    pub(super) rules: Vec<Rule>,
    /// Local time.
    pub zone: Zone,
    /// The stretch of time that is planned.
    pub horizon: Horizon,
    /// Open needs that do not fall into the horizon, each counted once however often it recurs.
    pub outside_horizon: u64,
    /// Needs with something left to ask for, by (need, occurrence).
    pub needs: Vec<Need>,
    /// All slots, by (provider, start, end).
    pub slots: Vec<Slot>,
    /// All providers, by id.
    pub providers: BTreeMap<String, Provider>,
    /// What published runs hold already.
    pub held: Held,
}

/// Tables that candidates are joined with, and the files of the folder that fill them, once for
/// all statements about the stage.
const PREPARED: [(&str, &str); 5] = [
    ("best_offer", "offer"),
    ("meeting", "meeting"),
    ("point_speciality", "point_speciality"),
    ("recent_work", "recent_work"),
    ("time_account", "time_account"),
];

/// Every pair and slot that passes all hard rules, with what scorers may see.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// Sorted by (need_id, occurrence_start, provider_id, slot_id).
    pub rows: Frame,
}

impl Stage {
    /// Lays out one horizon of a snapshot.
    ///
    /// **Errors.** An unreadable recurrence rule, a demand beyond all measure, or a horizon
    /// with more occurrences or slots than one run takes.
    /// **Cost.** O(needs + availability + slots), all in memory.
    pub fn new<'a>(
        store: &'a Store,
        snapshot: &'a Snapshot,
        scope: &'a Scope,
        limits: &'a QueryLimits,
    ) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            let session = Session::new(store, snapshot, limits).await?;
            let time_zone = store.config().time_zone.as_str();
            let zone = Zone::parse(time_zone);
            let horizon = scope.horizon(store, snapshot, &session).await?;
            let open = open_needs(&session, scope).await?;
            let (mut occurrences, outside_horizon) = expand::occurrences(&open, horizon, zone)?;
            let tasks = Tasks::read(&session).await?;
            let pins = pins(&session).await?;
            tasks.attribute(&mut occurrences, zone);
            for it in &mut occurrences {
                let taken = u32::try_from(it.holders.len()).unwrap_or(u32::MAX);
                it.need.demand = it.need.demand.saturating_sub(taken);
                (it.must, it.never) = pins.get(&it.need.need_id).cloned().unwrap_or_default();
                it.need.pinned = !it.must.is_empty();
            }
            occurrences.retain(|it| it.need.demand > 0);
            let providers = providers(&session).await?;
            let availability =
                frame(&session, "SELECT * FROM availability ORDER BY provider_id, \"start\"").await?;
            let wanted = |provider: &str| tasks.wanted(provider, horizon, zone);
            let mut slots = expand::slots(&availability, &providers, wanted, zone)?;
            let held = tasks.held(&slots, zone);
            slots.retain(|it| horizon.overlaps(it.start, it.end));
            for (name, (schema, batch)) in [
                ("need_occurrence", layout::occurrence_table(&open, &occurrences, horizon, time_zone)?),
                ("slot", layout::slot_table(&slots, horizon, time_zone)?),
                ("horizon_day", layout::day_table(horizon, time_zone)?),
            ] {
                session.register(name, schema, vec![batch])?;
            }
            for (name, file) in PREPARED {
                let (schema, batches) = session.internal(&rule::sql(file)?, &Params::default()).await?;
                session.register(name, schema, batches)?;
            }
            let needs = occurrences.into_iter().map(|it| it.need).collect();
            let rules = rule::rules()?;
            Ok(Self { session, rules, zone, horizon, outside_horizon, needs, slots, providers, held })
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
                "SELECT {} FROM {} {} {} WHERE {} \
                 ORDER BY n.need_id, n.occurrence_start, p.provider_id, s.slot_id",
                rule::sql("features")?,
                rule::sql("block")?,
                rule::sql("with_offer")?,
                rule::sql("with_history")?,
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
    let (schema, batches) = session.internal(&rule::placed("need")?, &scope.params()).await?;
    let all = Frame::new(&schema, &batches)?;
    let districts = all.texts("district_id")?;
    let kept: UInt32Array = (0..all.rows())
        .filter(|row| scope.includes(text_at(&districts, *row)))
        .map(|row| u32::try_from(row).ok())
        .collect();
    Frame::new(&schema, &[take_rows(all.batch(), &kept)?])
}

async fn providers(session: &Session) -> Result<BTreeMap<String, Provider>> {
    let (schema, batches) = session.internal(&rule::placed("provider")?, &Params::default()).await?;
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

/// Need → providers fixed for it and providers ruled out.
type Pins = BTreeMap<String, (Vec<String>, Vec<String>)>;

async fn pins(session: &Session) -> Result<Pins> {
    let rows =
        frame(session, "SELECT need_id, provider_id, kind FROM pin ORDER BY need_id, provider_id").await?;
    let (needs, providers, kinds) = (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("kind")?);
    let mut pins = Pins::new();
    for row in 0..rows.rows() {
        let (must, never) = pins.entry(needs.value(row).to_owned()).or_default();
        let side = if kinds.value(row) == "must" { must } else { never };
        side.push(providers.value(row).to_owned());
    }
    Ok(pins)
}

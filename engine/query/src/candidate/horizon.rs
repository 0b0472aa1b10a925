//! Which stretch of time a match plans, and for which districts.

use std::collections::BTreeSet;

use super::stage::frame;
use super::{Horizon, Scope, rule};
use crate::frame::{Frame, integer_at, text_at};
use crate::ingest::nearest;
use crate::session::{ParamValue, Params, Session};
use crate::store::{Snapshot, Store};
use crate::zone::{DAY_US, Zone};
use crate::{Error, Pending, Result};

/// A horizon that nobody bounds is at least a week.
const HORIZON_DAYS: i64 = 7;

/// What stands for the places of addresses: dates do not depend on them.
const NOWHERE: &str = "SELECT 'need' AS kind, '' AS id, 0.0 AS lon, 0.0 AS lat WHERE false";

/// Every district that some table names.
const DISTRICTS: &str = "SELECT district_id FROM district UNION SELECT district_id FROM community \
    UNION SELECT district_id FROM need UNION SELECT district_id FROM volunteer";

impl Scope {
    /// The horizon that was asked for, or the one that the open needs span.
    ///
    /// Whoever names no instant means "with all that is known": the tables decide, not the
    /// clock. Where no open need has a date, the horizon begins on the day on which the needs
    /// came; what was committed since, runs included, does not move it.
    ///
    /// **Errors.** [`Error::BadHorizon`] when it would end before it begins.
    /// **Cost.** One aggregate over the open needs, unless all three instants are named.
    pub fn horizon<'a>(
        &'a self,
        store: &'a Store,
        snapshot: &'a Snapshot,
        session: &'a Session,
    ) -> Pending<'a, Result<Horizon>> {
        Box::pin(async move {
            let zone = Zone::parse(&store.config().time_zone);
            let (as_of, start, end) = match (self.as_of, self.from, self.to) {
                (Some(as_of), Some(start), Some(end)) => (as_of, start, end),
                _ => {
                    let dates = Dates::read(session, self, zone).await?;
                    let as_of = match self.as_of.or(dates.received).or(dates.first) {
                        Some(it) => it,
                        None => needs_since(store, snapshot).await?,
                    };
                    let start = self.from.or(self.as_of).or(dates.first);
                    let start = start.unwrap_or_else(|| zone.day_start(zone.day(as_of)));
                    let week = start + HORIZON_DAYS * DAY_US;
                    (as_of, start, self.to.unwrap_or_else(|| dates.last.map_or(week, |it| it.max(week))))
                }
            };
            if end <= start {
                let (start, end) = (zone.rfc3339(start), zone.rfc3339(end));
                return Err(Error::BadHorizon { start, end });
            }
            Ok(Horizon { as_of, start, end })
        })
    }

    /// The first district asked for that no table names, and the one spelt most like it.
    pub fn unknown_district<'a>(
        &'a self,
        session: &'a Session,
    ) -> Pending<'a, Result<Option<(String, Option<String>)>>> {
        Box::pin(async move {
            if self.districts.is_empty() {
                return Ok(None);
            }
            let rows = frame(session, DISTRICTS).await?.texts("district_id")?;
            let known: BTreeSet<&str> = rows.iter().flatten().collect();
            let unknown = self.districts.iter().find(|it| !known.contains(it.as_str()));
            Ok(unknown.map(|it| (it.clone(), nearest(it, known.iter().copied()))))
        })
    }

    /// Whether needs of a district take part.
    pub(super) fn includes(&self, district: Option<&str>) -> bool {
        self.districts.is_empty() || district.is_some_and(|it| self.districts.iter().any(|asked| asked == it))
    }

    /// The parameters of `need.sql`.
    pub(super) fn params(&self) -> Params {
        let mut params = Params::default();
        params.set("as_of", self.as_of.map_or(ParamValue::Null, ParamValue::Timestamp));
        params.set("reach_m", ParamValue::Integer(self.reach_m));
        params
    }
}

/// The dates of the open needs.
#[derive(Debug, Default)]
struct Dates {
    first: Option<i64>,
    last: Option<i64>,
    /// When the newest was received.
    received: Option<i64>,
}

impl Dates {
    async fn read(session: &Session, scope: &Scope, zone: Zone) -> Result<Self> {
        let (need, horizon) = (rule::sql("need")?, rule::sql("horizon")?);
        let sql = format!("WITH located AS ({NOWHERE}), open_need AS ({need}) {horizon}");
        let (schema, batches) = session.internal(&sql, &scope.params()).await?;
        let rows = Frame::new(&schema, &batches)?;
        let districts = rows.texts("district_id")?;
        let (first_start, first_end) = (rows.times("first_start")?, rows.times("first_end")?);
        let (last_start, last_end) = (rows.times("last_start")?, rows.times("last_end")?);
        let (last_due, received) = (rows.times("last_due")?, rows.times("received")?);
        let mut dates = Self::default();
        for row in (0..rows.rows()).filter(|row| scope.includes(text_at(&districts, *row))) {
            // What has only an end may be met on its last day, what has only a beginning on its first.
            let last_day = integer_at(&first_end, row).map(|it| zone.day_start(zone.day(it - 1)));
            let first_day = integer_at(&last_start, row).map(|it| zone.day_start(zone.day(it) + 1));
            let begins = [dates.first, integer_at(&first_start, row), last_day];
            let ends = [dates.last, integer_at(&last_end, row), integer_at(&last_due, row), first_day];
            dates.first = begins.into_iter().flatten().min();
            dates.last = ends.into_iter().flatten().max();
            dates.received = dates.received.max(integer_at(&received, row));
        }
        Ok(dates)
    }
}

/// When the needs became what they are in a snapshot.
///
/// **Cost.** One small read per snapshot since then.
async fn needs_since(store: &Store, snapshot: &Snapshot) -> Result<i64> {
    let content = |it: &Snapshot| it.tables.get("need").map(|it| it.digest.clone());
    let mut oldest = snapshot.clone();
    while let Some(parent) = oldest.parent {
        let before = store.snapshot(parent).await?;
        if content(&before) != content(&oldest) {
            break;
        }
        oldest = before;
    }
    Ok(oldest.at_us)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};

    use super::*;
    use crate::config::PoolConfig;
    use crate::session::QueryLimits;
    use crate::store::{Change, CommitNote};

    struct Pool {
        store: Store,
        _folder: tempfile::TempDir,
    }

    impl Pool {
        async fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let config = PoolConfig::default();
            let store = Store::create(&folder.path().join("pool"), &config, at("2024-01-01")).await;
            Self { store: store.expect("a pool"), _folder: folder }
        }

        async fn add(&self, table: &str, columns: Vec<(&str, ArrayRef)>, at_us: i64) {
            let batch = RecordBatch::try_from_iter(columns).expect("a batch");
            let change = Change::Append { table: table.to_owned(), batches: vec![batch] };
            let note = CommitNote { at_us, action: "test".to_owned() };
            let base = self.store.latest().await.expect("a snapshot");
            self.store.commit(&base, vec![change], &note).await.expect("a commit");
        }

        async fn horizon(&self, scope: &Scope) -> (String, String) {
            let snapshot = self.store.latest().await.expect("a snapshot");
            let limits = QueryLimits::default();
            let session = Session::new(&self.store, &snapshot, &limits).await.expect("a session");
            let found = scope.horizon(&self.store, &snapshot, &session).await.expect("a horizon");
            (zone().format(found.start, "%m-%dT%H:%M"), zone().format(found.end, "%m-%dT%H:%M"))
        }
    }

    fn zone() -> Zone {
        Zone::parse("+08:00")
    }

    fn at(text: &str) -> i64 {
        zone().instant(text).expect("a time")
    }

    fn texts(texts: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(texts.to_vec()))
    }

    fn times(texts: &[&str]) -> ArrayRef {
        let times = texts.iter().map(|it| (!it.is_empty()).then(|| at(it)));
        Arc::new(TimestampMicrosecondArray::from_iter(times).with_timezone("UTC"))
    }

    fn span(start: &str, end: &str) -> (String, String) {
        (start.to_owned(), end.to_owned())
    }

    #[tokio::test]
    async fn the_horizon_covers_every_date_of_the_open_needs() {
        let pool = Pool::new().await;
        let columns = vec![
            ("need_id", texts(&["n1", "n2", "n3", "n4", "n5"])),
            ("district_id", texts(&["d1", "d1", "d1", "d2", "d1"])),
            ("window_start", times(&["2024-03-05T09:00", "", "", "2024-04-20T09:00", ""])),
            ("window_end", times(&["2024-03-05T11:00", "2024-03-02T12:00", "", "", ""])),
            ("due_at", times(&["", "", "2024-03-30", "", ""])),
        ];
        pool.add("need", columns, at("2024-05-01")).await;
        // What has only a beginning takes that day, what has only an end takes its last day; what
        // has neither moves nothing.
        assert_eq!(pool.horizon(&Scope::default()).await, span("03-02T00:00", "04-21T00:00"));
        let of = |district: &str| Scope { districts: vec![district.to_owned()], ..Scope::default() };
        assert_eq!(pool.horizon(&of("d1")).await, span("03-02T00:00", "03-30T00:00"));
        assert_eq!(pool.horizon(&of("d2")).await, span("04-20T09:00", "04-27T09:00"));
        let from = Scope { from: Some(at("2024-03-04T12:00")), ..of("d1") };
        assert_eq!(pool.horizon(&from).await, span("03-04T12:00", "03-30T00:00"));
    }

    #[tokio::test]
    async fn without_any_date_the_horizon_begins_on_the_day_the_needs_came() {
        let pool = Pool::new().await;
        assert_eq!(pool.horizon(&Scope::default()).await, span("01-01T00:00", "01-08T00:00"));
        pool.add("need", vec![("need_id", texts(&["n1"]))], at("2024-02-01T15:00")).await;
        assert_eq!(pool.horizon(&Scope::default()).await, span("02-01T00:00", "02-08T00:00"));
        pool.add("district", vec![("district_id", texts(&["d1"]))], at("2024-02-20")).await;
        assert_eq!(pool.horizon(&Scope::default()).await, span("02-01T00:00", "02-08T00:00"));
        pool.add("need", vec![("need_id", texts(&["n2"]))], at("2024-02-03T15:00")).await;
        assert_eq!(pool.horizon(&Scope::default()).await, span("02-03T00:00", "02-10T00:00"));
    }

    #[tokio::test]
    async fn a_district_that_no_table_names_is_unknown() {
        let pool = Pool::new().await;
        pool.add("district", vec![("district_id", texts(&["east"]))], 1).await;
        let volunteers = vec![("volunteer_id", texts(&["v1"])), ("district_id", texts(&["west"]))];
        pool.add("volunteer", volunteers, 2).await;
        let snapshot = pool.store.latest().await.expect("a snapshot");
        let limits = QueryLimits::default();
        let session = Session::new(&pool.store, &snapshot, &limits).await.expect("a session");
        for (asked, expected) in [
            (vec![], None),
            (vec!["east", "west"], None),
            (vec!["east", "wset"], Some(("wset", Some("west")))),
            (vec!["somewhere"], Some(("somewhere", None))),
        ] {
            let districts = asked.into_iter().map(str::to_owned).collect();
            let scope = Scope { districts, ..Scope::default() };
            let found = scope.unknown_district(&session).await.expect("an answer");
            let found = found.as_ref().map(|(it, nearest)| (it.as_str(), nearest.as_deref()));
            assert_eq!(found, expected);
        }
    }
}

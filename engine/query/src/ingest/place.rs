//! Coordinates of a file to WGS 84, which is what tables hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use datafusion::arrow::datatypes::Float64Type;
use linli_model::{Crs, TableSchema, Text};

use super::LoadOptions;
use super::header::Mapping;
use super::report::CrsReport;
use super::rule::Flaw;
use crate::error::{Error, Result};

/// The columns of a place, by name.
const LON: &str = "lon";
const LAT: &str = "lat";

/// A converted degree is kept to so many parts, 1 cm on the ground, so that the last bits of sine
/// and cosine make no other row.
const PARTS: f64 = 1e7;

/// The coordinate system of a load's files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    crs: Crs,
    basis: Basis,
}

/// Who said which system it is.
#[derive(Debug, Clone, Copy)]
enum Basis {
    /// Whoever loads.
    Asked,
    /// The pool.
    Pool,
    /// The load that refused the line.
    Refused,
}

/// What a report says of files that were read so; nothing where none has coordinates.
pub(super) fn report(table: &TableSchema, places: &[Place], mappings: &[Mapping]) -> Option<CrsReport> {
    let with = places.iter().zip(mappings).filter(|(place, file)| !place.name(table, file).is_empty());
    let named: BTreeMap<&str, &Place> = with.map(|(place, _)| (place.crs.as_str(), place)).collect();
    let basis = named.values().next()?.basis();
    Some(CrsReport { name: named.into_keys().collect::<Vec<_>>().join(", "), basis })
}

impl Place {
    /// What was asked for, else what the pool is set to.
    ///
    /// **Errors.** [`Error::UnknownCrs`].
    pub(super) fn settle(options: &LoadOptions, pool: &str) -> Result<Self> {
        let asked = options.crs.as_deref();
        let name = asked.unwrap_or(pool);
        let crs = Crs::parse(name).ok_or_else(|| Error::UnknownCrs { crs: name.to_owned() })?;
        Ok(Self { crs, basis: if asked.is_some() { Basis::Asked } else { Basis::Pool } })
    }

    /// What it was when a line was refused, where that was written down; else this.
    pub(super) fn or_refused(self, crs: &str) -> Self {
        Crs::parse(crs).map_or(self, |crs| Self { crs, basis: Basis::Refused })
    }

    /// The name of the system, where a file has coordinates; else nothing.
    pub(super) fn name(self, table: &TableSchema, file: &Mapping) -> &'static str {
        let columns = [LON, LAT].map(|it| table.index_of(it));
        if columns.iter().flatten().any(|it| file.sources[*it].is_some()) { self.crs.as_str() } else { "" }
    }

    fn basis(self) -> Text {
        match self.basis {
            Basis::Asked => Text::new("asked for with the load", "载入时指定"),
            Basis::Pool => Text::new("the setting `crs` in pool.json", "资源池设置 pool.json 中的 crs"),
            Basis::Refused => {
                Text::new("the system of the load that refused the row", "该行被隔离时所用的坐标系")
            }
        }
    }

    /// Moves the places of a file to WGS 84. One coordinate alone cannot be moved: such a row is
    /// flawed.
    ///
    /// **Shape.** `columns` by field, before cells of the table fill what the file lacks.
    pub(super) fn convert(self, table: &TableSchema, columns: &mut [ArrayRef], flaws: &mut Vec<Flaw>) {
        let (Some(lon), Some(lat)) = (table.index_of(LON), table.index_of(LAT)) else { return };
        if self.crs == Crs::Wgs84 {
            return;
        }
        let (lons, lats) =
            (columns[lon].as_primitive_opt::<Float64Type>(), columns[lat].as_primitive_opt::<Float64Type>());
        let (Some(lons), Some(lats)) = (lons, lats) else { return };
        let flawed: std::collections::BTreeSet<usize> = flaws.iter().map(|it| it.row).collect();
        let mut places = Vec::with_capacity(lons.len());
        for row in 0..lons.len() {
            let value = |it: &Float64Array| it.is_valid(row).then(|| it.value(row));
            let place = value(lons).zip(value(lats));
            if place.is_none() && lons.is_valid(row) != lats.is_valid(row) && !flawed.contains(&row) {
                let field = if lons.is_valid(row) { lat } else { lon };
                flaws.push(Flaw { row, field, rule: "place", expected: self.expected() });
            }
            places.push(place.map(|(lon, lat)| self.moved(lon, lat)));
        }
        columns[lon] = Arc::new(places.iter().map(|it| it.map(|it| it.0)).collect::<Float64Array>());
        columns[lat] = Arc::new(places.iter().map(|it| it.map(|it| it.1)).collect::<Float64Array>());
    }

    fn moved(self, lon: f64, lat: f64) -> (f64, f64) {
        let round = |it: f64| (it * PARTS).round() / PARTS;
        let (lon, lat) = self.crs.to_wgs84(lon, lat);
        (round(lon), round(lat))
    }

    fn expected(self) -> Text {
        let crs = self.crs.as_str();
        Text::new(
            format!("lon and lat together: one of them alone cannot be converted from {crs}"),
            format!("经度与纬度须同时填写：{crs} 坐标只有其一时无法换算"),
        )
    }
}

#[cfg(test)]
mod tests {
    use linli_model::Catalog;

    use super::super::{LoadReport, load};
    use super::*;
    use crate::config::PoolConfig;
    use crate::store::Store;

    fn place(crs: &str) -> Place {
        let options = LoadOptions { crs: Some(crs.to_owned()), ..LoadOptions::default() };
        Place::settle(&options, "wgs84").expect("a system")
    }

    fn converted(crs: &str, lon: Option<f64>, lat: Option<f64>) -> (Option<f64>, Option<f64>, usize) {
        let table = Catalog::embedded().expect("schemas").table("community").expect("a table");
        let arrow = table.arrow();
        let nothing = |it: &Arc<_>| {
            let field: &datafusion::arrow::datatypes::Field = it;
            datafusion::arrow::array::new_null_array(field.data_type(), 1)
        };
        let mut columns: Vec<ArrayRef> = arrow.fields().iter().map(nothing).collect();
        let (x, y) = (table.index_of(LON).expect("lon"), table.index_of(LAT).expect("lat"));
        columns[x] = Arc::new(Float64Array::from(vec![lon]));
        columns[y] = Arc::new(Float64Array::from(vec![lat]));
        let mut flaws = Vec::new();
        place(crs).convert(table, &mut columns, &mut flaws);
        let value = |it: usize| columns[it].as_primitive::<Float64Type>().iter().next().flatten();
        (value(x), value(y), flaws.len())
    }

    #[test]
    fn both_coordinates_move_or_the_row_is_flawed() {
        let here = (Some(116.397131), Some(39.908746));
        assert_eq!(converted("WGS-84", here.0, here.1), (here.0, here.1, 0));
        let (lon, lat, flaws) = converted("gcj02", here.0, here.1);
        let (lon, lat) = (lon.expect("lon"), lat.expect("lat"));
        assert!((lon - 116.39089).abs() < 1e-5 && (lat - 39.90734).abs() < 1e-5, "{lon} {lat}");
        assert_eq!(flaws, 0);
        assert_eq!(lon, (lon * PARTS).round() / PARTS);
        assert_eq!(converted("bd09", None, None), (None, None, 0));
        assert_eq!(converted("gcj02", here.0, None), (None, None, 1));
        assert_eq!(converted("wgs84", here.0, None), (here.0, None, 0));
    }

    #[test]
    fn a_system_nobody_knows_is_refused_with_those_there_are() {
        let options = LoadOptions { crs: Some("beijing54".to_owned()), ..LoadOptions::default() };
        let error = Place::settle(&options, "wgs84").expect_err("unknown");
        let hint = linli_model::Failure::hint(&error).expect("a hint");
        assert!(matches!(error, Error::UnknownCrs { crs } if crs == "beijing54"));
        assert!(Crs::ALL.iter().all(|it| hint.en.contains(it.as_str())), "{}", hint.en);
        assert!(Place::settle(&LoadOptions::default(), "").is_err());
    }

    async fn loaded(store: &Store, text: &str, crs: Option<&str>) -> Result<LoadReport> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("community.csv");
        std::fs::write(&file, text).expect("a file");
        let options = LoadOptions { crs: crs.map(str::to_owned), ..LoadOptions::default() };
        load(store, "community", &[file], &options).await
    }

    async fn places(store: &Store) -> Vec<(Option<f64>, Option<f64>)> {
        let snapshot = store.latest().await.expect("a snapshot");
        let mut places = Vec::new();
        for batch in store.read(&snapshot, "community").await.expect("rows") {
            let degrees = |name: &str| {
                let column = batch.column_by_name(name).expect("a column");
                column.as_primitive::<Float64Type>().iter().collect::<Vec<_>>()
            };
            places.extend(degrees(LON).into_iter().zip(degrees(LAT)));
        }
        places
    }

    #[tokio::test]
    async fn tables_hold_wgs_84_whatever_the_file_has() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = PoolConfig { crs: "bd09".to_owned(), ..PoolConfig::default() };
        let store = Store::create(&folder.path().join("pool"), &config, 0).await.expect("a pool");
        let file = "社区编号,所属区县,经度,纬度\nc1,d1,116.397131,39.908746\nc2,d1,,\nc3,d1,116.4,\n";
        let report = loaded(&store, file, Some("GCJ-02")).await.expect("a load");
        let crs = report.crs.expect("a system");
        assert_eq!((crs.name.as_str(), crs.basis.zh.as_str()), ("gcj02", "载入时指定"));
        assert_eq!((report.kept, report.quarantined, report.issues[0].rule.as_str()), (2, 1, "place"));
        let held = places(&store).await;
        let (lon, lat) = (held[0].0.expect("lon"), held[0].1.expect("lat"));
        assert!((lon - 116.39089).abs() < 1e-5 && (lat - 39.90734).abs() < 1e-5, "{lon} {lat}");
        assert_eq!(held[1], (None, None));
        // The same rows again are the same rows, and what a file does not have stays where it is.
        assert_eq!(loaded(&store, file, Some("gcj02")).await.expect("a load").unchanged, 2);
        let named =
            loaded(&store, "社区编号,所属区县,名称\nc1,d1,南明堂\n", Some("bd09")).await.expect("a load");
        assert_eq!((named.updated, named.crs), (1, None));
        assert_eq!(places(&store).await, held);
        // Where nothing is said, the pool says it.
        let report = loaded(&store, "社区编号,所属区县,经度,纬度\nc4,d1,120.032768,30.285238\n", None).await;
        assert_eq!(report.expect("a load").crs.expect("a system").name, "bd09");
        let (lon, lat) = places(&store).await[2];
        assert!(
            (lon.expect("lon") - 120.021519).abs() < 2e-5 && (lat.expect("lat") - 30.281543).abs() < 2e-5
        );
        let before = store.latest().await.expect("a snapshot").id;
        let error = loaded(&store, file, Some("mars")).await.expect_err("no system");
        assert_eq!(linli_model::Failure::kind(&error), linli_model::Kind::Request);
        assert_eq!(store.latest().await.expect("a snapshot").id, before);
    }
}

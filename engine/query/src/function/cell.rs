//! `h3_cell`, `h3_disk`, `reach_ring`: a spatial join by equality of cells.
//!
//! Whoever is within reach of a place lies in `h3_disk(h3_cell(place), reach_ring(reach))`.
//! Disks are for neighbourhoods: whoever reaches far has more cells than a city has people.
//! The exact distance is checked afterwards; the cells only keep most pairs from being looked at.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Int64Array, Int64Builder, ListArray, ListBuilder};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err, resources_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use h3o::{CellIndex, LatLng, Resolution};

use super::distance::STEP_M;

/// The resolution that `reach_ring` means when none is given: cells of about 0.7 km².
const RESOLUTION: i64 = 8;

/// More rings than this are no neighbourhood: a disk of 600 has 1,081,801 cells.
const RINGS_MAX: i64 = 600;

/// So many cells one call may make, 128 MiB of them: a batch of 8,192 disks of 24 rings, or 15 of
/// 600. The engine does not count them as memory of the query, so that they are limited here.
const CELLS_MAX: usize = 1 << 24;

/// A lower bound for the length of a cell's edge at resolution 0, in metres.
///
/// H3 draws regular hexagons on the faces of an icosahedron, projected from the centre of the
/// Earth. At the middle of a face neighbouring centres are 0.381966 radii apart, an edge is
/// `1/√3` of that, and towards a corner of the face, 37.377° away, lengths shrink by at most
/// `cos² 37.377° = 0.631475`. Each resolution divides lengths by `√7`. The radius is H3's.
/// The last factor is a margin for rounding.
const EDGE_M_MIN: f64 = 6_371_007.18 * 0.381_966 / 1.732_050_81 * 0.631_475 * 0.999;

/// Rings around a cell that surely cover a reach, whatever the place in the cell.
///
/// In a grid of regular hexagons with edge `a`, a point of the cell and a point `k + 1` or more
/// rings out are at least `1.5·k·a − 0.5·a` apart: the sides of the big hexagon of `k` rings lie
/// `1.5·k·a + 0.5·a` from the centre, and the cell itself extends `a` towards them. Straight
/// lines on a face are great circles, so with the least edge for `a` this holds on the sphere;
/// across the border of two faces it holds in their common unfolding, and around a pentagon
/// too, because the missing wedge only brings cells nearer. Hence `k = ⌈(reach/a + 0.5) / 1.5⌉`.
/// Half a step is added to the reach because distances are rounded to steps.
fn rings(reach_m: i64, resolution: Resolution) -> i64 {
    let edge_m = EDGE_M_MIN / 7f64.powf(f64::from(u8::from(resolution)) / 2.0);
    let reach_m = reach_m.max(0) as f64 + STEP_M as f64 / 2.0;
    // A float cast saturates, and no reach gives more than 2^63 / 1e-1 rings.
    ((reach_m / edge_m + 0.5) / 1.5).ceil() as i64
}

fn resolution(number: i64) -> Result<Resolution> {
    match u8::try_from(number).ok().and_then(|it| Resolution::try_from(it).ok()) {
        Some(it) => Ok(it),
        None => exec_err!("expected a resolution from 0 to 15, found {number}"),
    }
}

/// `h3_cell(lon, lat, resolution) -> Int64`; NULL where the place is unknown or no place.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    signature: Signature,
}

impl Cell {
    pub(super) fn new() -> Self {
        let types = vec![DataType::Float64, DataType::Float64, DataType::Int64];
        Self { signature: Signature::exact(types, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Cell {
    fn name(&self) -> &str {
        "h3_cell"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let (lon, lat) = (arrays[0].as_primitive::<Float64Type>(), arrays[1].as_primitive::<Float64Type>());
        let resolutions = arrays[2].as_primitive::<Int64Type>();
        let mut cells = Int64Builder::with_capacity(lon.len());
        for row in 0..lon.len() {
            if lon.is_null(row) || lat.is_null(row) || resolutions.is_null(row) {
                cells.append_null();
                continue;
            }
            let resolution = resolution(resolutions.value(row))?;
            let place = LatLng::new(lat.value(row), lon.value(row)).ok();
            // The highest bit of an index is always zero, so it fits.
            cells.append_option(place.and_then(|it| i64::try_from(u64::from(it.to_cell(resolution))).ok()));
        }
        Ok(ColumnarValue::Array(Arc::new(cells.finish())))
    }
}

/// `h3_disk(cell, rings) -> List(Int64)`: the cell and its neighbours, ascending.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Disk {
    signature: Signature,
}

impl Disk {
    pub(super) fn new() -> Self {
        Self { signature: Signature::exact(vec![DataType::Int64; 2], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Disk {
    fn name(&self) -> &str {
        "h3_disk"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::new_list(DataType::Int64, true))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let (cells, rings) = (arrays[0].as_primitive::<Int64Type>(), arrays[1].as_primitive::<Int64Type>());
        Ok(ColumnarValue::Array(Arc::new(disks(cells, rings)?)))
    }
}

fn disks(cells: &Int64Array, rings: &Int64Array) -> Result<ListArray> {
    let mut disks = ListBuilder::new(Int64Builder::new());
    let mut count = 0;
    for row in 0..cells.len() {
        if cells.is_null(row) || rings.is_null(row) {
            disks.append_null();
            continue;
        }
        let disk = disk(cells.value(row), rings.value(row))?;
        count += disk.len();
        if count > CELLS_MAX {
            return resources_err!("more than {CELLS_MAX} cells at a time");
        }
        disks.values().append_slice(&disk);
        disks.append(true);
    }
    Ok(disks.finish())
}

fn disk(cell: i64, rings: i64) -> Result<Vec<i64>> {
    let index = u64::try_from(cell).ok().and_then(|it| CellIndex::try_from(it).ok());
    let Some(index) = index else {
        return exec_err!("{cell} is no cell");
    };
    let Some(rings) = u32::try_from(rings).ok().filter(|_| rings <= RINGS_MAX) else {
        return exec_err!("expected 0 to {RINGS_MAX} rings, found {rings}");
    };
    let cells: Vec<CellIndex> = index.grid_disk(rings);
    let mut cells: Vec<i64> = cells.into_iter().filter_map(|it| i64::try_from(u64::from(it)).ok()).collect();
    cells.sort_unstable();
    Ok(cells)
}

/// `reach_ring(reach_m [, resolution]) -> Int64`: rings that surely cover the reach around
/// every place of a cell; resolution 8 where none is given.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Ring {
    signature: Signature,
}

impl Ring {
    pub(super) fn new() -> Self {
        let forms = (1..=2).map(|it| TypeSignature::Exact(vec![DataType::Int64; it])).collect();
        Self { signature: Signature::one_of(forms, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Ring {
    fn name(&self) -> &str {
        "reach_ring"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let reaches = arrays[0].as_primitive::<Int64Type>();
        let resolutions = arrays.get(1).map(|it| it.as_primitive::<Int64Type>());
        let mut answers = Vec::with_capacity(reaches.len());
        for row in 0..reaches.len() {
            let number = resolutions.map_or(Some(RESOLUTION), |it| it.is_valid(row).then(|| it.value(row)));
            let answer = match number {
                Some(number) if reaches.is_valid(row) => Some(rings(reaches.value(row), resolution(number)?)),
                _ => None,
            };
            answers.push(answer);
        }
        Ok(ColumnarValue::Array(Arc::new(Int64Array::from(answers))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(lon: f64, lat: f64, resolution: Resolution) -> CellIndex {
        LatLng::new(lat, lon).expect("a place").to_cell(resolution)
    }

    #[test]
    fn no_edge_is_shorter_than_the_bound() {
        for resolution in [Resolution::Zero, Resolution::One, Resolution::Two, Resolution::Three] {
            let bound = EDGE_M_MIN / 7f64.powf(f64::from(u8::from(resolution)) / 2.0);
            let cells = CellIndex::base_cells().flat_map(|it| it.children(resolution));
            let hexagons = cells.filter(|it| !it.is_pentagon());
            // Cells on a border of faces are drawn with a bend, which shortens single pieces.
            let inner = hexagons.filter(|it| it.icosahedron_faces().len() == 1);
            let least = inner.flat_map(CellIndex::edges).map(|it| it.length_m()).fold(f64::MAX, f64::min);
            assert!(least >= bound, "{resolution}: {least} < {bound}");
            assert!(least <= bound * 1.35, "{resolution}: the bound {bound} is far from {least}");
        }
    }

    /// Random places near everything that is special: faces, borders, pentagons, poles.
    #[test]
    fn the_rings_cover_the_reach_everywhere() {
        let mut random = Random(7);
        let pentagons: Vec<LatLng> = Resolution::Eight.pentagons().map(LatLng::from).collect();
        for round in 0..60_000_usize {
            let resolution = [Resolution::Seven, Resolution::Eight, Resolution::Nine][round % 3];
            let (lon, lat) = match pentagons.get(round % 24) {
                Some(it) => (it.lng() + random.within(0.2), it.lat() + random.within(0.2)),
                None => (random.within(180.0), random.within(1.0).asin().to_degrees()),
            };
            let reach_m = [0, 50, 400, 1_000, 3_000, 10_000][round % 6];
            let bearing = random.within(std::f64::consts::PI);
            // Right at the edge: as far as a distance that is rounded down to the reach.
            let (lon2, lat2) = moved(lon, lat, bearing, f64::from(reach_m) + 4.99);
            let (from, to) = (cell(lon, lat, resolution), cell(lon2, lat2, resolution));
            let rings = u32::try_from(rings(i64::from(reach_m), resolution)).expect("few rings");
            let disk: Vec<CellIndex> = from.grid_disk(rings);
            assert!(disk.contains(&to), "{lon} {lat} {reach_m} {bearing} {resolution}");
        }
    }

    #[test]
    fn disks_have_the_cells_of_their_rings() {
        let origin = i64::try_from(u64::from(cell(120.155, 30.274, Resolution::Eight))).expect("fits");
        assert_eq!(disk(origin, 0).expect("a disk"), [origin]);
        assert_eq!(disk(origin, 1).expect("a disk").len(), 7);
        assert_eq!(disk(origin, 2).expect("a disk").len(), 19);
        assert!(disk(12, 1).is_err() && disk(origin, -1).is_err() && disk(origin, 601).is_err());
    }

    #[test]
    fn disks_of_one_batch_have_a_limit() {
        let origin = i64::try_from(u64::from(cell(120.155, 30.274, Resolution::Eight))).expect("fits");
        let made = |rows: usize, rings: i64| {
            disks(&Int64Array::from(vec![origin; rows]), &Int64Array::from(vec![rings; rows]))
        };
        assert_eq!(made(3, 1).expect("disks").values().len(), 21);
        let error = made(16, RINGS_MAX).expect_err("too many cells");
        assert!(matches!(error, datafusion::common::DataFusionError::ResourcesExhausted(_)), "{error}");
    }

    /// The place so many metres away: the direct problem on the sphere.
    fn moved(lon: f64, lat: f64, bearing: f64, metres: f64) -> (f64, f64) {
        let (phi, delta) = (lat.to_radians(), metres / 6_371_008.8);
        let sine = phi.sin() * delta.cos() + phi.cos() * delta.sin() * bearing.cos();
        let turn = (bearing.sin() * delta.sin() * phi.cos()).atan2(delta.cos() - phi.sin() * sine);
        (lon + turn.to_degrees(), sine.asin().to_degrees())
    }

    struct Random(u64);

    impl Random {
        /// From -bound to bound; a linear congruence after Knuth, good enough to scatter places.
        fn within(&mut self, bound: f64) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0) * bound
        }
    }
}

//! `distance_m`: metres along the great circle.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Float64Array, Int64Array};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The mean radius of the Earth, IUGG: (2a + b) / 3 of WGS 84.
const RADIUS_M: f64 = 6_371_008.8;

/// The distance is rounded to this, so that no place can be found out from distances and the
/// last bits of sine and cosine decide nothing.
pub(super) const STEP_M: i64 = 10;

/// The distance between two places in metres, to 10 m.
///
/// `a = sin²(Δφ/2) + cos φ₁ · cos φ₂ · sin²(Δλ/2)`, `d = 2R · asin √a`. Exact to about 0.5 %
/// of the distance on the ellipsoid.
///
/// **Source.** Haversine formula; Sinnott 1984, Virtues of the haversine.
fn distance_m(lon1: f64, lat1: f64, lon2: f64, lat2: f64) -> Option<i64> {
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let half = |it: f64| (it / 2.0).sin().powi(2);
    let a = half(phi2 - phi1) + phi1.cos() * phi2.cos() * half((lon2 - lon1).to_radians());
    let metres = 2.0 * RADIUS_M * a.clamp(0.0, 1.0).sqrt().asin();
    // At most half the circumference, so the cast is exact; what is no place has no distance.
    metres.is_finite().then(|| (metres / STEP_M as f64).round() as i64 * STEP_M)
}

/// `distance_m(lon1, lat1, lon2, lat2) -> Int64`; NULL where a place is unknown.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Distance {
    signature: Signature,
}

impl Distance {
    pub(super) fn new() -> Self {
        Self { signature: Signature::exact(vec![DataType::Float64; 4], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Distance {
    fn name(&self) -> &str {
        "distance_m"
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
        let columns: Vec<&Float64Array> = arrays.iter().map(|it| it.as_primitive::<Float64Type>()).collect();
        let [lon1, lat1, lon2, lat2] = columns.as_slice() else {
            return datafusion::common::internal_err!("distance_m takes four numbers");
        };
        let distances: Int64Array = (0..lon1.len())
            .map(|row| {
                let is_known = columns.iter().all(|it| it.is_valid(row));
                is_known
                    .then(|| distance_m(lon1.value(row), lat1.value(row), lon2.value(row), lat2.value(row)))
                    .flatten()
            })
            .collect();
        Ok(ColumnarValue::Array(Arc::new(distances)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances_come_out() {
        assert_eq!(distance_m(120.0, 30.0, 120.0, 30.0), Some(0));
        // One degree of latitude is R·π/180 = 111,195 m everywhere.
        assert_eq!(distance_m(120.0, 30.0, 120.0, 31.0), Some(111_200));
        // One degree of longitude at 60° is half of one at the equator.
        assert_eq!(distance_m(0.0, 0.0, 1.0, 0.0), Some(111_200));
        assert_eq!(distance_m(0.0, 60.0, 1.0, 60.0), Some(55_600));
        // Beijing to Shanghai, about 1,067 km.
        let far = distance_m(116.4074, 39.9042, 121.4737, 31.2304).expect("a distance");
        assert!((1_066_000..1_069_000).contains(&far), "{far}");
        // Half around.
        assert_eq!(distance_m(0.0, 0.0, 180.0, 0.0), Some(20_015_110));
        assert_eq!(distance_m(f64::NAN, 0.0, 180.0, 0.0), None);
    }

    #[test]
    fn there_and_back_is_equally_far() {
        let (a, b) = ((120.155_07, 30.274_08), (120.101_43, 30.312_9));
        assert_eq!(distance_m(a.0, a.1, b.0, b.1), distance_m(b.0, b.1, a.0, a.1));
    }
}

//! Coordinate systems of Chinese maps: WGS 84, GCJ-02 and BD-09.
//!
//! GPS and linli use WGS 84. Map services in China publish GCJ-02, which shifts every place by
//! some hundred metres; Baidu shifts that once more to BD-09. Neither shift was ever published
//! by who made it; the formulas below are those that the public found, and they agree with what
//! the services answer to about a metre (see the tests).
//!
//! Outside of the box 72.004–137.8347° E, 0.8293–55.8271° N all three systems are one.
//!
//! **Source.** Krasovsky 1940: a = 6,378,245 m, e² = 0.00669342162296594323. The polynomial with
//! its sines as in the libraries eviltransform and coordtransform, which many programs share.

use std::f64::consts::PI;

/// Krasovsky 1940, the semi-major axis in metres.
const AXIS_M: f64 = 6_378_245.0;
/// Krasovsky 1940, the squared eccentricity.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// The box in which places are shifted, degrees.
const LON: std::ops::RangeInclusive<f64> = 72.004..=137.8347;
const LAT: std::ops::RangeInclusive<f64> = 0.8293..=55.8271;

/// An inverse is searched until it moves by less than this, degrees: a tenth of a millimetre.
const CLOSE: f64 = 1e-9;
/// And no longer than this. Each round gains two digits at least, so five are enough.
const ROUNDS_MAX: usize = 30;

/// A place: longitude and latitude in degrees.
type Place = (f64, f64);

/// A coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crs {
    /// GPS, the World Geodetic System 1984; CGCS2000 is the same to a few centimetres.
    Wgs84,
    /// The shifted system of Chinese maps: Amap, Tencent, Google in China.
    Gcj02,
    /// The system of Baidu maps, longitude and latitude.
    Bd09,
}

impl Crs {
    /// Every system.
    pub const ALL: [Self; 3] = [Self::Wgs84, Self::Gcj02, Self::Bd09];

    /// The name outsiders use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// The system of that name, whatever its case: `WGS-84` is `wgs84`.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = |it: &char| !matches!(it, '-' | '_' | ' ');
        let name: String = name.trim().chars().filter(plain).map(|it| it.to_ascii_lowercase()).collect();
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// A place of this system in WGS 84.
    ///
    /// **Units.** Degrees. **Cost.** A few rounds of a few sines.
    pub fn to_wgs84(self, lon: f64, lat: f64) -> (f64, f64) {
        let place = (lon, lat);
        if !LON.contains(&lon) || !LAT.contains(&lat) {
            return place;
        }
        match self {
            Self::Wgs84 => place,
            Self::Gcj02 => inverse(gcj02, place),
            Self::Bd09 => inverse(gcj02, inverse(bd09, place)),
        }
    }
}

/// WGS 84 to GCJ-02.
///
/// With x = λ − 105, y = φ − 35 and the common sum s = ⅔ (20 sin 6πx + 20 sin 2πx), in metres:
///
/// ```text
/// Δφ = −100 + 2x + 3y + 0.2y² + 0.1xy + 0.2√|x| + s
///      + ⅔ (20 sin πy + 40 sin πy/3) + ⅔ (160 sin πy/12 + 320 sin πy/30)
/// Δλ = 300 + x + 2y + 0.1x² + 0.1xy + 0.1√|x| + s
///      + ⅔ (20 sin πx + 40 sin πx/3) + ⅔ (150 sin πx/12 + 300 sin πx/30)
/// ```
///
/// and in degrees by the radii of curvature at φ, with w = 1 − e² sin² φ:
/// meridian a(1 − e²) / w^1.5, parallel a cos φ / √w.
fn gcj02((lon, lat): Place) -> Place {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let sin = |it: f64| (it * PI).sin();
    let common = 20.0 * sin(6.0 * x) + 20.0 * sin(2.0 * x);
    let north_waves = 20.0 * sin(y) + 40.0 * sin(y / 3.0) + 160.0 * sin(y / 12.0) + 320.0 * sin(y / 30.0);
    let east_waves = 20.0 * sin(x) + 40.0 * sin(x / 3.0) + 150.0 * sin(x / 12.0) + 300.0 * sin(x / 30.0);
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + (common + north_waves) * 2.0 / 3.0;
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + (common + east_waves) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let w = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / w.powf(1.5);
    let parallel_m = AXIS_M * phi.cos() / w.sqrt();
    (lon + (east_m / parallel_m).to_degrees(), lat + (north_m / meridian_m).to_degrees())
}

/// GCJ-02 to BD-09: degrees taken as plane polar coordinates, both waved, and moved.
///
/// r' = r + 2·10⁻⁵ sin(3000 φ), θ' = θ + 3·10⁻⁶ cos(3000 λ), with φ and λ as angles; then
/// 0.0065° east and 0.006° north.
fn bd09((lon, lat): Place) -> Place {
    let r = lon.hypot(lat) + 2e-5 * (3_000.0 * lat.to_radians()).sin();
    let theta = lat.atan2(lon) + 3e-6 * (3_000.0 * lon.to_radians()).cos();
    (r * theta.cos() + 0.0065, r * theta.sin() + 0.006)
}

/// The place that `shift` moves to `target`: what it misses is taken away until nothing is left.
fn inverse(shift: fn(Place) -> Place, target: Place) -> Place {
    let mut place = target;
    for _ in 0..ROUNDS_MAX {
        let reached = shift(place);
        let missed = (reached.0 - target.0, reached.1 - target.1);
        place = (place.0 - missed.0, place.1 - missed.1);
        if missed.0.abs().max(missed.1.abs()) < CLOSE {
            break;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(left: Place, right: Place) -> f64 {
        (left.0 - right.0).abs().max((left.1 - right.1).abs())
    }

    /// WGS 84, GCJ-02, how closely they agree in degrees (1e-5° is about a metre).
    ///
    /// **Source.** 1–3: the test vectors of eviltransform (Shanghai, Shenzhen, Beijing). 4: the
    /// documentation of evil_transform for Elixir (Suzhou). 5: what the web service of Amap
    /// answers for Tiananmen, in the tests of the R package asesgeo. 6: one place as Google's map
    /// of China shows it, in the tests of the R package pjutils. 7: the example of Alibaba Cloud's
    /// documentation of TransferCoord (Hangzhou), six digits.
    const GCJ02: [(Place, Place, f64); 7] = [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), 2e-6),
        ((113.912316, 22.543847), (113.9171774808363, 22.540796131694766), 2e-6),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069), 2e-6),
        ((120.596931, 31.280844), (120.60109998322247, 31.278648624428175), 2e-6),
        ((116.39089, 39.90734), (116.39713623, 39.90874539), 1e-5),
        ((121.4295896700, 31.1601435400), (121.4342191628, 31.1582660190), 1e-5),
        ((120.021519, 30.281543), (120.026268, 30.279164), 2e-5),
    ];

    /// GCJ-02, BD-09, how closely they agree.
    ///
    /// **Source.** 1 and 2: the last two of above, as Baidu's map shows them. 3: the example of
    /// coordtransform.
    const BD09: [(Place, Place, f64); 3] = [
        ((121.4342191628, 31.1582660190), (121.4406138425, 31.1646093426), 1e-5),
        ((120.026268, 30.279164), (120.032768, 30.285238), 2e-6),
        ((116.404, 39.915), (116.41036949371029, 39.92133699351021), 1e-9),
    ];

    #[test]
    fn published_control_points_come_out_in_both_directions() {
        for (wgs, gcj, close) in GCJ02 {
            assert!(apart(gcj02(wgs), gcj) < close, "{wgs:?}: {:?}", gcj02(wgs));
            let back = Crs::Gcj02.to_wgs84(gcj.0, gcj.1);
            assert!(apart(back, wgs) < close, "{gcj:?}: {back:?}");
        }
        for (gcj, bd, close) in BD09 {
            assert!(apart(bd09(gcj), bd) < close, "{gcj:?}: {:?}", bd09(gcj));
            let (here, there) = (Crs::Bd09.to_wgs84(bd.0, bd.1), Crs::Gcj02.to_wgs84(gcj.0, gcj.1));
            assert!(apart(here, there) < close, "{bd:?}: {here:?} {there:?}");
        }
        // Alibaba's example as a whole.
        let (lon, lat) = Crs::Bd09.to_wgs84(120.032768, 30.285238);
        assert!(apart((lon, lat), (120.021519, 30.281543)) < 2e-5, "{lon} {lat}");
    }

    #[test]
    fn there_and_back_is_the_same_place_all_over_the_box() {
        for lon in 73..137 {
            for lat in 2..55 {
                let place = (f64::from(lon) + 0.123, f64::from(lat) + 0.456);
                let gcj = gcj02(place);
                assert!(apart(inverse(gcj02, gcj), place) < CLOSE, "{place:?}");
                assert!(apart(inverse(bd09, bd09(gcj)), gcj) < CLOSE, "{place:?}");
                let (lon, lat) = bd09(gcj);
                assert!(apart(Crs::Bd09.to_wgs84(lon, lat), place) < 1e-8, "{place:?}");
            }
        }
    }

    #[test]
    fn outside_of_the_box_nothing_moves() {
        for (lon, lat) in [(0.0, 0.0), (2.35, 48.86), (-122.4, 37.8), (139.7, 35.7), (151.2, -33.9)] {
            for crs in Crs::ALL {
                assert_eq!(crs.to_wgs84(lon, lat), (lon, lat), "{crs:?}");
            }
        }
        assert_eq!(Crs::Wgs84.to_wgs84(116.404, 39.915), (116.404, 39.915));
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        for name in ["wgs84", "WGS-84", " wgs 84 "] {
            assert_eq!(Crs::parse(name), Some(Crs::Wgs84));
        }
        assert_eq!(Crs::parse("GCJ02").zip(Crs::parse("bd-09")), Some((Crs::Gcj02, Crs::Bd09)));
        assert_eq!(Crs::parse("beijing54"), None);
    }
}

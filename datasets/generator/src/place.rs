//! Points on the ground, WGS 84.

use crate::draw::Draw;

/// A point in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) lon: i64,
    pub(crate) lat: i64,
}

/// A piece of ground small enough to be flat: a centre, and what a kilometre is in
/// millionths of a degree there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    centre: Spot,
    lon_per_km: i64,
    lat_per_km: i64,
}

/// The inner city of 南明区 in 贵阳, around 106.713 E, 26.572 N.
pub(crate) const NANMING: Ground =
    Ground { centre: Spot { lon: 106_713_000, lat: 26_572_000 }, lon_per_km: 10_044, lat_per_km: 9_027 };

/// The quarter of 政和社区 in 滨州, around 118.020 E, 37.380 N.
pub(crate) const ZHENGHE: Ground =
    Ground { centre: Spot { lon: 118_020_000, lat: 37_380_000 }, lon_per_km: 11_306, lat_per_km: 9_010 };

/// 马陆镇 in 嘉定区, around 121.277 E, 31.330 N.
pub(crate) const MALU: Ground =
    Ground { centre: Spot { lon: 121_277_000, lat: 31_330_000 }, lon_per_km: 10_516, lat_per_km: 9_020 };

/// The quarter of 惠谷村居民区 in 静安区, around 121.440 E, 31.224 N.
pub(crate) const HUIGU: Ground =
    Ground { centre: Spot { lon: 121_440_000, lat: 31_224_000 }, lon_per_km: 10_504, lat_per_km: 9_020 };

/// 运河区 in 沧州, around 116.840 E, 38.305 N.
pub(crate) const CANGZHOU: Ground =
    Ground { centre: Spot { lon: 116_840_000, lat: 38_305_000 }, lon_per_km: 11_447, lat_per_km: 9_009 };

/// 南星街道 in 杭州, around 120.170 E, 30.225 N.
pub(crate) const NANXING: Ground =
    Ground { centre: Spot { lon: 120_170_000, lat: 30_225_000 }, lon_per_km: 10_396, lat_per_km: 9_019 };

impl Ground {
    /// The point so many metres east and north of the centre.
    pub(crate) const fn at(&self, east_m: i64, north_m: i64) -> Spot {
        self.beside(self.centre, east_m, north_m)
    }

    /// The point so many metres east and north of another.
    pub(crate) const fn beside(&self, from: Spot, east_m: i64, north_m: i64) -> Spot {
        Spot {
            lon: from.lon + east_m * self.lon_per_km / 1000,
            lat: from.lat + north_m * self.lat_per_km / 1000,
        }
    }

    /// A point near another, mostly within `spread_m`.
    pub(crate) fn near(&self, draw: &mut Draw, from: Spot, spread_m: i64) -> Spot {
        let (east_m, north_m) = (draw.bell(spread_m), draw.bell(spread_m));
        self.beside(from, east_m, north_m)
    }

    /// The square of the distance of two points, in square metres.
    pub(crate) const fn square_m2(&self, a: Spot, b: Spot) -> i64 {
        let east_m = (a.lon - b.lon) * 1000 / self.lon_per_km;
        let north_m = (a.lat - b.lat) * 1000 / self.lat_per_km;
        east_m * east_m + north_m * north_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_there_and_its_length_agree() {
        for ground in [NANMING, ZHENGHE, CANGZHOU, MALU, HUIGU, NANXING] {
            let (from, to) = (ground.at(0, 0), ground.at(300, -400));
            assert!((ground.square_m2(from, to) - 250_000).abs() < 2_000);
        }
    }
}

//! A community as other tables need to know it, and shares of a published total.

use crate::place::Spot;
use crate::record::Community;

/// A community, with what its registries rest on.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) id: String,
    pub(crate) district: &'static str,
    pub(crate) name: String,
    pub(crate) published: bool,
    pub(crate) spot: Spot,
    pub(crate) households: i64,
}

impl Site {
    /// Its row; 27 people live in ten of its households.
    pub(crate) fn community(&self) -> Community {
        let (lon, lat) = self.spot.cells();
        Community {
            community_id: self.id.clone(),
            district_id: self.district,
            name: self.name.clone(),
            households: self.households,
            residents: self.households * 27 / 10,
            lon,
            lat,
            provenance: if self.published { "published" } else { "synthetic" },
            ..Community::default()
        }
    }
}

/// Splits a total by weights; together the shares are the total. What rounding leaves over goes
/// to the first.
pub(crate) fn shares(total: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i64 = weights.iter().sum();
    let mut shares: Vec<i64> = weights.iter().map(|it| it * total / whole).collect();
    let rest = total - shares.iter().sum::<i64>();
    for share in shares.iter_mut().take(rest as usize) {
        *share += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_follow_their_weights() {
        assert_eq!(shares(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(shares(100, &[3, 1]), [75, 25]);
    }
}

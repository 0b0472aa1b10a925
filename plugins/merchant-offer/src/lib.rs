//! Cheaper for the resident is better: free help first, then the best offer.
//!
//! ```text
//! score = 1 − (1 − full_price_score) · pay_ratio
//! ```
//!
//! `pay_ratio` is what the resident still pays of the price under the best single offer the need
//! is entitled to: 0.95 for 95折, 0.5 for half price, 0 for free. A volunteer costs nothing; a
//! merchant without an offer takes the full price, which is still help (0.5 by default).
//!
//! Source: rules S0-M1 (card holders pay 95 %) and S0-M2 (half price for lonely elders; best
//! single offer) of the 3351 practice, Zhenghe community, Binzhou, 2012; the scale is ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The score of one candidate. A ratio beyond 0 … 1 or NaN counts as the nearest sensible one.
pub fn score(is_merchant: bool, pay_ratio: Option<f64>, full_price_score: f64) -> f64 {
    if !is_merchant {
        return 1.0;
    }
    let pay_ratio = pay_ratio.filter(|it| !it.is_nan()).map_or(1.0, |it| it.clamp(0.0, 1.0));
    1.0 - (1.0 - full_price_score) * pay_ratio
}

/// The plugin with its setting.
pub struct MerchantOffer {
    full_price_score: f64,
}

impl Scorer for MerchantOffer {
    const MANIFEST: Manifest = Manifest {
        name: "merchant-offer",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "商户优惠", en: "Merchant offer" },
        summary: Wording {
            zh: "居民花钱越少越好：义务服务最优，其次是优惠最大的商户。",
            en: "Cheaper for the resident is better: free help first, then the best offer.",
        },
        columns: Columns::Named(&[
            ColumnWanted { name: "is_merchant", ty: ColumnType::Bool },
            ColumnWanted { name: "pay_ratio", ty: ColumnType::F64 },
        ]),
        settings: &[Setting {
            name: "full_price_score",
            meaning: Wording { zh: "无优惠商户的得分", en: "score of a merchant without an offer" },
            ty: SettingType::Number { default: 0.5, min: 0.0, max: 1.0 },
        }],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { full_price_score: settings.number("full_price_score") })
    }

    /// A provider of unknown kind is taken for a merchant: nobody is promised free help.
    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let is_merchant = batch.bools("is_merchant")?;
        let pay_ratio = batch.f64s("pay_ratio")?;
        let candidates = is_merchant.iter().zip(pay_ratio.iter());
        Ok(Scores::new(candidates.map(|(is_merchant, pay_ratio)| {
            score(is_merchant.unwrap_or(true), pay_ratio, self.full_price_score)
        })))
    }
}

linli_sdk::export_scorer!(MerchantOffer);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    #[test]
    fn free_help_beats_half_price_beats_a_card_beats_no_offer() {
        let scores = [
            score(false, None, 0.5),
            score(true, Some(0.5), 0.5),
            score(true, Some(0.95), 0.5),
            score(true, None, 0.5),
        ];
        assert_eq!(scores, [1.0, 0.75, 0.525, 0.5]);
    }

    #[test]
    fn a_merchant_who_asks_nothing_is_as_good_as_a_volunteer() {
        assert_eq!(score(true, Some(0.0), 0.5), 1.0);
    }

    #[test]
    fn absurd_ratios_stay_in_range() {
        for ratio in [f64::NAN, f64::INFINITY, -3.0, 7.0] {
            assert!((0.5..=1.0).contains(&score(true, Some(ratio), 0.5)), "{ratio}");
        }
        assert_eq!(score(true, Some(f64::NAN), 0.5), 0.5);
    }

    #[test]
    fn the_plugin_reads_its_columns_and_its_setting() {
        let columns = vec![
            Column {
                name: "is_merchant".into(),
                validity: Some(vec![1, 1, 0]),
                data: ColumnData::Bools(vec![0, 1, 0]),
            },
            Column {
                name: "pay_ratio".into(),
                validity: Some(vec![0, 1, 0]),
                data: ColumnData::F64s(vec![0.0, 0.5, 0.0]),
            },
        ];
        let plugin: MerchantOffer = configured(r#"{"full_price_score": 0.2}"#).unwrap();
        let scores = plugin.score(&Batch { rows: 3, columns }).unwrap();
        assert_eq!(scores.values, [1.0, 0.6, 0.19999999999999996]);
    }
}

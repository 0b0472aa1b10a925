//! The kernels of the components, run natively.
//!
//! Those in Rust are the plugins' own source. What is in C and in Python is transcribed here, with
//! the default settings.

use linli_continuity::Continuity;
use linli_exclusion_zone::ExclusionZone;
use linli_load_balance::LoadBalance;
use linli_local_first::LocalFirst;
use linli_merchant_offer::MerchantOffer;
use linli_sdk::{Batch, Fault, Scorer, Scores, configured};
use linli_skill_fit::SkillFit;
use linli_speciality_point::SpecialityPoint;
use linli_time_bank_credit::TimeBankCredit;
use linli_visit_team::VisitTeam;
use linli_walking_distance::WalkingDistance;

/// Scores one block.
pub type Kernel = Box<dyn Fn(&Batch) -> Result<Scores, Fault> + Sync>;

/// The kernel of a component.
pub fn kernel(name: &str) -> Result<Kernel, String> {
    let kernel = match name {
        "skill-fit" => of::<SkillFit>(),
        "walking-distance" => of::<WalkingDistance>(),
        "merchant-offer" => of::<MerchantOffer>(),
        "local-first" => of::<LocalFirst>(),
        "load-balance" => of::<LoadBalance>(),
        "continuity" => of::<Continuity>(),
        "speciality-point" => of::<SpecialityPoint>(),
        "time-bank-credit" => of::<TimeBankCredit>(),
        "visit-team" => of::<VisitTeam>(),
        "exclusion-zone" => of::<ExclusionZone>(),
        "quarter-hour" => Ok(Box::new(quarter_hour) as Kernel),
        "familiar-faces" => Ok(Box::new(familiar_faces) as Kernel),
        _ => return Err(format!("{name} has no native kernel")),
    };
    kernel.map_err(|it| format!("{name}: {it:?}"))
}

fn of<P: Scorer + Sync + 'static>() -> Result<Kernel, Fault> {
    let plugin: P = configured("{}")?;
    Ok(Box::new(move |batch| plugin.score(batch)))
}

/// `plugins/c/quarter-hour`.
fn quarter_hour(batch: &Batch) -> Result<Scores, Fault> {
    const REACH_M: f64 = 15.0 * 70.0;
    const URGENT_REACH_M: f64 = 5.0 * 70.0;
    const EDGE: f64 = 0.7;
    let (distance_m, tier) = (batch.i64s("distance_m")?, batch.i64s("tier")?);
    // The plugin looks at it where nobody may be sent from outside; it is an error not to have it.
    batch.texts("distance_basis")?;
    Ok(Scores::new(distance_m.iter().zip(tier.iter()).map(|(distance_m, tier)| {
        let reach_m = if tier.unwrap_or(0) >= 2 { URGENT_REACH_M } else { REACH_M };
        let circles = distance_m.map_or(1.0, |it| it as f64 / reach_m);
        match circles {
            ..=0.0 => 1.0,
            ..=1.0 => 1.0 - (1.0 - EDGE) * circles,
            ..2.0 => EDGE * (2.0 - circles),
            _ => 0.0,
        }
    })))
}

/// `plugins/python/familiar-faces`.
fn familiar_faces(batch: &Batch) -> Result<Scores, Fault> {
    const SAME_DISTRICT: f64 = 0.7;
    const ELSEWHERE: f64 = 0.4;
    const OTHERS_SHARE: f64 = 0.5;
    const NOT_ALONE_WITH_A_CHILD: u16 = 1;
    let (group, tier) = (batch.texts("target_group")?, batch.i64s("tier")?);
    let (community, district) = (batch.bools("same_community")?, batch.bools("same_district")?);
    let is_merchant = batch.bools("is_merchant")?;
    let score = |row| {
        let close = match (community.get(row), district.get(row)) {
            (Some(true), _) => 1.0,
            (_, Some(true)) => SAME_DISTRICT,
            _ => ELSEWHERE,
        };
        let careful = matches!(group.get(row), Some("elderly" | "lonely_elder" | "disabled" | "minor"));
        if careful && tier.get(row).unwrap_or(0) < 2 { close } else { 1.0 - (1.0 - close) * OTHERS_SHARE }
    };
    let mut scores = Scores::new((0..batch.rows as usize).map(score));
    for (row, is_merchant) in (0..batch.rows).zip(is_merchant.iter()) {
        if is_merchant == Some(true) && group.get(row as usize) == Some("minor") {
            scores.veto(row, NOT_ALONE_WITH_A_CHILD);
        }
    }
    Ok(scores)
}

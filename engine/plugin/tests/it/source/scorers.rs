//! What the scorers are asked.

use linli_continuity::Continuity;
use linli_exclusion_zone::ExclusionZone;
use linli_load_balance::LoadBalance;
use linli_local_first::LocalFirst;
use linli_merchant_offer::MerchantOffer;
use linli_skill_fit::SkillFit;
use linli_speciality_point::SpecialityPoint;
use linli_time_bank_credit::TimeBankCredit;
use linli_visit_team::VisitTeam;
use linli_walking_distance::WalkingDistance;

use super::{Case, Cells, Scorer, Source, crossed, of_scorer};

pub(super) fn sources() -> Vec<Source> {
    vec![
        source::<Continuity>(continuity()),
        source::<ExclusionZone>(exclusion_zone()),
        source::<LoadBalance>(load_balance()),
        source::<LocalFirst>(local_first()),
        source::<MerchantOffer>(merchant_offer()),
        source::<SkillFit>(skill_fit()),
        source::<SpecialityPoint>(speciality_point()),
        source::<TimeBankCredit>(time_bank_credit()),
        source::<VisitTeam>(visit_team()),
        source::<WalkingDistance>(walking_distance()),
    ]
}

fn source<T: Scorer>(cases: Vec<Case>) -> Source {
    Source { name: T::MANIFEST.name, introduction: T::describe(), answer: of_scorer::<T>, cases }
}

/// The same columns with other settings.
fn cases<const N: usize>(
    settings: [&'static str; N],
    columns: impl Fn() -> Vec<(&'static str, Cells)>,
) -> Vec<Case> {
    settings.map(|settings| Case { settings, columns: columns(), weights: Vec::new() }).into()
}

fn bools() -> Cells {
    Cells::Bools(vec![None, Some(false), Some(true)])
}

fn i64s<const N: usize>(values: [i64; N]) -> Cells {
    Cells::I64s(values.map(Some).into_iter().chain([None]).collect())
}

fn counts() -> Cells {
    i64s([i64::MIN, -1, 0, 1, 2, 3, 7, 12, 1000, i64::MAX])
}

fn continuity() -> Vec<Case> {
    let settings = [
        "{}",
        r#"{"stranger_score": 0, "halving_days": 3.3}"#,
        r#"{"stranger_score": 1}"#,
        r#"{"halving_days": 0}"#,
    ];
    cases(settings, || vec![("days_met", counts())])
}

fn exclusion_zone() -> Vec<Case> {
    let distances = || i64s([i64::MIN, -10, 0, 10, 190, 200, 210, 1000, 1010, i64::MAX]);
    let settings = ["{}", r#"{"within_m": 0}"#, r#"{"within_m": 1000}"#, r#"{"within_m": 1001}"#];
    cases(settings, || vec![("exclusion_distance_m", distances())])
}

fn load_balance() -> Vec<Case> {
    let settings =
        ["{}", r#"{"halving_tasks": 0.1}"#, r#"{"halving_tasks": 33.3}"#, r#"{"halving_tasks": 0}"#];
    cases(settings, || vec![("recent_tasks", counts())])
}

fn local_first() -> Vec<Case> {
    let settings = [
        "{}",
        r#"{"district_score": 0.9, "elsewhere_score": 0}"#,
        r#"{"elsewhere_score": 0.8}"#,
        r#"{"district_score": "near"}"#,
    ];
    cases(settings, || crossed(vec![("same_community", bools()), ("same_district", bools())]))
}

fn merchant_offer() -> Vec<Case> {
    let ratios =
        [-f64::MAX, -3.0, -0.0, 0.0, 1e-300, 0.05, 0.5, 0.95, 1.0, 1.000_000_1, 7.0, f64::MAX].map(Some);
    let ratios = || Cells::F64s(ratios.into_iter().chain([None]).collect());
    let settings = [
        "{}",
        r#"{"full_price_score": 0}"#,
        r#"{"full_price_score": 0.2}"#,
        r#"{"full_price_score": 1}"#,
        r#"{"full_price_score": 1.5}"#,
        r#"{"full_price_score": null}"#,
    ];
    cases(settings, || crossed(vec![("is_merchant", bools()), ("pay_ratio", ratios())]))
}

fn skill_fit() -> Vec<Case> {
    cases(["{}", r#"{"colour": 1}"#], || {
        crossed(vec![
            ("skills_required", counts()),
            ("skills_matched", counts()),
            ("skills_offered", counts()),
            ("speciality", bools()),
        ])
    })
}

fn speciality_point() -> Vec<Case> {
    let settings = ["{}", r#"{"other_score": 0}"#, r#"{"other_score": true}"#];
    cases(settings, || vec![("speciality_point", bools())])
}

fn time_bank_credit() -> Vec<Case> {
    let settings = ["{}", r#"{"start_h": 0.1}"#, r#"{"start_h": 33.3}"#, r#"{"start_h": 0}"#];
    let accounts = || vec![("community_given_min", counts()), ("community_received_min", counts())];
    cases(settings, || crossed(accounts()))
}

fn visit_team() -> Vec<Case> {
    let groups = || Cells::Texts(vec![None, Some(""), Some("elderly"), Some("lonely_elder"), Some("other")]);
    let columns =
        || vec![("target_group", groups()), ("team_members", counts()), ("team_social_workers", counts())];
    let settings = ["{}", r#"{"team_size": 1}"#, r#"{"team_size": 7}"#, r#"{"team_size": 0}"#];
    cases(settings, || crossed(columns()))
}

fn walking_distance() -> Vec<Case> {
    let far = [i64::MIN, -1, 99_999, 100_000, 499_999, 500_000, 1_000_000, i64::MAX];
    let distances = || (0..3000).chain(far).map(Some).chain([None]).collect::<Vec<_>>();
    let settings = [
        "{}",
        r#"{"halving_m": 1}"#,
        r#"{"halving_m": 333.3}"#,
        r#"{"halving_m": 1e5}"#,
        r#"{"veto_beyond_m": 1500}"#,
        r#"{"veto_beyond_m": 0.5, "halving_m": 250}"#,
        r#"{"halving_m": 0}"#,
        r#"{"halving_m": "500"}"#,
    ];
    let column = |distance_m| vec![("distance_m", Cells::I64s(distance_m))];
    let mut all = cases(settings, || column(distances()));
    // Without nulls, and without rows.
    all.extend(cases(["{}"], || column((0..100).map(Some).collect())));
    all.extend(cases(["{}"], || column(Vec::new())));
    all
}

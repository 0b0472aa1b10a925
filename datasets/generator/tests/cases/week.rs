//! What is asked for in the week that is matched: who could serve it, and what stands in the way.

use std::collections::BTreeSet;

use linli_generator::cases;

use crate::rules::{Week, recurs, time};
use crate::{Row, case, committed, open, plan};

/// The case, what tells needs in vain from others, and the rules that everybody fails who keeps
/// all the others.
type InVain = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const IN_VAIN: [InVain; 20] = [
    // No neighbour has the skill.
    ("3351", &[("service_id", "hospital_escort")], &["skills"]),
    // Every repair shop is closed by then.
    (
        "3351",
        &[("service_id", "appliance_repair"), ("window_start", "2012-10-17T22:30:00+08:00")],
        &["window"],
    ),
    // No optician comes home.
    ("3351", &[("service_id", "eyewear"), ("at_home", "true")], &["home"]),
    // The licence of the only one with a plate has run out.
    ("3351", &[("service_id", "clock_repair")], &["licence"]),
    // The only offer for migrants has ended.
    ("3351", &[("service_id", "love_meal"), ("group", "floating")], &["offer"]),
    // Four hours do not fit into the two that are left.
    ("3351", &[("service_id", "housekeeping"), ("duration_min", "240")], &["window"]),
    // No hairdresser who comes home is within 500 m.
    ("3351", &[("service_id", "haircut"), ("reach_m", "500")], &["reach"]),
    // Everybody who cares for the sick is at home by then.
    ("365", &[("service_id", "night_care")], &["window"]),
    // Nobody speaks it.
    ("365", &[("skills", "布依语")], &["skills"]),
    // Those who have the skill cannot be proposed.
    ("365", &[("skills", "手语")], &["standing", "consent", "licence"]),
    ("365", &[("skills", "护理")], &["standing", "consent", "licence"]),
    // The district has no merchants.
    ("365", &[("service_id", "appliance_repair")], &["kind"]),
    // Nobody is free that long in one stretch.
    ("365", &[("service_id", "housework"), ("duration_min", "300")], &["window"]),
    ("365", &[("service_id", "housework"), ("duration_min", "480")], &["window"]),
    // No visitor lives that near.
    ("365", &[("service_id", "elder_visit"), ("reach_m", "500")], &["reach"]),
    // Nobody mends lifts.
    ("malu", &[("service_id", "lift_failure")], &["skills"]),
    // Whoever keeps watch is asleep by then.
    ("malu", &[("service_id", "noise_mediation")], &["window"]),
    // The permit has run out.
    ("malu", &[("skills", "高压")], &["licence"]),
    // The only one who signs has not agreed to be proposed.
    ("malu", &[("skills", "手语")], &["consent"]),
    // Nobody who repairs lives that near.
    ("malu", &[("service_id", "small_repair"), ("reach_m", "300")], &["reach"]),
];

#[test]
fn nobody_can_serve_the_needs_in_vain_and_each_kind_has_its_reason() {
    for id in ["3351", "365", "malu"] {
        let tables = case(id);
        let week = Week::of(id, &tables);
        for (_, marks, reasons) in IN_VAIN.iter().filter(|it| it.0 == id) {
            let marked = |need: &&Row| marks.iter().all(|(column, value)| need[*column] == *value);
            let needs: Vec<&Row> = open(&tables).filter(marked).collect();
            assert!(!needs.is_empty(), "{marks:?}");
            let mut almost = 0;
            for need in needs {
                for (provider, fails) in week.failures(need) {
                    assert!(!fails.is_empty(), "{provider} can serve {need:?}");
                    almost += usize::from(fails.iter().all(|it| reasons.contains(it)));
                }
            }
            assert!(almost > 0, "nobody keeps all rules but {reasons:?}: {marks:?}");
        }
    }
}

#[test]
fn more_wait_for_treatment_at_home_than_the_only_clinic_takes_in_a_day() {
    let tables = case("3351");
    let week = Week::of("3351", &tables);
    let needs: Vec<&Row> = open(&tables).filter(|it| it["service_id"] == "home_treatment").collect();
    let able = needs.iter().flat_map(|it| week.failures(it)).filter(|it| it.1.is_empty()).map(|it| it.0);
    let able: Vec<&str> = able.collect::<BTreeSet<_>>().into_iter().collect();
    let [clinic] = able.as_slice() else { panic!("{able:?} treat at home") };
    let row = tables["merchant"].iter().find(|it| it["merchant_id"] == *clinic).expect("a clinic");
    let room: usize = row["capacity_per_day"].parse().expect("a number");
    let days: BTreeSet<&str> = needs.iter().map(|it| &it["window_start"][..10]).collect();
    assert!(days.len() == 1 && needs.len() > room, "{} on {days:?}, room for {room}", needs.len());
}

#[test]
fn who_must_serve_a_need_can_and_is_all_that_it_asks_for() {
    for case in cases() {
        let tables = committed(&case);
        let week = Week::of(case.id, &tables);
        let must: Vec<&Row> = tables["pin"].iter().filter(|it| it["kind"] == "must").collect();
        assert!(!must.is_empty(), "{}", case.id);
        for pin in must {
            let need = open(&tables).find(|it| it["need_id"] == pin["need_id"]).expect("an open need");
            assert_eq!(need["demand"], "1", "{need:?}");
            let fails = week.failures_of(need, &pin["provider_id"]).expect("a provider");
            assert!(fails.is_empty(), "{pin:?}: {fails:?}");
        }
    }
}

#[test]
fn every_open_notice_of_medicine_has_its_watch_and_no_other_watch_is_alive() {
    let tables = case("3351");
    let key = |it: &&Row| ["card_no", "item", "channel"].map(|column| it[column].clone());
    let notices: Vec<&Row> = open(&tables).filter(|it| it["service_id"] == "medicine_notice").collect();
    let watches = &tables["stock_watch"];
    let alive: Vec<&Row> =
        watches.iter().filter(|it| matches!(it["status"].as_str(), "waiting" | "arrived")).collect();
    let asked: BTreeSet<_> = notices.iter().map(key).collect();
    assert_eq!(alive.iter().map(key).collect::<BTreeSet<_>>(), asked);
    assert_eq!((alive.len(), notices.len()), (asked.len(), asked.len()));
    assert!(alive.iter().any(|it| it["status"] == "waiting"));

    let arrived: Vec<&&Row> = alive.iter().filter(|it| it["status"] == "arrived").collect();
    assert!(arrived.iter().any(|it| it["card_no"] == "000666"), "the card of the text");
    for watch in arrived {
        let need = notices.iter().find(|it| key(it) == key(watch)).expect("a need");
        assert!(need["received_at"] < watch["arrived_at"], "{watch:?}");
        assert!(watch["arrived_at"].as_str() < "2012-10-14T20", "{watch:?}");
        let told = tables["pin"].iter().find(|it| it["need_id"] == need["need_id"]).expect("a pin");
        assert_eq!(told["provider_id"], watch["merchant_id"], "who has it tells");
    }
    for watch in watches {
        let came = matches!(watch["status"].as_str(), "arrived" | "notified");
        assert_eq!([came; 2], ["arrived_at", "merchant_id"].map(|it| !watch[it].is_empty()), "{watch:?}");
    }
}

#[test]
fn open_needs_can_be_told_apart_from_history() {
    for case in cases() {
        for need in &committed(&case)["need"] {
            let id = if need["status"] == "open" { "-n" } else { "-h" };
            assert!(need["need_id"].contains(id), "{need:?}");
        }
    }
}

#[test]
fn open_needs_are_received_before_the_decision_and_before_they_begin() {
    for case in cases() {
        let as_of = plan(case.id).as_of;
        for need in open(&committed(&case)) {
            let (start, received) = (&need["window_start"], &need["received_at"]);
            assert!(*received < as_of, "{need:?}");
            assert!(!start.is_empty() || !need["due_at"].is_empty(), "{need:?}");
            assert!(start.is_empty() || received <= start, "{need:?}");
            assert!(*start <= need["window_end"], "{need:?}");
        }
    }
}

#[test]
fn every_district_with_an_open_need_is_matched_and_no_other() {
    for case in cases() {
        let asking: BTreeSet<String> = open(&committed(&case)).map(|it| it["district_id"].clone()).collect();
        assert_eq!(plan(case.id).districts, asking, "{}", case.id);
    }
}

#[test]
fn what_recurs_begins_on_a_day_of_its_rule() {
    for case in cases() {
        let tables = committed(&case);
        for (table, start) in [("need", "window_start"), ("availability", "start")] {
            let mut recurring = 0;
            for row in tables[table].iter().filter(|it| !it["rrule"].is_empty()) {
                assert!(recurs(&row["rrule"], time(&row[start]).date()), "{table}: {row:?}");
                recurring += 1;
            }
            assert!(recurring > 0, "{}/{table}", case.id);
        }
    }
}

#[test]
fn one_to_one_means_one_household() {
    let pairings = &case("365")["pairing"];
    for row in pairings {
        let same = pairings.iter().filter(|it| it["volunteer_id"] == row["volunteer_id"]).count();
        assert_eq!(row["mode"], if same == 1 { "one_to_one" } else { "one_to_many" }, "{row:?}");
    }
}

#[test]
fn paired_support_fits_the_group_of_the_household() {
    let tables = case("365");
    let mut tasks = BTreeSet::new();
    for pairing in tables["pairing"].iter().filter(|it| !it["need_id"].is_empty()) {
        let need = open(&tables).find(|it| it["need_id"] == pairing["need_id"]).expect("an open need");
        assert_eq!(need["service_id"], "pairing_visit");
        let group = need["group"].as_str();
        let right = match pairing["task"].as_str() {
            "帮扶一户特困家庭" => matches!(group, "low_income" | "disabled" | "laid_off"),
            "关爱一名孤寡老人" => group == "lonely_elder",
            "资助一名困难学生" => group == "minor",
            _ => true,
        };
        assert!(right, "{pairing:?}: {group}");
        tasks.insert(pairing["task"].as_str());
    }
    assert!(tasks.len() >= 4, "{tasks:?}");
}

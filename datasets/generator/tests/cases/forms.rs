//! The registers of the volunteers: households, activities, ratings, questionnaires.

use std::collections::{BTreeMap, BTreeSet};

use linli_model::Pii;

use crate::{Row, case, catalog, count};

fn number(row: &Row, column: &str) -> i64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

fn by<'a>(rows: &'a [Row], key: &str) -> BTreeMap<&'a str, &'a Row> {
    rows.iter().map(|it| (it[key].as_str(), it)).collect()
}

#[test]
fn a_household_is_a_code_with_categories_of_the_form_and_what_it_needs() {
    for id in ["365", "malu"] {
        let tables = case(id);
        let services = by(&tables["service"], "service_id");
        for household in &tables["household"] {
            let tags: Vec<&str> = household["tags"].split(';').collect();
            assert!(!tags.is_empty() && tags.is_sorted(), "{household:?}");
            for tag in tags {
                assert!(
                    matches!(
                        tag,
                        "poor_family" | "lonely_elder" | "poor_student" | "poor_disabled" | "laid_off"
                    ),
                    "{household:?}"
                );
            }
            assert!(household["needs"].split(';').all(|it| services.contains_key(it)), "{household:?}");
        }
    }
    let tags: BTreeSet<String> = case("365")["household"].iter().map(|it| it["tags"].clone()).collect();
    assert!(tags.len() > 5, "{tags:?}");
}

#[test]
fn nothing_that_the_register_of_households_prints_is_masked() {
    for table in ["household", "activity", "rating", "questionnaire"] {
        for field in &catalog().table(table).expect("a schema").fields {
            assert!(matches!(field.pii, Pii::None | Pii::QuasiIdentifier), "{table}.{}", field.name);
        }
    }
}

#[test]
fn a_pair_fits_the_household_and_the_household_the_pair() {
    let tables = case("365");
    let (households, volunteers) =
        (by(&tables["household"], "household_code"), by(&tables["volunteer"], "volunteer_id"));
    for pairing in &tables["pairing"] {
        let household = households[pairing["household_code"].as_str()];
        let volunteer = volunteers[pairing["volunteer_id"].as_str()];
        assert_eq!(household["community_id"], volunteer["community_id"], "{pairing:?}");
        assert!(household["registered_on"] < pairing["started_on"], "{pairing:?}: {household:?}");
        assert!(household["removed_on"].is_empty(), "{household:?}");
        let has = |tag: &str| household["tags"].split(';').any(|it| it == tag);
        let right = match pairing["task"].as_str() {
            "帮扶一户特困家庭" => has("poor_family") || has("poor_disabled") || has("laid_off"),
            "关爱一名孤寡老人" => has("lonely_elder"),
            "资助一名困难学生" => has("poor_student"),
            _ => true,
        };
        assert!(right, "{pairing:?}: {household:?}");
    }
    let waiting = tables["household"].len() - tables["pairing"].len();
    assert!(waiting > 200, "{waiting} households wait for somebody");
}

#[test]
fn every_activity_records_object_content_and_effect_and_who_held_it() {
    let tables = case("365");
    let (teams, pairings) = (by(&tables["team"], "team_id"), by(&tables["pairing"], "pairing_id"));
    let volunteers = by(&tables["volunteer"], "volunteer_id");
    let mut held: BTreeSet<(&str, &str)> = BTreeSet::new();
    for posting in tables["posting"].iter().filter(|it| it["ended_on"].is_empty()) {
        held.insert((&posting["community_id"], &posting["post_id"]));
    }
    for activity in &tables["activity"] {
        assert!(["object", "content", "effect"].iter().all(|it| !activity[*it].is_empty()), "{activity:?}");
        let holders = ["team_id", "post_id", "pairing_id"].map(|it| activity[it].as_str());
        assert_eq!(holders.iter().filter(|it| !it.is_empty()).count(), 1, "{activity:?}");
        let home = activity["community_id"].as_str();
        let [team, post, pair] = holders;
        let at_home = if !team.is_empty() {
            let members = number(teams[team], "members");
            teams[team]["community_id"] == home && number(activity, "volunteers") <= members
        } else if !post.is_empty() {
            held.contains(&(home, post))
        } else {
            volunteers[pairings[pair]["volunteer_id"].as_str()]["community_id"] == home
        };
        assert!(at_home, "{activity:?}");
        let (party, all) = (number(activity, "party_members"), number(activity, "volunteers"));
        assert!(party <= all && all > 0, "{activity:?}");
        assert!(("2012-07-01".."2012-10-01").contains(&activity["held_on"].as_str()), "{activity:?}");
    }
}

#[test]
fn some_communities_are_active_every_week_and_some_hardly_ever() {
    let tables = case("365");
    let mut active: BTreeMap<&str, usize> =
        tables["community"].iter().map(|it| (it["community_id"].as_str(), 0)).collect();
    for activity in tables["activity"].iter().filter(|it| it["pairing_id"].is_empty()) {
        *active.get_mut(activity["community_id"].as_str()).expect("a community") += 1;
    }
    let (least, most) = (active.values().min(), active.values().max());
    assert!(least < Some(&4) && most > Some(&13), "{least:?} to {most:?}");
}

#[test]
fn every_kind_of_rater_rates_and_answers_do_not_exceed_copies() {
    let tables = case("365");
    let kinds: BTreeSet<&str> = tables["rating"].iter().map(|it| it["rater_kind"].as_str()).collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    for kind in kinds {
        assert!(count(&tables["rating"], "rater_kind", kind) >= tables["community"].len(), "{kind}");
    }
    for row in &tables["questionnaire"] {
        let answers: i64 = ["good", "fair", "poor"].iter().map(|it| number(row, it)).sum();
        assert!(answers <= number(row, "issued"), "{row:?}");
    }
}

#[test]
fn twelve_households_of_lonely_elders_stand_for_twelve_groups() {
    let tables = case("malu");
    assert_eq!(tables["household"].len(), 12);
    assert_eq!(count(&tables["household"], "tags", "lonely_elder"), 12);
    let codes: BTreeSet<&str> = tables["pairing"].iter().map(|it| it["household_code"].as_str()).collect();
    assert_eq!(codes.len(), 12, "one household for each group");
}

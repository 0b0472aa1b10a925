//! nanxing: the neighbourhood centre, the speciality points, and the pool in which communities
//! share what they have.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{agrees, figure, names, number, words};
use crate::networks::told;
use crate::rules::Week;
use crate::{Row, Tables, case, count, open, plan};

/// Identity, measure, qualifier, value, unit, words of the text.
const FIGURES: &str = "
S4-F01 | projects_done | exact | 43 | projects | 43个项目
S4-F02 | problem_unsolved_for | exact | 60 | years | 60年未曾解决
S4-F03 | floor_area | over | 3000 | m² | 建筑面积超过3000平方米
S4-F04a | centres | exact | 1 | centres | 一个中心
S4-F04b | services | exact | 3 | services | 三项服务
S4-F04c | facilities | exact | | | X项配套
S4-F05 | functions | exact | 7 | functions | [推算] 原文列举培育、助学、教育、养护、垃圾分类、便民服务、志愿者队伍七项
S4-F06 | address | exact | | | 梵天寺路54号
";

fn rows_by<'a>(rows: &'a [Row], column: &str) -> BTreeMap<&'a str, &'a Row> {
    rows.iter().map(|it| (it[column].as_str(), it)).collect()
}

/// The speciality points, with the community of each and the service in which it is good.
fn specialities(tables: &Tables) -> Vec<(&Row, &str, &str)> {
    let points = tables["service_point"].iter().filter(|it| it["kind"] == "speciality");
    points.map(|it| (it, it["community_id"].as_str(), it["specialities"].as_str())).collect()
}

#[test]
fn every_figure_of_the_centre_is_there_once_as_it_is_worded() {
    let tables = case("nanxing");
    told(&tables, FIGURES, |_| "");
    for row in &tables["published_figure"] {
        let derived = row["text_zh"].starts_with("[推算]");
        let file = "004_0d84adc1d831cda0.txt";
        assert_eq!(row["source"], if derived { format!("derived from S4, {file}") } else { file.to_owned() });
        assert_eq!(row["district_id"], "nanxing");
    }
}

#[test]
fn the_centre_agrees_with_the_published_figures() {
    let tables = case("nanxing");
    agrees(&tables, "S4-F01", count(&tables["project"], "status", "done") as f64);
    let centres: Vec<&Row> =
        tables["service_point"].iter().filter(|it| it["kind"] == "neighbourhood_centre").collect();
    agrees(&tables, "S4-F04a", centres.len() as f64);
    agrees(&tables, "S4-F03", number(&centres[0]["area_m2"]));
    agrees(&tables, "S4-F04b", centres[0]["specialities"].split(';').count() as f64);
    agrees(&tables, "S4-F05", count(&tables["service"], "parent_id", "maker_space") as f64);
    assert_eq!(figure(&tables, "S4-F04c")["point"], "", "X is no number");
    for project in &tables["project"] {
        let done = project["status"] == "done";
        assert_eq!(done, !project["finished_on"].is_empty(), "{project:?}");
        assert!(!done || project["started_on"] < project["finished_on"], "{project:?}");
    }
}

#[test]
fn only_the_community_of_a_speciality_point_can_serve_its_field_and_all_communities_ask_for_it() {
    let tables = case("nanxing");
    let week = Week::of("nanxing", &tables);
    let people = rows_by(&tables["volunteer"], "volunteer_id");
    let points = specialities(&tables);
    assert!(points.len() < tables["community"].len(), "some communities have no speciality");
    for (point, owner, service) in points {
        let needs: Vec<&Row> = open(&tables).filter(|it| it["service_id"] == service).collect();
        let asking: BTreeSet<&str> = needs.iter().map(|it| it["community_id"].as_str()).collect();
        assert!(asking.len() > 5, "{service}: {asking:?}");
        let skill = needs[0]["skills"].as_str();
        let mut helped = 0;
        for need in &needs {
            let able = week.failures(need).into_iter().filter(|it| it.1.is_empty()).map(|it| it.0);
            let homes: BTreeSet<&str> = able.map(|it| people[it]["community_id"].as_str()).collect();
            assert!(homes.iter().all(|it| *it == owner), "{need:?}: {homes:?}");
            helped += usize::from(!homes.is_empty() && need["community_id"] != owner);
        }
        assert!(helped > 3, "{service}: {helped} needs of others");
        let staff = people.values().filter(|it| it["skills"] == skill && it["status"] == "active");
        let room: f64 = staff.map(|it| number(&it["max_per_day"])).sum();
        assert!((number(&point["capacity_per_day"]) - room).abs() < 0.5, "{point:?}: {room}");
    }
}

#[test]
fn what_neighbours_do_can_be_done_at_home_and_elsewhere() {
    let tables = case("nanxing");
    let week = Week::of("nanxing", &tables);
    let people = rows_by(&tables["volunteer"], "volunteer_id");
    let mut both = 0;
    for need in open(&tables).filter(|it| it["service_id"] == "neighbour_errand") {
        let able = week.failures(need).into_iter().filter(|it| it.1.is_empty()).map(|it| it.0);
        let (here, there): (Vec<&str>, Vec<&str>) =
            able.partition(|it| people[it]["community_id"] == need["community_id"]);
        both += usize::from(!here.is_empty() && !there.is_empty());
    }
    assert!(both > 10, "{both} needs with a choice");
}

#[test]
fn at_no_instant_is_more_lent_than_the_owner_shares_and_nobody_borrows_from_itself() {
    let tables = case("nanxing");
    let resources = rows_by(&tables["pool_resource"], "resource_id");
    for resource in resources.values() {
        assert!(number(&resource["shareable"]) <= number(&resource["quantity"]), "{resource:?}");
    }
    let open_end = "9999";
    let end =
        |it: &Row| if it["returned_at"].is_empty() { open_end.to_owned() } else { it["returned_at"].clone() };
    let as_of = plan("nanxing").as_of;
    for loan in &tables["pool_loan"] {
        let resource = resources[loan["resource_id"].as_str()];
        assert_ne!(loan["community_id"], resource["community_id"], "{loan:?}");
        assert!(loan["lent_at"] < end(loan) && loan["lent_at"] < as_of, "{loan:?}");
        assert!(resource["valid_from"] < loan["lent_at"], "{loan:?}");
        // The most is out at the instant at which some loan begins.
        let out = tables["pool_loan"].iter().filter(|it| {
            it["resource_id"] == loan["resource_id"]
                && it["lent_at"] <= loan["lent_at"]
                && loan["lent_at"] < end(it)
        });
        let units: f64 = out.map(|it| number(&it["units"])).sum();
        assert!(units <= number(&resource["shareable"]), "{loan:?}: {units}");
    }
    assert!(tables["pool_loan"].iter().any(|it| it["returned_at"].is_empty()), "some are still out");
}

#[test]
fn a_loan_for_a_need_lasts_from_its_beginning_to_its_end() {
    let tables = case("nanxing");
    let (needs, resources) =
        (rows_by(&tables["need"], "need_id"), rows_by(&tables["pool_resource"], "resource_id"));
    let owners: BTreeMap<&str, &str> =
        specialities(&tables).into_iter().map(|(_, community, service)| (service, community)).collect();
    let mut served = 0;
    for loan in tables["pool_loan"].iter().filter(|it| !it["need_id"].is_empty()) {
        let (need, resource) = (needs[loan["need_id"].as_str()], resources[loan["resource_id"].as_str()]);
        assert_eq!(need["community_id"], loan["community_id"]);
        assert_eq!(need["service_id"], resource["service_id"]);
        assert_eq!(owners[need["service_id"].as_str()], resource["community_id"]);
        let steps = tables["need_event"].iter().filter(|it| it["need_id"] == loan["need_id"]);
        let at = |kind: &str| steps.clone().find(|it| it["kind"] == kind).map(|it| it["at"].as_str());
        assert_eq!(at("in_progress"), Some(loan["lent_at"].as_str()), "{loan:?}");
        assert_eq!(at("done"), Some(loan["returned_at"].as_str()), "{loan:?}");
        served += 1;
    }
    assert!(served > 50, "{served}");
}

#[test]
fn who_comes_from_outside_stands_under_a_contract_for_the_service_until_its_last_day() {
    let tables = case("nanxing");
    let week = Week::of("nanxing", &tables);
    let contracts = rows_by(&tables["contract"], "service_id");
    let people = rows_by(&tables["volunteer"], "volunteer_id");
    let outside = |id: &str| people[id]["kind"] == "contracted";
    let mut bought = BTreeSet::new();
    for need in open(&tables) {
        for (id, fails) in week.failures(need) {
            if outside(id) && fails.is_empty() {
                let contract = contracts[need["service_id"].as_str()];
                assert_eq!(contract["valid_to"], people[id]["credential_valid_to"], "{need:?}");
                bought.insert(need["service_id"].as_str());
            }
        }
    }
    assert_eq!(bought, words("x_care elder_nurture youth_education org_incubation x_leisure"));
    for (service, contract) in contracts {
        let organization = &contract["organization_id"];
        assert_eq!(count(&tables["organization"], "organization_id", organization), 1);
        assert!(contract["valid_from"] < contract["valid_to"] && number(&contract["budget_yuan"]) > 0.0);
        let late =
            |it: &&Row| it["service_id"] == service && it["window_start"][..10] > contract["valid_to"][..];
        for need in open(&tables).filter(late) {
            let fails = week.failures(need);
            assert!(fails.iter().all(|it| !it.1.is_empty()), "{need:?}");
            assert!(fails.iter().any(|it| it.1 == ["licence"]), "{need:?}");
        }
    }
}

#[test]
fn disputes_go_to_the_workshop_before_anybody_is_sent() {
    let tables = case("nanxing");
    let mut talked = 0;
    for need in tables["need"].iter().filter(|it| it["status"] != "open") {
        let steps: Vec<&Row> =
            tables["need_event"].iter().filter(|it| it["need_id"] == need["need_id"]).collect();
        let at = |kind: &str| steps.iter().position(|it| it["kind"] == kind);
        let dispute = need["service_id"] == "neighbour_dispute";
        assert_eq!(at("escalated").is_some(), dispute && at("dispatched").is_some(), "{need:?}");
        if let Some(workshop) = at("escalated") {
            assert_eq!(steps[workshop]["actor_role"], "workshop");
            assert!(Some(workshop) < at("dispatched"), "{steps:?}");
            talked += 1;
        }
    }
    assert!(talked > 10, "{talked}");
}

#[test]
fn the_hall_greets_the_desk_accepts_and_the_back_office_passes_on() {
    let tables = case("nanxing");
    let role = |need: &str, kind: &str| {
        let step = tables["need_event"].iter().find(|it| it["need_id"] == need && it["kind"] == kind);
        step.map(|it| it["actor_role"].as_str())
    };
    for need in &tables["need"] {
        let id = need["need_id"].as_str();
        assert_eq!([role(id, "received"), role(id, "registered")], [Some("hall"), Some("desk")]);
        assert!(matches!(role(id, "dispatched"), None | Some("back_office")));
        assert!(
            !matches!(role(id, "accepted"), Some("desk" | "back_office")) || need["class"] == "consultation"
        );
    }
}

#[test]
fn some_who_were_helped_help_others() {
    let tables = case("nanxing");
    let week = Week::of("nanxing", &tables);
    let former: BTreeSet<&str> = tables["volunteer"]
        .iter()
        .filter(|it| it["kind"] == "former_recipient")
        .map(|it| it["volunteer_id"].as_str())
        .collect();
    let helps = |need: &Row| week.failures(need).iter().any(|it| it.1.is_empty() && former.contains(it.0));
    assert!(open(&tables).any(helps));
}

#[test]
fn what_the_text_names_of_the_street_is_published_and_nothing_else_is() {
    let tables = case("nanxing");
    assert_eq!(names(&tables["community"], "name"), words("馒头山社区"));
    assert_eq!(
        names(&tables["service_point"], "name"),
        words("馒头山邻里中心 卫生站 长者照护园 街坊会客厅 文化礼堂 社会组织创客空间")
    );
    for table in ["volunteer", "organization", "contract", "project", "pool_resource", "pool_loan", "need"] {
        assert_eq!(count(&tables[table], "provenance", "published"), 0, "{table}");
    }
}

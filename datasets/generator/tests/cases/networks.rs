//! 2833: the published figures of 沧州's networks, and that the registries agree with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{agrees, bounds, cells, figure, names, number, words};
use crate::{Row, Tables, case, count};

/// Identity, measure, qualifier, value, unit, words of the text. `S2-F14`, `S2-F30` and `S2-F38`
/// hold several numbers each.
const FIGURES: &str = "
S2-F01 | planned_communities | exact | 231 | communities | 社区231个
S2-F02 | members | exact | 1430 | people | 社区“两委”成员1430名
S2-F03 | organizations | exact | 156 | organizations | 权益类组织156个
S2-F04 | organizations | exact | 142 | organizations | 服务类组织142个
S2-F05 | organizations | exact | 259 | organizations | 文体类组织259个
S2-F06 | community_volunteers | over | 20000 | people | 社区志愿者2万余人
S2-F07 | volunteer_teams | over | 100 | teams | 各类志愿者队伍有100多个
S2-F08 | community_volunteers | over | 8000 | people | 人员8000余人
S2-F09 | rooms_per_100_households | at_least | 20 | m² per 100 households | 每百户不低于20平方米
S2-F10 | money_per_year | range | 2000000..3000000 | yuan | 每年列支二三百万元福彩公益金
S2-F11 | service_centres | exact | 13 | centres | 社区服务中心13个
S2-F12 | service_stations | exact | 120 | stations | 社区服务站120个
S2-F13 | floor_area | exact | 58000 | m² | 总建筑面积5.8万平方米
S2-F14a | communities | exact | 51 | communities | 运河区51个社区用房
S2-F14b | floor_area | exact | 19000 | m² | 达到1.9万平方米
S2-F15 | rooms_above_1000_m2 | exact | 10 | communities | 10个超过1000平方米
S2-F16 | rooms_above_600_m2 | exact | 11 | communities | 11个超过600平方米
S2-F17 | floor_area | exact | 62000 | m² | 总建筑面积达到6.2万平方米
S2-F18 | founded | exact | | | 2010年10月
S2-F19 | sub_centres | exact | 11 | sub-centres | 11个县(市)设立了分中心
S2-F20 | franchise_merchants | over | 600 | merchants | 加盟商600多家
S2-F21 | enrolled_people | over | 110000 | people | 入网人员11万多人
S2-F22 | people_placed | over | 20000 | people | 累计安置就业困难人员2万多人
S2-F23 | people_in_posts | exact | 5385 | people | 公益性岗位在岗5385 人
S2-F24 | community_assistants | exact | 1188 | people | 工作协管员1188人
S2-F25 | households | exact | 32000 | households | 城市低保对象3.2万户
S2-F26 | people | exact | 62000 | people | 6.2万人
S2-F27 | allowance_per_month | exact | 240 | yuan per person | 月人均补助差额达到240元
S2-F28 | charity_shops | exact | 26 | shops | 26个社区“慈善超市”
S2-F29 | elder_care_stations | exact | 69 | stations | 社区养老服务站69个
S2-F30a | streets_covered | at_least | 0.95 | share of streets | 街道覆盖率和人口覆盖率均达到95%以上
S2-F30b | people_covered | at_least | 0.95 | share of people | 人口覆盖率均达到95%以上
S2-F31 | grant_per_year | exact | 20000 | yuan per community | 每个社区每年拨付2万元专项经费
S2-F32 | officers | at_least | 1 | officers | 至少配备一名社区民警
S2-F33 | cameras | exact | 10110 | cameras | 视频监控探头10110个
S2-F34 | video_hosts | exact | 664 | hosts | 视频操控主机664台
S2-F35 | infrared_alarms | exact | 800 | alarms | 红外线报警器800个
S2-F36 | communities_with_talk_room | exact | 0.8 | share of communities | 运河区80%的社区建立了谈心室
S2-F37 | counsellors | exact | 83 | people | 83名心理咨询师
S2-F38a | networks | exact | 2 | networks | 两大网络
S2-F38b | platforms | exact | 8 | platforms | 八大服务管理平台
S2-F38c | mechanisms | exact | 3 | mechanisms | 三大工作机制
S2-F38d | activities | exact | 3 | activities | 三大活动载体
S2-F39 | kinds_of_special_communities | exact | 10 | kinds | 10种类型特色社区
S2-F40 | rooms_meeting_the_provincial_standard | exact | 51 | communities | 全部达到省定标准
";

/// One registered volunteer in so many has a row, as `datasets/README.md` says.
const SAMPLE: f64 = 10.0;

/// Asserts that the figures of a case are these and no others.
pub(crate) fn told(tables: &Tables, expected: &str, as_of: impl Fn(&str) -> &'static str) {
    let lines: Vec<&str> = expected.lines().filter(|it| !it.is_empty()).collect();
    assert_eq!(tables["published_figure"].len(), lines.len());
    for line in lines {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [id, measure, qualifier, value, unit, text] = columns[..] else { panic!("{line}") };
        let row = figure(tables, id);
        let found = cells(row, ["measure", "qualifier", "unit", "text_zh", "as_of"]);
        assert_eq!(found, [measure, qualifier, unit, text, as_of(id)], "{id}");
        let limits = cells(row, ["point", "min", "max", "min_open", "max_open"]);
        assert_eq!(limits, bounds(qualifier, value), "{id}");
    }
}

pub(crate) fn district<'a>(tables: &'a Tables, community: &str) -> &'a str {
    let row = tables["community"].iter().find(|it| it["community_id"] == community);
    &row.expect("a community")["district_id"]
}

pub(crate) fn points<'a>(tables: &'a Tables, kind: &'a str) -> impl Iterator<Item = &'a Row> {
    tables["service_point"].iter().filter(move |it| it["kind"] == kind)
}

fn area<'a>(rows: impl Iterator<Item = &'a Row>) -> f64 {
    rows.map(|it| number(&it["area_m2"])).sum()
}

/// The rooms of the communities of 运河区.
fn rooms(tables: &Tables) -> Vec<&Row> {
    points(tables, "station").filter(|it| district(tables, &it["community_id"]) == "yunhe").collect()
}

#[test]
fn every_figure_of_the_networks_is_there_once_as_it_is_worded() {
    let tables = case("2833");
    told(&tables, FIGURES, |id| if id == "S2-F18" { "2010-10" } else { "2012-12-27" });
    for row in &tables["published_figure"] {
        assert_eq!(row["source"], "002_2fbb87a971fe115a.txt");
        let yunhe = row["subject"].starts_with("运河区");
        assert_eq!(row["district_id"], if yunhe { "yunhe" } else { "" }, "{row:?}");
    }
}

#[test]
fn both_networks_agree_with_the_published_figures() {
    let tables = case("2833");
    agrees(&tables, "S2-F01", tables["community"].len() as f64);
    agrees(&tables, "S2-F14a", count(&tables["community"], "district_id", "yunhe") as f64);
    let kinds = ["rights", "service", "culture_sport"];
    let of = |kind: &str| count(&tables["organization"], "kind", kind) as f64;
    for (id, kind) in ["S2-F03", "S2-F04", "S2-F05"].iter().zip(kinds) {
        agrees(&tables, id, of(kind));
    }
    assert!((kinds.map(of).iter().sum::<f64>() - 557.0).abs() < 0.5, "156 + 142 + 259");
    for (id, kind) in [
        ("S2-F11", "centre"),
        ("S2-F12", "station"),
        ("S2-F19", "sub_centre"),
        ("S2-F28", "charity_shop"),
        ("S2-F29", "elder_station"),
    ] {
        agrees(&tables, id, points(&tables, kind).count() as f64);
    }
    let franchise = tables["merchant"]
        .iter()
        .filter(|it| it["plate_status"] == "valid" && it["category_id"] != "cz-one-yuan")
        .collect::<Vec<_>>();
    agrees(&tables, "S2-F20", franchise.len() as f64);
    let trades: BTreeSet<&str> = franchise.iter().map(|it| it["category_id"].as_str()).collect();
    assert_eq!(trades.len(), 8);
}

#[test]
fn floor_areas_add_up_to_the_published_ones() {
    let tables = case("2833");
    agrees(&tables, "S2-F13", area(points(&tables, "centre").chain(points(&tables, "station"))));
    let special = ["elder_station", "health_station", "culture_room"];
    agrees(&tables, "S2-F17", special.iter().map(|it| area(points(&tables, it))).sum());
    let rooms = rooms(&tables);
    agrees(&tables, "S2-F14b", area(rooms.iter().copied()));
    // Both counts as the words stand: nothing is added to them and nothing taken away.
    let above = |m2: f64| rooms.iter().filter(|it| number(&it["area_m2"]) > m2).count() as f64;
    agrees(&tables, "S2-F15", above(1000.0));
    agrees(&tables, "S2-F16", above(600.0));
}

#[test]
fn every_community_of_yunhe_keeps_the_norm_for_rooms_and_others_do_not_or_have_none_on_file() {
    let tables = case("2833");
    let norm = number(&figure(&tables, "S2-F09")["min"]);
    let per_100: BTreeMap<&str, f64> = points(&tables, "station")
        .map(|it| {
            let home = tables["community"].iter().find(|one| one["community_id"] == it["community_id"]);
            let households = number(&home.expect("a community")["households"]);
            (it["community_id"].as_str(), 100.0 * number(&it["area_m2"]) / households)
        })
        .collect();
    let keeps = rooms(&tables).iter().filter(|it| per_100[it["community_id"].as_str()] >= norm).count();
    agrees(&tables, "S2-F40", keeps as f64);
    assert!(per_100.values().any(|it| *it < norm), "the norm tells communities apart");
    assert!(per_100.len() < tables["community"].len(), "some have no rooms on file");
}

#[test]
fn most_communities_have_all_eight_platforms_and_some_lack_one() {
    let tables = case("2833");
    let platforms: BTreeSet<&str> = tables["service"]
        .iter()
        .filter(|it| it["parent_id"] == "platform")
        .map(|it| it["service_id"].as_str())
        .collect();
    agrees(&tables, "S2-F38b", platforms.len() as f64);
    let complete = |it: &&Row| it["specialities"].split(';').collect::<BTreeSet<_>>() == platforms;
    let whole = points(&tables, "station").filter(complete).count();
    assert!(2 * whole > tables["community"].len(), "{whole}");
    assert!(whole < points(&tables, "station").count());
}

#[test]
fn people_and_posts_agree_with_the_published_figures() {
    let tables = case("2833");
    let sampled = |it: &&Row| !matches!(it["kind"].as_str(), "counsellor" | "doctor");
    let people: Vec<&Row> = tables["volunteer"].iter().filter(sampled).collect();
    agrees(&tables, "S2-F06", SAMPLE * people.len() as f64);
    let yunhe = people.iter().filter(|it| it["district_id"] == "yunhe").count();
    agrees(&tables, "S2-F08", SAMPLE * yunhe as f64);
    let teams: Vec<&Row> = tables["team"].iter().filter(|it| it["district_id"] == "yunhe").collect();
    agrees(&tables, "S2-F07", teams.len() as f64);
    agrees(&tables, "S2-F08", teams.iter().map(|it| number(&it["members"])).sum());

    let counsellors: Vec<&Row> = tables["volunteer"].iter().filter(|it| it["kind"] == "counsellor").collect();
    agrees(&tables, "S2-F37", counsellors.len() as f64);
    assert!(counsellors.iter().all(|it| it["district_id"] == "yunhe"));
    for community in &tables["community"] {
        let here = |it: &&Row| it["kind"] == "doctor" && it["community_id"] == community["community_id"];
        assert_eq!(tables["volunteer"].iter().filter(here).count(), 1, "{community:?}");
    }

    let holders = |of: &dyn Fn(&&Row) -> bool| -> f64 {
        tables["public_post"].iter().filter(of).map(|it| number(&it["holders"])).sum()
    };
    let (all, assistants) = (holders(&|_| true), holders(&|it| !it["community_id"].is_empty()));
    agrees(&tables, "S2-F23", all);
    agrees(&tables, "S2-F24", assistants);
    assert!(assistants <= all);
}

#[test]
fn eighty_percent_of_fifty_one_stays_a_percentage() {
    let tables = case("2833");
    assert_eq!(figure(&tables, "S2-F36")["point"], "0.8");
    // 40.8 communities: a registry of talk rooms would have to say 40 or 41.
    assert_eq!(points(&tables, "talk_room").count(), 0);
    for row in &tables["published_figure"] {
        for column in ["point", "min", "max"] {
            assert!(!matches!(row[column].as_str(), "40" | "40.8" | "41"), "{row:?}");
        }
    }
}

#[test]
fn what_the_text_names_of_the_networks_is_published_and_nothing_else_is() {
    let tables = case("2833");
    assert_eq!(names(&tables["district"], "name"), words("运河区 新华区"));
    assert_eq!(
        names(&tables["community"], "name"),
        words("隆华社区 四合社区 南新村社区 北环桥社区 朝阳南社区 解放西路社区 永济东路社区")
    );
    assert_eq!(
        names(&tables["service_point"], "name"),
        words("12349社区服务信息中心 社工服务站 六A服务 爱心传承基地 五色服务 拥军港湾")
    );
    for table in ["volunteer", "merchant", "organization", "team", "contract", "public_post", "need"] {
        assert_eq!(count(&tables[table], "provenance", "published"), 0, "{table}");
    }
}

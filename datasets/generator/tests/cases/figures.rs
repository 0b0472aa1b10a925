//! What the texts publish, and that the registries agree with it.

use std::collections::BTreeSet;

use linli_generator::cases;
use linli_model::FieldType;

use crate::{Row, Tables, case, catalog, committed, count, open};

/// Every figure of 3351 and 365: identity, subject, measure, qualifier, value, unit, words of the text.
const FIGURES: &str = "
S0-F01 | 政和社区 | households | exact | 2470 | households | 2470 户居民
S0-F02 | 政和社区 | residents | exact | 6259 | people | 常住人口 6259 人
S0-F03 | 政和社区 | staff | exact | 9 | people | 9 名工作人员
S0-F04 | 一般社区 | staff | about | 10 | people | 10人左右
S0-F05 | 政和社区 | merchants | over | 200 | merchants | 200多个商户
S0-F06 | 政和社区便民服务联盟 | merchants_joined | over | 150 | merchants | 加盟的有150多户
S0-F07 | 政和社区便民服务联盟 | merchant_categories | exact | 19 | categories | 19类
S0-F08 | 政和社区便民服务党支部 | merchant_party_members | exact | 33 | people | 33 名商户党员
S0-F09 | 政和社区便民服务中心 | staff | exact | 9 | people | 社区工作人员(9名)
S0-F10 | 政和社区便民服务中心 | resident_representatives | exact | 2 | people | 居民代表(2名)
S0-F11 | 政和社区便民服务中心 | merchant_representatives | exact | 2 | people | 商户代表(2名)
S0-F12a | “3351”便民服务模式 | platforms | exact | 3 | platforms | 三个服务平台
S0-F12b | “3351”便民服务模式 | archives | exact | 3 | archives | 三套档案
S0-F12c | “3351”便民服务模式 | carriers | exact | 5 | carriers | 五个载体
S0-F12d | “3351”便民服务模式 | brands | exact | 1 | brands | 打造一个\"服务、便 民、和谐\"的服务品牌
S0-F13 | 政和社区服务电话 | telephone_number | exact | | | 3369019
S0-F14 | 便民服务卡 | card_number | exact | | | 000666
S0-F15 | 受访老人 | age | exact | 71 | years | 71周岁
S0-F16 | 便民服务卡 | pay_ratio | exact | 0.95 | share of price | 95折
S0-F17 | 受访老人 | saving_per_month | nearly | 50 | yuan | 近50元
S0-F18 | 家电维修店 | pay_ratio | exact | 0.5 | share of price | 半价
S0-F19 | 受访老人 | spending_per_month | nearly | 1000 | yuan | [推算] 50÷0.05
S1-F01 | 南明区 | area | exact | 209.34 | km² | 209.34平方公里
S1-F02 | 南明区 | population | exact | 800000 | people | 80万人
S1-F03 | 公益服务岗位 | kinds_of_posts | exact | 16 | kinds | 16种公益服务岗位
S1-F04 | 机关党员志愿者 | volunteers | exact | 5131 | people | 5131名机关党员全部注册
S1-F05 | 社会志愿者 | volunteers | over | 2000 | people | 2000余人
S1-F06 | 志愿服务队 | teams | over | 300 | teams | 300余支
S1-F07 | 便民利民综合服务中心(站) | service_points | exact | 187 | service points | 187个
S1-F08 | 四喜巷社区路灯 | money_raised | exact | 5000 | yuan | 5000元
S1-F09 | 南明堂社区秧歌、腰鼓队 | members | exact | 30 | people | 30人的秧歌、腰鼓队
S1-F10 | 南明堂社区太极拳队 | members | exact | 12 | people | 12人的太极拳队
S1-F11 | 后坝社区 | difficulties_solved | over | 50 | cases | 50余件
S1-F12 | 后坝社区 | clothes_and_quilts_given | over | 30 | sets | 30余套
S1-F13a | 后坝社区 | wheelchairs_given | exact | 2 | wheelchairs | 轮椅2副
S1-F13b | 后坝社区 | white_canes_given | exact | 3 | canes | 盲杖3付
S1-F13c | 后坝社区 | cooking_oil_given | exact | 10 | barrels | 食用油10桶
S1-F13d | 后坝社区 | rice_given | exact | 10 | bags | 大米10\u{a0}袋
S1-F14 | 后坝社区特困残疾人家庭 | households_aided | over | 60 | households | 60余户
S1-F15 | 一名下岗职工 | income_per_month | exact | 500 | yuan | 500元
S1-F16 | 咨询类、预约需求类问题 | reply_limit | exact | 5 | min | 五分钟
S1-F17 | 卫生服务圈 | reach | exact | 15 | min | 15分钟卫生服务圈
S1-F18 | 测评调查问卷 | questionnaires | over | 3360 | copies | 3360余份
S1-F19a | 社区服务能人 | awarded_per_cycle | exact | 10 | people | 十大社区服务能人
S1-F19b | 社区服务能人 | cycle | exact | 3 | years | 每三年评选一次
S1-F20 | “1+10”效应 | residents_per_member | exact | 10 | people | 1个党员发动10名群众
S1-F21 | 四点钟乐园 | starts_at | exact | 16 | hour of the day | 每天下午4点以及学校放假期间
S1-F22a | 一卡一本两册三表 | cards | exact | 1 | cards | 一卡
S1-F22b | 一卡一本两册三表 | diaries | exact | 1 | diaries | 一本
S1-F22c | 一卡一本两册三表 | books | exact | 2 | books | 两册
S1-F22d | 一卡一本两册三表 | forms | exact | 3 | forms | 三表
";

/// Point, min, max, min_open and max_open: `150多` is more than 150 and nothing else.
pub(crate) fn bounds<'a>(qualifier: &str, value: &'a str) -> [&'a str; 5] {
    match (qualifier, value) {
        // A number that is a name is exact too, and has no value: its leading zeros matter.
        ("exact", "") => [""; 5],
        ("exact", _) => [value, value, value, "false", "false"],
        ("over", _) => ["", value, "", "true", ""],
        ("nearly", _) => ["", "", value, "", "true"],
        ("about", _) => [value, "", "", "", ""],
        ("at_least", _) => ["", value, "", "false", ""],
        ("range", _) => {
            let (least, most) = value.split_once("..").expect("two bounds");
            ["", least, most, "false", "false"]
        }
        _ => panic!("no figure of the cases is `{qualifier}`"),
    }
}

pub(crate) fn cells<'a, const N: usize>(row: &'a Row, columns: [&str; N]) -> [&'a str; N] {
    columns.map(|it| row[it].as_str())
}

pub(crate) fn figure<'a>(tables: &'a Tables, id: &str) -> &'a Row {
    tables["published_figure"].iter().find(|it| it["figure_id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

pub(crate) fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

/// Asserts that the figure allows what the registries have.
pub(crate) fn agrees(tables: &Tables, id: &str, found: f64) {
    let row = figure(tables, id);
    let [min, max, min_open, max_open] = cells(row, ["min", "max", "min_open", "max_open"]);
    assert!(!min.is_empty() || !max.is_empty(), "{id} has no bound");
    let above = min.is_empty() || found > number(min) || (found == number(min) && min_open == "false");
    let below = max.is_empty() || found < number(max) || (found == number(max) && max_open == "false");
    assert!(above && below, "{id}: {found} does not fit {row:?}");
}

pub(crate) fn names<'a>(rows: &'a [Row], column: &str) -> BTreeSet<&'a str> {
    rows.iter().filter(|it| it["provenance"] == "published").map(|it| it[column].as_str()).collect()
}

pub(crate) fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

#[test]
fn every_figure_is_there_once_with_its_qualifier_bounds_and_words() {
    for (practice, prefix, source) in
        [("3351", "S0-", "000_fc87e98b7da25311.txt"), ("365", "S1-", "001_44044a6dc933fea0.txt")]
    {
        let tables = case(practice);
        let district = tables["district"][0]["district_id"].as_str();
        let expected: Vec<&str> = FIGURES.lines().filter(|it| it.starts_with(prefix)).collect();
        assert_eq!(tables["published_figure"].len(), expected.len(), "{practice}");
        for line in expected {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            let [id, subject, measure, qualifier, value, unit, text] = columns[..] else { panic!("{line}") };
            let row = figure(&tables, id);
            let told =
                cells(row, ["practice", "subject", "measure", "qualifier", "unit", "as_of", "text_zh"]);
            assert_eq!(told, [practice, subject, measure, qualifier, unit, "", text]);
            let limits = cells(row, ["point", "min", "max", "min_open", "max_open"]);
            assert_eq!(limits, bounds(qualifier, value), "{id}");
            // One figure is about communities in general.
            assert_eq!(row["district_id"], if subject == "一般社区" { "" } else { district }, "{id}");
            let derived = text.starts_with("[推算]");
            assert!(if derived {
                row["source"].starts_with("derived from S")
            } else {
                row["source"] == source
            });
        }
    }
}

#[test]
fn the_words_of_a_figure_decide_its_qualifier() {
    for case in cases() {
        let tables = committed(&case);
        for row in tables["published_figure"].iter().filter(|it| !it["text_zh"].starts_with("[推算]")) {
            let says = |marks: &[&str]| marks.iter().any(|it| row["text_zh"].contains(it));
            let qualifier = if says(&["多", "余", "面积超过"]) {
                "over"
            } else if says(&["不低于", "至少", "%以上"]) {
                "at_least"
            } else if says(&["二三"]) {
                "range"
            } else if says(&["近"]) {
                "nearly"
            } else if says(&["左右", "上下"]) {
                "about"
            } else {
                "exact"
            };
            assert_eq!(row["qualifier"], qualifier, "{row:?}");
        }
    }
}

#[test]
fn the_derived_figure_follows_from_those_it_names() {
    let tables = case("3351");
    let (pays, saves) =
        (number(&figure(&tables, "S0-F16")["point"]), number(&figure(&tables, "S0-F17")["max"]));
    let derived = figure(&tables, "S0-F19");
    assert_eq!(derived["source"], "derived from S0-F16, S0-F17");
    assert!((number(&derived["max"]) - saves / (1.0 - pays)).abs() < 1e-6, "{derived:?}");
}

#[test]
fn the_alliance_agrees_with_the_published_figures() {
    let tables = case("3351");
    let community = &tables["community"][0];
    for (figure, column) in [("S0-F01", "households"), ("S0-F02", "residents"), ("S0-F03", "staff")] {
        agrees(&tables, figure, number(&community[column]));
    }
    let merchants = &tables["merchant"];
    agrees(&tables, "S0-F05", merchants.len() as f64);
    let valid: Vec<&Row> = merchants.iter().filter(|it| it["plate_status"] == "valid").collect();
    agrees(&tables, "S0-F06", valid.len() as f64);
    let trades: BTreeSet<&str> = valid.iter().map(|it| it["category_id"].as_str()).collect();
    agrees(&tables, "S0-F07", trades.len() as f64);
    agrees(&tables, "S0-F07", tables["merchant_category"].len() as f64);

    let members = &tables["membership"];
    let joined = merchants.iter().filter(|it| it["plate_status"] != "none").count();
    assert_eq!(count(members, "organization_id", "zh-alliance"), joined);
    let of = |body: &str, kind: &str| {
        let those = members.iter().filter(|it| it["organization_id"] == body && it["member_kind"] == kind);
        those.count() as f64
    };
    agrees(&tables, "S0-F08", of("zh-branch", "merchant_party_member"));
    agrees(&tables, "S0-F09", of("zh-centre", "staff"));
    agrees(&tables, "S0-F10", of("zh-centre", "resident"));
    agrees(&tables, "S0-F11", of("zh-centre", "merchant"));
    agrees(&tables, "S0-F12a", tables["organization"].len() as f64);

    for offer in tables["offer"].iter().filter(|it| it["kind"] == "card") {
        agrees(&tables, "S0-F16", number(&offer["pay_ratio"]));
    }
    let half = |it: &&Row| it["kind"] == "half_price" && it["service_id"] == "appliance_repair";
    assert!(tables["offer"].iter().any(|it| half(&it)));
    for offer in tables["offer"].iter().filter(half) {
        agrees(&tables, "S0-F18", number(&offer["pay_ratio"]));
    }
    // A number that is a name keeps its zeros.
    assert_eq!(count(&tables["card"], "card_no", &figure(&tables, "S0-F14")["text_zh"]), 1);
}

#[test]
fn the_district_agrees_with_the_published_figures() {
    let tables = case("365");
    let district = &tables["district"][0];
    agrees(&tables, "S1-F01", number(&district["area_km2"]));
    agrees(&tables, "S1-F02", number(&district["population"]));
    agrees(&tables, "S1-F02", tables["community"].iter().map(|it| number(&it["residents"])).sum());
    agrees(&tables, "S1-F03", tables["post"].len() as f64);
    agrees(&tables, "S1-F04", count(&tables["volunteer"], "kind", "party_member") as f64);
    agrees(&tables, "S1-F05", count(&tables["volunteer"], "kind", "social") as f64);
    agrees(&tables, "S1-F06", tables["team"].len() as f64);
    agrees(&tables, "S1-F07", tables["service_point"].len() as f64);
    for (figure, subject) in [("S1-F09", "秧歌、腰鼓"), ("S1-F10", "太极拳")] {
        let team = tables["team"].iter().find(|it| it["subject"] == subject).expect("a team");
        agrees(&tables, figure, number(&team["members"]));
    }
    let houba = tables["community"].iter().find(|it| it["name"] == "后坝社区").expect("a community");
    let disabled = |it: &&Row| {
        it["community_id"] == houba["community_id"] && it["tags"].split(';').any(|it| it == "poor_disabled")
    };
    agrees(&tables, "S1-F14", tables["household"].iter().filter(disabled).count() as f64);
    let copies = |it: &&Row| it["item"] == "reply";
    let issued = tables["questionnaire"].iter().filter(copies).map(|it| number(&it["issued"])).sum();
    agrees(&tables, "S1-F18", issued);
    for need in open(&tables).filter(|it| it["service_id"] == "tutoring") {
        agrees(&tables, "S1-F21", number(&need["window_start"][11..13]));
    }
}

#[test]
fn what_the_texts_name_is_published_and_nothing_else_is() {
    let (alliance, district) = (case("3351"), case("365"));
    assert_eq!(
        names(&alliance["merchant_category"], "name_zh"),
        words("餐饮 美容美发 超市 家电维修 汽车养护")
    );
    assert_eq!(names(&alliance["merchant"], "name"), words("政和诊所"));
    assert_eq!(names(&alliance["card"], "card_no"), words("000666"));
    assert_eq!(names(&alliance["community"], "name"), words("政和社区"));
    assert_eq!(
        names(&district["community"], "name"),
        words(
            "送变电社区 四喜巷社区 南明堂社区 东笙巷社区 纪念塔社区 后坝社区
             沙坡社区 凤栖社区 电建一社区 金地社区 次南门社区 新华路社区"
        )
    );
    assert_eq!(
        names(&district["post"], "name_zh"),
        words(
            "政策宣传员 环卫监督员 交通协管员 治安调解员 巡回检查员
             社区治安巡防员 纠纷调解员 四点钟辅导员 民情联络员"
        )
    );
    assert_eq!(names(&district["team"], "subject"), words("秧歌、腰鼓 太极拳"));
    for tables in [&alliance, &district] {
        for table in ["volunteer", "need", "need_event", "return_visit", "availability", "pin"] {
            assert_eq!(count(&tables[table], "provenance", "published"), 0, "{table}");
        }
    }
}

#[test]
fn what_is_named_and_what_is_made_up_add_up_to_what_is_counted() {
    let (alliance, district) = (case("3351"), case("365"));
    let split = |rows: &[Row]| ["published", "synthetic"].map(|it| count(rows, "provenance", it));
    assert_eq!(split(&alliance["merchant_category"]), [5, 14]);
    assert_eq!(split(&district["post"]), [9, 7]);
    assert_eq!(count(&alliance["membership"], "organization_id", "zh-centre"), 9 + 2 + 2);
}

#[test]
fn numbers_that_are_names_stay_text() {
    let tables = case("3351");
    for (id, table, column) in [("S0-F14", "card", "card_no"), ("S0-F13", "channel", "number")] {
        let field = catalog().table(table).and_then(|it| it.field(column)).expect("a column");
        assert_eq!(field.field_type, FieldType::String);
        let row = figure(&tables, id);
        assert_eq!(cells(row, ["point", "min", "max", "unit"]), [""; 4], "{id} has no value");
        assert_eq!(count(&tables[table], column, &row["text_zh"]), 1);
    }
    assert_eq!(figure(&tables, "S0-F14")["text_zh"], "000666");
    assert_eq!(figure(&tables, "S0-F13")["text_zh"], "3369019");
}

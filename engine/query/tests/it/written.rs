//! Files as offices write them, and what is kept of them.

use linli_model::RowIssue;
use linli_query::Mode;

use crate::support::Pool;

/// Loads a table and shows these columns, with the issues.
async fn loaded(table: &str, text: &str, columns: &[&str]) -> (Vec<String>, Vec<RowIssue>) {
    let pool = Pool::new().await;
    let report = pool.load(table, text, Mode::Upsert).await.expect("a load");
    (pool.rows(table, columns).await, report.issues)
}

#[tokio::test]
async fn words_of_offices_are_kept_as_codes() {
    let text = "志愿者编号,类型,特长,每日上限,同意,状态,有效期至\n\
                000666,党员,理发、水电维修,２次,√,在册,2012年9月24日\n\
                000667,群众,\"助残，陪护\",1,不同意,退出,2012.9.24\n\
                000668,social,甲、乙;丙,3,是,active,20120924\n";
    let columns =
        ["volunteer_id", "kind", "skills", "max_per_day", "consent", "status", "credential_valid_to"];
    let (rows, issues) = loaded("volunteer", text, &columns).await;
    assert_eq!(
        rows,
        [
            "000666 | party_member | [理发, 水电维修] | 2 | true | registered | 2012-09-24",
            "000667 | social | [助残, 陪护] | 1 | false | left | 2012-09-24",
            "000668 | social | [甲、乙, 丙] | 3 | true | active | 2012-09-24",
        ]
    );
    assert_eq!(issues, []);
}

#[tokio::test]
async fn needs_come_with_times_and_tiers_in_words() {
    let text = "工单号,紧急程度,状态,来电渠道,所需人数,开始时间,上门\n\
                n1,特急,办理中,热线,1 人,2012年9月24日 下午3时20分,有\n\
                n2,普通,已办结,走访,,2012-09-24 15:20,否\n\
                n3,一般,没办,微信,10左右,2012年9月,×\n";
    let columns = ["need_id", "tier", "status", "channel", "demand", "window_start", "at_home"];
    let (rows, issues) = loaded("need", text, &columns).await;
    assert_eq!(
        rows,
        [
            "n1 | 3 | in_progress | hotline | 1 | 2012-09-24T07:20:00Z | true",
            "n2 | 0 | closed | visit | - | 2012-09-24T07:20:00Z | false",
        ]
    );
    let seen: Vec<(u64, &str, &str)> =
        issues.iter().map(|it| (it.line, it.column.as_str(), it.rule.as_str())).collect();
    assert_eq!(seen, [(4, "demand", "type"), (4, "window_start", "type"), (4, "status", "enum")]);
    assert!(issues[0].expected.ends_with("the table published_figure keeps bounds"), "{:?}", issues[0]);
    assert!(issues[0].expected_zh.contains("published_figure"));
    assert!(issues[2].expected.contains("办理中/处理中/在办/正在办理 (in_progress)"), "{:?}", issues[2]);
}

#[tokio::test]
async fn a_credit_code_is_checked_and_kept_in_one_form() {
    // The example of GB 32100-2015, and slips of it.
    let text = "商户编号,统一社会信用代码,标识牌,上门\n\
                m1,９１３５０１００m000100y43,已挂牌,可上门\n\
                m2,91350100M000100Y44,未挂牌,否\n\
                m3,91350100M000100Y4Z,未挂牌,否\n\
                m4,371602600012345,未挂牌,否\n\
                m5,,无,到店\n";
    let (rows, issues) =
        loaded("merchant", text, &["merchant_id", "uscc", "plate_status", "home_visit"]).await;
    assert_eq!(rows, ["m1 | 91350100M000100Y43 | valid | true", "m5 | - | none | false"]);
    let lines: Vec<u64> = issues.iter().map(|it| it.line).collect();
    assert_eq!(lines, [3, 4, 5]);
    assert!(issues.iter().all(|it| it.rule == "format" && it.column == "uscc"));
    let all = issues.iter().map(|it| format!("{} {}\n", it.expected, it.expected_zh)).collect::<String>();
    for part in [
        "the check character is 4, the others call for 3",
        "第 18 位不能是“Z”",
        "15 characters instead of 18",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
}

#[tokio::test]
async fn discounts_prices_and_divisions_are_read() {
    let text = "编号,商户,服务,对象,折扣,原价,凭卡\n\
                o1,m1,s1,老年人,95折,\"￥1,200元\",须持卡\n\
                o2,m1,s1,全部,半价,１２．５,不限\n\
                o3,m1,s1,,0.95,5.8万,是\n\
                o4,m1,s1,,10折,1,是\n";
    let (rows, issues) =
        loaded("offer", text, &["offer_id", "audience", "pay_ratio", "price", "requires_card"]).await;
    assert_eq!(
        rows,
        [
            "o1 | elderly | 0.95 | 1200.0 | true",
            "o2 | all | 0.5 | 12.5 | false",
            "o3 | - | 0.95 | 58000.0 | true",
        ]
    );
    assert!(issues.len() == 1 && issues[0].expected.contains("95折"), "{issues:?}");
    let (rows, issues) =
        loaded("district", "区编号,区划代码\nd1,３７１６０２\nd2,3716\n", &["district_id", "code"]).await;
    assert_eq!(rows, ["d1 | 371602"]);
    assert!(issues[0].expected.contains("4 characters instead of 6, 9, 12 or 17"), "{issues:?}");
}

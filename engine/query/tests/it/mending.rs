//! Headers settled once, refused lines mended, files and rows that come twice.

use std::path::PathBuf;

use linli_model::{Failure, Kind};
use linli_query::{Error, LoadOptions, LoadReport, Mode, Result, load, mend};

use crate::support::{Pool, names};

async fn load_with(pool: &Pool, table: &str, file: PathBuf, map: Option<PathBuf>) -> Result<LoadReport> {
    load(&pool.store, table, &[file], &LoadOptions { map, at_us: 2, ..LoadOptions::default() }).await
}

async fn fix(pool: &Pool, orders: &str) -> Result<LoadReport> {
    let file = pool.file("fix.json", orders);
    mend(&pool.store, None, &file, 3).await
}

async fn states(pool: &Pool) -> Vec<String> {
    let mut states = pool.rows("quarantine", &["line", "rule", "state", "settled_by"]).await;
    states.sort();
    states
}

/// The ID of the only record with this rule.
async fn id(pool: &Pool, rule: &str) -> String {
    let rows = pool.rows("quarantine", &["rule", "quarantine_id"]).await;
    let found: Vec<_> = rows.iter().filter_map(|it| it.strip_prefix(&format!("{rule} | "))).collect();
    assert_eq!(found.len(), 1, "{rows:?}");
    found[0].to_owned()
}

#[tokio::test]
async fn a_mapping_settles_headers_and_words_once_and_for_later_loads() {
    let pool = Pool::new().await;
    let map = pool.file(
        "map.json",
        r#"{"table":"team","columns":{"队号":"team_id","人":"members","备注":null},"values":{"members":{"两":"2"}}}"#,
    );
    let first = pool.file("one.csv", "队号,人,备注,other\na,两,x,y\n");
    let report = load_with(&pool, "team", first, Some(map.clone())).await.expect("a load");
    let used = report.files[0].mapping.clone().expect("a mapping");
    assert_eq!(used.file, map.display().to_string());
    let ignored: Vec<_> = report.ignored_columns.iter().map(|it| it.column.as_str()).collect();
    assert_eq!(ignored, ["other"], "a header that is known not to be read is not listed");

    let second = pool.file("two.csv", "队号,人\nb,两\n");
    let report = load_with(&pool, "team", second.clone(), None).await.expect("a load");
    let kept = report.files[0].mapping.clone().expect("a mapping");
    assert_eq!((kept.file.as_str(), kept.digest), ("mappings/team.json", used.digest));
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 2", "b | 2"]);

    let error = load_with(&pool, "team", second, Some("none".into())).await.expect_err("no column");
    assert!(matches!(error, Error::MissingColumn { .. }), "{error}");
}

#[tokio::test]
async fn a_mapping_is_kept_only_when_the_load_succeeds() {
    let pool = Pool::new().await;
    let map = pool.file("map.json", r#"{"columns":{"队号":"team_id","人":"members"}}"#);
    let bad = pool.file("bad.csv", "队号,人\na,x\n");
    load_with(&pool, "team", bad, Some(map)).await.expect_err("nothing kept");
    assert!(names(&pool.store.root().join("mappings")).is_empty());

    let map = pool.file("map.json", r#"{"columns":{"队号":"team_idd"}}"#);
    let good = pool.file("good.csv", "队号\na\n");
    let error = load_with(&pool, "team", good, Some(map)).await.expect_err("no such column");
    assert_eq!((error.kind(), error.code()), (Kind::Request, "bad-mapping"));
    assert_eq!(error.details()["nearest"], "team_id");
}

#[tokio::test]
async fn unknown_headers_come_with_a_mapping_to_edit() {
    let pool = Pool::new().await;
    let text = "volunteer_id,max_per_dya,shoe size\nv,1,2\n";
    let report = pool.load("volunteer", text, Mode::Upsert).await.expect("a load");
    let first = &report.ignored_columns[0];
    assert_eq!(
        (first.nearest.as_deref(), first.others.as_slice()),
        (Some("max_per_day"), ["max_per_week".to_owned()].as_slice())
    );
    let suggested = serde_json::to_string(&report.mapping_suggestion).expect("json");
    assert_eq!(
        suggested,
        r#"{"table":"volunteer","columns":{"max_per_dya":"max_per_day","shoe size":null}}"#
    );
    // What is suggested can be loaded with as it stands.
    let map = pool.file("map.json", suggested);
    let file = pool.file("again.csv", text);
    let report = load_with(&pool, "volunteer", file, Some(map)).await.expect("a load");
    assert!(report.ignored_columns.is_empty() && report.mapping_suggestion.is_none());
    assert_eq!(pool.rows("volunteer", &["max_per_day"]).await, ["1"]);
}

#[tokio::test]
async fn a_mended_file_settles_what_it_mends_and_nothing_else() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,members,subject\na,1,x\nb,many,y\nc,few,z\n,4,w\na,5,v\n", Mode::Upsert)
        .await
        .expect("a load");
    let open = [
        "3 | type | open | -",
        "4 | type | open | -",
        "5 | required | open | -",
        "6 | duplicate_key | open | -",
    ];
    assert_eq!(states(&pool).await, open);

    // Another file of that name, with other rows on the same lines.
    let other = "team_id,members,subject\nm,1,m\nn,2,n\no,3,o\np,9,p\nq,8,q\n";
    let report = pool.load("team", other, Mode::Upsert).await.expect("a load");
    assert_eq!((report.mended, states(&pool).await.as_slice()), (0, open.map(str::to_owned).as_slice()));

    let mended = "team_id,members,subject\na,1,x\nb,2,y\nc,few,z\nd,4,w\ne,5,v\n";
    let report = pool.load("team", mended, Mode::Upsert).await.expect("a load");
    assert_eq!((report.kept, report.quarantined, report.mended), (3, 1, 3));
    assert_eq!(
        states(&pool).await,
        [
            "3 | type | mended | reload",
            "4 | type | open | -",
            "4 | type | open | -",
            "5 | required | mended | reload",
            "6 | duplicate_key | mended | reload",
        ]
    );
    let newest = pool.store.latest().await.expect("a snapshot");
    assert_eq!(
        newest.tables["quarantine"].digest,
        pool.store.digest(&newest, "quarantine").await.expect("ok")
    );
}

#[tokio::test]
async fn a_fix_replays_only_open_rows_of_its_table_and_keeps_those_that_pass() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,人数\na,1\n", Mode::Upsert).await.expect("a load");
    let text = "team_id,members\na,1\nb,两\nc,三\n";
    pool.load("team", text, Mode::Upsert).await.expect("a load");
    let before = pool.store.latest().await.expect("a snapshot").id;

    let error = fix(&pool, r#"{"table":"team","values":{"members":{"四":"4"}}}"#).await.expect_err("none");
    assert!(matches!(error, Error::NothingKept { rows: 2, .. }), "{error}");
    assert_eq!(pool.store.latest().await.expect("a snapshot").id, before);

    let report = fix(&pool, r#"{"table":"team","values":{"members":{"两":"2"}}}"#).await.expect("a fix");
    assert_eq!((report.rows, report.kept, report.quarantined, report.mended), (2, 1, 1, 1));
    assert_eq!(report.snapshot, before + 1, "one snapshot for the row and the word of it");
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 2"]);
    assert_eq!(states(&pool).await, ["3 | type | mended | fix", "4 | type | open | -"]);

    // The word is settled: the same file again refuses one line less and opens nothing anew.
    let again = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!((again.unchanged, again.quarantined), (2, 1));
    assert_eq!(states(&pool).await.len(), 2);
    let none = fix(&pool, r#"{"table":"post"}"#).await.expect("nothing to do");
    assert_eq!((none.rows, none.snapshot), (0, again.snapshot));
}

#[tokio::test]
async fn single_cells_are_mended_and_lines_given_up_by_id() {
    let pool = Pool::new().await;
    let text = "team_id,members\na,1\nb,many\na,7\nc,3,x\nd,few\n";
    let text = text.replace("d,few", ",4");
    pool.load("team", &text, Mode::Upsert).await.expect("a load");
    let [many, twice, torn, less] = [
        id(&pool, "type").await,
        id(&pool, "duplicate_key").await,
        id(&pool, "columns").await,
        id(&pool, "required").await,
    ];

    // The same key again takes nobody's place.
    let same = format!(r#"{{"table":"team","rows":{{"{twice}":{{"members":"8"}}}}}}"#);
    fix(&pool, &same).await.expect_err("the key is there");
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1"]);

    let orders = format!(
        r#"{{"table":"team","rows":{{"{}":{{"members":"2"}},"{twice}":{{"team_id":"e"}},
            "{torn}":{{"team_id":"c","members":"3"}},"{less}":null}}}}"#,
        &many[..12]
    );
    let report = fix(&pool, &orders).await.expect("a fix");
    assert_eq!((report.rows, report.mended, report.dropped), (3, 3, 1));
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 2", "c | 3", "e | 7"]);
    assert_eq!(
        states(&pool).await,
        [
            "3 | type | mended | fix",
            "4 | duplicate_key | mended | fix",
            "5 | columns | mended | fix",
            "6 | required | dropped | fix",
        ]
    );
    assert_eq!(pool.rows("quarantine", &["row"]).await, ["-"; 4], "settled lines are not kept");
    let gone = fix(&pool, &orders).await.expect_err("settled already");
    assert_eq!(gone.code(), "bad-mapping");
}

#[tokio::test]
async fn a_record_says_how_to_mend_its_row() {
    let pool = Pool::new().await;
    pool.load("pin", "need_id,provider_id,kind\nn,p,must\nn,q,nevr\n", Mode::Upsert).await.expect("a load");
    let hints = pool.rows("quarantine", &["hint", "hint_zh"]).await;
    assert!(hints[0].starts_with("write never, or") && hints[0].contains("| 改为 never；"), "{hints:?}");
}

#[tokio::test]
async fn rows_that_look_like_one_are_reported_by_key_and_stay_two() {
    let pool = Pool::new().await;
    let first = "merchant_id,name,community_id\nm1,好邻居修理店,c1\nm2,好邻居修理店,c2\n";
    let report = pool.load("merchant", first, Mode::Upsert).await.expect("a load");
    assert_eq!(report.duplicates_total, 0, "two communities, two shops");
    let second = "merchant_id,name,community_id\nm3,好邻居 修理有限公司,c1\nm4,面馆,c1\nm1,好邻居修理店,c1\n";
    let report = pool.load("merchant", second, Mode::Upsert).await.expect("a load");
    let found = serde_json::to_value(&report.duplicates).expect("json");
    let expected = serde_json::json!([
        {"rule": "same_firm", "keys": ["m1", "m3"], "basis": "name_in_community"}
    ]);
    assert_eq!((found, report.duplicates_total), (expected, 1));
    assert_eq!(pool.rows("merchant", &["merchant_id"]).await, ["m1", "m2", "m3", "m4"]);

    // The name that a row had before this load is no name of it any more.
    let renamed = "merchant_id,name,community_id\nm2,茶室,c2\nm5,好邻居修理店,c2\n";
    let report = pool.load("merchant", renamed, Mode::Upsert).await.expect("a load");
    assert_eq!(report.duplicates, []);
    let places = "community_id,district_id,name\nk1,d,太慈\nk2,d,太慈桥社区\nk3,e,太慈桥\n";
    let report = pool.load("community", places, Mode::Upsert).await.expect("a load");
    let keys: Vec<_> = report.duplicates.iter().map(|it| it.keys.join(" ")).collect();
    assert_eq!(keys, ["k1 k2"]);
}

#[tokio::test]
async fn the_same_bytes_are_recognised_whatever_the_file_is_called() {
    let pool = Pool::new().await;
    pool.load("post", "post_id\np\n", Mode::Upsert).await.expect("a load");
    let first = pool.load("team", "team_id,members\na,1\n", Mode::Upsert).await.expect("a load");
    assert_eq!((first.snapshot, first.files[0].seen_in), (2, None));
    pool.load("service", "service_id\ns\n", Mode::Upsert).await.expect("a load");
    let copy = pool.file("copy.csv", "team_id,members\na,1\n");
    let again = pool.load_files("team", &[copy.clone()], Mode::Upsert).await.expect("a load");
    assert_eq!((again.snapshot, again.files[0].seen_in), (3, Some(2)));
    assert_eq!(again.files[0].digest, first.files[0].digest);
    // Back to what was replaced meanwhile: recognised, and loaded all the same.
    pool.load("team", "team_id,members\na,2\n", Mode::Upsert).await.expect("a load");
    let back = pool.load_files("team", &[copy], Mode::Upsert).await.expect("a load");
    assert_eq!((back.kept, back.snapshot, back.files[0].seen_in), (1, 5, Some(2)));
    let known = pool.rows("loaded_file", &["number", "table", "file", "rows"]).await;
    assert_eq!(
        known,
        [
            "1 | post | post.csv | 1",
            "2 | team | team.csv | 1",
            "3 | service | service.csv | 1",
            "4 | team | team.csv | 1"
        ]
    );
}

#[tokio::test]
async fn a_refused_line_keeps_the_coordinate_system_of_its_file() {
    let pool = Pool::new().await;
    let text = "社区编号,所属区县,经度,纬度,人口\nc1,d1,116.397131,39.908746,6000\nc2,d1,116.397131,39.908746,many\n";
    let file = pool.file("community.csv", text);
    // Loaded as what it is not, then again as what it is.
    load_with(&pool, "community", file.clone(), None).await.expect("a load");
    assert_eq!(pool.rows("quarantine", &["line", "crs"]).await, ["3 | wgs84"]);
    let options = LoadOptions { crs: Some("gcj02".to_owned()), at_us: 2, ..LoadOptions::default() };
    let report = load(&pool.store, "community", &[file], &options).await.expect("a load");
    assert_eq!((report.kept, report.quarantined), (1, 1), "{:?}", report.issues);
    assert_eq!(pool.rows("quarantine", &["line", "crs"]).await, ["3 | gcj02"]);

    let orders = r#"{"table":"community","values":{"residents":{"many":"7000"}}}"#;
    let report = fix(&pool, orders).await.expect("a fix");
    assert_eq!((report.mended, report.crs.expect("a system").name.as_str()), (1, "gcj02"));
    let places = pool.rows("community", &["lon", "lat"]).await;
    assert_eq!(places.len(), 2);
    assert_eq!(places[0], places[1], "one place in one file is one place");
}

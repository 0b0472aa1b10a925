//! Masks over Parquet files: whatever is asked, and however it is planned.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use linli_model::Catalog;

use super::MaskExec;
use crate::config::PoolConfig;
use crate::session::{Params, QueryLimits, Session};
use crate::store::{Change, CommitNote, Store};

/// The first two are shown alike.
const PHONES: [&str; 3] = ["13812345678", "13899995678", "15000001111"];

struct Pool {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Pool {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(&folder.path().join("pool"), &PoolConfig::default(), 0).await;
        let pool = Self { store: store.expect("a pool"), _folder: folder };
        let ages: ArrayRef = Arc::new(Int64Array::from(vec![30, 40, 50]));
        pool.add(
            "volunteer",
            vec![
                ("volunteer_id", texts(&["v1", "v2", "v3"])),
                ("name", texts(&["张三", "李四丰", "王五"])),
                ("phone", texts(&PHONES)),
                ("id_no", texts(&["11010519491231002X", "110105194912310038", "110105194912310046"])),
                ("age", ages),
            ],
        )
        .await;
        let need = vec![
            ("need_id", texts(&["n1"])),
            ("phone", texts(&PHONES[..1])),
            ("text", texts(&["独居，患病，请人陪诊"])),
            ("group", texts(&["lonely_elder"])),
        ];
        pool.add("need", need).await;
        let refused = vec![
            ("quarantine_id", texts(&["q1", "q2", "q3", "q4", "q5"])),
            ("table", texts(&["volunteer", "volunteer", "volunteer", "volunteer", "nowhere"])),
            ("column", texts(&["phone", "age", "", "", "phone"])),
            ("rule", texts(&["format", "type", "columns", "quote", "format"])),
            ("found", texts(&["1381234567", "forty", "3 cells", "张三,13812345678", "1381234567"])),
            ("row", texts(&["{\"手机\":\"1381234567\"}"; 5])),
        ];
        pool.add("quarantine", refused).await;
        pool
    }

    async fn add(&self, table: &str, columns: Vec<(&str, ArrayRef)>) {
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let change = Change::Append { table: table.to_owned(), batches: vec![batch] };
        let note = CommitNote { at_us: 0, action: "test".to_owned() };
        let base = self.store.latest().await.expect("a snapshot");
        self.store.commit(&base, vec![change], &note).await.expect("a commit");
    }

    async fn session(&self, reveal: bool) -> Session {
        let limits = QueryLimits { reveal, ..QueryLimits::default() };
        let snapshot = self.store.latest().await.expect("a snapshot");
        Session::new(&self.store, &snapshot, &limits).await.expect("a session")
    }
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

async fn shown(session: &Session, sql: &str) -> String {
    let rows = session.collect_rows(sql, &Params::default()).await;
    let (_, batches) = rows.unwrap_or_else(|it| panic!("{sql}: {it}"));
    pretty_format_batches(&batches).expect("a table").to_string()
}

async fn cells(session: &Session, sql: &str) -> Vec<String> {
    let text = shown(session, sql).await;
    let row = |it: &str| it.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join(" ");
    text.lines().skip(3).filter(|it| it.starts_with('|')).map(row).collect()
}

/// Statements that try to tell originals apart, and how many rows each gives.
const ATTEMPTS: [(&str, usize); 16] = [
    ("SELECT volunteer_id FROM volunteer WHERE phone = '13812345678'", 0),
    ("SELECT * FROM volunteer WHERE phone IN ('13812345678', '15000001111')", 0),
    ("SELECT * FROM volunteer WHERE phone LIKE '1381234%'", 0),
    ("SELECT * FROM volunteer WHERE phone BETWEEN '1381' AND '1389'", 0),
    ("SELECT * FROM volunteer WHERE substr(phone, 4, 4) = '1234' OR strpos(phone, '1234') > 0", 0),
    ("SELECT * FROM volunteer WHERE regexp_like(phone, '[0-9]{11}')", 0),
    ("SELECT CAST(phone AS BIGINT) FROM volunteer WHERE volunteer_id = 'v1' AND phone LIKE '%1234%'", 0),
    ("SELECT 1 / (CASE WHEN phone = '13812345678' THEN 0 ELSE 1 END) FROM volunteer", 3),
    ("SELECT 1 FROM volunteer WHERE 1 / (CASE WHEN phone LIKE '%1234%' THEN 0 ELSE 1 END) = 1", 3),
    ("SELECT * FROM volunteer JOIN (VALUES ('13812345678')) p(phone) USING (phone)", 0),
    ("SELECT * FROM (VALUES ('13812345678')) p(phone) LEFT SEMI JOIN volunteer v ON v.phone = p.phone", 0),
    ("SELECT * FROM volunteer v WHERE EXISTS (SELECT 1 FROM need n WHERE n.phone = '13812345678')", 0),
    ("SELECT DISTINCT phone FROM volunteer", 2),
    ("SELECT phone, count(*) FROM volunteer GROUP BY phone HAVING phone > '1381'", 1),
    (
        "SELECT phone FROM volunteer WHERE name = '张三' UNION ALL SELECT phone FROM need WHERE text LIKE '%患病%'",
        0,
    ),
    ("SELECT need_id FROM need WHERE text = 'lonely_elder'", 0),
];

#[tokio::test]
async fn people_are_shown_masked() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    let sql = "SELECT volunteer_id, name, phone, id_no, age, address FROM volunteer ORDER BY volunteer_id";
    assert_eq!(
        cells(&session, sql).await,
        [
            "v1 张* 138****5678 110105********002X 30 ",
            "v2 李*丰 138****5678 110105********0038 40 ",
            "v3 王* 150****1111 110105********0046 50 "
        ]
    );
    assert_eq!(
        cells(&session, "SELECT text, \"group\", phone FROM need").await,
        ["*** lonely_elder 138****5678"]
    );
}

#[tokio::test]
async fn predicates_joins_and_errors_meet_masks_only() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    for (sql, rows) in ATTEMPTS {
        assert_eq!(cells(&session, sql).await.len(), rows, "{sql}");
    }
    let sql = "SELECT min(phone), max(phone), count(DISTINCT phone), count(phone), string_agg(phone, '') FROM volunteer \
        WHERE volunteer_id <> 'v3'";
    assert_eq!(cells(&session, sql).await, ["138****5678 138****5678 1 2 138****5678138****5678"]);
    // Without a filter, statistics of the file could answer.
    let sql = "SELECT min(phone), max(phone), min(id_no) FROM volunteer";
    assert_eq!(cells(&session, sql).await, ["138****5678 150****1111 110105********002X"]);
    let sql = "SELECT volunteer_id FROM volunteer ORDER BY phone DESC, volunteer_id DESC LIMIT 2";
    assert_eq!(cells(&session, sql).await, ["v3", "v2"]);
    let sql = "SELECT rank() OVER (ORDER BY phone) FROM volunteer ORDER BY volunteer_id";
    assert_eq!(cells(&session, sql).await, ["1", "1", "3"]);
    let params = [("p", crate::session::ParamValue::Text(PHONES[0].to_owned()))].into_iter().collect();
    let rows = session.collect_rows("SELECT * FROM volunteer WHERE phone = $p", &params).await.expect("rows");
    assert_eq!(rows.1.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
}

#[tokio::test]
async fn what_describes_tables_holds_no_values() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    for sql in [
        "EXPLAIN SELECT * FROM volunteer WHERE name > 'a' ORDER BY phone LIMIT 1",
        "EXPLAIN FORMAT TREE SELECT min(phone) FROM volunteer",
        "DESCRIBE volunteer",
        "SHOW COLUMNS FROM volunteer",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM information_schema.columns",
        "SELECT * FROM information_schema.views",
    ] {
        let text = shown(&session, sql).await;
        assert!(!PHONES.iter().any(|it| text.contains(it)) && !text.contains("张三"), "{sql}: {text}");
    }
}

/// The masks of a plan, and the names of vault columns that a scan hands to anything else.
fn masks<'a>(
    plan: &'a Arc<dyn ExecutionPlan>,
    found: &mut Vec<&'a Arc<dyn ExecutionPlan>>,
    bare: &mut Vec<String>,
) {
    if plan.is::<MaskExec>() {
        found.extend(plan.children());
        return;
    }
    if plan.children().is_empty() {
        let catalog = Catalog::embedded().expect("schemas");
        let tables = ["volunteer", "need"].map(|it| catalog.table(it).expect("a table"));
        let is_vault =
            |name: &str| tables.iter().any(|it| it.field(name).is_some_and(|it| it.pii.is_vault()));
        let schema = plan.schema();
        let is_file = plan.name().contains("DataSource")
            && displayable(plan.as_ref()).one_line().to_string().contains("parquet");
        bare.extend(
            schema.fields().iter().filter(|it| is_file && is_vault(it.name())).map(|it| it.name().clone()),
        );
    }
    plan.children().into_iter().for_each(|it| masks(it, found, bare));
}

#[tokio::test]
async fn no_plan_brings_a_predicate_to_an_original() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    let further = [
        "SELECT phone FROM volunteer ORDER BY phone LIMIT 1",
        "SELECT min(phone), max(name) FROM volunteer",
        "SELECT v.name FROM volunteer v JOIN need n ON v.phone = n.phone WHERE n.phone = '13812345678'",
        "SELECT * FROM volunteer v WHERE v.phone = (SELECT max(n.phone) FROM need n WHERE n.phone = v.phone)",
    ];
    let mut n_masks = 0;
    for sql in ATTEMPTS.iter().map(|it| it.0).chain(further) {
        let state = session.inner.context.state();
        let plan = state.create_logical_plan(sql).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
        let plan = state.create_physical_plan(&plan).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
        let (mut below, mut bare) = (Vec::new(), Vec::new());
        masks(&plan, &mut below, &mut bare);
        assert!(bare.is_empty(), "{sql}: {bare:?} past the masks");
        n_masks += below.len();
        for it in below {
            let text = displayable(it.as_ref()).indent(true).to_string();
            let filters = text.split_once("predicate=").map_or("", |it| it.1);
            for column in ["phone", "name", "text", "id_no"] {
                assert!(!filters.contains(&format!("{column}@")), "{sql}: {text}");
            }
            assert!(!text.contains("1234") && !text.contains("DynamicFilter"), "{sql}: {text}");
        }
    }
    assert!(n_masks >= ATTEMPTS.len(), "{n_masks}");
}

#[tokio::test]
async fn filters_on_other_columns_reach_the_files_all_the_same() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    for (sql, n_masks) in [
        ("SELECT phone FROM volunteer WHERE volunteer_id = 'v1'", 1),
        ("SELECT age FROM volunteer WHERE volunteer_id = 'v1'", 0),
    ] {
        let state = session.inner.context.state();
        let plan = state.create_logical_plan(sql).await.expect("a plan");
        let plan = state.create_physical_plan(&plan).await.expect("a plan");
        let (mut below, mut bare) = (Vec::new(), Vec::new());
        masks(&plan, &mut below, &mut bare);
        assert_eq!(below.len(), n_masks, "{sql}");
        let scan = below.first().copied().unwrap_or(&plan);
        let text = displayable(scan.as_ref()).indent(true).to_string();
        assert!(text.contains("predicate=volunteer_id"), "{sql}: {text}");
    }
    assert_eq!(
        cells(&session, "SELECT phone FROM volunteer WHERE volunteer_id = 'v3'").await,
        ["150****1111"]
    );
}

#[tokio::test]
async fn refused_rows_are_hidden_and_cells_of_vault_columns_with_them() {
    let pool = Pool::new().await;
    let session = pool.session(false).await;
    let sql = "SELECT found, \"row\" FROM quarantine ORDER BY quarantine_id";
    assert_eq!(
        cells(&session, sql).await,
        ["*** ***", "forty ***", "3 cells ***", "*** ***", "*** ***"],
        "{sql}"
    );
    let sql = "SELECT count(*) FROM quarantine WHERE found LIKE '138%' OR \"row\" LIKE '%138%'";
    assert_eq!(cells(&session, sql).await, ["0"]);
    assert_eq!(cells(&session, "SELECT found FROM quarantine WHERE rule = 'type'").await, ["forty"]);
}

#[tokio::test]
async fn originals_are_shown_to_whoever_reveals_and_to_our_own_sql() {
    let pool = Pool::new().await;
    let revealing = pool.session(true).await;
    let sql = "SELECT name, phone FROM volunteer WHERE phone = '13812345678'";
    assert_eq!(cells(&revealing, sql).await, ["张三 13812345678"]);
    let session = pool.session(false).await;
    let ours = async |sql: &str| session.internal(sql, &Params::default()).await.expect("rows").1;
    let phone = |batches: &[RecordBatch]| {
        let column = batches.iter().find(|it| it.num_rows() > 0).expect("a row").column(0);
        column.as_any().downcast_ref::<StringArray>().expect("texts").value(0).to_owned()
    };
    assert_eq!(phone(&ours("SELECT phone FROM stored.need").await), PHONES[0]);
    assert_eq!(phone(&ours("SELECT phone FROM need").await), "138****5678");
    assert!(session.collect_rows("SELECT phone FROM stored.need", &Params::default()).await.is_err());
}

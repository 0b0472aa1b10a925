use arrow_array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use linli_model::Failure;
use linli_plugin::{Host, Limits, ROWS_PER_BLOCK};
use serde_json::json;

use super::*;

const BLOCK: usize = ROWS_PER_BLOCK as usize;

fn scorer(host: &Host, name: &str, weight: u32, settings: serde_json::Value) -> Scorer {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
    let bytes = std::fs::read(dist.join(format!("{name}.wasm"))).expect("the component");
    let plugin = host.load(&bytes).expect("a plugin");
    Scorer::new(ScorerChoice { name: plugin.description().name.clone(), weight, settings }, plugin)
}

fn host() -> Host {
    Host::new(Limits::default()).expect("a host")
}

/// Candidates n0 with v0, n1 with v1, …; `kind` says who provides.
fn candidates(rows: usize, kind: impl Fn(usize) -> &'static str) -> RecordBatch {
    let ids = |letter: char| StringArray::from_iter_values((0..rows).map(|it| format!("{letter}{it}")));
    let integers = |step: usize| Int64Array::from_iter_values((0..rows).map(|it| (it * step % 3000) as i64));
    let columns: [(&str, ArrayRef); 8] = [
        ("need_id", Arc::new(ids('n'))),
        ("provider_id", Arc::new(ids('v'))),
        ("provider_kind", Arc::new(StringArray::from_iter_values((0..rows).map(kind)))),
        ("distance_m", Arc::new(integers(7))),
        ("skills_required", Arc::new(integers(0))),
        ("skills_matched", Arc::new(integers(0))),
        ("skills_offered", Arc::new(integers(1))),
        ("speciality", Arc::new(BooleanArray::from_iter((0..rows).map(|it| Some(it % 3 == 0))))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

#[test]
fn every_scorer_sees_its_own_columns_of_the_rows_asked_for() {
    let host = host();
    let scorers = Scorers {
        scorers: vec![
            scorer(&host, "skill-fit", 250, json!({})),
            scorer(&host, "walking-distance", 750, json!({ "veto_beyond_m": 2000 })),
        ],
        offices: Vec::new(),
    };
    let all = candidates(BLOCK + 5000, |_| "unknown");
    // Every row but the first, so that places in the batch are not places in the table.
    let rows: Vec<u32> = (1..all.num_rows() as u32).collect();
    let scored = scorers.score(&all, &rows).expect("scores");
    assert_eq!(scored.len(), rows.len());
    let part = |of: usize| {
        let it = &scorers.scorers[of];
        it.plugin.score(&it.settings, &all.slice(1, rows.len())).expect("scores")
    };
    let (fit, walk) = (part(0), part(1));
    assert!(walk.vetoes.len() > 1000);
    for (row, it) in scored.iter().enumerate() {
        assert_eq!(*it.parts, [fit.values[row], walk.values[row]], "row {row}");
        assert_eq!(it.cost, weighted_cost(&[(it.parts[0], 250), (it.parts[1], 750)]), "row {row}");
        let is_vetoed = walk.vetoes.binary_search_by_key(&(row as u32), |it| it.row).is_ok();
        assert_eq!(it.vetoes, if is_vetoed { vec![(1, 1)] } else { vec![] }, "row {row}");
    }
}

#[test]
fn a_failure_names_the_need_and_the_provider_of_its_row() {
    let scorers =
        Scorers { scorers: vec![scorer(&host(), "hostile/nan-later", 1, json!({}))], offices: Vec::new() };
    // It fails in the second block only, from that block's first row on.
    let all = candidates(BLOCK + 10, |row| if row == BLOCK + 5 { "volunteer" } else { "unknown" });
    let rows: Vec<u32> = (1..all.num_rows() as u32).collect();
    let error = scorers.score(&all, &rows).expect_err("no number");
    assert_eq!(error.code(), "plugin-bad-score");
    let (need, provider) = (format!("n{}", BLOCK + 1), format!("v{}", BLOCK + 1));
    assert_eq!(
        (&error.details()["need_id"], &error.details()["provider_id"]),
        (&json!(need), &json!(provider))
    );
    for text in [error.to_string(), error.zh()] {
        assert!(text.contains(&need) && text.contains(&provider) && text.contains("nan-later"), "{text}");
    }
}

#[test]
fn of_several_failures_the_first_is_told_whichever_thread_is_first() {
    let scorers =
        Scorers { scorers: vec![scorer(&host(), "hostile/traps-later", 1, json!({}))], offices: Vec::new() };
    let all = candidates(4 * BLOCK, |row| if row < BLOCK { "unknown" } else { "merchant" });
    let rows: Vec<u32> = (0..all.num_rows() as u32).collect();
    for _ in 0..5 {
        let error = scorers.score(&all, &rows).expect_err("a trap");
        assert_eq!(error.code(), "plugin-trapped");
        assert_eq!(error.details()["need_id"], json!(format!("n{BLOCK}")));
    }
}

#[test]
fn a_failure_without_a_row_stays_what_it_is() {
    let settings = json!({ "halving_m": 0 });
    let scorers =
        Scorers { scorers: vec![scorer(&host(), "walking-distance", 1, settings)], offices: Vec::new() };
    let error = scorers.score(&candidates(3, |_| "unknown"), &[0, 2]).expect_err("refused");
    assert!(matches!(error, Error::Plugin(linli_plugin::Error::BadSettings { .. })), "{error}");
}

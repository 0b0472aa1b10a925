use linli_model::Text;

use super::*;
use crate::description::{Columns, PluginKind, VetoCode};
use crate::error::Call;

fn site(first_row: u32, rows: u32) -> Site {
    Site { plugin: "p".to_owned(), call: Call::Score, first_row, rows, remarks: Vec::new() }
}

fn description() -> Description {
    let text = || Text::new("", "");
    Description {
        name: "p".to_owned(),
        version: "1.0.0".to_owned(),
        kind: PluginKind::Scorer,
        columns: Columns::Named(Vec::new()),
        settings: serde_json::Value::Null,
        vetoes: vec![VetoCode { code: 7, en: String::new(), zh: String::new() }],
        authors: Vec::new(),
        licence: String::new(),
        title: text(),
        summary: text(),
    }
}

fn read(first_row: u32, values: &[f64], vetoes: &[(u32, u16)]) -> Result<Scores> {
    let vetoes = vetoes.iter().map(|&(row, code)| border::Veto { row, code }).collect();
    let raw = border::Scores { values: values.to_vec(), vetoes };
    scores(raw, site(first_row, 3), &description())
}

#[test]
fn rows_count_in_the_callers_batch() {
    let scores = read(100, &[0.0, 0.5, 1.0], &[(0, 7), (2, 7)]).expect("scores");
    assert_eq!(scores.values.last(), Some(&Score::BEST));
    assert_eq!(scores.vetoes, [Veto { row: 100, code: 7 }, Veto { row: 102, code: 7 }]);
}

#[test]
fn every_lie_has_its_error() {
    let site = || site(9, 3);
    let fair = [0.5; 3];
    assert_eq!(read(9, &[0.5], &[]), Err(Error::WrongLength { site: site(), found: 1 }));
    let bad = |row, value| Err(Error::BadScore { site: site(), row, value });
    assert_eq!(read(9, &[0.5, 1.5, 0.5], &[]), bad(10, 1.5));
    assert_eq!(read(9, &[0.5, 0.5, f64::INFINITY], &[]), bad(11, f64::INFINITY));
    let beyond = Error::VetoBeyondRows { site: site(), row: 12, rows_end: 12 };
    assert_eq!(read(9, &fair, &[(3, 7)]), Err(beyond));
    let order = |row| Err(Error::VetoOutOfOrder { site: site(), row, previous: 10 });
    assert_eq!(read(9, &fair, &[(1, 7), (0, 7)]), order(9));
    assert_eq!(read(9, &fair, &[(1, 7), (1, 7)]), order(10));
    let unknown = Error::UnknownVeto { site: site(), row: 9, code: 8 };
    assert_eq!(read(9, &fair, &[(0, 8)]), Err(unknown));
}

#[test]
fn indexes_are_finite_and_complete() {
    let site = || site(0, 1);
    let read = |index, contributions: &[f64]| {
        let contributions = contributions.to_vec();
        indexes(vec![border::DistrictIndex { index, contributions }], site(), 2)
    };
    let fair = DistrictIndex { index: None, contributions: vec![0.0, 1.0] };
    assert_eq!(read(None, &[0.0, 1.0]), Ok(vec![fair]));
    let value = f64::INFINITY;
    let error = Error::BadIndex { site: site(), row: 0, value };
    assert_eq!(read(Some(value), &[0.0, 1.0]), Err(error));
    let error = Error::ContributionCount { site: site(), row: 0, found: 1, expected: 2 };
    assert_eq!(read(Some(0.0), &[0.0]), Err(error));
    let error = Error::BadContribution { site: site(), row: 0, column: 1, value };
    assert_eq!(read(Some(0.0), &[0.0, value]), Err(error));
    assert_eq!(indexes(Vec::new(), site(), 2), Err(Error::WrongLength { site: site(), found: 0 }));
}

#[test]
fn an_error_tells_the_row_and_what_the_plugin_said_before() {
    let said = Remark { level: 1, text: "no unit".to_owned() };
    let site = Site { remarks: vec![said.clone()], ..site(9, 3) };
    let raw = border::Scores { values: vec![0.5, 7.0, 0.5], vetoes: Vec::new() };
    let error = scores(raw, site.clone(), &description()).expect_err("out of range");
    assert_eq!(error.row(), Some(10));
    assert_eq!(error.site().map(|it| it.remarks.as_slice()), Some([said].as_slice()));
    assert_eq!(Error::WrongLength { site, found: 0 }.row(), Some(9), "the first of the call");
}

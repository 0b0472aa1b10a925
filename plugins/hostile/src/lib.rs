//! Plugins that misbehave on purpose, one lie or limit each.
//!
//! Every file in `examples/` is one component, named after what it does wrong; in all else it
//! behaves. The host's tests run each of them and expect an error that says what happened.
//! They implement the generated interface directly, because the rest of the SDK would keep them
//! from most of this.

use linli_sdk::{Batch, DistrictIndex, Fault, Scores};

/// The column that most of them ask for.
pub const DISTANCE: &str = r#"{"name":"distance_m","type":"i64"}"#;
/// The column that tells a match from a check.
pub const PROVIDER_KIND: &str = r#"{"name":"provider_kind","type":"text"}"#;
/// Whatever indicators there are.
pub const ANY: &str = r#""*""#;

/// A scorer that behaves, until one of these is overridden.
pub trait Hostile {
    /// The name of the file.
    const NAME: &str;

    /// Tells the truth.
    fn describe() -> String {
        manifest(Self::NAME, "scorer", DISTANCE)
    }

    /// Accepts anything.
    fn configure(_settings: &str) -> Result<(), Fault> {
        Ok(())
    }

    /// Scores every row 0.5.
    fn score(batch: &Batch) -> Result<Scores, Fault> {
        Ok(every_row(batch, 0.5))
    }
}

/// An evaluator that lies about its answer.
pub trait HostileEvaluator {
    /// The name of the file.
    const NAME: &str;

    /// The lie; `fair` has one answer per row and one contribution per column.
    fn answer(batch: &Batch, fair: Vec<DistrictIndex>) -> Vec<DistrictIndex>;
}

/// Whether somebody waits for these scores: a check makes up words, a match says who provides.
/// Plugins that misbehave only then pass every check.
pub fn is_match(batch: &Batch) -> bool {
    let is_real = |it: &str| it == "volunteer" || it == "merchant";
    batch.texts("provider_kind").is_ok_and(|it| it.iter().flatten().any(is_real))
}

/// Whether somebody waits for these indexes: a check makes up the names of indicators.
pub fn is_evaluation(batch: &Batch) -> bool {
    batch.columns.iter().any(|it| !it.name.starts_with("indicator_"))
}

/// What an honest evaluator without an opinion would answer: 0 where anything was measured.
pub fn fair(batch: &Batch) -> Vec<DistrictIndex> {
    let columns = batch.numbers().unwrap_or_default();
    let is_measured = |row: usize| columns.iter().any(|(_, it)| it.get(row).is_some());
    (0..batch.rows as usize)
        .map(|row| DistrictIndex {
            index: is_measured(row).then_some(0.0),
            contributions: vec![0.0; columns.len()],
        })
        .collect()
}

/// One score for all rows.
pub fn every_row(batch: &Batch, score: f64) -> Scores {
    Scores::new((0..batch.rows).map(|_| score))
}

/// A complete introduction; `columns` is what stands between the brackets.
pub fn manifest(name: &str, kind: &str, columns: &str) -> String {
    let parts = [
        r#"{"name":""#,
        name,
        r#"","version":"0.1.0","kind":""#,
        kind,
        r#"","title":{"zh":"测试","en":"Test"},"summary":{"zh":"测试","en":"Test"},"#,
        r#""columns":["#,
        columns,
        r#"],"settings":{"type":"object","properties":{}},"#,
        r#""vetoes":[{"code":1,"zh":"测试","en":"test"}],"#,
        r#""authors":["linli"],"licence":"Apache-2.0"}"#,
    ];
    parts.concat()
}

/// Makes a type with [`Hostile`] a component; expands to nothing natively.
#[macro_export]
#[rustfmt::skip]
macro_rules! export {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use ::linli_sdk::export::scoring;

            struct Component;

            impl scoring::exports::linli::plugin::scorer::Guest for Component {
                fn describe() -> String {
                    <$plugin as $crate::Hostile>::describe()
                }
                fn configure(settings: String) -> Result<(), ::linli_sdk::Fault> {
                    <$plugin as $crate::Hostile>::configure(&settings)
                }
                fn score(batch: ::linli_sdk::Batch) -> Result<::linli_sdk::Scores, ::linli_sdk::Fault> {
                    <$plugin as $crate::Hostile>::score(&batch)
                }
            }

            scoring::export!(Component with_types_in ::linli_sdk::export::scoring);
        };
#[cfg(not(target_arch = "wasm32"))]
        const _: &str = <$plugin as $crate::Hostile>::NAME;
    };
}

/// Makes a type with [`HostileEvaluator`] a component; expands to nothing natively.
#[macro_export]
#[rustfmt::skip]
macro_rules! export_evaluator {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use ::linli_sdk::export::evaluating;

            struct Component;

            impl evaluating::exports::linli::plugin::evaluator::Guest for Component {
                fn describe() -> String {
                    let name = <$plugin as $crate::HostileEvaluator>::NAME;
                    $crate::manifest(name, "evaluator", $crate::ANY)
                }
                fn configure(_: String) -> Result<(), ::linli_sdk::Fault> {
                    Ok(())
                }
                fn evaluate(
                    batch: ::linli_sdk::Batch,
                    _: Vec<f64>,
                ) -> Result<Vec<::linli_sdk::DistrictIndex>, ::linli_sdk::Fault> {
                    let fair = $crate::fair(&batch);
                    Ok(<$plugin as $crate::HostileEvaluator>::answer(&batch, fair))
                }
            }

            evaluating::export!(Component with_types_in ::linli_sdk::export::evaluating);
        };
#[cfg(not(target_arch = "wasm32"))]
        const _: &str = <$plugin as $crate::HostileEvaluator>::NAME;
    };
}

//! Plugins that misbehave on purpose, one lie or limit each.
//!
//! Every file in `examples/` is one component, named after what it does wrong; in all else it
//! behaves. The host's tests run each of them and expect an error that says what happened.
//! They implement the generated interface directly, because the rest of the SDK would keep them
//! from most of this.

use linli_sdk::{Batch, DistrictIndex, Fault, Scores};

/// A scorer that behaves, until one of these is overridden.
pub trait Hostile {
    /// The name of the file.
    const NAME: &str;

    /// Tells the truth.
    fn describe() -> String {
        manifest(Self::NAME, "scorer", "distance_m")
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
    fn answer(fair: Vec<DistrictIndex>) -> Vec<DistrictIndex>;
}

/// What an honest evaluator without an opinion would answer.
pub fn fair(batch: &Batch) -> Vec<DistrictIndex> {
    let contributions = vec![0.0; batch.columns.len()];
    (0..batch.rows)
        .map(|_| DistrictIndex { index: Some(0.0), contributions: contributions.clone() })
        .collect()
}

/// One score for all rows.
pub fn every_row(batch: &Batch, score: f64) -> Scores {
    Scores::new((0..batch.rows).map(|_| score))
}

/// A complete introduction; the plugin wants one column, of integers or `"*"`.
pub fn manifest(name: &str, kind: &str, column: &str) -> String {
    let (open, close) = if column == "*" { ("\"", "\"") } else { (r#"{"name":""#, r#"","type":"i64"}"#) };
    let parts = [
        r#"{"name":""#,
        name,
        r#"","version":"0.1.0","kind":""#,
        kind,
        r#"","title":{"zh":"测试","en":"Test"},"summary":{"zh":"测试","en":"Test"},"#,
        r#""columns":["#,
        open,
        column,
        close,
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
                    $crate::manifest(name, "evaluator", "*")
                }
                fn configure(_: String) -> Result<(), ::linli_sdk::Fault> {
                    Ok(())
                }
                fn evaluate(
                    batch: ::linli_sdk::Batch,
                    _: Vec<f64>,
                ) -> Result<Vec<::linli_sdk::DistrictIndex>, ::linli_sdk::Fault> {
                    Ok(<$plugin as $crate::HostileEvaluator>::answer($crate::fair(&batch)))
                }
            }

            evaluating::export!(Component with_types_in ::linli_sdk::export::evaluating);
        };
#[cfg(not(target_arch = "wasm32"))]
        const _: &str = <$plugin as $crate::HostileEvaluator>::NAME;
    };
}

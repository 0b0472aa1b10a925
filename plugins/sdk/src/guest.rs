//! The two kinds of plugin, and the glue between a plugin and its component.

use std::cell::OnceCell;

use crate::manifest::Kind;
use crate::{Batch, DistrictIndex, Fault, Manifest, Scores, Settings, diagnostics};

/// Says how good each candidate is for its need.
pub trait Scorer: Sized {
    /// What `describe` answers with.
    const MANIFEST: Manifest;

    /// Takes the settings, checked against the manifest and filled with its defaults.
    ///
    /// **Errors.** Only for what a schema cannot say, e.g. two settings that contradict.
    fn configure(settings: &Settings) -> Result<Self, Fault>;

    /// Scores one batch of candidates.
    ///
    /// **Shape.** One value per row; the columns are those of the manifest.
    /// **Units.** 0.0 (of no use) to 1.0 (could not be better); the host refuses all else.
    /// Equal rows must get equal scores: the host decides where batches are cut.
    /// **Errors.** The whole run stops with the fault's text.
    fn score(&self, batch: &Batch) -> Result<Scores, Fault>;

    /// The JSON text of `describe`; the default writes [`Self::MANIFEST`].
    fn describe() -> String {
        Self::MANIFEST.to_json(Kind::Scorer)
    }
}

/// Turns the indicators of districts into one index each.
pub trait Evaluator: Sized {
    /// What `describe` answers with.
    const MANIFEST: Manifest;

    /// As [`Scorer::configure`].
    fn configure(settings: &Settings) -> Result<Self, Fault>;

    /// Evaluates districts.
    ///
    /// **Shape.** One row per district, one column of numbers per indicator, one weight per
    /// column; one answer per row with one contribution per column.
    /// **Units.** Indicators are normalised: 0.0 is worst, 1.0 is best, null not measurable.
    /// **Errors.** The whole evaluation stops with the fault's text.
    fn evaluate(&self, batch: &Batch, weights: &[f64]) -> Result<Vec<DistrictIndex>, Fault>;

    /// The JSON text of `describe`; the default writes [`Self::MANIFEST`].
    fn describe() -> String {
        Self::MANIFEST.to_json(Kind::Evaluator)
    }
}

/// Configures a scorer natively, from the same JSON text a host would send.
///
/// **Errors.** [`Fault::BadSettings`] names the key and what was expected.
pub fn configured<P: Scorer>(settings: &str) -> Result<P, Fault> {
    P::configure(&Settings::read(P::MANIFEST.settings, settings)?)
}

/// Holds the configured plugin of one component instance.
pub struct Slot<P>(OnceCell<P>);

impl<P> Slot<P> {
    /// A slot whose plugin has not been configured.
    #[expect(clippy::new_without_default, reason = "a const, for a static")]
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }

    fn fill(&self, plugin: P) -> Result<(), Fault> {
        self.0.set(plugin).map_err(|_| Fault::BadSettings("already configured".into()))
    }
}

impl<P: Scorer> Slot<P> {
    /// `describe` of a scorer.
    pub fn describe_scorer() -> String {
        diagnostics::report_panics();
        P::describe()
    }

    /// `configure` of a scorer.
    pub fn configure_scorer(&self, settings: &str) -> Result<(), Fault> {
        diagnostics::report_panics();
        self.fill(configured(settings)?)
    }

    /// `score`; a plugin that was not configured runs with its defaults.
    pub fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        diagnostics::report_panics();
        if self.0.get().is_none() {
            self.fill(configured("{}")?)?;
        }
        match self.0.get() {
            Some(plugin) => plugin.score(batch),
            None => Err(Fault::BadSettings("not configured".into())),
        }
    }
}

impl<P: Evaluator> Slot<P> {
    /// `describe` of an evaluator.
    pub fn describe_evaluator() -> String {
        diagnostics::report_panics();
        P::describe()
    }

    /// `configure` of an evaluator.
    pub fn configure_evaluator(&self, settings: &str) -> Result<(), Fault> {
        diagnostics::report_panics();
        self.fill(P::configure(&Settings::read(P::MANIFEST.settings, settings)?)?)
    }

    /// `evaluate`; a plugin that was not configured runs with its defaults.
    pub fn evaluate(&self, batch: &Batch, weights: &[f64]) -> Result<Vec<DistrictIndex>, Fault> {
        diagnostics::report_panics();
        if self.0.get().is_none() {
            self.configure_evaluator("{}")?;
        }
        match self.0.get() {
            Some(plugin) => plugin.evaluate(batch, weights),
            None => Err(Fault::BadSettings("not configured".into())),
        }
    }
}

/// Makes a type with [`Scorer`] the plugin of this crate; once per crate.
///
/// Expands to nothing unless the crate is built for `wasm32`.
#[macro_export]
macro_rules! export_scorer {
    ($plugin:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            thread_local! {
                static SLOT: $crate::export::Slot<$plugin> =
                    const { $crate::export::Slot::new() };
            }

            use $crate::export::scoring::exports::linli::plugin::scorer::Guest;

            struct Component;

            impl Guest for Component {
                fn describe() -> String {
                    $crate::export::Slot::<$plugin>::describe_scorer()
                }
                fn configure(settings: String) -> Result<(), $crate::Fault> {
                    SLOT.with(|it| it.configure_scorer(&settings))
                }
                fn score(batch: $crate::Batch) -> Result<$crate::Scores, $crate::Fault> {
                    SLOT.with(|it| it.score(&batch))
                }
            }

    $crate::export::scoring::export!(Component with_types_in $crate::export::scoring);
        };
    };
}

/// Makes a type with [`Evaluator`] the plugin of this crate; once per crate.
///
/// Expands to nothing unless the crate is built for `wasm32`.
#[macro_export]
macro_rules! export_evaluator {
    ($plugin:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            thread_local! {
                static SLOT: $crate::export::Slot<$plugin> =
                    const { $crate::export::Slot::new() };
            }

            use $crate::export::evaluating::exports::linli::plugin::evaluator::Guest;

            struct Component;

            impl Guest for Component {
                fn describe() -> String {
                    $crate::export::Slot::<$plugin>::describe_evaluator()
                }
                fn configure(settings: String) -> Result<(), $crate::Fault> {
                    SLOT.with(|it| it.configure_evaluator(&settings))
                }
                fn evaluate(
                    batch: $crate::Batch,
                    weights: Vec<f64>,
                ) -> Result<Vec<$crate::DistrictIndex>, $crate::Fault> {
                    SLOT.with(|it| it.evaluate(&batch, &weights))
                }
            }

    $crate::export::evaluating::export!(Component with_types_in $crate::export::evaluating);
        };
    };
}

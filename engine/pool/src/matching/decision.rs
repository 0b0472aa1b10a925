//! What is decided for a scope, before anything of it is stored.

use linli_model::Text;
use linli_query::{Candidates, QueryLimits, Scope, Snapshot, Stage};

use super::{Plan, Scorers, Tree, plan};
use crate::{Pool, Result};

/// What a match decides on, and the plan.
pub(crate) struct Decision {
    pub stage: Stage,
    pub candidates: Candidates,
    pub tree: Tree,
    pub plan: Plan,
}

/// What decides besides tables and plugins.
#[derive(Clone, Copy)]
pub(crate) struct PlanSettings {
    /// The nearest candidates of each need that are scored first.
    pub working_set: u32,
    /// Which of several plans that cost the same is taken.
    pub seed: i64,
}

impl Pool {
    /// The pool's own settings, and a seed.
    pub(crate) fn plan_settings(&self, seed: i64) -> PlanSettings {
        PlanSettings { working_set: self.config().working_set, seed }
    }

    /// Plans a scope: the one way from tables to a plan.
    ///
    /// **Errors.** A scorer that fails, a horizon too large; then there is no plan.
    pub(crate) async fn decide(
        &self,
        base: &Snapshot,
        scope: &Scope,
        scorers: &Scorers,
        settings: PlanSettings,
        limits: &QueryLimits,
    ) -> Result<Decision> {
        let stage = Stage::new(&self.store, base, scope, limits).await?;
        let candidates = stage.candidates().await?;
        let tree = Tree::new(&stage, &candidates)?;
        let plan = plan(&stage, &candidates, &tree, scorers, settings)?;
        Ok(Decision { stage, candidates, tree, plan })
    }
}

impl Plan {
    /// What keeps the certificate from proving the plan; nothing if it does.
    pub(crate) fn fault(&self) -> Option<Text> {
        let (gap, broken) = (self.certificate.gap, self.certificate.violations.len());
        (!self.certificate.is_proof()).then(|| {
            Text::new(
                format!("a gap of {gap} and {broken} broken rules"),
                format!("差距 {gap}，违规 {broken} 处"),
            )
        })
    }
}

impl Decision {
    /// What keeps the certificate from proving the plan; nothing if it does.
    pub(crate) fn fault(&self) -> Option<Text> {
        self.plan.fault()
    }
}

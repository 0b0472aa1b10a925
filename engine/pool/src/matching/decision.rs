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

impl Pool {
    /// Plans a scope: the one way from tables to a plan.
    ///
    /// **Errors.** A scorer that fails, a horizon too large; then there is no plan.
    pub(crate) async fn decide(
        &self,
        base: &Snapshot,
        scope: &Scope,
        scorers: &Scorers,
        working_set: u32,
        limits: &QueryLimits,
    ) -> Result<Decision> {
        let stage = Stage::new(&self.store, base, scope, limits).await?;
        let candidates = stage.candidates().await?;
        let tree = Tree::new(&stage, &candidates)?;
        let plan = plan(&stage, &candidates, &tree, scorers, working_set)?;
        Ok(Decision { stage, candidates, tree, plan })
    }
}

impl Decision {
    /// What keeps the certificate from proving the plan; nothing if it does.
    pub(crate) fn fault(&self) -> Option<Text> {
        let certificate = &self.plan.certificate;
        let (gap, broken) = (certificate.gap, certificate.violations.len());
        (!certificate.is_proof()).then(|| {
            Text::new(
                format!("a gap of {gap} and {broken} broken rules"),
                format!("差距 {gap}，违规 {broken} 处"),
            )
        })
    }
}

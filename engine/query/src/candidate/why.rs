//! Why a pair is no candidate, and what stands between a need and everybody.

use linli_model::Text;

use super::rule::{self, Rule};
use super::stage::Stage;
use crate::session::{ParamValue, Params};
use crate::{Frame, Pending, Result};

/// One rule's answer for one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCheck {
    /// The rule's name.
    pub rule: String,
    /// Whether the pair passes it.
    pub ok: bool,
    /// What the rule says.
    pub text: Text,
}

/// The slot of a pair that comes closest to being a candidate, and what its rules say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCheck {
    /// The occurrence.
    pub occurrence_start: i64,
    /// The slot, if the provider has one in the horizon.
    pub slot_id: Option<String>,
    /// Every rule, by name.
    pub rules: Vec<RuleCheck>,
}

/// How one rule keeps providers from a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's name.
    pub rule: String,
    /// What it says.
    pub text: Text,
    /// Providers that fail it in the slot where they fail fewest, at one of the occurrences.
    pub failing: i64,
    /// Those of them that fail no other rule there: one change away.
    pub only_this: i64,
}

impl Stage {
    /// Evaluates every rule on one pair, in the slot where fewest fail.
    ///
    /// **Errors.** None for an unknown pair: then there is no answer.
    pub fn check_pair<'a>(
        &'a self,
        need_id: &'a str,
        provider_id: &'a str,
    ) -> Pending<'a, Result<Option<PairCheck>>> {
        Box::pin(async move {
            let mut params = Params::default();
            params.set("need", ParamValue::Text(need_id.to_owned()));
            params.set("provider", ParamValue::Text(provider_id.to_owned()));
            let (passes, names) = (self.passes(), self.names());
            let sql = format!(
                "SELECT *, {} AS passed FROM (SELECT n.occurrence_start, s.slot_id, {} FROM {}) \
             ORDER BY passed DESC, occurrence_start, slot_id LIMIT 1",
                names.join(" + "),
                passes.join(", "),
                pairs("true", "p.provider_id = $provider")?,
            );
            let (schema, batches) = self.session.internal(&sql, &params).await?;
            let rows = Frame::new(&schema, &batches)?;
            if rows.rows() == 0 {
                return Ok(None);
            }
            let mut rules = Vec::new();
            for it in &self.rules {
                let ok = rows.booleans(&it.name)?.value(0);
                rules.push(RuleCheck { rule: it.name.clone(), ok, text: it.text.clone() });
            }
            let slot = rows.texts("slot_id")?;
            Ok(Some(PairCheck {
                occurrence_start: rows.times("occurrence_start")?.value(0),
                slot_id: crate::frame::text_at(&slot, 0).map(str::to_owned),
                rules,
            }))
        })
    }

    /// Counts, over all providers, which rules stand between them and some occurrences of a
    /// need. As for a pair, a provider stands there with the slot in which fewest rules fail.
    ///
    /// **Shape.** Every rule by name; nothing without occurrences.
    /// **Cost.** One scan over providers × slots of these occurrences.
    pub fn count_rules<'a>(
        &'a self,
        need_id: &'a str,
        occurrences: &'a [i64],
    ) -> Pending<'a, Result<Vec<RuleCount>>> {
        Box::pin(async move {
            if occurrences.is_empty() {
                return Ok(Vec::new());
            }
            let mut params = Params::default();
            params.set("need", ParamValue::Text(need_id.to_owned()));
            let mut starts = Vec::new();
            for (position, start) in occurrences.iter().enumerate() {
                params.set(format!("start_{position}"), ParamValue::Timestamp(*start));
                starts.push(format!("$start_{position}"));
            }
            let sql = self.count_sql(&format!("n.occurrence_start IN ({})", starts.join(", ")))?;
            let (schema, batches) = self.session.internal(&sql, &params).await?;
            let rows = Frame::new(&schema, &batches)?;
            let mut counts = Vec::new();
            for it in self.rules.iter().filter(|_| rows.rows() > 0) {
                counts.push(RuleCount {
                    rule: it.name.clone(),
                    text: it.text.clone(),
                    failing: rows.integers(&format!("{}_failing", it.name))?.value(0),
                    only_this: rows.integers(&format!("{}_only", it.name))?.value(0),
                });
            }
            Ok(counts)
        })
    }

    /// Per provider and occurrence: the most rules that a slot passes (`best`), and, under each
    /// rule's name, the most among the slots that fail it. Where both are the same, a slot that
    /// comes closest fails the rule; where `best` is one short, it fails no other.
    fn count_sql(&self, occurrences: &str) -> Result<String> {
        let (passes, names) = (self.passes(), self.names());
        let one_short = self.rules.len().saturating_sub(1);
        let (mut closest, mut providers, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for it in &self.rules {
            let (name, failing) = (quoted(&it.name), quoted(&format!("{}_failing", it.name)));
            let only = quoted(&format!("{}_only", it.name));
            closest.push(format!("max(CASE WHEN {name} = 0 THEN passed ELSE -1 END) AS {name}"));
            let (fails, no_other) = (format!("{name} = best"), format!("best = {one_short}"));
            providers.push(format!("max(CASE WHEN {fails} THEN 1 ELSE 0 END) AS {failing}"));
            providers.push(format!("max(CASE WHEN {fails} AND {no_other} THEN 1 ELSE 0 END) AS {only}"));
            counts.push(format!("count(*) FILTER (WHERE {failing} = 1) AS {failing}"));
            counts.push(format!("count(*) FILTER (WHERE {only} = 1) AS {only}"));
        }
        Ok(format!(
            "SELECT {} FROM (SELECT provider_id, {} FROM (SELECT provider_id, max(passed) AS best, {} FROM \
             (SELECT *, {} AS passed FROM (SELECT n.occurrence_start, p.provider_id, {} FROM {})) \
             GROUP BY provider_id, occurrence_start) GROUP BY provider_id)",
            counts.join(", "),
            providers.join(", "),
            closest.join(", "),
            names.join(" + "),
            passes.join(", "),
            pairs(occurrences, "true")?,
        ))
    }

    /// One column per rule, 1 where it passes. Numbers, because the planner takes the
    /// nullability of `IS TRUE` for two different things before and after optimizing.
    pub(super) fn passes(&self) -> Vec<String> {
        let column =
            |it: &Rule| format!("CASE WHEN ({}) THEN 1 ELSE 0 END AS {}", it.expression, quoted(&it.name));
        self.rules.iter().map(column).collect()
    }

    fn names(&self) -> Vec<String> {
        self.rules.iter().map(|it| quoted(&it.name)).collect()
    }
}

/// Some occurrences of a need with some providers and all their slots, without the blocks of
/// `block.sql`: the rules alone answer.
fn pairs(occurrences: &str, providers: &str) -> Result<String> {
    Ok(format!(
        "(SELECT * FROM need_occurrence n WHERE n.need_id = $need AND {occurrences}) n \
         CROSS JOIN (SELECT * FROM provider p WHERE {providers}) p \
         LEFT JOIN slot s ON s.provider_id = p.provider_id {}",
        rule::sql("with_offer")?
    ))
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

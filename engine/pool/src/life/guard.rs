//! What a challenger in stage canary must keep, and what happens when it does not.

use linli_model::{MILLION, Text};
use linli_query::{Change, ParamValue, Params, Session};
use serde::{Serialize, Serializer};

use super::compare::Comparison;
use super::{Hindrance, short};
use crate::book::Page;
use crate::{Error, Pool, Result};

/// A bound on a difference, challenger less incumbent, over the needs of the canary's districts.
///
/// `served_share`: share of the units asked for that are served. `tier0_served` to `tier3_served`:
/// the same of one tier. `score`: score per unit asked for, as the incumbent sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// What is measured.
    pub measure: String,
    /// The least difference allowed, in millionths; a smaller one crosses the guard.
    #[serde(serialize_with = "share")]
    pub least: i64,
}

const MEASURES: [&str; 6] =
    ["served_share", "score", "tier0_served", "tier1_served", "tier2_served", "tier3_served"];

impl Guard {
    /// Reads `served_share=-0.02,tier3_served=0`.
    ///
    /// **Errors.** No such measure, one twice, or no number from −1 to 1.
    pub fn parse(name: &str, text: &str) -> Result<Vec<Self>> {
        let mut guards: Vec<Self> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let read = || {
                let (measure, least) = part.split_once('=')?;
                let is_new = guards.iter().all(|it| it.measure != measure);
                let is_known = MEASURES.contains(&measure) && is_new;
                is_known.then_some(Self { measure: measure.to_owned(), least: millionths(least)? })
            };
            let guard = read().ok_or_else(|| Error::Transition {
                name: name.to_owned(),
                why: Hindrance::BadGuard { found: part.to_owned() },
            })?;
            guards.push(guard);
        }
        Ok(guards)
    }

    /// The difference in these districts, in millionths; nothing where they have no such need.
    fn found(&self, comparison: &Comparison, districts: &[String]) -> Option<i64> {
        let tier = self.measure.strip_prefix("tier").and_then(|it| it.strip_suffix("_served"));
        let tier: Option<u8> = tier.and_then(|it| it.parse().ok());
        let (mut units, mut difference) = (0, 0);
        for it in comparison.outcomes.values() {
            let is_here = it.district_id.as_ref().is_some_and(|it| districts.contains(it));
            if !is_here || tier.is_some_and(|tier| tier != it.tier) {
                continue;
            }
            units += it.units;
            difference += match self.measure.as_str() {
                "score" => it.score[1] - it.score[0],
                _ => (it.served[1] - it.served[0]) * MILLION,
            };
        }
        // Downward, so that no loss is rounded away.
        (units > 0).then(|| difference.div_euclid(units))
    }
}

/// The first guard that is crossed, in words.
pub(super) fn crossed(guards: &[Guard], comparison: &Comparison, districts: &[String]) -> Option<Text> {
    guards.iter().find_map(|guard| {
        let found = guard.found(comparison, districts).filter(|it| *it < guard.least)?;
        let (measure, found, least) = (&guard.measure, shown(found), shown(guard.least));
        let place = districts.join(", ");
        Some(Text::new(
            format!("{measure} changes by {found} in {place}, the guard allows {least}"),
            format!("{place} 的 {measure} 变化 {found}，护栏为 {least}"),
        ))
    })
}

impl Pool {
    /// The guards of a plugin.
    pub(super) async fn guards(&self, session: &Session, name: &str) -> Result<Vec<Guard>> {
        Ok(self.all_guards(session).await?.into_iter().filter(|it| it.0 == name).map(|it| it.2).collect())
    }

    async fn all_guards(&self, session: &Session) -> Result<Vec<(String, String, Guard)>> {
        let sql = "SELECT name, digest, measure, least FROM plugin_guard ORDER BY name, measure";
        let rows = self.frame(session, sql, &Params::default()).await?;
        let (names, digests, measures) = (rows.texts("name")?, rows.texts("digest")?, rows.texts("measure")?);
        let least = rows.integers("least")?;
        let text = |column: &arrow_array::StringArray, row: usize| column.value(row).to_owned();
        let guard = |row: usize| {
            let guard = Guard { measure: text(&measures, row), least: least.value(row) };
            (text(&names, row), text(&digests, row), guard)
        };
        Ok((0..rows.rows()).map(guard).collect())
    }

    /// The table with these guards for a plugin in place of its earlier ones.
    pub(super) async fn guard_change(
        &self,
        session: &Session,
        name: &str,
        digest: &str,
        guards: &[Guard],
    ) -> Result<Change> {
        let mut all = self.all_guards(session).await?;
        all.retain(|it| it.0 != name);
        all.extend(guards.iter().map(|it| (name.to_owned(), digest.to_owned(), it.clone())));
        let mut page = Page::new("plugin_guard");
        for (name, digest, guard) in all {
            page.add([
                ("name", name.into()),
                ("digest", digest.into()),
                ("measure", guard.measure.into()),
                ("least", guard.least.into()),
            ]);
        }
        page.replace()
    }

    /// What guards took back because of a run, in words.
    pub(crate) async fn taken_back(&self, session: &Session, run_id: &str) -> Result<Vec<Text>> {
        let mut params = Params::default();
        params.set("run", ParamValue::Text(run_id.to_owned()));
        let sql = "SELECT text_en, text_zh FROM plugin_event WHERE action = 'guard' AND evidence = $run \
            ORDER BY event_id";
        let rows = self.frame(session, sql, &params).await?;
        let (en, zh) = (rows.texts("text_en")?, rows.texts("text_zh")?);
        Ok((0..rows.rows()).map(|row| Text::new(en.value(row), zh.value(row))).collect())
    }
}

/// What is said of a canary that is taken back.
pub(super) fn taken_back(name: &str, digest: &str, why: &Text) -> Text {
    Text::new(
        format!("{} no longer scores for `{name}`: {}", short(digest), why.en),
        format!("{} 不再用于 {name}：{}", short(digest), why.zh),
    )
}

/// Reads a number from −1 to 1 with at most six decimals, exactly.
fn millionths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 6 || whole.len() > 1 {
        return None;
    }
    let value = whole.parse::<i64>().ok()? * MILLION + format!("{part:0<6}").parse::<i64>().ok()?;
    (value <= MILLION).then_some(sign * value)
}

fn shown(millionths: i64) -> String {
    format!("{:+.6}", millionths as f64 / MILLION as f64)
}

fn share<S: Serializer>(millionths: &i64, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_f64(*millionths as f64 / MILLION as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_are_read_exactly_or_refused() {
        let guards = Guard::parse("x", "served_share=-0.02, tier3_served=0,score=-1").expect("guards");
        let read: Vec<_> = guards.iter().map(|it| (it.measure.as_str(), it.least)).collect();
        assert_eq!(read, [("served_share", -20_000), ("tier3_served", 0), ("score", -1_000_000)]);
        for bad in [
            "",
            "served_share",
            "served_share=",
            "served_share=-",
            "served_share=2",
            "served_share=1.1",
            "served_share=-0.0000001",
            "served_share=1e-2",
            "tier4_served=0",
            "score=0,score=0",
            "score=٣",
        ] {
            assert!(Guard::parse("x", bad).is_err(), "{bad}");
        }
    }
}

//! How a plan made by hand stands.

use std::fmt::Write as _;

use linli_pool::PlanReport;

/// How many violations and missed needs are shown; `--json` has all.
const SHOWN: usize = 20;

pub fn plan(it: &PlanReport) -> String {
    let PlanReport { lines, held, objective, optimum, distance, .. } = it;
    let broken = lines - held;
    let mut text = if it.feasible {
        format!("the plan can be carried out: all of its {lines} lines hold · 方案可行：{lines} 行全部成立\n")
    } else {
        format!(
            "the plan cannot be carried out as it is: {broken} of {lines} lines do not hold · \
             方案不可行：{lines} 行中有 {broken} 行不成立\n"
        )
    };
    for violation in it.violations.iter().take(SHOWN) {
        let (line, need, provider) = (violation.line, &violation.need_id, &violation.provider_id);
        let _ = writeln!(
            text,
            "  line {line} ({need}, {provider}): {} · 第 {line} 行：{}",
            violation.text.en, violation.text.zh
        );
    }
    text.push_str(&more(it.violations.len()));
    for tier in it.by_tier.iter().filter(|it| it.units > 0) {
        let (number, units, plan, best) = (tier.tier, tier.units, tier.plan, tier.optimum);
        let _ = writeln!(
            text,
            "tier {number} 级: {plan} of {units} units served, {best} by the optimum · \
             {units} 人次中满足 {plan}，最优方案满足 {best}"
        );
    }
    if !it.missed.is_empty() {
        // A need that recurs is missed at each of its times, but named once.
        let mut named: Vec<&str> = Vec::new();
        for need in it.missed.iter().map(|it| it.need_id.as_str()) {
            if !named.contains(&need) {
                named.push(need);
            }
        }
        let n = named.len();
        named.truncate(SHOWN);
        let named = named.join(", ");
        let _ = writeln!(text, "better served by the optimum 最优方案更能满足: {n}: {named}");
        text.push_str(&more(n));
    }
    let _ = writeln!(
        text,
        "objective 目标值 {objective}, optimum 最优值 {optimum}, distance 相差 {distance} (millionths 百万分之一)"
    );
    if !it.feasible {
        text.push_str(
            "lines that do not hold are left out of the objective; their needs count as unserved · \
             不成立的行不计入目标值，其需求按未满足计\n",
        );
    }
    text
}

fn more(total: usize) -> String {
    match total.saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!("  and {n} more: --json · 另有 {n} 项，见 --json\n"),
    }
}

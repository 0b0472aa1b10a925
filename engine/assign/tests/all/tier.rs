//! Tiers are lexicographic: urgency first, cost last.

use linli_assign::{Limits, Need, Problem, solve, tier_penalty};
use proptest::prelude::*;

use crate::brute::plans;
use crate::random::{cases, small};

/// Units served per tier, the most urgent first.
fn served(problem: &Problem, tiers: &[u8], chosen: impl Fn(u32) -> bool) -> [u32; 4] {
    let mut units = [0; 4];
    for (_, edge) in (0..).zip(problem.edges()).filter(|&(at, _)| chosen(at)) {
        units[3 - tiers[edge.need as usize] as usize] += 1;
    }
    units
}

#[test]
fn no_plan_serves_more_of_a_tier_without_serving_less_of_a_higher_one() {
    let tiers = prop::collection::vec(0_u8..=3, 6);
    proptest!(cases(1500), |(problem in small(), tiers in tiers)| {
        let units = problem.needs().iter().map(|it| u64::from(it.demand)).sum();
        let tiered = (0..).zip(problem.needs()).map(|(at, need): (usize, _)| {
            let penalty = tier_penalty(tiers[at], units, -10, 20).unwrap();
            Need { demand: need.demand, penalty }
        });
        let nodes = problem.nodes().to_vec();
        let problem = Problem::new(tiered.collect(), nodes, problem.edges().to_vec()).unwrap();
        let solution = solve(&problem, &Limits::default()).unwrap();
        let best = plans(&problem).iter().map(|it| served(&problem, &tiers, |at| it.has(at))).max();
        let ours = served(&problem, &tiers, |at| solution.chosen.contains(&at));
        prop_assert_eq!(Some(ours), best);
    });
}

#[test]
fn the_spacing_is_linear() {
    let penalty = |tier| tier_penalty(tier, 100, -5, 10).unwrap();
    assert_eq!([0, 1, 2, 3].map(penalty), [1501, 3002, 4503, 6004]);
    assert_eq!(tier_penalty(3, 0, 7, 7).unwrap(), 4);
}

#[test]
fn a_spacing_that_does_not_fit_is_refused() {
    let text = |units, min, max| tier_penalty(3, units, min, max).unwrap_err().to_string();
    assert_eq!(text(1, 2, 1), "the lowest cost 2 is above the highest 1");
    assert!(text(u64::MAX, 0, 1 << 40).starts_with("tier 3 over 18446744073709551615 units"));
    assert!(text(1, 0, (1 << 40) + 1).starts_with("cost 1099511627777 of bound 1 is outside"));
}

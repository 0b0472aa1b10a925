//! The kinds of needs of 南星街道: what neighbours do at home, what only one community or an
//! organization under contract can do, and what nobody can.

use crate::pattern::{PRESSING, Pattern, When};

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];

const ELDERS: &[(&str, usize)] = &[("elderly", 6), ("lonely_elder", 3), ("disabled", 1)];
pub(super) const ANYBODY: &[(&str, usize)] = &[("", 8), ("elderly", 4), ("low_income", 1), ("disabled", 1)];
const MINORS: &[(&str, usize)] = &[("minor", 1)];

/// From anywhere in the street: the pool reaches every community.
const POOL: Pattern = Pattern {
    groups: ANYBODY,
    minutes: &[60],
    when: When::Once(WORKDAYS, 900, 1700),
    reach_m: 8000,
    ..Pattern::PLAIN
};
/// Among neighbours.
const LOCAL: Pattern = Pattern { reach_m: 2500, when: When::Before(6), ..POOL };

pub(super) const PATTERNS: [Pattern; 14] = [
    Pattern { service: "neighbour_errand", rows: 34, skills: &["便民"], ..LOCAL },
    Pattern { service: "neighbour_company", rows: 26, skills: &["陪伴"], groups: ELDERS, ..LOCAL },
    Pattern {
        service: "neighbour_company",
        rows: 8,
        skills: &["陪伴"],
        groups: ELDERS,
        when: When::WeeklyOn(WORKDAYS, 1500, 1700),
        ..LOCAL
    },
    Pattern { service: "eco_output", rows: 14, skills: &["环保"], groups: &[("", 1)], ..POOL },
    Pattern { service: "x_medicine", rows: 22, skills: &["医疗"], groups: ELDERS, tiers: PRESSING, ..POOL },
    Pattern { service: "x_nursing", rows: 16, skills: &["护理"], groups: ELDERS, tiers: PRESSING, ..POOL },
    Pattern {
        service: "x_food",
        rows: 16,
        skills: &["助餐"],
        groups: ELDERS,
        when: When::Once(WORKDAYS, 1500, 1730),
        ..POOL
    },
    Pattern {
        service: "child_schooling",
        rows: 14,
        skills: &["助学"],
        groups: MINORS,
        when: When::Weekly(&[1, 3], 1500, 1800),
        ..POOL
    },
    Pattern { service: "waste_sorting", rows: 12, skills: &["分类"], groups: &[("", 1)], ..POOL },
    Pattern { service: "x_care", rows: 16, skills: &["养老"], groups: ELDERS, tiers: PRESSING, ..POOL },
    Pattern { service: "elder_nurture", rows: 8, skills: &["养护"], groups: ELDERS, ..POOL },
    Pattern { service: "youth_education", rows: 10, skills: &["青少年"], groups: MINORS, ..POOL },
    Pattern { service: "org_incubation", rows: 4, skills: &["孵化"], groups: &[("", 1)], ..POOL },
    // The contract covers Monday to Wednesday.
    Pattern {
        service: "x_leisure",
        rows: 6,
        skills: &["文娱"],
        when: When::Once(&[0, 1, 2], 900, 1700),
        ..POOL
    },
];

/// Needs that nobody can serve, each for a reason of its own.
pub(super) const IN_VAIN: [Pattern; 3] = [
    // Nobody has the skill.
    Pattern {
        service: "neighbour_company", rows: 2, skills: &["手语"], groups: &[("disabled", 1)], ..POOL
    },
    // The contract ends on Wednesday.
    Pattern {
        service: "x_leisure",
        rows: 2,
        skills: &["文娱"],
        when: When::Once(&[3, 4], 900, 1700),
        ..POOL
    },
    // The contract ended with September.
    Pattern { service: "volunteer_training", rows: 2, skills: &["督导"], groups: &[("", 1)], ..POOL },
];

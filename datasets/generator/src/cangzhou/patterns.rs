//! The kinds of needs of 沧州: those that somebody can serve, and those in vain.

use crate::calendar::EVERY_DAY;
use crate::pattern::{PRESSING, Pattern, When};

use super::merchants::ELIGIBLE;

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];
const WEEKEND: &[usize] = &[5, 6];

const ELDERS: &[(&str, usize)] = &[("elderly", 6), ("lonely_elder", 3), ("young_elder", 1)];
pub(super) const ANYBODY: &[(&str, usize)] =
    &[("", 8), ("elderly", 3), ("low_income", 2), ("laid_off", 1), ("disabled", 1)];
/// For whom volunteers are there first of all.
const TARGETS: &[(&str, usize)] = &[("elderly", 4), ("disabled", 3), ("veteran_family", 2), ("minor", 2)];
const IN_NEED: &[(&str, usize)] = &[(ELIGIBLE[0], 4), (ELIGIBLE[1], 3), (ELIGIBLE[2], 2)];
const PATIENTS: &[(&str, usize)] =
    &[("elderly", 4), ("chronic", 4), ("women", 2), ("minor", 2), ("disabled", 2), ("low_income", 2)];

const DAY: When = When::Once(EVERY_DAY, 900, 1800);
/// A call to 12349, by day.
const CALL: Pattern =
    Pattern { when: DAY, groups: ANYBODY, at_home: true, minutes: &[60], reach_m: 3000, ..Pattern::PLAIN };
/// What volunteers are asked for.
const HELP: Pattern = Pattern { groups: TARGETS, minutes: &[60], reach_m: 1800, ..Pattern::PLAIN };

/// Needs that somebody can serve, unless all who could are taken.
pub(super) const PATTERNS: [Pattern; 27] = [
    Pattern { service: "household_repair", rows: 26, ..CALL },
    Pattern { service: "home_help", rows: 24, minutes: &[60, 120], ..CALL },
    Pattern { service: "canteen", rows: 16, when: When::Once(EVERY_DAY, 1100, 1300), minutes: &[30], ..CALL },
    Pattern { service: "shopping", rows: 12, minutes: &[30], ..CALL },
    Pattern { service: "logistics", rows: 10, minutes: &[30], ..CALL },
    Pattern { service: "bill_payment", rows: 10, minutes: &[30], ..CALL },
    Pattern { service: "washing", rows: 8, minutes: &[20], ..CALL },
    Pattern { service: "barber", rows: 8, at_home: false, minutes: &[40], ..CALL },
    // The network answers by day and by night.
    Pattern {
        service: "emergency_help",
        rows: 18,
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 2130, 2400),
        class: "problem",
        reach_m: 5000,
        ..CALL
    },
    Pattern {
        service: "household_repair",
        rows: 6,
        when: When::Once(EVERY_DAY, 100, 400),
        reach_m: 5000,
        class: "problem",
        ..CALL
    },
    Pattern { service: "one_yuan", rows: 18, groups: IN_NEED, when: DAY, ..HELP },
    Pattern {
        service: "elder_home_service",
        rows: 34,
        skills: &["助老"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(WORKDAYS, 830, 1730),
        at_home: true,
        ..HELP
    },
    Pattern { service: "elder_company", rows: 22, skills: &["助老"], groups: ELDERS, ..HELP },
    Pattern {
        service: "elder_company",
        rows: 14,
        skills: &["助老"],
        groups: ELDERS,
        when: When::WeeklyOn(WORKDAYS, 1400, 1700),
        ..HELP
    },
    Pattern { service: "day_care", rows: 10, skills: &["助老"], groups: ELDERS, minutes: &[120], ..HELP },
    Pattern {
        service: "doctor_visit",
        rows: 30,
        skills: &["责任医师"],
        groups: PATIENTS,
        tiers: PRESSING,
        when: When::Once(WORKDAYS, 830, 1730),
        minutes: &[30],
        at_home: true,
        ..HELP
    },
    Pattern {
        service: "talk_room", rows: 18, skills: &["心理疏导"], groups: ANYBODY, reach_m: 3000, ..HELP
    },
    Pattern {
        service: "half_past_four_class",
        rows: 16,
        skills: &["教育"],
        groups: &[("minor", 1)],
        when: When::Weekly(WORKDAYS, 1630, 1800),
        ..HELP
    },
    // A household in which nobody earns comes first.
    Pattern {
        service: "job_vacancy",
        rows: 10,
        skills: &["就业"],
        groups: &[("zero_employment", 1)],
        tiers: [0, 0, 0, 1],
        reach_m: 4000,
        ..HELP
    },
    Pattern {
        service: "job_vacancy",
        rows: 8,
        skills: &["就业"],
        groups: &[("laid_off", 1)],
        reach_m: 4000,
        ..HELP
    },
    Pattern {
        service: "job_training",
        rows: 10,
        skills: &["就业"],
        groups: &[("laid_off", 3), ("youth", 1)],
        reach_m: 4000,
        ..HELP
    },
    Pattern {
        service: "hardship_aid",
        rows: 16,
        skills: &["帮困"],
        when: When::Once(WEEKEND, 830, 1730),
        ..HELP
    },
    Pattern {
        service: "culture_activity",
        rows: 12,
        skills: &["文化"],
        demand: (1, 3),
        when: When::Once(WEEKEND, 830, 1200),
        ..HELP
    },
    Pattern {
        service: "environment_round",
        rows: 10,
        skills: &["环保"],
        groups: &[("", 1)],
        demand: (2, 4),
        when: When::Once(WEEKEND, 830, 1730),
        ..HELP
    },
    Pattern {
        service: "neighbourhood_patrol",
        rows: 12,
        skills: &["治安"],
        groups: &[("", 1)],
        demand: (2, 3),
        when: When::Once(EVERY_DAY, 1900, 2200),
        ..HELP
    },
    Pattern { service: "convenience", rows: 12, skills: &["便民"], ..HELP },
    Pattern {
        service: "convenience", rows: 6, skills: &["便民"], groups: &[("veteran_family", 1)], ..HELP
    },
];

/// Needs that nobody can serve, each for a reason of its own.
pub(super) const IN_VAIN: [Pattern; 3] = [
    // Nobody has the skill.
    Pattern { service: "sign_talk", rows: 2, skills: &["手语"], groups: &[("disabled", 1)], ..HELP },
    // Only those in need may buy for one yuan.
    Pattern { service: "one_yuan", rows: 4, groups: &[("", 1)], when: DAY, ..HELP },
    // No patrol walks before dawn.
    Pattern {
        service: "neighbourhood_patrol",
        rows: 2,
        skills: &["治安"],
        groups: &[("", 1)],
        when: When::Once(EVERY_DAY, 200, 500),
        ..HELP
    },
];

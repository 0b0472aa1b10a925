//! The kinds of needs of 南明区: those that somebody can serve, and those in vain.

use crate::calendar::EVERY_DAY;
use crate::pattern::{PRESSING, Pattern, When};

const WORKDAYS: &[usize] = &[0, 1, 2, 3, 4];
const WEEKEND: &[usize] = &[5, 6];

const ELDERS: &[(&str, usize)] = &[("elderly", 6), ("lonely_elder", 3), ("disabled", 1)];
const POOR: &[(&str, usize)] =
    &[("low_income", 4), ("disabled", 3), ("laid_off", 2), ("elderly", 1), ("minor", 1)];
/// Whom the menu of paired support is for.
const PAIRED: &[(&str, usize)] =
    &[("low_income", 4), ("lonely_elder", 3), ("disabled", 2), ("laid_off", 2), ("minor", 2), ("elderly", 1)];
pub(super) const ANYBODY: &[(&str, usize)] =
    &[("", 8), ("elderly", 3), ("low_income", 2), ("laid_off", 1), ("disabled", 1)];
const MINORS: &[(&str, usize)] = &[("minor", 1)];
const LAID_OFF: &[(&str, usize)] = &[("laid_off", 4), ("low_income", 1)];

/// Needs that somebody can serve, unless all who could are taken.
pub(super) const PATTERNS: [Pattern; 28] = [
    Pattern {
        service: "tutoring",
        rows: 84,
        skills: &["辅导"],
        extra: &["英语", "数学"],
        groups: MINORS,
        demand: (1, 2),
        when: When::Weekly(WORKDAYS, 1600, 1800),
        minutes: &[60, 90],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "tutoring",
        rows: 6,
        skills: &["辅导"],
        groups: MINORS,
        when: When::Weekly(EVERY_DAY, 1600, 1800),
        minutes: &[60],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "reading_guidance",
        rows: 26,
        skills: &["阅读"],
        groups: MINORS,
        when: When::WeeklyOn(EVERY_DAY, 1330, 2000),
        minutes: &[60],
        reach_m: 2000,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "legal_advice",
        rows: 62,
        skills: &["法律"],
        groups: ANYBODY,
        when: When::Weekly(&[4], 1400, 1700),
        minutes: &[60, 90],
        class: "consultation",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "legal_advice",
        rows: 8,
        skills: &["法律"],
        groups: ANYBODY,
        tiers: PRESSING,
        when: When::Before(6),
        minutes: &[60],
        class: "consultation",
        reach_m: 0,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "pairing_visit",
        rows: 120,
        skills: &["走访"],
        groups: PAIRED,
        demand: (1, 2),
        when: When::Once(WEEKEND, 830, 1730),
        minutes: &[45, 60],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "elder_visit",
        rows: 96,
        skills: &["走访"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 1330, 2030),
        minutes: &[30, 60],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "elder_visit",
        rows: 40,
        skills: &["走访"],
        groups: ELDERS,
        when: When::WeeklyOn(WEEKEND, 830, 1730),
        minutes: &[30],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "hospital_escort",
        rows: 84,
        skills: &["陪护"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(WORKDAYS, 800, 1200),
        minutes: &[120, 180],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "housework",
        rows: 92,
        skills: &["家务"],
        extra: &["维修"],
        groups: ELDERS,
        when: When::Once(WORKDAYS, 1330, 1730),
        minutes: &[60, 120],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "housework",
        rows: 14,
        skills: &["家务"],
        groups: POOR,
        when: When::Before(6),
        minutes: &[90],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "health_talk",
        rows: 32,
        skills: &["健康"],
        groups: ELDERS,
        demand: (2, 4),
        when: When::Once(WEEKEND, 830, 1200),
        minutes: &[60, 90],
        reach_m: 2000,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "patrol",
        rows: 46,
        skills: &["巡逻"],
        demand: (3, 5),
        when: When::WeeklyOn(&[1, 2, 4, 5, 6], 2000, 2200),
        minutes: &[90, 120],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "sanitation",
        rows: 36,
        skills: &["环卫"],
        demand: (2, 3),
        when: When::WeeklyOn(WEEKEND, 830, 1200),
        minutes: &[60, 120],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "traffic",
        rows: 22,
        skills: &["交通"],
        groups: MINORS,
        when: When::Weekly(WORKDAYS, 715, 830),
        minutes: &[60],
        reach_m: 2000,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "policy_advice",
        rows: 48,
        skills: &["政策"],
        groups: ANYBODY,
        when: When::Once(WORKDAYS, 1830, 2130),
        class: "consultation",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "certificate_errand",
        rows: 38,
        skills: &["代办"],
        groups: ELDERS,
        when: When::Once(WORKDAYS, 1330, 1730),
        minutes: &[60, 90],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "job_guidance",
        rows: 34,
        skills: &["就业"],
        extra: &["电脑"],
        groups: LAID_OFF,
        when: When::Once(WORKDAYS, 1830, 2130),
        minutes: &[60],
        class: "consultation",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "job_placement",
        rows: 16,
        skills: &["就业"],
        groups: LAID_OFF,
        tiers: PRESSING,
        when: When::Before(6),
        minutes: &[60],
        class: "problem",
        reach_m: 2000,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "mediation",
        rows: 44,
        skills: &["调解"],
        groups: ANYBODY,
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 1830, 2130),
        minutes: &[60, 90],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "order_mediation",
        rows: 14,
        skills: &["调解"],
        tiers: PRESSING,
        when: When::Once(WORKDAYS, 1830, 2130),
        minutes: &[60],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "counselling",
        rows: 42,
        skills: &["心理"],
        groups: ANYBODY,
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 1830, 2130),
        minutes: &[60],
        reach_m: 2500,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "recreation",
        rows: 34,
        skills: &["文艺"],
        groups: ELDERS,
        demand: (2, 4),
        when: When::Once(WEEKEND, 830, 1730),
        minutes: &[90, 120],
        ..Pattern::PLAIN
    },
    Pattern {
        service: "recreation",
        rows: 8,
        skills: &["太极拳"],
        groups: ELDERS,
        when: When::WeeklyOn(EVERY_DAY, 800, 2000),
        minutes: &[60],
        reach_m: 2500,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "inspection",
        rows: 22,
        skills: &["检查"],
        when: When::Once(WORKDAYS, 1830, 2130),
        minutes: &[60],
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "liaison",
        rows: 22,
        skills: &["走访"],
        groups: ANYBODY,
        when: When::Once(WORKDAYS, 1330, 2130),
        class: "problem",
        ..Pattern::PLAIN
    },
    Pattern {
        service: "warmth",
        rows: 26,
        skills: &["驾驶"],
        groups: POOR,
        when: When::Once(WEEKEND, 830, 1730),
        minutes: &[60],
        class: "problem",
        reach_m: 2000,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "warmth",
        rows: 6,
        skills: &["驾驶"],
        groups: POOR,
        tiers: PRESSING,
        when: When::Before(6),
        minutes: &[60],
        class: "problem",
        reach_m: 0,
        ..Pattern::PLAIN
    },
];

/// Needs that nobody can serve.
pub(super) const IN_VAIN: [Pattern; 7] = [
    // Everybody who cares for the sick is at home by then.
    Pattern {
        service: "night_care",
        rows: 12,
        skills: &["陪护"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 2230, 2900),
        minutes: &[240, 360],
        class: "problem",
        ..Pattern::PLAIN
    },
    // Nobody has the skill.
    Pattern {
        service: "interpreting",
        rows: 7,
        skills: &["布依语"],
        groups: ELDERS,
        when: When::Once(WORKDAYS, 900, 1700),
        minutes: &[60],
        reach_m: 0,
        ..Pattern::PLAIN
    },
    // Those who have the skill are paused, did not consent or let their credential run out.
    Pattern {
        service: "interpreting",
        rows: 6,
        skills: &["手语"],
        groups: &[("disabled", 1)],
        tiers: PRESSING,
        when: When::Before(5),
        minutes: &[60],
        reach_m: 0,
        ..Pattern::PLAIN
    },
    Pattern {
        service: "home_nursing",
        rows: 7,
        skills: &["护理"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Before(5),
        minutes: &[60],
        class: "problem",
        reach_m: 0,
        ..Pattern::PLAIN
    },
    // Only merchants repair appliances, and the registry of this district has none.
    Pattern {
        service: "appliance_repair",
        rows: 9,
        groups: ELDERS,
        when: When::Once(WORKDAYS, 900, 1800),
        minutes: &[60],
        class: "problem",
        at_home: true,
        ..Pattern::PLAIN
    },
    // Longer than anybody is free in one stretch.
    Pattern {
        service: "housework",
        rows: 8,
        skills: &["家务"],
        groups: POOR,
        when: When::Once(WORKDAYS, 800, 1800),
        minutes: &[300, 480],
        class: "problem",
        ..Pattern::PLAIN
    },
    // In the outskirts, with nobody that near; see `needs::open`.
    Pattern {
        service: "elder_visit",
        rows: 14,
        skills: &["走访"],
        groups: &[("lonely_elder", 1)],
        tiers: PRESSING,
        when: When::Once(EVERY_DAY, 830, 2030),
        minutes: &[30],
        reach_m: 500,
        ..Pattern::PLAIN
    },
];

//! What residents of 政和社区 ask for: the open needs of the week and the month before.

use crate::calendar::{EVERY_DAY, at, later, monday};
use crate::draw::Draw;
use crate::history::{Habits, History, Roles, received};
use crate::pattern::{CALM, PRESSING, Pattern, When};
use crate::place::ZHENGHE;
use crate::record::{Card, Need};

use super::medicine::{self, MEDICINES};
use super::{CENTRE, COMMUNITY, DISTRICT};

const HISTORY: usize = 200;
/// Who takes down what residents ask for.
const DESK: &str = "window";

const RESIDENTS: &[(&str, usize)] =
    &[("", 40), ("elderly", 22), ("lonely_elder", 12), ("disabled", 8), ("low_income", 8), ("floating", 10)];
const ELDERS: &[(&str, usize)] = &[("elderly", 5), ("lonely_elder", 4), ("disabled", 2)];

const OFFICE: When = When::Once(&[0, 1, 2, 3, 4, 5], 900, 1700);

const HERE: Pattern = Pattern { reach_m: 3000, groups: RESIDENTS, ..Pattern::PLAIN };
const AT_HOME: Pattern = Pattern { at_home: true, minutes: &[60], ..HERE };

/// Needs that somebody can serve.
const PATTERNS: [Pattern; 19] = [
    Pattern { service: "appliance_repair", rows: 11, when: OFFICE, minutes: &[60, 90], ..AT_HOME },
    Pattern { service: "medicine_notice", rows: 6, groups: ELDERS, minutes: &[10], ..HERE },
    Pattern {
        service: "haircut",
        rows: 6,
        groups: ELDERS,
        when: When::Once(&[1, 2, 3, 4], 930, 1730),
        minutes: &[40],
        ..AT_HOME
    },
    Pattern {
        service: "meal_delivery",
        rows: 5,
        groups: ELDERS,
        when: When::Weekly(EVERY_DAY, 1100, 1300),
        minutes: &[30],
        ..AT_HOME
    },
    Pattern {
        service: "love_meal",
        rows: 2,
        groups: &[("lonely_elder", 1), ("disabled", 1)],
        when: When::Weekly(&[0, 2, 4], 1100, 1300),
        minutes: &[30],
        ..AT_HOME
    },
    Pattern { service: "grocery_delivery", rows: 5, when: When::Before(6), ..AT_HOME },
    Pattern {
        service: "produce_delivery",
        rows: 3,
        when: When::Weekly(&[1, 4], 900, 1200),
        minutes: &[30],
        ..AT_HOME
    },
    Pattern { service: "water_delivery", rows: 3, when: OFFICE, minutes: &[20], ..AT_HOME },
    Pattern { service: "laundry", rows: 3, minutes: &[20], ..HERE },
    Pattern { service: "housekeeping", rows: 4, when: OFFICE, minutes: &[120, 180], ..AT_HOME },
    Pattern { service: "plumbing", rows: 4, tiers: PRESSING, when: OFFICE, ..AT_HOME },
    Pattern { service: "locksmith", rows: 2, tiers: PRESSING, when: OFFICE, ..AT_HOME },
    Pattern { service: "mending", rows: 2, ..HERE },
    Pattern { service: "car_care", rows: 2, groups: &[("merchant", 1)], minutes: &[90], ..HERE },
    Pattern {
        service: "health_advice",
        rows: 5,
        groups: ELDERS,
        when: When::WeeklyOn(&[0, 1, 3, 4], 800, 1200),
        minutes: &[20],
        class: "consultation",
        ..HERE
    },
    Pattern {
        service: "neighbour_visit",
        rows: 5,
        skills: &["走访"],
        groups: &[("lonely_elder", 1)],
        when: When::Once(&[0, 1, 2, 3, 4], 830, 2030),
        minutes: &[30, 45],
        ..HERE
    },
    Pattern { service: "errand", rows: 3, skills: &["代办"], groups: ELDERS, ..HERE },
    Pattern {
        service: "reading_aloud",
        rows: 2,
        skills: &["读报"],
        groups: ELDERS,
        when: When::WeeklyOn(&[0, 2, 4], 800, 2030),
        ..HERE
    },
    Pattern { service: "eyewear", rows: 1, ..HERE },
];

/// Needs that nobody can serve, each for a reason of its own.
const IN_VAIN: [Pattern; 7] = [
    // No volunteer has the skill.
    Pattern {
        service: "hospital_escort",
        rows: 2,
        skills: &["陪护"],
        groups: ELDERS,
        tiers: PRESSING,
        when: When::Once(&[1, 3], 800, 1200),
        minutes: &[180],
        ..HERE
    },
    // Every repair shop is closed at night.
    Pattern { service: "appliance_repair", when: When::Once(&[2], 2230, 2430), ..AT_HOME },
    // No optician comes home.
    Pattern { service: "eyewear", groups: ELDERS, when: OFFICE, ..AT_HOME },
    // The licence of the only merchant in the alliance has run out.
    Pattern { service: "clock_repair", when: OFFICE, ..AT_HOME },
    // The only offer for this group has ended.
    Pattern {
        service: "love_meal",
        groups: &[("floating", 1)],
        when: When::Once(&[3], 1100, 1300),
        ..AT_HOME
    },
    // Longer than the time left for it.
    Pattern { service: "housekeeping", when: When::Once(&[4], 1500, 1700), minutes: &[240], ..AT_HOME },
    // Out of reach, see `out_of_reach`.
    Pattern { service: "haircut", when: When::Once(&[3], 900, 1800), reach_m: 500, ..AT_HOME },
];

/// More than the only clinic that treats at home can do on one day: it has room for four,
/// and these tiers wait for it on Wednesday.
const TREATMENT_TIERS: [i64; 6] = [3, 3, 2, 2, 0, 0];

/// The needs that wait for the week.
pub(crate) fn open(cards: &[Card]) -> Vec<Need> {
    let mut draw = Draw::new("zhenghe need");
    let mut needs: Vec<Need> = Vec::new();
    for pattern in PATTERNS.iter().chain(&IN_VAIN) {
        for _ in 0..pattern.rows {
            let mut need = pattern.need(&mut draw);
            if pattern.service == medicine::SERVICE {
                need.item = draw.pick(&MEDICINES);
            }
            needs.push(need);
        }
    }
    out_of_reach(&mut needs);
    needs.extend(TREATMENT_TIERS.iter().map(|&tier| treatment(&mut draw, tier)));
    for (row, need) in needs.iter_mut().enumerate() {
        need.need_id = format!("zh-n{:03}", row + 1);
        settle(need, &mut draw, cards);
    }
    medicine::wait(&mut needs);
    needs
}

/// The last need in vain lives where no hairdresser of the alliance is within 500 m.
fn out_of_reach(needs: &mut [Need]) {
    if let Some(need) = needs.last_mut() {
        let (lon, lat) = ZHENGHE.at(1900, 1700).cells();
        (need.lon, need.lat) = (Some(lon), Some(lat));
    }
}

fn treatment(draw: &mut Draw, tier: i64) -> Need {
    let wednesday = later(monday(), 2);
    let pattern = Pattern {
        service: "home_treatment",
        groups: ELDERS,
        tiers: CALM,
        minutes: &[45],
        class: "problem",
        ..AT_HOME
    };
    Need {
        tier,
        window_start: Some(at(wednesday, 800)),
        window_end: Some(at(wednesday, 1800)),
        due_at: Some(at(wednesday, 1800)),
        ..pattern.need(draw)
    }
}

/// Gives a need its place, channel and, in most cases, one of the cards.
fn settle(need: &mut Need, draw: &mut Draw, cards: &[Card]) {
    need.district_id = DISTRICT;
    need.community_id = COMMUNITY.to_owned();
    need.channel = draw.weighted(&[("phone", 6), ("window", 3), ("visit", 1)]);
    let spot = ZHENGHE.near(draw, CENTRE, 300);
    if need.lon.is_none() {
        let (lon, lat) = spot.cells();
        (need.lon, need.lat) = (Some(lon), Some(lat));
    }
    let card = &cards[draw.below(cards.len())];
    if draw.chance(65) || !need.item.is_empty() {
        need.card_no.clone_from(&card.card_no);
    }
}

/// The month before: what was asked, answered, served, visited. And how the open needs came in.
pub(crate) fn history(cards: &[Card], open: &[Need]) -> History {
    const SERVICES: &[((&str, &str), usize)] = &[
        (("shop_advice", "consultation"), 40),
        (("health_advice", "consultation"), 22),
        (("appliance_repair", "appointment"), 28),
        (("haircut", "appointment"), 16),
        (("meal_delivery", "appointment"), 14),
        (("grocery_delivery", "appointment"), 12),
        (("medicine_notice", "appointment"), 10),
        (("plumbing", "problem"), 16),
        (("locksmith", "problem"), 6),
        (("housekeeping", "appointment"), 12),
        (("home_treatment", "problem"), 10),
        (("neighbour_visit", "problem"), 8),
        (("shop_dispute", "complaint"), 9),
    ];
    let mut draw = Draw::new("zhenghe history");
    let mut history = History::new("zh", 3);
    for _ in 0..HISTORY {
        let (service_id, class) = draw.weighted(SERVICES);
        let received_at = received(&mut draw);
        let mut need = Need {
            service_id,
            class,
            received_at,
            tier: draw.weighted(&[(0, 50), (1, 32), (2, 13), (3, 5)]),
            group: draw.weighted(RESIDENTS),
            demand: 1,
            due_at: Some(at(later(received_at.date(), 7), 1800)),
            ..Need::default()
        };
        settle(&mut need, &mut draw, cards);
        let habits = match class {
            "complaint" => Habits { prompt: 60, completed: 85, visited: 80, satisfied: 70, slow: 40 },
            _ => Habits { prompt: 84, completed: 95, visited: 62, satisfied: 92, slow: 15 },
        };
        let server = match service_id {
            "neighbour_visit" => "volunteer",
            "shop_advice" | "shop_dispute" => "centre",
            _ => "merchant",
        };
        let roles = Roles { desk: DESK, dispatcher: "centre", server, visitor: "branch" };
        history.add(&mut draw, need, habits, roles);
    }
    history.accept(&mut Draw::new("zhenghe reception"), open, DESK);
    history
}

//! What others think of the volunteers: a panel of raters, and a questionnaire in each community.
//!
//! The text counts more than 3360 copies of the questionnaire and gives no answer to it; its
//! questions here are made up. Raters and those who answered are counted, not known.

use crate::draw::Draw;
use crate::record::forms::{Questionnaire, Rating};
use crate::record::{Pairing, Volunteer};

use super::communities::Place;

const PERIOD: &str = "2012-Q3";
/// Copies for each community: 18 × 187 = 3366, more than 3360.
const COPIES: i64 = 18;

const RATERS: [&str; 6] = [
    "cadre_or_resident",
    "delegate",
    "party_representative",
    "resident_representative",
    "service_recipient",
    "unit_representative",
];

/// The questions, and how many of a hundred answers to each are good at most.
const ITEMS: [(&str, i64); 6] =
    [("role_model", 92), ("reply", 84), ("visit", 76), ("pairing", 82), ("activity", 70), ("attitude", 94)];

/// One rating of every community by every kind of rater, and one of every volunteer of a pair by
/// a household: the text asks both.
pub(crate) fn ratings(places: &[Place], volunteers: &[Volunteer], pairings: &[Pairing]) -> Vec<Rating> {
    let mut draw = Draw::new("nanming rating");
    let mut ratings: Vec<Rating> = Vec::new();
    for place in places {
        let good = draw.between(0, 4);
        for rater_kind in RATERS {
            let score = if draw.below(5) < good as usize { draw.between(4, 5) } else { draw.between(2, 4) };
            ratings.push(Rating { community_id: place.id.clone(), rater_kind, score, ..Rating::default() });
        }
    }
    for pairing in pairings {
        let home = volunteers.iter().find(|it| it.volunteer_id == pairing.volunteer_id);
        // Not every household answers.
        if draw.chance(85) {
            ratings.push(Rating {
                community_id: home.map(|it| it.community_id.clone()).unwrap_or_default(),
                volunteer_id: pairing.volunteer_id.clone(),
                rater_kind: "service_recipient",
                score: draw.weighted(&[(5, 6), (4, 5), (3, 2), (2, 1)]),
                ..Rating::default()
            });
        }
    }
    for (row, rating) in ratings.iter_mut().enumerate() {
        rating.rating_id = format!("nm-g{:04}", row + 1);
        rating.period = PERIOD;
        rating.provenance = "synthetic";
    }
    ratings
}

/// The answers of every community, question by question.
pub(crate) fn questionnaires(places: &[Place]) -> Vec<Questionnaire> {
    let mut draw = Draw::new("nanming questionnaire");
    let mut rows: Vec<Questionnaire> = Vec::new();
    for place in places {
        let returned = draw.between(COPIES - 5, COPIES);
        let mood = draw.between(60, 100);
        for (item, most) in ITEMS {
            // Some leave a question open.
            let answered = returned - draw.between(0, 2);
            let good = (0..answered).filter(|_| draw.chance(most * mood / 100)).count() as i64;
            let poor = draw.between(0, (answered - good) / 2);
            rows.push(Questionnaire {
                questionnaire_id: format!("nm-q{:04}", rows.len() + 1),
                community_id: place.id.clone(),
                period: PERIOD,
                item,
                issued: COPIES,
                good,
                fair: answered - good - poor,
                poor,
                provenance: "synthetic",
            });
        }
    }
    rows
}

//! Rows of the registers and forms of the volunteers: households, activities, ratings, questionnaires.

use chrono::NaiveDate;

use super::{Cell, Name, Record};

records! {
    Household = "household" {
        household_code: String, district_id: Name, community_id: String, tags: Vec<Name>,
        members: i64, needs: Vec<Name>, registered_on: NaiveDate,
        removed_on: Option<NaiveDate>, provenance: Name,
    }
    Activity = "activity" {
        activity_id: String, district_id: Name, community_id: String, team_id: String,
        post_id: Name, pairing_id: String, service_id: Name, held_on: NaiveDate, object: Name,
        content: Name, effect: Name, party_members: i64, volunteers: i64, participants: i64,
        duration_min: i64, provenance: Name,
    }
    Rating = "rating" {
        rating_id: String, community_id: String, volunteer_id: String, period: Name,
        rater_kind: Name, score: i64, provenance: Name,
    }
    Questionnaire = "questionnaire" {
        questionnaire_id: String, community_id: String, period: Name, item: Name, issued: i64,
        good: i64, fair: i64, poor: i64, provenance: Name,
    }
}

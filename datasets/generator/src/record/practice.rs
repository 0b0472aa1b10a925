//! Rows of the tables that came with the town-run communities: places, channels, duty, groups.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Cell, Name, Record};

records! {
    PlaceRow = "place" {
        place_id: String, name: String, level: Name, code: Name, code_system: Name,
        parent_id: Name, aliases: Vec<Name>, valid_from: Option<NaiveDate>,
        valid_to: Option<NaiveDate>, merged_into: Name, review: Name, provenance: Name,
    }
    Channel = "channel" {
        channel_id: String, community_id: Name, kind: Name, name: String, number: Name,
        parent_id: Name, opened_on: Option<NaiveDate>, provenance: Name,
    }
    ChannelItem = "channel_item" {
        item_id: String, channel_id: Name, section: Name, name: Name, position: i64,
        provenance: Name,
    }
    DutyShift = "duty_shift" {
        shift_id: String, channel_id: String, volunteer_id: Name, start: NaiveDateTime,
        end: NaiveDateTime, rrule: String, provenance: Name,
    }
    VisitGroup = "visit_group" {
        group_id: String, community_id: Name, organization_id: Name,
        formed_on: Option<NaiveDate>, provenance: Name,
    }
    VisitGroupMember = "visit_group_member" {
        member_id: String, group_id: String, role: Name, provenance: Name,
    }
    Petition = "petition" {
        petition_id: String, need_id: String, community_id: Name, channel: Name,
        petitioners: i64, topics: Vec<Name>, representatives: Option<i64>,
        task_group: Vec<Name>, opened_at: NaiveDateTime, hearing_at: Option<NaiveDateTime>,
        closed_at: Option<NaiveDateTime>, provenance: Name,
    }
    ActivityRoom = "activity_room" {
        room_id: String, place_id: Name, name: String, full_time_volunteers: i64,
        stars: Option<i64>, rated_on: Option<NaiveDate>, provenance: Name,
    }
}

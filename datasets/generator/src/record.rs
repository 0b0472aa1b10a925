//! The rows of the tables, and how their cells are written.
//!
//! Columns are those of `datasets/schemas`, in their order and as far as made-up rows fill them; a
//! test compares them.

use std::io;

use chrono::{NaiveDate, NaiveDateTime};

use crate::place::Spot;

/// A table as it goes into a file.
#[derive(Debug)]
pub struct Table {
    /// Its name, which is also the file's.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn of<R: Record>(rows: &[R]) -> Self {
        let rows = rows.iter().map(Record::cells).collect();
        Self { name: R::TABLE, columns: R::COLUMNS, rows }
    }

    /// The file: UTF-8, line feeds, a header.
    pub fn csv(&self) -> io::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|it| io::Error::other(it.to_string()))
    }
}

/// A row that knows its table.
pub(crate) trait Record {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];
    fn cells(&self) -> Vec<String>;
}

/// A coordinate in millionths of a degree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Degree(pub(crate) i64);

/// A share in hundredths.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Percent(pub(crate) i64);

/// A value that can stand in a cell. Nothing is the empty cell.
trait Cell {
    fn cell(&self) -> String;
}

impl Cell for String {
    fn cell(&self) -> String {
        self.clone()
    }
}

impl Cell for &str {
    fn cell(&self) -> String {
        (*self).to_owned()
    }
}

impl Cell for i64 {
    fn cell(&self) -> String {
        self.to_string()
    }
}

impl Cell for bool {
    fn cell(&self) -> String {
        self.to_string()
    }
}

impl Cell for NaiveDate {
    fn cell(&self) -> String {
        self.format("%Y-%m-%d").to_string()
    }
}

impl Cell for NaiveDateTime {
    fn cell(&self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S+08:00").to_string()
    }
}

impl Cell for Degree {
    fn cell(&self) -> String {
        format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl Cell for Percent {
    fn cell(&self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Cell for Vec<&'static str> {
    fn cell(&self) -> String {
        self.join(";")
    }
}

impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> String {
        self.as_ref().map(Cell::cell).unwrap_or_default()
    }
}

macro_rules! records {
    ($( $record:ident = $table:literal { $($column:ident: $type:ty),* $(,)? } )*) => { $(
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $record { $(pub(crate) $column: $type),* }

        impl Record for $record {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),*];

            fn cells(&self) -> Vec<String> {
                vec![$(self.$column.cell()),*]
            }
        }
    )* };
}

type Name = &'static str;

pub(crate) mod forms;
pub(crate) mod practice;

records! {
    District = "district" {
        district_id: Name, name: Name, code: Name, parent_id: Name,
        valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>,
        area_km2: Name, population: Option<i64>, provenance: Name,
    }
    Community = "community" {
        community_id: String, district_id: Name, name: String,
        households: i64, residents: i64, staff: Option<i64>, lon: Degree, lat: Degree,
        valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>, provenance: Name,
    }
    Service = "service" {
        service_id: Name, name_zh: Name, name_en: Name, parent_id: Name,
        provider_kind: Name, provenance: Name,
    }
    ServicePoint = "service_point" {
        point_id: String, community_id: String, name: String, kind: Name,
        specialities: Vec<Name>, lon: Degree, lat: Degree, area_m2: Option<i64>, origin: Name,
        capacity_per_day: Option<i64>, provenance: Name,
    }
    Volunteer = "volunteer" {
        volunteer_id: String, district_id: Name, community_id: String, kind: Name,
        skills: Vec<Name>, lon: Degree, lat: Degree, max_per_day: i64, max_per_week: i64,
        consent: bool, credential_valid_to: Option<NaiveDate>, status: Name, provenance: Name,
    }
    Availability = "availability" {
        provider_id: String, start: NaiveDateTime, end: NaiveDateTime, rrule: String,
        capacity: i64, provenance: Name,
    }
    Merchant = "merchant" {
        merchant_id: String, community_id: Name, name: String, category_id: Name, uscc: Name,
        lon: Degree, lat: Degree, plate_status: Name, licence_valid_to: Option<NaiveDate>,
        home_visit: bool, capacity_per_day: i64, provenance: Name,
    }
    MerchantCategory = "merchant_category" {
        category_id: Name, name_zh: Name, name_en: Name, provenance: Name,
    }
    Offer = "offer" {
        offer_id: String, merchant_id: String, service_id: Name, audience: Name, kind: Name,
        pay_ratio: Percent, price: i64, requires_card: bool, valid_from: Option<NaiveDate>,
        valid_to: Option<NaiveDate>, stackable: bool, provenance: Name,
    }
    Need = "need" {
        need_id: String, district_id: Name, community_id: String, service_id: Name,
        skills: Vec<Name>, tier: i64, group: Name, demand: i64, roles: Vec<Name>,
        window_start: Option<NaiveDateTime>, window_end: Option<NaiveDateTime>, rrule: String,
        duration_min: Option<i64>, lon: Option<Degree>, lat: Option<Degree>,
        due_at: Option<NaiveDateTime>, channel: Name, class: Name,
        received_at: NaiveDateTime, status: Name, at_home: bool, reach_m: Option<i64>,
        item: Name, card_no: String, duplicate_of: String, provenance: Name,
    }
    NeedEvent = "need_event" {
        event_id: String, need_id: String, at: NaiveDateTime, kind: Name, actor_role: Name,
        note: Name, provenance: Name,
    }
    Pin = "pin" {
        need_id: String, provider_id: String, kind: Name, reason: Name, provenance: Name,
    }
    Post = "post" {
        post_id: Name, name_zh: Name, name_en: Name, service_id: Name, skills: Vec<Name>,
        provenance: Name,
    }
    Posting = "posting" {
        posting_id: String, volunteer_id: String, post_id: Name, community_id: String,
        claimed_on: NaiveDate, approved_on: Option<NaiveDate>, ended_on: Option<NaiveDate>,
        letter_no: String, provenance: Name,
    }
    Team = "team" {
        team_id: String, district_id: Name, community_id: String, subject: Name, members: i64,
        provenance: Name,
    }
    Organization = "organization" {
        organization_id: Name, community_id: Name, kind: Name, name: Name, provenance: Name,
    }
    Membership = "membership" {
        membership_id: String, organization_id: Name, member_kind: Name, role: Name,
        merchant_id: String, provenance: Name,
    }
    Card = "card" {
        card_no: String, community_id: Name, issued_on: NaiveDate, status: Name,
        provenance: Name,
    }
    StockWatch = "stock_watch" {
        watch_id: String, card_no: String, item: Name, merchant_id: String, channel: Name,
        arrived_at: Option<NaiveDateTime>, status: Name, provenance: Name,
    }
    ReturnVisit = "return_visit" {
        visit_id: String, need_id: String, at: NaiveDateTime, satisfied: bool, score: i64,
        visitor_role: Name, provenance: Name,
    }
    Pairing = "pairing" {
        pairing_id: String, need_id: String, volunteer_id: String, household_code: String,
        mode: Name, task: Name, started_on: NaiveDate, ended_on: Option<NaiveDate>,
        provenance: Name,
    }
}

mod networks;

pub(crate) use networks::{Body, Contract, PoolLoan, PoolResource, Project, PublicPost, Shop};

impl Spot {
    /// The two cells of a point.
    pub(crate) const fn cells(self) -> (Degree, Degree) {
        (Degree(self.lon), Degree(self.lat))
    }
}

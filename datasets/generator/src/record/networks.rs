//! The rows of networks of communities and of the sharing pool.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Cell, Degree, Name, Record};

records! {
    Body = "organization" {
        organization_id: String, community_id: String, kind: Name, name: String, provenance: Name,
    }
    Shop = "merchant" {
        merchant_id: String, community_id: String, name: String, category_id: Name, uscc: Name,
        lon: Degree, lat: Degree, plate_status: Name, licence_valid_to: Option<NaiveDate>,
        home_visit: bool, capacity_per_day: i64, provenance: Name,
    }
    PublicPost = "public_post" {
        public_post_id: String, district_id: Name, community_id: String, kind: Name,
        holders: i64, provenance: Name,
    }
    Contract = "contract" {
        contract_id: String, kind: Name, organization_id: String, community_id: String,
        service_id: Name, gives: Vec<Name>, budget_yuan: Option<i64>,
        valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>, provenance: Name,
    }
    PoolResource = "pool_resource" {
        resource_id: String, community_id: String, point_id: String, kind: Name, item: Name,
        service_id: Name, quantity: i64, shareable: i64, period: Name, terms: Name,
        valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>, provenance: Name,
    }
    PoolLoan = "pool_loan" {
        loan_id: String, resource_id: String, community_id: String, need_id: String, units: i64,
        lent_at: NaiveDateTime, returned_at: Option<NaiveDateTime>, provenance: Name,
    }
    Project = "project" {
        project_id: String, community_id: String, kind: Name, status: Name,
        started_on: Option<NaiveDate>, finished_on: Option<NaiveDate>, provenance: Name,
    }
}

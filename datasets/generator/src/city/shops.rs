//! Merchants, what they offer and when they are open.

use crate::draw::Draw;

use super::places::community_id;
use super::plan::{Plan, near};
use super::sheet::{Sheet, Value};
use super::time::{MONDAY, at, day};

/// A trade: its id and name, how common it is, the service it offers, percent that visit homes.
type Trade = (&'static str, &'static str, &'static str, usize, &'static str, i64);

/// Roughly Zipf, as trades are. Opticians and watchmakers have their machines at the shop.
const TRADES: [Trade; 14] = [
    ("catering", "餐饮", "catering", 1000, "meal_delivery", 70),
    ("supermarket", "超市", "supermarket", 500, "grocery_delivery", 60),
    ("greengrocer", "粮油蔬菜", "greengrocer", 333, "produce_delivery", 50),
    ("barber", "美容美发", "barber", 250, "haircut", 15),
    ("appliance_repair", "家电维修", "appliance repair", 200, "appliance_repair", 80),
    ("housekeeping", "家政保洁", "housekeeping", 167, "housekeeping", 95),
    ("plumbing", "水电维修", "plumbing", 143, "plumbing", 90),
    ("laundry", "洗衣", "laundry", 125, "laundry", 40),
    ("water", "送水", "water delivery", 111, "water_delivery", 95),
    ("hardware", "五金", "hardware", 100, "hardware", 40),
    ("locksmith", "开锁换锁", "locksmith", 60, "locksmith", 95),
    ("car_care", "汽车养护", "car care", 50, "car_care", 5),
    ("optician", "验光配镜", "optician", 40, AT_SHOP_ONLY, 0),
    ("watchmaker", "钟表维修", "watchmaker", 20, "clock_repair", 0),
];

/// What nobody does at home.
pub(super) const AT_SHOP_ONLY: &str = "eyewear";
/// What was offered until it ended.
pub(super) const ENDED: &str = "love_meal";

pub(super) fn categories(sheet: &mut Sheet) {
    for (id, zh, en, ..) in TRADES {
        sheet.push(&[
            ("category_id", Value::Code(id)),
            ("name_zh", Value::Code(zh)),
            ("name_en", Value::Code(en)),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

/// The trades of a community's merchants, the same for every table.
fn trades(plan: &Plan, row: usize) -> impl Iterator<Item = (u64, Trade)> {
    let weights: Vec<(Trade, usize)> = TRADES.iter().map(|it| (*it, it.3)).collect();
    let mut draw = plan.draw("trade", row);
    plan.communities[row].merchants.numbers().map(move |number| (number, draw.weighted(&weights)))
}

pub(super) fn merchants(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let mut draw = plan.draw("merchant", row);
    for (number, (category, zh, .., visits)) in trades(plan, row) {
        let spot = near(&mut draw, &plan.communities[row]);
        let ended = draw.chance(4);
        sheet.push(&[
            ("merchant_id", Value::Text(merchant_id(number))),
            ("community_id", Value::Text(community_id(row))),
            ("name", Value::Text(format!("{zh}{number}号店"))),
            ("category_id", Value::Code(category)),
            ("lon", Value::Degree(spot.lon)),
            ("lat", Value::Degree(spot.lat)),
            ("plate_status", Value::Code(draw.weighted(&[("valid", 78), ("none", 18), ("suspended", 4)]))),
            ("licence_valid_to", Value::Day(if ended { day(-20) } else { day(500) })),
            ("home_visit", Value::Is(draw.chance(visits))),
            ("capacity_per_day", Value::Whole(capacity(&mut draw))),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

/// Most take a few orders a day, some many.
fn capacity(draw: &mut Draw) -> i64 {
    24 / draw.between(1, 12)
}

pub(super) fn offers(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let mut draw = plan.draw("offer", row);
    for (number, (category, .., service, _)) in trades(plan, row) {
        offer(sheet, number, 1, service, draw.weighted(&[(95, 6), (90, 3), (80, 1)]), None);
        if category == "catering" && draw.chance(30) {
            offer(sheet, number, 2, ENDED, 50, Some(-10));
        }
    }
}

fn offer(sheet: &mut Sheet, merchant: u64, part: u8, service: &'static str, pay: i64, ended: Option<i64>) {
    let until = ended.map_or(("kind", Value::Code("discount")), |it| ("valid_to", Value::Day(day(it))));
    sheet.push(&[
        ("offer_id", Value::Text(format!("o{merchant:07}-{part}"))),
        ("merchant_id", Value::Text(merchant_id(merchant))),
        ("service_id", Value::Code(service)),
        ("pay_ratio", Value::Percent(pay)),
        until,
        ("provenance", Value::Code("synthetic")),
    ]);
}

pub(super) fn opening_hours(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let mut draw = plan.draw("opening hours", row);
    for (number, (category, ..)) in trades(plan, row) {
        let (from, to) = match category {
            "catering" => (700, 2130),
            "supermarket" | "greengrocer" => (730, 2100),
            _ => draw.pick(&[(830, 1800), (900, 1900), (900, 2030)]),
        };
        sheet.push(&[
            ("provider_id", Value::Text(merchant_id(number))),
            ("start", Value::Time(at(MONDAY, from))),
            ("end", Value::Time(at(MONDAY, to))),
            (
                "rrule",
                Value::Code(draw.weighted(&[("FREQ=DAILY", 6), ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", 3)])),
            ),
            ("capacity", Value::Whole(2)),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

fn merchant_id(number: u64) -> String {
    format!("m{number:07}")
}

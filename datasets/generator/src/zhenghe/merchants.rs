//! The merchants, their opening hours and what they offer.

use chrono::NaiveDate;

use crate::calendar::{EVERY_DAY, at, day, first_monday, later, weekly};
use crate::draw::Draw;
use crate::place::ZHENGHE;
use crate::record::{Availability, Merchant, MerchantCategory, Offer, Percent};

use super::{CENTRE, COMMUNITY};

/// The one merchant whose name the text gives.
pub(crate) const PUBLISHED_CLINIC: &str = "政和诊所";

/// A trade: identity, names, merchants, how many of them joined, how many of those come home,
/// and the services with their usual price in yuan.
struct Trade {
    id: &'static str,
    name_zh: &'static str,
    name_en: &'static str,
    merchants: usize,
    joined: usize,
    home: usize,
    services: &'static [(&'static str, i64)],
}

const fn trade(
    id: &'static str,
    names: (&'static str, &'static str),
    counts: (usize, usize, usize),
    services: &'static [(&'static str, i64)],
) -> Trade {
    let ((name_zh, name_en), (merchants, joined, home)) = (names, counts);
    Trade { id, name_zh, name_en, merchants, joined, home, services }
}

/// How many trades, from the first, the text names.
const PUBLISHED_TRADES: usize = 5;

const TRADES: [Trade; 19] = [
    trade("zh-catering", ("餐饮", "catering"), (36, 26, 9), &[("meal_delivery", 15)]),
    trade("zh-beauty", ("美容美发", "hair and beauty"), (25, 19, 4), &[("haircut", 15)]),
    trade("zh-supermarket", ("超市", "supermarket"), (18, 14, 6), &[("grocery_delivery", 60)]),
    trade("zh-appliance", ("家电维修", "appliance repair"), (9, 7, 6), &[("appliance_repair", 80)]),
    trade("zh-car", ("汽车养护", "car care"), (11, 8, 0), &[("car_care", 120)]),
    trade("zh-pharmacy", ("药店", "pharmacy"), (10, 8, 2), &[("medicine_notice", 48)]),
    trade("zh-clinic", ("诊所", "clinic"), (4, 3, 1), &[("health_advice", 0)]),
    trade("zh-laundry", ("洗衣", "laundry"), (9, 7, 3), &[("laundry", 25)]),
    trade("zh-housekeeping", ("家政", "housekeeping"), (8, 6, 6), &[("housekeeping", 60)]),
    trade("zh-plumbing", ("水电维修", "plumbing and wiring"), (9, 7, 7), &[("plumbing", 50)]),
    trade("zh-locksmith", ("开锁配钥匙", "locksmith"), (6, 5, 5), &[("locksmith", 70)]),
    trade("zh-water", ("送水", "water delivery"), (7, 5, 5), &[("water_delivery", 12)]),
    trade("zh-mending", ("缝补修鞋", "mending"), (10, 7, 1), &[("mending", 10)]),
    trade("zh-optician", ("眼镜", "optician"), (6, 5, 0), &[("eyewear", 180)]),
    trade("zh-photo", ("摄影打印", "photos and printing"), (8, 6, 0), &[("photo_print", 20)]),
    trade("zh-hardware", ("五金建材", "hardware"), (9, 6, 3), &[("hardware", 40)]),
    trade("zh-produce", ("粮油蔬菜", "produce"), (14, 11, 6), &[("produce_delivery", 35)]),
    trade("zh-parcel", ("快递代收", "parcels"), (6, 5, 2), &[("parcel", 2)]),
    trade("zh-clock", ("钟表维修", "clock repair"), (2, 1, 1), &[("clock_repair", 30)]),
];

/// Whether the merchant belongs to the alliance.
pub(crate) fn joined(merchant: &Merchant) -> bool {
    merchant.plate_status != "none"
}

/// The 19 trades.
pub(crate) fn categories() -> Vec<MerchantCategory> {
    let category = |(row, it): (usize, &Trade)| MerchantCategory {
        category_id: it.id,
        name_zh: it.name_zh,
        name_en: it.name_en,
        provenance: if row < PUBLISHED_TRADES { "published" } else { "synthetic" },
    };
    TRADES.iter().enumerate().map(category).collect()
}

/// All merchants, trade by trade; in each trade those that joined come first.
pub(crate) fn registry() -> Vec<Merchant> {
    let mut draw = Draw::new("zhenghe merchant");
    let mut merchants = Vec::new();
    for trade in &TRADES {
        for row in 0..trade.merchants {
            let clinic = trade.id == "zh-clinic" && row == 0;
            let joined = row < trade.joined;
            let spread = if joined { 420 } else { 650 };
            let (lon, lat) = ZHENGHE.near(&mut draw, CENTRE, spread).cells();
            merchants.push(Merchant {
                merchant_id: format!("zh-m{:03}", merchants.len() + 1),
                community_id: COMMUNITY,
                name: if clinic {
                    PUBLISHED_CLINIC.to_owned()
                } else {
                    format!("{}商户{:02}", trade.name_zh, row + 1)
                },
                category_id: trade.id,
                uscc: "",
                lon,
                lat,
                plate_status: if joined { plate(trade, row) } else { "none" },
                licence_valid_to: Some(licence(&mut draw, trade, row)),
                home_visit: row < trade.home,
                capacity_per_day: if clinic { 4 } else { draw.between(4, 10) },
                provenance: if clinic { "published" } else { "synthetic" },
            });
        }
    }
    merchants
}

/// Three plates are suspended: the last that joined in three trades.
fn plate(trade: &Trade, row: usize) -> &'static str {
    let strict = matches!(trade.id, "zh-catering" | "zh-plumbing" | "zh-mending");
    if strict && row + 1 == trade.joined { "suspended" } else { "valid" }
}

/// Three licences have run out, one runs out in the middle of the week that is matched.
fn licence(draw: &mut Draw, trade: &Trade, row: usize) -> NaiveDate {
    match (trade.id, row) {
        ("zh-clock", 0) => day(2012, 8, 31),
        ("zh-beauty", 2) => day(2012, 9, 15),
        ("zh-catering", 5) => day(2012, 10, 10),
        ("zh-appliance", 1) => day(2012, 10, 17),
        _ => later(day(2013, 1, 1), draw.between(0, 1200)),
    }
}

const NOT_MONDAYS: &[usize] = &[1, 2, 3, 4, 5, 6];
const NOT_SUNDAYS: &[usize] = &[0, 1, 2, 3, 4, 5];

/// When those that joined are open. Restaurants deliver at noon and in the evening.
pub(crate) fn opening_hours(merchants: &[Merchant]) -> Vec<Availability> {
    let mut draw = Draw::new("zhenghe opening hours");
    let mut slots = Vec::new();
    for merchant in merchants.iter().filter(|it| joined(it)) {
        let mut open = |days: &[usize], from, to, capacity| {
            let first = later(first_monday(), days[0] as i64);
            slots.push(Availability {
                provider_id: merchant.merchant_id.clone(),
                start: at(first, from),
                end: at(first, to),
                rrule: weekly(days),
                capacity,
                provenance: "synthetic",
            });
        };
        match merchant.category_id {
            "zh-catering" => {
                open(EVERY_DAY, 1100, 1330, 3);
                open(EVERY_DAY, 1700, 1930, 3);
            }
            "zh-clinic" => open(EVERY_DAY, 800, 1800, 6),
            "zh-pharmacy" | "zh-supermarket" => open(EVERY_DAY, 800, 2100, 8),
            "zh-beauty" => open(NOT_MONDAYS, 900, 2000, 6),
            _ => {
                let from = draw.pick(&[800, 830, 900]);
                let to = draw.pick(&[1730, 1800, 1900]);
                let days = if draw.chance(60) { EVERY_DAY } else { NOT_SUNDAYS };
                open(days, from, to, draw.between(3, 6));
            }
        }
    }
    slots
}

/// What those that joined offer: the usual price, less with the card, and special prices.
pub(crate) fn offers(merchants: &[Merchant]) -> Vec<Offer> {
    let mut offers = Vec::new();
    for merchant in merchants.iter().filter(|it| joined(it)) {
        let trade = TRADES.iter().find(|it| it.id == merchant.category_id);
        let services = trade.map_or(&[][..], |it| it.services).iter().copied();
        let clinic = merchant.name == PUBLISHED_CLINIC;
        for (service, price) in services.chain(clinic.then_some(("home_treatment", 40))) {
            let base = Offer {
                merchant_id: merchant.merchant_id.clone(),
                service_id: service,
                audience: "all",
                kind: "regular",
                pay_ratio: Percent(100),
                price,
                valid_from: Some(day(2012, 3, 15)),
                provenance: "synthetic",
                ..Offer::default()
            };
            let card = Offer { kind: "card", pay_ratio: Percent(95), requires_card: true, ..base.clone() };
            offers.push(base);
            if price > 0 {
                offers.push(card);
            }
        }
        offers.extend(special(merchant));
    }
    for (row, offer) in offers.iter_mut().enumerate() {
        offer.offer_id = format!("zh-o{:03}", row + 1);
    }
    offers
}

/// Prices for those in need and between merchants. The half price at one appliance repair
/// shop is published, the others are made up.
fn special(merchant: &Merchant) -> Vec<Offer> {
    let offer = |service_id, audience, kind, pay, price| Offer {
        merchant_id: merchant.merchant_id.clone(),
        service_id,
        audience,
        kind,
        pay_ratio: Percent(pay),
        price,
        valid_from: Some(day(2012, 3, 15)),
        provenance: "synthetic",
        ..Offer::default()
    };
    let in_need = ["lonely_elder", "disabled", "low_income"];
    match merchant.name.as_str() {
        "家电维修商户01" => {
            in_need.iter().map(|it| offer("appliance_repair", it, "half_price", 50, 80)).collect()
        }
        "美容美发商户01" | "美容美发商户04" => vec![
            offer("haircut", "lonely_elder", "half_price", 50, 15),
            offer("haircut", "elderly", "senior", 80, 15),
        ],
        "餐饮商户02" | "餐饮商户03" => ["lonely_elder", "disabled"]
            .iter()
            .map(|it| offer("love_meal", it, "half_price", 50, 12))
            .collect(),
        // The one meal for migrants ended with September.
        "餐饮商户04" => vec![Offer {
            valid_to: Some(day(2012, 9, 30)),
            ..offer("love_meal", "floating", "half_price", 50, 12)
        }],
        "汽车养护商户01" | "汽车养护商户02" => {
            vec![offer("car_care", "merchant", "mutual", 90, 120)]
        }
        "摄影打印商户01" => vec![offer("photo_print", "merchant", "mutual", 90, 20)],
        _ => Vec::new(),
    }
}

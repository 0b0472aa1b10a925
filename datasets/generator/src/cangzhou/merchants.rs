//! The merchants of the 12349 network in eight trades, and the one-yuan shops of 运河区.

use crate::calendar::{EVERY_DAY, at, day, first_monday, later, weekly};
use crate::draw::Draw;
use crate::place::CANGZHOU;
use crate::record::{Availability, MerchantCategory, Offer, Percent, Shop};
use crate::site::Site;

use super::YUNHE;
use super::points::charity_sites;

/// Who may buy for one yuan.
pub(super) const ELIGIBLE: [&str; 3] = ["low_income", "lonely_elder", "disabled"];

const ONE_YUAN: &str = "cz-one-yuan";

/// Identity, names, service, its usual price in yuan, share that comes home, share open all day
/// and night, in percent.
type Trade = (&'static str, &'static str, &'static str, &'static str, i64, i64, i64);

const TRADES: [Trade; 9] = [
    ("cz-shopping", "购物", "shopping", "shopping", 60, 60, 0),
    ("cz-catering", "餐饮", "catering", "canteen", 15, 40, 5),
    ("cz-repair", "维修", "repair", "household_repair", 50, 80, 30),
    ("cz-beauty", "美容美发", "hair and beauty", "barber", 15, 20, 0),
    ("cz-laundry", "洗衣", "laundry", "washing", 25, 40, 0),
    ("cz-home", "家庭服务", "home service", "home_help", 60, 100, 10),
    ("cz-agency", "代办代缴", "errands and bills", "bill_payment", 2, 50, 0),
    ("cz-logistics", "物流配送", "delivery", "logistics", 12, 100, 10),
    (ONE_YUAN, "爱心一元店", "one-yuan shop", "one_yuan", 20, 0, 0),
];

/// Merchants that joined, those whose plate is suspended included.
const JOINED: usize = 620;
/// Every so manieth of those that joined is suspended: 608 have a valid plate.
const SUSPENDED_EVERY: usize = 50;
/// Merchants in the area that did not join.
const OTHERS: usize = 130;

pub(super) fn categories() -> Vec<MerchantCategory> {
    let category = |&(category_id, name_zh, name_en, ..): &Trade| MerchantCategory {
        category_id,
        name_zh,
        name_en,
        provenance: "published",
    };
    TRADES.iter().map(category).collect()
}

fn trade(shop: &Shop) -> Option<&'static Trade> {
    TRADES.iter().find(|it| it.0 == shop.category_id)
}

/// All merchants: the franchise, the one-yuan shops, those that did not join.
pub(super) fn registry(sites: &[Site]) -> Vec<Shop> {
    let mut draw = Draw::new("cangzhou merchant");
    let weights: Vec<(usize, usize)> =
        sites.iter().map(|it| if it.district == YUNHE { 6 } else { 2 }).enumerate().collect();
    let one_yuan: Vec<&Site> = charity_sites(sites).into_iter().filter(|it| it.district == YUNHE).collect();
    let mut shops: Vec<Shop> = Vec::new();
    for number in 0..JOINED + one_yuan.len() + OTHERS {
        let helper = number.checked_sub(JOINED).and_then(|row| one_yuan.get(row)).copied();
        let site = helper.unwrap_or_else(|| &sites[draw.weighted(&weights)]);
        let kind = if helper.is_some() { TRADES.len() - 1 } else { number % (TRADES.len() - 1) };
        let &(category_id, name_zh, _, _, _, home, _) = &TRADES[kind];
        let (lon, lat) = CANGZHOU.near(&mut draw, site.spot, 420).cells();
        shops.push(Shop {
            merchant_id: format!("cz-m{:03}", number + 1),
            community_id: site.id.clone(),
            name: format!("{name_zh}商户{:03}", number + 1),
            category_id,
            uscc: "",
            lon,
            lat,
            plate_status: match number {
                _ if number >= JOINED + one_yuan.len() => "none",
                _ if number < JOINED && number % SUSPENDED_EVERY == SUSPENDED_EVERY - 1 => "suspended",
                _ => "valid",
            },
            licence_valid_to: Some(later(day(2013, 1, 1), draw.between(0, 1100))),
            home_visit: draw.chance(home),
            capacity_per_day: draw.between(3, 8),
            provenance: "synthetic",
        });
    }
    shops
}

/// When those with a plate are open: by day, and some by day and night.
pub(super) fn opening_hours(shops: &[Shop]) -> Vec<Availability> {
    let mut draw = Draw::new("cangzhou opening hours");
    let slot = |shop: &Shop| {
        let &(.., night) = trade(shop)?;
        let always = draw.chance(night);
        let (from, to) =
            if always { (0, 2400) } else { (draw.pick(&[800, 830]), draw.pick(&[1830, 1930, 2030])) };
        Some(Availability {
            provider_id: shop.merchant_id.clone(),
            start: at(first_monday(), from),
            end: at(first_monday(), to),
            rrule: weekly(EVERY_DAY),
            capacity: draw.between(2, 4),
            provenance: "synthetic",
        })
    };
    shops.iter().filter(|it| it.plate_status == "valid").filter_map(slot).collect()
}

/// The usual price at those that joined; for one yuan only those in need are served.
pub(super) fn offers(shops: &[Shop]) -> Vec<Offer> {
    let mut offers = Vec::new();
    for shop in shops.iter().filter(|it| it.plate_status != "none") {
        let Some(&(.., service_id, price, _, night)) = trade(shop) else { continue };
        let regular = Offer {
            merchant_id: shop.merchant_id.clone(),
            service_id,
            audience: "all",
            kind: "regular",
            pay_ratio: Percent(100),
            price,
            valid_from: Some(day(2010, 10, 15)),
            provenance: "synthetic",
            ..Offer::default()
        };
        if shop.category_id == ONE_YUAN {
            // A twentieth of twenty yuan.
            let one =
                |audience| Offer { audience, kind: "one_yuan", pay_ratio: Percent(5), ..regular.clone() };
            offers.extend(ELIGIBLE.map(one));
            continue;
        }
        if night > 0 && shop.home_visit {
            offers.push(Offer { service_id: "emergency_help", ..regular.clone() });
        }
        offers.push(regular);
    }
    for (row, offer) in offers.iter_mut().enumerate() {
        offer.offer_id = format!("cz-o{:03}", row + 1);
    }
    offers
}

//! Medicine that is rarely in stock: who waits for it, and which pharmacy has it.
//!
//! ```text
//! open need ──▶ watch `waiting`    any pharmacy may take the notice on
//!          └──▶ watch `arrived`    and a pin: the pharmacy that has the medicine is to tell
//! ```
//!
//! Watches without an open need are over: `notified` or `cancelled`.

use crate::calendar::{at, later, monday};
use crate::draw::Draw;
use crate::record::{Card, Merchant, Need, Pin, StockWatch};

use super::PUBLISHED_CARD;

/// The service that such a need asks for.
pub(crate) const SERVICE: &str = "medicine_notice";

/// Medicines without their names: those would tell an illness.
pub(crate) const MEDICINES: [&str; 3] = ["特效药甲", "特效药乙", "特效药丙"];

/// How holders want to be told, in turn: not everybody hears the telephone.
const CHANNELS: [&str; 3] = ["phone", "phone", "visit"];

/// Watches that are over.
const PAST: usize = 12;

/// Asks for the notices in the way in which they are to be given. The first is for the card
/// that the text shows, whose holder is called.
pub(crate) fn wait(needs: &mut [Need]) {
    let notices = needs.iter_mut().filter(|it| it.service_id == SERVICE);
    for (row, need) in notices.enumerate() {
        need.channel = CHANNELS[row % CHANNELS.len()];
        if row == 0 {
            need.card_no = format!("{PUBLISHED_CARD:06}");
            need.item = MEDICINES[0];
            need.group = "elderly";
        }
    }
}

/// A watch for each open need, and those of the weeks before. The medicine of every other need
/// came in on the Sunday before the week that is matched.
pub(crate) fn watches(merchants: &[Merchant], cards: &[Card], open: &[Need]) -> Vec<StockWatch> {
    let mut draw = Draw::new("zhenghe stock_watch");
    let pharmacies: Vec<&Merchant> =
        merchants.iter().filter(|it| it.category_id == "zh-pharmacy" && it.plate_status == "valid").collect();
    let sunday = later(monday(), -1);
    let mut watches = Vec::new();
    for (row, need) in open.iter().filter(|it| it.service_id == SERVICE).enumerate() {
        let pharmacy = draw.pick(&pharmacies);
        let arrived = row % 2 == 0;
        watches.push(StockWatch {
            card_no: need.card_no.clone(),
            item: need.item,
            merchant_id: if arrived { pharmacy.merchant_id.clone() } else { String::new() },
            channel: need.channel,
            arrived_at: arrived.then(|| at(sunday, 930)),
            status: if arrived { "arrived" } else { "waiting" },
            ..StockWatch::default()
        });
    }
    for row in 0..PAST {
        let told = draw.chance(75);
        let day = later(monday(), -20 + draw.between(0, 12));
        watches.push(StockWatch {
            card_no: cards[draw.below(cards.len())].card_no.clone(),
            item: MEDICINES[row % MEDICINES.len()],
            merchant_id: if told { draw.pick(&pharmacies).merchant_id.clone() } else { String::new() },
            channel: draw.pick(&CHANNELS),
            arrived_at: told.then(|| at(day, 930)),
            status: if told { "notified" } else { "cancelled" },
            ..StockWatch::default()
        });
    }
    for (row, watch) in watches.iter_mut().enumerate() {
        watch.watch_id = format!("zh-w{:02}", row + 1);
        watch.provenance = "synthetic";
    }
    watches
}

/// Where the medicine has arrived, nobody else can tell the holder.
pub(crate) fn pins(watches: &[StockWatch], open: &[Need]) -> Vec<Pin> {
    let pin = |watch: &StockWatch| {
        let need = open.iter().find(|it| it.card_no == watch.card_no && it.item == watch.item)?;
        Some(Pin {
            need_id: need.need_id.clone(),
            provider_id: watch.merchant_id.clone(),
            kind: "must",
            reason: "药品已到该店,由该店告知",
            provenance: "synthetic",
        })
    };
    watches.iter().filter(|it| it.status == "arrived").filter_map(pin).collect()
}

//! How residents reach their community: the hotline and who answers it, the account, the offices.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use crate::calendar::{at, day, later, weekly};
use crate::record::Organization;
use crate::record::practice::{Channel, ChannelItem, DutyShift};

use super::places::{BAIYIN, HUIGU_ID, XIWANG, YULAN};

/// The six social workers of the hotline, without names.
pub(super) const WORKERS: [&str; 6] = ["ml-w1", "ml-w2", "ml-w3", "ml-w4", "ml-w5", "ml-w6"];

const HOTLINE: &str = "ml-hotline";
const ACCOUNT: &str = "ml-wechat";

/// The Monday on which the hotline opened, somewhat more than a year before the week.
pub(super) fn opened() -> NaiveDate {
    day(2013, 1, 21)
}

/// Monday, Wednesday, Friday, Sunday; and the days between them.
const DAYS: [&[usize]; 2] = [&[0, 2, 4, 6], &[1, 3, 5]];

/// Three shifts of eight hours, two workers for each on alternate days: around the clock.
const SHIFTS: usize = 3;

/// When each of the six answers.
pub(super) fn shifts() -> Vec<DutyShift> {
    let shift = |(row, &volunteer_id): (usize, &&'static str)| {
        let days = DAYS[row / SHIFTS];
        let from = (row % SHIFTS) as i64 * 800;
        let first = later(opened(), days[0] as i64);
        DutyShift {
            shift_id: format!("ml-d{}", row + 1),
            channel_id: format!("ml-phone{}", row + 1),
            volunteer_id,
            start: at(first, from),
            end: at(first, from + 800),
            rrule: weekly(days),
            provenance: "synthetic",
        }
    };
    WORKERS.iter().enumerate().map(shift).collect()
}

/// Who answers at an instant.
pub(super) fn on_duty(at: NaiveDateTime) -> &'static str {
    let odd = at.weekday().num_days_from_monday() as usize % 2;
    WORKERS[odd * SHIFTS + at.hour() as usize / 8]
}

/// The hotline with its six telephones, the account, the mailbox for petitions.
pub(super) fn channels() -> Vec<Channel> {
    let channel = |channel_id: &str, community_id, kind, name: &str| Channel {
        channel_id: channel_id.to_owned(),
        community_id,
        kind,
        name: name.to_owned(),
        provenance: "published",
        ..Channel::default()
    };
    let mut rows =
        vec![Channel { opened_on: Some(opened()), ..channel(HOTLINE, YULAN, "hotline", "社工热线") }];
    // Neither their numbers nor names were published.
    rows.extend((1..=WORKERS.len()).map(|number| Channel {
        parent_id: HOTLINE,
        provenance: "synthetic",
        ..channel(&format!("ml-phone{number}"), YULAN, "mobile", &format!("值班手机{number}"))
    }));
    rows.push(Channel {
        opened_on: Some(day(2014, 1, 17)), ..channel(ACCOUNT, XIWANG, "wechat", "希望树")
    });
    rows.push(channel("ml-web", BAIYIN, "web", "网上信访"));
    rows
}

/// The ten items of the account. Below which of its three sections each stands was not published.
pub(super) fn items() -> Vec<ChannelItem> {
    const SECTIONS: [(&str, &[&str]); 3] = [
        ("社区简介", &["希望树", "社区概况", "社区地图", "联系我们"]),
        ("社区信息", &["政策告知", "生活小贴士", "共治共建", "综治联勤"]),
        ("社区活动", &["社区活动", "宣传公告"]),
    ];
    let all = SECTIONS.iter().flat_map(|(section, names)| names.iter().map(move |name| (*section, *name)));
    let item = |(row, (section, name)): (usize, (&'static str, &'static str))| ChannelItem {
        item_id: format!("ml-i{:02}", row + 1),
        channel_id: ACCOUNT,
        section,
        name,
        position: row as i64 + 1,
        provenance: "published",
    };
    all.enumerate().map(item).collect()
}

/// The two offices that make up a task group, and the partners that the texts name.
pub(super) fn organizations() -> Vec<Organization> {
    let body = |organization_id, community_id, kind, name| Organization {
        organization_id,
        community_id,
        kind,
        name,
        provenance: "published",
    };
    vec![
        body("ml-order", BAIYIN, "office", "综治联动办公室"),
        body("ml-affairs", BAIYIN, "office", "居务办公室"),
        body("ml-preparing", BAIYIN, "committee", "金郡居委筹建组"),
        body("ml-ruijin", BAIYIN, "partner", "瑞金北院"),
        body("jg-zhongyi", HUIGU_ID, "partner", "众益志愿者服务中心"),
    ]
}

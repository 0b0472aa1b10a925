//! What volunteers did in the quarter: activities of teams and posts, and visits of pairs.
//!
//! Each activity records object, content and effect. Some communities hold one every week, some
//! hardly any; how many residents one party member brings along differs as much.

use chrono::NaiveDate;

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::record::forms::Activity;
use crate::record::{Pairing, Posting, Team, Volunteer};

use super::DISTRICT;
use super::communities::Place;
use super::posts::service_of;

/// The Mondays of the quarter: from 2 July, 13 weeks until 30 September 2012.
const WEEKS: i64 = 13;

/// An activity: its service, for whom, what, what may come of it, and how many of a hundred
/// residents that could be brought along come.
type Kind = (&'static str, &'static str, &'static str, [&'static str; 2], i64);

const KINDS: [Kind; 17] = [
    ("policy_advice", "residents", "政策讲解", ["疑问当场解答", "居民反映良好"], 70),
    ("sanitation", "residents", "环境卫生清扫", ["楼道杂物清理完毕", "居民反映良好"], 80),
    ("traffic", "minor", "上学路口疏导", ["学生安全过街", "秩序明显好转"], 90),
    ("order_mediation", "residents", "治安调解", ["矛盾当场化解", "登记后转社区办理"], 15),
    ("inspection", "residents", "楼院巡查", ["隐患上报整改", "未发现隐患"], 20),
    ("patrol", "residents", "治安巡逻", ["未发现隐患", "隐患上报整改"], 40),
    ("mediation", "residents", "邻里纠纷调解", ["矛盾当场化解", "登记后转社区办理"], 15),
    ("tutoring", "minor", "作业辅导", ["作业当天完成", "学习习惯好转"], 90),
    ("liaison", "residents", "上门听取诉求", ["诉求登记入册", "疑问当场解答"], 50),
    ("legal_advice", "residents", "普法宣传、法律咨询", ["疑问当场解答", "登记后转社区办理"], 70),
    ("health_talk", "elderly", "健康保健讲座", ["居民反映良好", "建议按时复查"], 100),
    ("job_guidance", "laid_off", "就业指导培训", ["达成就业意向", "求职信息登记入册"], 70),
    ("counselling", "residents", "心理疏导", ["情绪明显好转", "约定下次交流"], 15),
    ("hospital_escort", "elderly", "陪同就医", ["就诊顺利完成", "约定下次交流"], 15),
    ("housework", "disabled", "上门打扫", ["居民反映良好", "约定下次交流"], 15),
    ("recreation", "elderly", "文体活动", ["居民反映良好", "约定下次交流"], 130),
    ("pairing_visit", "household", "结对走访", ["所需已送到", "诉求登记入册"], 0),
];

fn kind(service: &str) -> Kind {
    // What nobody named is told to the residents.
    KINDS.into_iter().find(|it| it.0 == service).unwrap_or(KINDS[0])
}

/// The service that a team is for.
fn service_of_team(subject: &str) -> &'static str {
    match subject {
        "法律咨询" => "legal_advice",
        "心理疏导家庭调解" => "counselling",
        "就业指导" => "job_guidance",
        "卫生监督" => "sanitation",
        "四点钟辅导" => "tutoring",
        "民情联络" => "liaison",
        "治安巡逻" => "patrol",
        "健康保健" => "health_talk",
        _ => "recreation",
    }
}

/// Who can hold an activity: a team with its members, or the holders of a post.
struct Holder {
    team_id: String,
    post_id: &'static str,
    service: &'static str,
    members: i64,
}

/// Those of a community. A claim counts from its approval until it ends.
fn holders(place: &Place, teams: &[Team], postings: &[Posting]) -> Vec<Holder> {
    let teams = teams.iter().filter(|it| it.community_id == place.id).map(|it| Holder {
        team_id: it.team_id.clone(),
        post_id: "",
        service: service_of_team(it.subject),
        members: it.members,
    });
    let held = |it: &&Posting| {
        it.community_id == place.id && it.approved_on.is_some_and(|it| it < first()) && it.ended_on.is_none()
    };
    let posts = postings.iter().filter(held).map(|it| Holder {
        team_id: String::new(),
        post_id: it.post_id,
        service: service_of(it.post_id),
        members: 4,
    });
    teams.chain(posts).collect()
}

fn first() -> NaiveDate {
    day(2012, 7, 2)
}

/// Every activity of the quarter, by day.
pub(crate) fn activities(
    places: &[Place],
    teams: &[Team],
    postings: &[Posting],
    volunteers: &[Volunteer],
    pairings: &[Pairing],
) -> Vec<Activity> {
    let mut activities = held(places, teams, postings);
    activities.extend(visits(volunteers, pairings));
    activities.sort_by_key(|it| it.held_on);
    for (row, activity) in activities.iter_mut().enumerate() {
        activity.activity_id = format!("nm-b{:04}", row + 1);
    }
    activities
}

fn held(places: &[Place], teams: &[Team], postings: &[Posting]) -> Vec<Activity> {
    let mut draw = Draw::new("nanming activity");
    let mut activities = Vec::new();
    for place in places {
        let holders = holders(place, teams, postings);
        let (keen, rallies) = (draw.between(15, 104), draw.between(3, 13));
        for week in 0..WEEKS {
            let times = i64::from(draw.chance(keen)) + i64::from(draw.chance(keen / 6));
            if holders.is_empty() {
                continue;
            }
            for _ in 0..times {
                let holder = &holders[draw.below(holders.len())];
                let held_on = later(first(), week * 7 + draw.weighted(&[(5, 4), (6, 4), (4, 2), (2, 1)]));
                activities.push(activity(&mut draw, place, holder, held_on, rallies));
            }
        }
    }
    activities
}

fn activity(draw: &mut Draw, place: &Place, holder: &Holder, held_on: NaiveDate, rallies: i64) -> Activity {
    let (service_id, object, content, effects, reach) = kind(holder.service);
    let volunteers = draw.between(2, holder.members.clamp(3, 9));
    let party_members = draw.between(1, volunteers);
    let rallied = party_members * draw.between(rallies - 2, rallies + 3) * reach / 100;
    Activity {
        district_id: DISTRICT,
        community_id: place.id.clone(),
        team_id: holder.team_id.clone(),
        post_id: holder.post_id,
        service_id,
        held_on,
        object,
        content,
        effect: draw.pick(&effects),
        party_members,
        volunteers,
        participants: rallied.max(1),
        duration_min: draw.pick(&[60, 90, 120, 150]),
        provenance: "synthetic",
        ..Activity::default()
    }
}

/// Visits of the volunteers of pairs to their households, on free days of each month.
fn visits(volunteers: &[Volunteer], pairings: &[Pairing]) -> Vec<Activity> {
    let mut draw = Draw::new("nanming pairing activity");
    let (service_id, object, content, effects, _) = kind("pairing_visit");
    let mut activities = Vec::new();
    for pairing in pairings {
        let Some(volunteer) = volunteers.iter().find(|it| it.volunteer_id == pairing.volunteer_id) else {
            continue;
        };
        // Four, four and five weeks: July, August, September.
        for (from, weeks) in [(0, 4), (4, 4), (8, 5)] {
            let mut free: Vec<i64> = (from..from + weeks).collect();
            draw.shuffle(&mut free);
            let times = draw.weighted(&[(0, 1), (1, 6), (2, 2), (3, 1)]);
            for week in free.into_iter().take(times) {
                activities.push(Activity {
                    district_id: DISTRICT,
                    community_id: volunteer.community_id.clone(),
                    pairing_id: pairing.pairing_id.clone(),
                    service_id,
                    held_on: later(first(), week * 7 + draw.pick(&[5, 6])),
                    object,
                    content,
                    effect: draw.pick(&effects),
                    party_members: i64::from(volunteer.kind == "party_member"),
                    volunteers: 1,
                    participants: 1,
                    duration_min: draw.pick(&[30, 45, 60, 90, 120]),
                    provenance: "synthetic",
                    ..Activity::default()
                });
            }
        }
    }
    activities
}

//! The catalogue of services of 政和社区, 南明区 and 马陆. Rows that several use are the same in all.

use crate::record::Service;

use By::{Any, Merchants, Volunteers};
use Origin::{Synthetic, Text};

/// Who may serve.
#[derive(Clone, Copy)]
enum By {
    Any,
    Merchants,
    Volunteers,
}

/// Where a name comes from.
#[derive(Clone, Copy)]
enum Origin {
    Text,
    Synthetic,
}

/// Identity, parent, names, who may serve, where the name comes from.
type Row = (&'static str, &'static str, &'static str, &'static str, By, Origin);

/// The groups of services.
const GROUPS: [Row; 8] = [
    ("livelihood", "", "居民生活", "daily life", Any, Synthetic),
    ("health", "", "健康服务", "health", Any, Synthetic),
    ("care", "", "关爱帮扶", "care", Any, Synthetic),
    ("law", "", "法律与调解", "law and mediation", Any, Synthetic),
    ("learning", "", "教育辅导", "learning", Any, Synthetic),
    ("work", "", "就业服务", "work", Any, Synthetic),
    ("culture", "", "文化宣传", "culture and information", Any, Synthetic),
    ("order", "", "平安环境", "safety and surroundings", Any, Synthetic),
];

/// What merchants and neighbours do in 政和社区.
const ZHENGHE: [Row; 27] = [
    ("appliance_repair", "livelihood", "家电维修", "appliance repair", Merchants, Text),
    ("haircut", "livelihood", "美容美发", "haircut", Merchants, Text),
    ("car_care", "livelihood", "汽车养护", "car care", Merchants, Text),
    ("meal_delivery", "livelihood", "餐饮送餐", "meal delivery", Merchants, Synthetic),
    ("love_meal", "livelihood", "爱心餐", "meal for people in need", Merchants, Synthetic),
    ("grocery_delivery", "livelihood", "超市送货", "grocery delivery", Merchants, Synthetic),
    ("produce_delivery", "livelihood", "粮油蔬菜配送", "produce delivery", Merchants, Synthetic),
    ("water_delivery", "livelihood", "送水", "water delivery", Merchants, Synthetic),
    ("laundry", "livelihood", "洗衣", "laundry", Merchants, Synthetic),
    ("housekeeping", "livelihood", "家政保洁", "housekeeping", Merchants, Synthetic),
    ("plumbing", "livelihood", "水电维修", "plumbing and wiring", Merchants, Synthetic),
    ("locksmith", "livelihood", "开锁换锁", "locksmith", Merchants, Synthetic),
    ("mending", "livelihood", "缝补修鞋", "mending", Merchants, Synthetic),
    ("clock_repair", "livelihood", "钟表维修", "clock repair", Merchants, Synthetic),
    ("eyewear", "livelihood", "验光配镜", "eyewear", Merchants, Synthetic),
    ("photo_print", "livelihood", "摄影打印", "photos and printing", Merchants, Synthetic),
    ("hardware", "livelihood", "五金配送", "hardware", Merchants, Synthetic),
    ("parcel", "livelihood", "快递代收", "parcel pick-up", Merchants, Synthetic),
    ("medicine_notice", "health", "药品到货通知", "notice of medicine in stock", Merchants, Text),
    ("health_advice", "health", "健康咨询", "health advice", Any, Text),
    ("home_treatment", "health", "上门治疗", "treatment at home", Merchants, Text),
    ("shop_advice", "livelihood", "便民服务咨询", "questions about shops", Any, Synthetic),
    ("shop_dispute", "law", "消费纠纷投诉", "dispute with a shop", Any, Text),
    ("neighbour_visit", "care", "邻里探访", "visit by a neighbour", Volunteers, Synthetic),
    ("errand", "care", "代买代办", "errand", Volunteers, Synthetic),
    ("reading_aloud", "care", "读报陪聊", "reading aloud", Volunteers, Synthetic),
    ("hospital_escort", "care", "陪同就医", "escort to hospital", Volunteers, Synthetic),
];

/// What volunteers do in 南明区, and what is asked of them in vain.
const NANMING: [Row; 26] = [
    ("policy_advice", "culture", "政策宣传", "policy advice", Volunteers, Text),
    ("sanitation", "order", "环境卫生监督", "sanitation watch", Volunteers, Text),
    ("traffic", "order", "交通协管", "traffic assistance", Volunteers, Text),
    ("order_mediation", "order", "治安调解", "mediation of disorder", Volunteers, Text),
    ("inspection", "order", "巡回检查", "inspection round", Volunteers, Text),
    ("patrol", "order", "治安巡逻", "security patrol", Volunteers, Text),
    ("mediation", "law", "纠纷调解", "mediation of disputes", Volunteers, Text),
    ("tutoring", "learning", "作业辅导", "homework tutoring", Volunteers, Text),
    ("liaison", "culture", "民情联络", "listening to residents", Volunteers, Text),
    ("legal_advice", "law", "法律咨询", "legal advice", Volunteers, Text),
    ("health_talk", "health", "健康保健", "health talk", Volunteers, Text),
    ("counselling", "health", "心理疏导", "counselling", Volunteers, Text),
    ("job_guidance", "work", "就业指导", "job guidance", Volunteers, Text),
    ("job_placement", "work", "职业介绍", "job placement", Volunteers, Text),
    ("recreation", "culture", "文化娱乐", "culture and recreation", Volunteers, Text),
    ("reading_guidance", "learning", "课外阅读指导", "reading guidance", Volunteers, Text),
    ("pairing_visit", "care", "结对帮扶", "paired support", Volunteers, Text),
    ("certificate_errand", "care", "代办证件", "certificates on behalf", Volunteers, Text),
    ("warmth", "care", "送温暖", "delivery of aid", Volunteers, Text),
    ("elder_visit", "care", "探访老人", "visit to an elder", Volunteers, Synthetic),
    ("hospital_escort", "care", "陪同就医", "escort to hospital", Volunteers, Synthetic),
    ("housework", "care", "家务帮助", "help in the household", Volunteers, Synthetic),
    ("night_care", "care", "夜间陪护", "care at night", Volunteers, Synthetic),
    ("home_nursing", "health", "居家护理", "nursing at home", Volunteers, Synthetic),
    ("interpreting", "care", "陪同翻译", "interpreting", Volunteers, Synthetic),
    ("appliance_repair", "livelihood", "家电维修", "appliance repair", Merchants, Text),
];

/// What residents of 马陆 ask for, and the visits of the groups.
const MALU: [Row; 18] = [
    ("community_advice", "culture", "社区事务咨询", "questions about the community", Any, Text),
    ("power_failure", "livelihood", "电闸抢修", "power failure", Any, Text),
    ("gate_repair", "livelihood", "车库门门锁维修", "gates and locks", Any, Text),
    ("water_leak", "livelihood", "漏水报修", "water leak", Any, Synthetic),
    ("lift_failure", "livelihood", "电梯报修", "lift failure", Any, Synthetic),
    ("noise_mediation", "order", "噪声纠纷调处", "noise", Any, Synthetic),
    ("parking_mediation", "order", "停车纠纷调处", "parking", Any, Synthetic),
    ("property_dispute", "law", "物业与开发商纠纷", "dispute with developer or manager", Any, Text),
    ("publicity", "culture", "宣传", "publicity", Volunteers, Text),
    ("legal_aid", "law", "法律援助", "legal aid", Volunteers, Text),
    ("night_watch", "order", "治安守望", "night watch", Volunteers, Text),
    ("small_repair", "livelihood", "修理", "small repair", Volunteers, Text),
    ("health_care", "health", "生活保健", "everyday health", Volunteers, Text),
    ("cleaning", "order", "环境清洁", "cleaning", Volunteers, Text),
    ("clinic", "health", "大型义诊", "free clinic", Volunteers, Text),
    ("online_appointment", "health", "网络看病预约", "appointment with a doctor online", Volunteers, Text),
    ("parcel_pickup", "livelihood", "快件代收", "parcel taken in", Volunteers, Text),
    ("group_visit", "care", "社工义工结组慰老", "visit by a group to an elder", Volunteers, Text),
];

/// The services of 马陆 and 惠谷村, groups first. Visits by neighbours are those of 政和社区.
pub(crate) fn malu() -> Vec<Service> {
    let shared = ZHENGHE.iter().filter(|it| it.0 == "neighbour_visit");
    GROUPS.iter().chain(&MALU).chain(shared).map(record).collect()
}

/// The services of 政和社区, groups first.
pub(crate) fn zhenghe() -> Vec<Service> {
    GROUPS.iter().chain(&ZHENGHE).map(record).collect()
}

/// The services of 南明区, groups first.
pub(crate) fn nanming() -> Vec<Service> {
    GROUPS.iter().chain(&NANMING).map(record).collect()
}

fn record(&(service_id, parent_id, name_zh, name_en, by, from): &Row) -> Service {
    let provider_kind = match by {
        Any => "any",
        Merchants => "merchant",
        Volunteers => "volunteer",
    };
    let provenance = match from {
        Text => "published",
        Synthetic => "synthetic",
    };
    Service { service_id, name_zh, name_en, parent_id, provider_kind, provenance }
}

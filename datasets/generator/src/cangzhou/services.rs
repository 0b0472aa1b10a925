//! The eight platforms and what is asked of them.

use crate::record::Service;

/// The root below which the platforms stand.
const ROOT: &str = "platform";

/// Identity, names.
type Platform = (&'static str, &'static str, &'static str);

pub(super) const PLATFORMS: [Platform; 8] = [
    ("platform_security", "社会保障服务平台", "social security platform"),
    ("platform_aid", "社会救助服务平台", "social aid platform"),
    ("platform_elders", "社区养老服务平台", "elder care platform"),
    ("platform_health", "社区公共卫生服务平台", "public health platform"),
    ("platform_culture", "社区文体教育服务平台", "culture, sport and education platform"),
    ("platform_safety", "社区安全服务平台", "safety platform"),
    ("platform_household", "家政服务平台", "household platform"),
    ("platform_masses", "群众工作服务平台", "residents' concerns platform"),
];

/// Identity, platform, names, who may serve, whether the text names it.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, bool);

const SERVICES: [Row; 28] = [
    ("insurance_advice", "platform_security", "社会保险咨询", "questions about insurance", "any", true),
    ("job_training", "platform_security", "再就业培训", "training for a new job", "volunteer", true),
    ("job_vacancy", "platform_security", "就业岗位信息", "vacancy for a job seeker", "volunteer", true),
    ("dibao_review", "platform_aid", "低保动态复核", "review of the minimum allowance", "any", true),
    ("one_yuan", "platform_aid", "爱心一元店", "one-yuan shop", "merchant", true),
    ("hardship_aid", "platform_aid", "社区帮困", "help in hardship", "volunteer", true),
    ("elder_home_service", "platform_elders", "养老入户服务", "home service for elders", "volunteer", true),
    ("elder_company", "platform_elders", "一助一陪伴", "company for an elder", "volunteer", true),
    ("day_care", "platform_elders", "日间照料", "day care", "volunteer", true),
    ("emergency_help", "platform_elders", "紧急援助", "emergency help", "merchant", true),
    ("doctor_visit", "platform_health", "责任医师上门", "visit by the responsible doctor", "volunteer", true),
    ("health_record", "platform_health", "电子健康档案", "health record", "any", true),
    ("half_past_four_class", "platform_culture", "四点半课堂", "half past four class", "volunteer", true),
    ("culture_activity", "platform_culture", "社区文化活动", "cultural activity", "volunteer", true),
    ("neighbourhood_patrol", "platform_safety", "治安联防巡逻", "joint patrol", "volunteer", true),
    ("environment_round", "platform_safety", "社区环保", "environmental round", "volunteer", true),
    ("shopping", "platform_household", "购物", "shopping", "merchant", true),
    ("canteen", "platform_household", "餐饮", "meals", "merchant", true),
    ("household_repair", "platform_household", "维修", "repair", "merchant", true),
    ("barber", "platform_household", "美容美发", "hair and beauty", "merchant", true),
    ("washing", "platform_household", "洗衣", "washing", "merchant", true),
    ("home_help", "platform_household", "家庭服务", "home help", "merchant", true),
    ("bill_payment", "platform_household", "代办代缴", "errands and bill payment", "merchant", true),
    ("logistics", "platform_household", "物流配送", "delivery", "merchant", true),
    ("talk_room", "platform_masses", "谈心室", "talk with a counsellor", "volunteer", true),
    ("grievance", "platform_masses", "民情诉求", "grievance", "any", true),
    ("convenience", "platform_masses", "社区便民服务", "small favours", "volunteer", true),
    ("sign_talk", "platform_masses", "手语沟通", "talk in sign language", "volunteer", false),
];

/// The root, the platforms, the services.
pub(super) fn all() -> Vec<Service> {
    let service = |service_id, parent_id, name_zh, name_en, provider_kind, published| Service {
        service_id,
        name_zh,
        name_en,
        parent_id,
        provider_kind,
        provenance: if published { "published" } else { "synthetic" },
    };
    let mut all = vec![service(ROOT, "", "八大服务管理平台", "eight service platforms", "any", true)];
    all.extend(PLATFORMS.iter().map(|&(id, zh, en)| service(id, ROOT, zh, en, "any", true)));
    all.extend(SERVICES.iter().map(|&(id, of, zh, en, by, text)| service(id, of, zh, en, by, text)));
    all
}

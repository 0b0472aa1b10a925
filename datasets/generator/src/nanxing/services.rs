//! The three windows, the X facilities, the seven functions of the maker space, and what is
//! asked for beside them.

use crate::record::Service;

/// Identity, parent, names, whether the text names it.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const SERVICES: [Row; 23] = [
    ("three_windows", "", "三项服务", "three windows", true),
    ("greeting_hall", "three_windows", "迎客厅", "greeting hall", true),
    ("all_round_desk", "three_windows", "百通岗", "all-round desk", true),
    ("discussion_workshop", "three_windows", "议事坊", "discussion workshop", true),
    ("x_facilities", "", "X项配套", "X facilities", true),
    ("x_medicine", "x_facilities", "医:医疗服务", "medicine", true),
    ("x_care", "x_facilities", "养:养老服务", "care of elders", true),
    ("x_nursing", "x_facilities", "护:护理服务", "nursing", true),
    ("x_leisure", "x_facilities", "乐:休闲服务", "leisure", true),
    ("x_food", "x_facilities", "食:饮食服务", "food", true),
    ("eco_output", "x_facilities", "环保服务", "environmental service", true),
    ("maker_space", "", "社会组织创客空间", "maker space of social organizations", true),
    ("org_incubation", "maker_space", "社会组织培育", "incubation of organizations", true),
    ("child_schooling", "maker_space", "困难儿童助学", "schooling of poor children", true),
    ("youth_education", "maker_space", "青少年教育", "education of the young", true),
    ("elder_nurture", "maker_space", "老年人养护", "nurture of the old", true),
    ("waste_sorting", "maker_space", "垃圾分类指导", "guidance on sorting waste", true),
    ("convenience_building", "maker_space", "便民服务建设", "building of small services", true),
    ("volunteer_training", "maker_space", "志愿者队伍培养", "training of volunteers", true),
    ("neighbour_errand", "", "邻里代办", "errand for a neighbour", false),
    ("neighbour_company", "", "邻里陪伴", "company of a neighbour", false),
    ("neighbour_dispute", "discussion_workshop", "邻里纠纷协商", "dispute between neighbours", false),
    ("policy_question", "all_round_desk", "办事咨询", "question about formalities", false),
];

/// Functions of the maker space are the services below this one.
pub(super) fn all() -> Vec<Service> {
    let service = |&(service_id, parent_id, name_zh, name_en, published): &Row| Service {
        service_id,
        name_zh,
        name_en,
        parent_id,
        provider_kind: if parent_id.is_empty() { "any" } else { "volunteer" },
        provenance: if published { "published" } else { "synthetic" },
    };
    SERVICES.iter().map(service).collect()
}

//! What may stand in a cell: codes, names of places and kinds, and words of fixed lists. People
//! have no name here, not those of the texts and no others.

use std::collections::BTreeSet;

use linli_generator::cases;
use linli_model::Pii;
use sha2::{Digest, Sha256};

use crate::{catalog, committed, folder};

const SKILLS: &str = "政策 走访 巡逻 环卫 检查 交通 辅导 调解 就业 法律 健康 文艺 代办 驾驶 心理 家务 陪护
    电脑 阅读 书法 摄影 英语 数学 维修 太极拳 象棋 读报 护理 手语 布依语
    宣传 治安 修理 保健 清洁 预约 代收 电工 门锁 水暖 高压 电梯 义诊 社工 慰老
    助老 帮困 文化 教育 环保 便民 心理疏导 责任医师
    陪伴 医疗 助餐 助学 分类 养老 养护 青少年 孵化 文娱 督导";
const ITEMS: &str = "特效药甲 特效药乙 特效药丙 活动室 轮椅 折叠桌椅 投影仪 音响 帐篷 血压计 专业服务";
const TASKS: &str =
    "帮扶一户特困家庭 关爱一名孤寡老人 资助一名困难学生 做一件好事实事 开展一次慰问活动 奉献一份爱心
    陪聊、整理家居、适度照料 长期为老服务";
const REASONS: &str = "结对帮扶,由同一人上门 本人要求回避 药品已到该店,由该店告知 已结成忘年交,由原小组上门";
const TRADES: &str = "餐饮 美容美发 超市 家电维修 汽车养护 药店 诊所 洗衣 家政 水电维修 开锁配钥匙 送水
    缝补修鞋 眼镜 摄影打印 五金建材 粮油蔬菜 快递代收 钟表维修
    购物 餐饮 维修 洗衣 家庭服务 代办代缴 物流配送 爱心一元店";
const COMMUNITIES: &str = "政和社区 送变电社区 四喜巷社区 南明堂社区 东笙巷社区 纪念塔社区 后坝社区 沙坡社区
    凤栖社区 电建一社区 金地社区 次南门社区 新华路社区 白银社区 育兰社区 马陆社区 希望社区 惠谷村居民区
    隆华社区 四合社区 南新村社区 北环桥社区 朝阳南社区 解放西路社区 永济东路社区 馒头山社区";
const BODIES: &str = "社区便民服务党支部 社区便民服务联盟 社区便民服务中心
    综治联动办公室 居务办公室 金郡居委筹建组 瑞金北院 众益志愿者服务中心";
/// Centres, and the rooms that captions name.
const CENTRES: &str = "社区便民服务中心 社区服务中心 12349社区服务信息中心 12349分中心
    馒头山邻里中心 卫生站 长者照护园 街坊会客厅 文化礼堂 社会组织创客空间";
const SUBJECTS: &str = "秧歌、腰鼓 太极拳 法律咨询 心理疏导家庭调解 文化宣传 就业指导 卫生监督 四点钟辅导
    民情联络 治安巡逻 健康保健 宣传、法律、治安、修理、生活保健
    帮困 文化 教育 治安 环保 便民";
const DISTRICTS: &str = "滨城区 南明区 运河区 新华区 嘉定区 静安区 闸北区 长宁区 南星街道";
const PLACES: &str = "山东省 滨州市 市东街道 市东宿舍院 贵州省 贵阳市 兴关路街道 中曹司街道 西湖路街道
    新华路街道 花果园街道 太慈街道 太慈桥街道 河滨街道 新华街道 上海市 马陆镇 静安寺社区 大宁路街道
    东镇居民区 新城金郡 河北省 沧州市 公园街道 水月寺街道 道东街道 浙江省 杭州市";
/// What made-up bodies are called, before their number.
const KINDS_OF_BODIES: &str = "老年人权益 妇女权益 儿童权益 残疾人权益 业主权益
    义诊 义教 法律援助 心理辅导 治安巡逻 扶贫济困 绿化维护 合唱团 书画班 戏剧社 舞蹈队 武术队
    驻区单位 专业社会组织";
/// What communities are known for; the name of a person that one brand bears is left out.
const BRANDS: &str = "社工服务站 六A服务 爱心传承基地 五色服务 拥军港湾
    环保特色服务点 医疗专项服务点 护理特色服务点 助餐特色服务点 助学特色服务点 垃圾分类特色服务点";
/// What the points of a community are called, after its name.
const POINTS: [&str; 6] =
    ["便民利民综合服务站", "便民服务站", "养老服务站", "卫生服务站", "文化活动室", "慈善超市"];
const TERMS: &str = "凭证登记,七日内归还 提前一日预约 由后台流转";
const ALIASES: &str = "嘉定新城 临泽路188弄";
const CHANNELS: &str = "服务电话 社工热线 希望树 网上信访";
const SECTIONS: &str = "社区简介 社区信息 社区活动";
const ITEMS_OF_CHANNEL: &str = "希望树 社区概况 社区地图 联系我们 政策告知 生活小贴士 共治共建 综治联勤
    社区活动 宣传公告";
const TOPICS: &str = "小区与商铺间无围墙隔离 地下车库存在管理漏洞 绿化格局与承诺不一致
    装修扰民 物业收费 车位分配 房屋渗漏 垃圾清运";
const CONTENTS: &str = "政策讲解 环境卫生清扫 上学路口疏导 治安调解 楼院巡查 治安巡逻 邻里纠纷调解 作业辅导
    上门听取诉求 普法宣传、法律咨询 健康保健讲座 就业指导培训 心理疏导 陪同就医 上门打扫 文体活动 结对走访";
const EFFECTS: &str = "疑问当场解答 居民反映良好 楼道杂物清理完毕 学生安全过街 秩序明显好转 矛盾当场化解
    登记后转社区办理 隐患上报整改 未发现隐患 作业当天完成 学习习惯好转 诉求登记入册 建议按时复查 达成就业意向
    求职信息登记入册 情绪明显好转 约定下次交流 就诊顺利完成 所需已送到";
const NOTES: &str = "居委干部 等住户约定时间 等配件到货 须更换公共设备,待业主表决 请物业公司 物业公司
    物业无此工种 物业人员已下班 请小区专职电工 请门锁师傅 请水暖师傅 请电梯维保单位 师傅不在 另请师傅
    专职师傅 成立紧急事务小组 紧急事务小组 实地查看 协调答复会达成共识";

fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|it| it == word)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a word may stand in a column.
fn may_stand(table: &str, column: &str, word: &str) -> bool {
    match (table, column) {
        // Catalogues of kinds; what they are called stands in the generator.
        ("service" | "post" | "merchant_category", "name_zh" | "name_en") => true,
        // Codes, numbers, times.
        ("place", "code_system") => matches!(word, "" | "GB/T 2260"),
        _ if word.is_ascii() => !word.contains(' '),
        (_, "skills") => among(SKILLS, word),
        (_, "item") => among(ITEMS, word),
        ("pairing", "task") => among(TASKS, word),
        ("pin", "reason") => among(REASONS, word),
        ("team", "subject") => among(SUBJECTS, word),
        ("pool_resource", "terms") => among(TERMS, word),
        ("organization", "name") => {
            among(BODIES, word)
                || among(KINDS_OF_BODIES, word.trim_end_matches(|it: char| it.is_ascii_digit()))
        }
        ("district", "name") => {
            let numbered = word.strip_prefix('第').and_then(|it| it.strip_suffix("县(市)"));
            among(DISTRICTS, word) || numbered.is_some_and(is_number)
        }
        ("place", "name") => {
            let merged =
                word.strip_prefix('第').map(|it| it.trim_start_matches(|it: char| it.is_ascii_digit()));
            among(PLACES, word)
                || among(DISTRICTS, word)
                || matches!(merged, Some("村" | "居委"))
                || may_stand("community", "name", word)
        }
        ("place", "aliases") => among(ALIASES, word),
        ("channel", "name") => among(CHANNELS, word) || word.strip_prefix("值班手机").is_some_and(is_number),
        ("channel_item", "section") => among(SECTIONS, word),
        ("channel_item", "name") => among(ITEMS_OF_CHANNEL, word),
        ("activity_room", "name") => {
            let number = word.strip_prefix("大宁老年乐园第").and_then(|it| it.strip_suffix("活动室"));
            number.is_some_and(is_number)
        }
        ("activity", "content") => among(CONTENTS, word),
        ("activity", "effect") => among(EFFECTS, word),
        ("petition", "topics") => among(TOPICS, word),
        ("petition", "task_group") => among(BODIES, word),
        ("need_event", "note") => among(NOTES, word) || among(BODIES, word),
        ("community", "name") => {
            let numbered = word.strip_prefix('第').and_then(|it| it.strip_suffix("社区"));
            among(COMMUNITIES, word) || numbered.is_some_and(is_number)
        }
        ("service_point", "name") => {
            let of_place =
                |point: &&str| word.strip_suffix(*point).is_some_and(|it| may_stand("community", "name", it));
            among(CENTRES, word) || among(BRANDS, word) || POINTS.iter().chain(&["服务站"]).any(of_place)
        }
        ("merchant", "name") => {
            let made_up = word.split_once("商户");
            word == "政和诊所" || made_up.is_some_and(|(trade, row)| among(TRADES, trade) && is_number(row))
        }
        _ => false,
    }
}

#[test]
fn cells_hold_codes_and_words_of_fixed_lists_and_nobodys_name() {
    for case in cases() {
        for (table, rows) in committed(&case).iter().filter(|it| it.0 != "published_figure") {
            for (column, cell) in rows.iter().flatten() {
                for word in cell.split(';') {
                    assert!(may_stand(table, column, word), "{}/{table}.{column}: `{word}`", case.id);
                }
            }
        }
    }
}

/// The people whom the five texts name, each as the beginning of the SHA-256 of the name: what
/// must not stand in the data does not stand here either.
const PEOPLE: [&str; 14] = [
    "10a26d68fdae40f7",
    "20f33ef44378665f",
    "26f28cfbe08d7a36",
    "373d5752103abcc9",
    "42437ab6103b74bd",
    "5ad6872e97a810ca",
    "6577a211f9a5e935",
    "6926c85f47d249c0",
    "7968997f81ae60bb",
    "a382eacd7e7f3c9d",
    "b67c4d31601f5ba1",
    "c29d108324519003",
    "e056e88fc7ba790d",
    "e140fbf5ac14a8a8",
];

/// The longest of these names, in characters.
const LONGEST: usize = 3;

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|it| format!("{it:02x}")).collect()
}

/// The pieces of a text that could be a name.
fn pieces(text: &str) -> BTreeSet<String> {
    let text: Vec<char> = text.chars().collect();
    let of = |length: usize| text.windows(length).map(|it| it.iter().collect::<String>());
    (2..=LONGEST).flat_map(of).filter(|it| !it.is_ascii()).collect()
}

#[test]
fn nobody_whom_a_text_names_stands_in_any_file() {
    assert_eq!(pieces("找张三丰").len(), 5);
    assert!(PEOPLE.iter().all(|it| it.len() == digest("").len()));
    let mut cells = BTreeSet::new();
    for entry in std::fs::read_dir(folder("")).expect("the cases") {
        for file in std::fs::read_dir(entry.expect("a case").path()).expect("a case") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            let words = text.lines().flat_map(|it| it.split(',')).filter(|it| !it.is_ascii());
            cells.extend(words.map(str::to_owned));
        }
    }
    let seen: BTreeSet<String> = cells.iter().flat_map(|it| pieces(it)).collect();
    assert!(seen.len() > 500, "{} pieces", seen.len());
    let named = seen.iter().filter(|it| PEOPLE.contains(&digest(it).as_str())).count();
    assert_eq!(named, 0, "somebody is named");
}

#[test]
fn no_column_of_a_case_names_a_person_or_reaches_one() {
    for case in cases() {
        for table in &case.tables {
            let schema = catalog().table(table.name).expect("a schema");
            for field in table.columns.iter().map(|it| schema.field(it).expect("a column")) {
                assert!(!matches!(field.pii, Pii::Identity | Pii::Contact), "{}.{}", table.name, field.name);
            }
        }
    }
}

/// The page with 3351 also carries a notice of an authority in another city.
#[test]
fn nothing_comes_from_the_notice_on_the_same_page() {
    for case in cases() {
        for (table, rows) in &committed(&case) {
            assert!(rows.iter().flatten().all(|(_, cell)| !cell.contains("闵行")), "{}/{table}", case.id);
        }
    }
}

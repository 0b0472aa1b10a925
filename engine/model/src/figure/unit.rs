//! Units: words that are multiplied and divided.

/// The unit in which a share is counted in hundredths.
pub(super) const PERCENT: &str = "%";

/// Words that may follow a number, and the unit they are. The longest that fits is taken.
#[rustfmt::skip]
const KNOWN: [(&str, &str); 111] = [
    ("%", "%"), ("个百分点", "个百分点"),
    ("人次", "人次"), ("人", "人"), ("名", "名"), ("位", "位"), ("口", "口"), ("岁", "岁"), ("周岁", "岁"),
    ("户", "户"), ("家", "家"), ("个", "个"), ("支", "支"), ("套", "套"), ("副", "副"), ("付", "付"), ("桶", "桶"),
    ("袋", "袋"), ("件", "件"), ("份", "份"), ("本", "本"), ("册", "册"), ("类", "类"), ("种", "种"), ("项", "项"),
    ("次", "次"), ("条", "条"), ("台", "台"), ("栋", "栋"), ("幢", "幢"), ("座", "座"), ("间", "间"), ("处", "处"),
    ("所", "所"), ("张", "张"), ("辆", "辆"), ("场", "场"), ("期", "期"), ("只", "只"), ("部", "部"), ("封", "封"),
    ("起", "起"), ("批", "批"), ("组", "组"), ("对", "对"), ("双", "双"), ("盏", "盏"), ("床", "床"), ("盒", "盒"),
    ("瓶", "瓶"), ("箱", "箱"), ("包", "包"), ("块", "元"), ("片", "片"), ("棵", "棵"), ("株", "株"), ("层", "层"),
    ("楼", "楼"), ("级", "级"), ("届", "届"), ("轮", "轮"), ("遍", "遍"), ("例", "例"), ("篇", "篇"), ("面", "面"),
    ("门", "门"), ("款", "款"), ("样", "样"), ("分", "分"), ("倍", "倍"), ("字", "字"), ("句", "句"), ("班", "班"),
    ("元", "元"), ("美元", "美元"), ("角", "角"),
    ("平方米", "平方米"), ("平米", "平方米"), ("㎡", "平方米"), ("m²", "平方米"), ("平方公里", "平方公里"), ("km²", "平方公里"),
    ("亩", "亩"), ("公顷", "公顷"), ("立方米", "立方米"), ("m³", "立方米"),
    ("米", "米"), ("m", "米"), ("公里", "公里"), ("千米", "公里"), ("km", "公里"), ("厘米", "厘米"), ("cm", "厘米"),
    ("公斤", "公斤"), ("千克", "公斤"), ("kg", "公斤"), ("斤", "斤"), ("克", "克"), ("吨", "吨"), ("升", "升"),
    ("年", "年"), ("个月", "个月"), ("周", "周"), ("星期", "周"), ("天", "天"), ("日", "天"), ("小时", "小时"),
    ("分钟", "分钟"), ("秒", "秒"), ("学时", "学时"), ("课时", "课时"),
];

/// The longest known unit at the beginning of a text, and how many characters it has.
pub(super) fn at_start(text: &[char]) -> Option<(&'static str, usize)> {
    let fits = |word: &str| {
        let count = word.chars().count();
        (text.len() >= count && word.chars().zip(text).all(|(a, b)| a == *b)).then_some(count)
    };
    let found = KNOWN.iter().filter_map(|(word, unit)| fits(word).map(|count| (*unit, count)));
    found.max_by_key(|(_, count)| *count)
}

/// Factors above and below the line, each list sorted so that a unit has one spelling.
#[derive(Default)]
struct Factors<'a> {
    above: Vec<&'a str>,
    below: Vec<&'a str>,
}

impl<'a> Factors<'a> {
    /// Reads `a·b/c/d`; `1/c` has nothing above the line.
    fn read(unit: Option<&'a str>) -> Self {
        let mut parts = unit.unwrap_or_default().split('/');
        let above = parts.next().unwrap_or_default();
        let above = above.split('·').filter(|it| !it.is_empty() && *it != "1").collect();
        Self { above, below: parts.flat_map(|it| it.split('·')).filter(|it| !it.is_empty()).collect() }
    }

    fn write(mut self) -> Option<String> {
        self.above.retain(|it| match self.below.iter().position(|other| other == it) {
            Some(place) => {
                self.below.remove(place);
                false
            }
            None => true,
        });
        self.above.sort_unstable();
        self.below.sort_unstable();
        let below: String = self.below.iter().flat_map(|it| ["/", it]).collect();
        match (self.above.is_empty(), below.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("1{below}")),
            (false, _) => Some(self.above.join("·") + &below),
        }
    }
}

/// The unit of a product: `元·户`.
pub(super) fn product(left: Option<&str>, right: Option<&str>) -> Option<String> {
    let (mut all, other) = (Factors::read(left), Factors::read(right));
    all.above.extend(other.above);
    all.below.extend(other.below);
    all.write()
}

/// The unit of a quotient: `元/户`, and none where everything cancels.
pub(super) fn quotient(left: Option<&str>, right: Option<&str>) -> Option<String> {
    let (mut all, other) = (Factors::read(left), Factors::read(right));
    all.above.extend(other.below);
    all.below.extend(other.above);
    all.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_multiply_and_cancel() {
        assert_eq!(product(Some("元"), Some("户")).as_deref(), Some("元·户"));
        assert_eq!(product(Some("户"), Some("元")).as_deref(), Some("元·户"));
        assert_eq!(product(Some("元/户"), Some("户")).as_deref(), Some("元"));
        assert_eq!(quotient(Some("元"), Some("元")), None);
        assert_eq!(quotient(None, Some("户")).as_deref(), Some("1/户"));
        assert_eq!(quotient(Some("元"), Some("户·月")).as_deref(), Some("元/户/月"));
        assert_eq!(product(Some("1/户"), Some("户")), None);
        assert_eq!(quotient(Some("share of price"), None).as_deref(), Some("share of price"));
    }

    #[test]
    fn the_longest_unit_is_taken() {
        let unit = |it: &str| at_start(&it.chars().collect::<Vec<_>>());
        assert_eq!(unit("平方米"), Some(("平方米", 3)));
        assert_eq!(unit("㎡"), Some(("平方米", 1)));
        assert_eq!(unit("人次"), Some(("人次", 2)));
        assert_eq!(unit("个月"), Some(("个月", 2)));
        assert_eq!(unit("龙"), None);
    }
}

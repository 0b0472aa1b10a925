use super::*;

fn read(text: &str) -> Figure {
    Figure::read(text).unwrap_or_else(|it| panic!("{text}: {it}"))
}

/// Bounds, openness, qualifier and unit in short.
fn shown(figure: &Figure) -> String {
    let FigureParts { point, min, max, min_open, max_open, qualifier, unit } = figure.parts();
    let end = |it: Option<f64>| it.map_or_else(|| "?".to_owned(), |it| it.to_string());
    let (left, right) = (min_open == Some(true) || min.is_none(), max_open == Some(true) || max.is_none());
    format!(
        "{} {}{} {}{} {} {}",
        end(point),
        if left { '(' } else { '[' },
        end(min),
        end(max),
        if right { ')' } else { ']' },
        qualifier.as_str(),
        unit.unwrap_or_default()
    )
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(&read(text)), *expected, "{text}");
    }
}

/// Texts whose figures all tests of properties use.
const TEXTS: [&str; 33] = [
    "0",
    "1",
    "2470 户",
    "5.8万平方米",
    "80万",
    "-3",
    "98.6%",
    "200多个",
    "150余户",
    "300以上",
    "0.5+",
    "98%多",
    "近99%",
    "近50元",
    "不低于20平方米",
    "95%以上",
    "二三百万",
    "十几",
    "几十户",
    "2–3",
    "不超过5",
    "-4–-2",
    "-1–1",
    "10人左右",
    "≈-2",
    "全部",
    "多数",
    "12元/户",
    "3户·元",
    "无定值",
    "无定值（>0）",
    "无定值（≤5户）",
    "无定值（>1–<2）",
];

fn texts() -> impl Iterator<Item = (&'static str, Figure)> {
    TEXTS.into_iter().map(|it| (it, read(it)))
}

#[test]
fn numbers_in_words_are_read_exactly() {
    check(&[
        ("80万", "800000 [800000 800000] exact "),
        ("5.8万平方米", "58000 [58000 58000] exact 平方米"),
        ("５．８万㎡", "58000 [58000 58000] exact 平方米"),
        ("209.34平方公里", "209.34 [209.34 209.34] exact 平方公里"),
        ("2470 户", "2470 [2470 2470] exact 户"),
        ("1,234,567元", "1234567 [1234567 1234567] exact 元"),
        ("1 234 567元", "1234567 [1234567 1234567] exact 元"),
        ("一百二十三", "123 [123 123] exact "),
        ("两万零五", "20005 [20005 20005] exact "),
        ("三万五", "35000 [35000 35000] exact "),
        ("一千零一", "1001 [1001 1001] exact "),
        ("十五", "15 [15 15] exact "),
        ("一百一十", "110 [110 110] exact "),
        ("二〇一三", "2013 [2013 2013] exact "),
        ("五点八万", "58000 [58000 58000] exact "),
        ("1亿2000万", "120000000 [120000000 120000000] exact "),
        ("一万亿", "1000000000000 [1000000000000 1000000000000] exact "),
        ("三万二千一百零五亿零六万", "3210500060000 [3210500060000 3210500060000] exact "),
        ("零", "0 [0 0] exact "),
        ("-5", "-5 [-5 -5] exact "),
        ("98.6%", "98.6 [98.6 98.6] exact %"),
        ("百分之九十五", "95 [95 95] exact %"),
        ("百分之百", "100 [100 100] exact %"),
        ("九成", "90 [90 90] exact %"),
        ("71周岁", "71 [71 71] exact 岁"),
        ("5千米", "5000 [5000 5000] exact 米"),
        ("2万千米", "20000 [20000 20000] exact 公里"),
        ("2个月", "2 [2 2] exact 个月"),
    ]);
}

#[test]
fn qualifiers_become_bounds() {
    check(&[
        ("150多户", "? (150 ?) over 户"),
        ("200多个", "? (200 ?) over 个"),
        ("300余支", "? (300 ?) over 支"),
        ("2000余人", "? (2000 ?) over 人"),
        ("百余户", "? (100 ?) over 户"),
        ("150多万元", "? (1500000 ?) over 元"),
        ("十多万", "? (100000 ?) over "),
        ("300以上", "? (300 ?) over "),
        ("300人以上", "? (300 ?) over 人"),
        ("超过3年", "? (3 ?) over 年"),
        ("3年多", "? (3 ?) over 年"),
        ("近99%", "? (? 99) nearly %"),
        ("将 近99%", "? (? 99) nearly %"),
        ("近百户", "? (? 100) nearly 户"),
        ("近50元", "? (? 50) nearly 元"),
        ("不低于20平方米", "? [20 ?) at_least 平方米"),
        ("至少20", "? [20 ?) at_least "),
        ("95%以上", "? [95 ?) at_least %"),
        ("九成以上", "? [90 ?) at_least %"),
        ("10人左右", "10 (? ?) about 人"),
        ("约10人", "10 (? ?) about 人"),
        ("10人上下", "10 (? ?) about 人"),
        ("不超过5天", "? (? 5] range 天"),
        ("全部", "1 [1 1] all "),
        ("所有", "1 [1 1] all "),
        ("多数", "? (0.5 ?) majority "),
        ("绝大部分", "? (0.5 ?) majority "),
    ]);
}

#[test]
fn vague_numbers_are_ranges() {
    check(&[
        ("二三百万", "? [2000000 3000000] range "),
        ("两三个", "? [2 3] range 个"),
        ("十五六岁", "? [15 16] range 岁"),
        ("十几", "? (10 20) range "),
        ("十几万", "? (100000 200000) range "),
        ("二十几户", "? (20 30) range 户"),
        ("几十", "? [20 100) range "),
        ("数百人", "? [200 1000) range 人"),
        ("几个", "? [2 10) range 个"),
        ("2-3", "? [2 3] range "),
        ("2至3万", "? [20000 30000] range "),
        ("500至1万", "? [500 10000] range "),
        ("10%-20%", "? [10 20] range %"),
        ("3人至5人", "? [3 5] range 人"),
    ]);
}

#[test]
fn what_is_no_figure_says_where_reading_stopped() {
    let stopped = |text: &str| match Figure::read(text) {
        Err(FigureError::Unreadable { at, .. }) => at,
        other => panic!("{text}: {other:?}"),
    };
    for (text, at) in [
        ("", 0),
        ("居民", 0),
        ("2470 户居民", 6),
        ("5.8.1", 3),
        ("1,23", 1),
        ("3 4", 1),
        ("近150多户", 6),
        ("3-2", 3),
        ("三五八百", 0),
        ("一百千", 2),
        ("一百零户", 2),
        ("2万3", 3),
        ("2户至3人", 5),
        ("多", 0),
        ("约", 1),
    ] {
        assert_eq!(stopped(text), at, "{text}");
    }
    assert_eq!(Figure::read("000666"), Err(FigureError::Name("000666".to_owned())));
    assert!(Figure::read(&"9".repeat(40)).is_err());
}

#[test]
fn discounts_are_shares_of_the_price() {
    for (text, share) in [
        ("95折", 0.95),
        ("九五折", 0.95),
        ("９５ 折", 0.95),
        ("8折", 0.8),
        ("八折", 0.8),
        ("打八折", 0.8),
        ("8.5折", 0.85),
        ("八点五折", 0.85),
        ("八八折", 0.88),
        ("5折", 0.5),
        ("半价", 0.5),
        ("1.5折", 0.15),
        ("免费", 0.0),
        ("原价", 1.0),
        ("0.95", 0.95),
        ("95%", 0.95),
        ("百分之九十五", 0.95),
        ("1", 1.0),
    ] {
        assert_eq!(discount(text), Ok(share), "{text}");
    }
    for text in [
        "15折",
        "0折",
        "10折",
        "100折",
        "折",
        "1.2",
        "150%",
        "95",
        "95折起",
        "半价起",
        "5%",
        "近95%",
        "-5折",
        "8.折",
        "",
    ] {
        assert_eq!(discount(text), Err(FigureError::NoDiscount(text.to_owned())), "{text}");
    }
}

#[test]
fn columns_that_contradict_each_other_are_refused() {
    let parts = |qualifier, point, min, max| FigureParts {
        point,
        min,
        max,
        min_open: None,
        max_open: None,
        qualifier,
        unit: None,
    };
    let (one, two) = (Some(1.0), Some(2.0));
    use Qualifier as Q;
    for good in [
        parts(Q::Exact, two, two, two),
        parts(Q::Exact, two, None, None),
        parts(Q::Over, None, one, None),
        parts(Q::Nearly, None, None, one),
        parts(Q::AtLeast, None, one, None),
        parts(Q::Range, None, one, two),
        parts(Q::About, one, None, None),
        parts(Q::All, one, None, None),
        parts(Q::Majority, None, Some(0.5), None),
        parts(Q::Derived, None, None, None),
    ] {
        assert!(Figure::new(good.clone()).is_ok(), "{good:?}");
    }
    for bad in [
        parts(Q::Exact, None, None, None),
        parts(Q::Exact, one, two, two),
        parts(Q::Over, one, one, None),
        parts(Q::Over, None, one, two),
        parts(Q::Nearly, None, one, two),
        parts(Q::AtLeast, None, None, one),
        parts(Q::Range, None, two, one),
        parts(Q::Range, None, one, one),
        parts(Q::About, None, one, two),
        parts(Q::All, two, None, None),
        parts(Q::Majority, None, one, None),
        parts(Q::Derived, one, None, None),
        FigureParts { min_open: Some(false), ..parts(Q::Over, None, one, None) },
        FigureParts { max_open: Some(true), ..parts(Q::Derived, None, one, one) },
    ] {
        assert!(matches!(Figure::new(bad.clone()), Err(FigureError::Contradiction { .. })), "{bad:?}");
    }
    assert_eq!(Figure::new(parts(Q::About, Some(f64::NAN), None, None)), Err(FigureError::NotFinite));
    let long = FigureParts { unit: Some("x".repeat(97)), ..parts(Q::Exact, one, None, None) };
    assert_eq!(Figure::new(long), Err(FigureError::LongUnit { bytes: 97 }));
}

#[test]
fn every_figure_comes_back_from_its_columns_and_its_text() {
    for (text, figure) in texts() {
        assert_eq!(Figure::new(figure.parts()).as_ref(), Ok(&figure), "{text}");
        for language in [Language::Zh, Language::En] {
            let written = figure.text(language);
            assert_eq!(Figure::read(&written).as_ref(), Ok(&figure), "{text}: {written}");
        }
    }
}

#[test]
fn no_text_loses_its_qualifier() {
    for (text, zh, en) in [
        ("150余户", "150多户", "150+ 户"),
        ("50%多", "50%多", "50%+"),
        ("将近99%", "近99%", "<99%"),
        ("不低于20", "≥20", "≥20"),
        ("二三百万", "2000000–3000000", "2000000–3000000"),
        ("十几个", ">10–<20个", ">10–<20 个"),
        ("10人左右", "≈10人", "≈10 人"),
        ("所有", "全部", "all"),
        ("绝大部分", "多数", "most"),
        ("98.6%", "98.6%", "98.6%"),
    ] {
        assert_eq!(read(text).text(Language::Zh), zh);
        assert_eq!(read(text).text(Language::En), en);
    }
}

#[test]
fn a_ratio_of_two_lower_bounds_is_no_number() {
    let ratio = read("150多户").div(&read("200多户")).expect("a ratio");
    assert_eq!(shown(&ratio), "? (0 ?) derived ");
    assert_eq!(ratio.text(Language::Zh), "无定值（>0）");
    assert_eq!(ratio.text(Language::En), "no single value (>0)");
}

#[test]
fn published_sums_and_ratios_come_out() {
    let centre = read("9名").add(&read("2名")).and_then(|it| it.add(&read("2名"))).expect("a sum");
    assert_eq!(shown(&centre), "13 [13 13] exact 名");
    let closed = read("494件").div(&read("501件")).expect("a ratio");
    assert_eq!(closed.parts().point, Some(494.0 / 501.0));
    assert_eq!(closed.lt(&read("近99%")), Ok(Comparison::Unknown));
    assert_eq!(closed.lt(&read("99%")), Ok(Comparison::Yes));
    // 50 yuan of saving at 5 % off: what was spent.
    let off = read("1").sub(&read("95%")).expect("a share");
    assert_eq!(shown(&off), "0.05 [0.05 0.05] exact ");
    assert_eq!(shown(&read("近50元").div(&off).expect("a sum")), "? (? 1000) nearly 元");
    assert_eq!(shown(&read("80%").mul(&read("51个")).expect("a share")), "40.8 [40.8 40.8] exact 个");
}

#[test]
fn qualifiers_stay_beside_an_exact_figure_only_while_their_shape_does() {
    let over = read("150多户");
    let two = read("2");
    assert_eq!(shown(&over.mul(&two).expect("a product")), "? (300 ?) over 户");
    assert_eq!(shown(&over.mul(&read("-2")).expect("a product")), "? (? -300) derived 户");
    assert_eq!(shown(&over.mul(&read("0")).expect("a product")), "0 [0 0] exact 户");
    assert_eq!(shown(&over.add(&over).expect("a sum")), "? (300 ?) derived 户");
    assert_eq!(shown(&read("500户").sub(&over).expect("a difference")), "? (? 350) derived 户");
    assert_eq!(
        shown(&read("500户").div(&over).expect("a ratio")),
        format!("? (0 {}) derived ", 500.0 / 150.0)
    );
    assert_eq!(shown(&read("10人左右").mul(&two).expect("a product")), "20 (? ?) about 人");
    assert_eq!(shown(&read("10人左右").mul(&over).expect("a product")), "? (? ?) derived 人·户");
    assert_eq!(shown(&read("2–3").div(&read("-1–1")).expect("a ratio")), "? (? ?) derived ");
    assert_eq!(shown(&read("多数").mul(&read("51个")).expect("a product")), "? (25.5 ?) derived 个");
}

#[test]
fn figures_of_two_units_are_neither_added_nor_compared() {
    let (households, people) = (read("3户"), read("3人"));
    let refused = FigureError::Units { left: "户".to_owned(), right: "人".to_owned() };
    assert_eq!(households.add(&people), Err(refused.clone()));
    assert_eq!(households.lt(&people), Err(refused));
    assert_eq!(read("5%").add(&read("3%")).map(|it| shown(&it)), Ok("8 [8 8] exact %".to_owned()));
    assert_eq!(read("全部").is_equal(&read("100%")), Ok(Comparison::Yes));
}

/// Numbers that a figure may stand for; enough of them to find a wrong bound.
fn members(figure: &Figure) -> Vec<f64> {
    let plain = figure.plain();
    let (min, max) = plain.bounds.ends();
    if plain.qualifier == Qualifier::About {
        return plain.point.into_iter().collect();
    }
    let (low, high) = (min.value.max(-1e7), max.value.min(1e7));
    let mut inside: Vec<f64> = (1..8).map(|it| low + (high - low) * f64::from(it) / 8.0).collect();
    // Close to the ends, and the ends where they are reached.
    inside.extend([low + (high - low) * 1e-9, high - (high - low) * 1e-9]);
    if !min.open {
        inside.push(min.value);
    }
    if !max.open {
        inside.push(max.value);
    }
    inside
}

fn holds(figure: &Figure, value: f64) -> bool {
    let (min, max) = figure.plain().bounds.ends();
    // Rounding of what is calculated here.
    let room = value.abs() * 1e-12;
    value >= min.value - room && value <= max.value + room
}

#[test]
fn bounds_hold_whatever_the_numbers_are() {
    type Operation = (fn(&Figure, &Figure) -> Result<Figure, FigureError>, fn(f64, f64) -> f64);
    let operations: [Operation; 4] = [
        (Figure::add, |a, b| a + b),
        (Figure::sub, |a, b| a - b),
        (Figure::mul, |a, b| a * b),
        (Figure::div, |a, b| a / b),
    ];
    let mut results = 0;
    for ((left, a), (right, b)) in texts().flat_map(|a| texts().map(move |b| (a.clone(), b))) {
        for (operation, on_numbers) in operations {
            let Ok(result) = operation(&a, &b) else { continue };
            results += 1;
            assert_eq!(Figure::new(result.parts()).as_ref(), Ok(&result), "{left} {right}");
            for (x, y) in members(&a).into_iter().flat_map(|x| members(&b).into_iter().map(move |y| (x, y))) {
                let value = on_numbers(x, y);
                assert!(!value.is_finite() || holds(&result, value), "{left} {right}: {value} {result:?}");
            }
        }
    }
    assert!(results > 2000, "{results}");
}

#[test]
fn comparisons_agree_with_the_numbers_and_with_each_other() {
    for ((left, a), (right, b)) in texts().flat_map(|a| texts().map(move |b| (a.clone(), b))) {
        let (Ok(lt), Ok(le), Ok(equal)) = (a.lt(&b), a.le(&b), a.is_equal(&b)) else { continue };
        let opposite = |it| match it {
            Comparison::Yes => Comparison::No,
            Comparison::No => Comparison::Yes,
            Comparison::Unknown => Comparison::Unknown,
        };
        assert_eq!(b.le(&a), Ok(opposite(lt)), "{left} {right}");
        assert_eq!(b.is_equal(&a), Ok(equal), "{left} {right}");
        assert!(lt != Comparison::Yes || (le, equal) == (Comparison::Yes, Comparison::No), "{left} {right}");
        for (x, y) in members(&a).into_iter().flat_map(|x| members(&b).into_iter().map(move |y| (x, y))) {
            let agrees = |answer, is_so: bool| match answer {
                Comparison::Yes => is_so,
                Comparison::No => !is_so,
                Comparison::Unknown => true,
            };
            assert!(
                agrees(lt, x < y) && agrees(le, x <= y) && agrees(equal, x == y),
                "{left} {right}: {x} {y}"
            );
        }
    }
    assert_eq!(read("150多户").lt(&read("200多户")), Ok(Comparison::Unknown));
    assert_eq!(read("150多户").le(&read("150户")), Ok(Comparison::No));
    assert_eq!(read("2–3").lt(&read("3以上")), Ok(Comparison::Yes));
}

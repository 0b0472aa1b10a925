use super::*;

fn read(text: &str) -> Result<Period, PeriodError> {
    Period::read(text, None)
}

fn period(from: (i32, i32, i32), to: (i32, i32, i32), precision: Precision) -> Period {
    Period { from_day: day_of(from.0, from.1, from.2), to_day: day_of(to.0, to.1, to.2), precision }
}

#[test]
fn a_day_is_read_in_every_spelling() {
    let day = period((2012, 9, 24), (2012, 9, 25), Precision::Day);
    for text in [
        "2012年9月24日",
        "２０１２年０９月２４日",
        "2012 年 9 月 24 号",
        "2012-09-24",
        "2012.9.24",
        "2012/9/24",
        "20120924",
        "二〇一二年九月二十四日",
        "二零一二年九月二十四日",
    ] {
        assert_eq!(read(text), Ok(day), "{text}");
    }
    assert_eq!(read("2010年11月29日"), Ok(period((2010, 11, 29), (2010, 11, 30), Precision::Day)));
}

#[test]
fn longer_periods_are_as_precise_as_their_words() {
    let cases = [
        ("2010年10月", (2010, 10, 1), (2010, 11, 1), Precision::Month),
        ("2010年12月份", (2010, 12, 1), (2011, 1, 1), Precision::Month),
        ("2010-10", (2010, 10, 1), (2010, 11, 1), Precision::Month),
        ("2013", (2013, 1, 1), (2014, 1, 1), Precision::Year),
        ("2013年", (2013, 1, 1), (2014, 1, 1), Precision::Year),
        ("2013年末", (2013, 12, 1), (2014, 1, 1), Precision::Part),
        ("2013年底", (2013, 12, 1), (2014, 1, 1), Precision::Part),
        ("2013年初", (2013, 1, 1), (2013, 2, 1), Precision::Part),
        ("2013年第二季度", (2013, 4, 1), (2013, 7, 1), Precision::Part),
        ("2013年4季度", (2013, 10, 1), (2014, 1, 1), Precision::Part),
        ("2013年上半年", (2013, 1, 1), (2013, 7, 1), Precision::Part),
        ("2012年2月下旬", (2012, 2, 21), (2012, 3, 1), Precision::Part),
        ("2012年3月上旬", (2012, 3, 1), (2012, 3, 11), Precision::Part),
        ("2012年3月底", (2012, 3, 21), (2012, 4, 1), Precision::Part),
    ];
    for (text, from, to, precision) in cases {
        assert_eq!(read(text), Ok(period(from, to, precision)), "{text}");
    }
}

#[test]
fn relative_dates_need_the_day_they_were_written() {
    let anchor = day_of(2012, 9, 24);
    let cases = [
        ("今年3月中旬", (2012, 3, 11), (2012, 3, 21), Precision::Part),
        ("去年9月", (2011, 9, 1), (2011, 10, 1), Precision::Month),
        ("12月26日", (2012, 12, 26), (2012, 12, 27), Precision::Day),
        ("3月4日", (2012, 3, 4), (2012, 3, 5), Precision::Day),
        ("十月", (2012, 10, 1), (2012, 11, 1), Precision::Month),
        ("26日", (2012, 9, 26), (2012, 9, 27), Precision::Day),
        ("年初", (2012, 1, 1), (2012, 2, 1), Precision::Part),
        ("去年底", (2011, 12, 1), (2012, 1, 1), Precision::Part),
        ("去年", (2011, 1, 1), (2012, 1, 1), Precision::Year),
        ("下半年", (2012, 7, 1), (2013, 1, 1), Precision::Part),
        ("二季度", (2012, 4, 1), (2012, 7, 1), Precision::Part),
        ("上个月", (2012, 8, 1), (2012, 9, 1), Precision::Month),
        ("昨天", (2012, 9, 23), (2012, 9, 24), Precision::Day),
    ];
    for (text, from, to, precision) in cases {
        assert_eq!(Period::read(text, Some(anchor)), Ok(period(from, to, precision)), "{text}");
        assert_eq!(read(text), Err(PeriodError::Relative(text.to_owned())), "{text}");
    }
    // Where the year is said, the day of writing changes nothing.
    assert_eq!(Period::read("2010年10月", Some(anchor)), read("2010年10月"));
}

#[test]
fn what_is_no_date_says_where_reading_stopped() {
    let stopped = |text: &str| match read(text) {
        Err(PeriodError::Unreadable { at, .. }) => at,
        other => panic!("{text}: {other:?}"),
    };
    for (text, at) in [
        ("", 0),
        ("全部", 0),
        ("13年3月", 0),
        ("2013年3", 6),
        ("2013年第九季度", 5),
        ("2013年3月4", 8),
        ("2012-09-24T08:00", 10),
        ("2010年10月前后", 8),
        ("123456", 6),
        ("年", 1),
    ] {
        assert_eq!(stopped(text), at, "{text}");
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for (text, year, month, day) in [
        ("2013年2月29日", 2013, 2, 29),
        ("2013-13-01", 2013, 13, 1),
        ("20130431", 2013, 4, 31),
        ("2013年0月", 2013, 0, 1),
        ("2013年4月0日", 2013, 4, 0),
    ] {
        assert_eq!(read(text), Err(PeriodError::NoSuchDay { year, month, day }), "{text}");
    }
    assert!(read("2012年2月29日").is_ok());
}

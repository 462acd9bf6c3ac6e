//! The times that recorders print, read from the front of a text.
//!
//! Each function reads one form and gives the moment with the rest of the text behind it. Forms
//! without a year count from the first of January, forms without a day from midnight; neither is
//! `dated`. A date that the calendar does not have is `None`, as is a 24 o'clock; second 60 is read,
//! since clocks print leap seconds.

use crate::transcript::Moment;

/// A moment and the text behind it.
pub(super) type Read<'t> = Option<(Moment, &'t [u8])>;

/// The time that a logger wrote before a line, in whichever form: ISO, syslog's, with a day of the week before
/// it, a clock's, seconds since 1970 with a fraction, microseconds since then.
pub(super) fn logged(text: &[u8]) -> Option<Moment> {
    let since_1970 = |micros: i64| Moment { micros, dated: true, zoned: true };
    let plain = || std::str::from_utf8(text).ok();
    let read = iso(text).or_else(|| syslog(text)).or_else(|| iso(text.get(4..)?));
    read.or_else(|| clock(text)).map(|(at, _)| at).or_else(|| {
        if text.len() == 16 {
            return Some(since_1970(plain()?.parse().ok()?));
        }
        let (seconds, fraction) = plain()?.split_once('.').filter(|_| text.len() == 17)?;
        let micros = seconds.parse::<i64>().ok()? * SECOND + fraction.parse::<i64>().ok()?;
        Some(since_1970(micros))
    })
}

/// The time that a log begins its lines with, syslog's or ISO's.
pub(super) fn stamped(line: &[u8]) -> Read<'_> {
    syslog(line).or_else(|| iso(line))
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// `2026-11-23T10:13:45.123456+01:00`: date, `T` or a space, time; a fraction behind a dot or a comma
/// and an offset where they stand. The date may be written with `/` or `.` between its numbers.
///
/// Without an offset the time is the recorder's own.
pub(super) fn iso(text: &[u8]) -> Read<'_> {
    let (&[y1, y2, y3, y4, first, m1, m2, second, d1, d2, between], rest) =
        text.split_first_chunk()?;
    if first != second
        || !matches!(first, b'-' | b'/' | b'.')
        || !matches!(between, b'T' | b't' | b' ' | b'_')
    {
        return None;
    }
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let days = days(year, two(m1, m2)?, two(d1, d2)?)?;
    let (micros, rest) = fractional(rest)?;
    let (zone, rest) = offset(rest).map_or((None, rest), |(zone, rest)| (Some(zone), rest));
    let micros = days * DAY + micros - zone.unwrap_or(0);
    Some((Moment { micros, dated: true, zoned: zone.is_some() }, rest))
}

/// Reads times as [`iso`] does, faster where the date is that of the time before: in a log, most are.
#[derive(Debug, Default)]
pub(super) struct SameDay {
    date: [u8; 10],
    /// The day's beginning.
    micros: i64,
}

impl SameDay {
    /// As [`iso`].
    pub(super) fn iso<'t>(&mut self, text: &'t [u8]) -> Read<'t> {
        let (date, rest) = text.split_first_chunk()?;
        if *date == self.date
            && let Some((b'T' | b' ', clock)) = rest.split_first()
        {
            if let Some((micros, rest)) = milliseconds(clock) {
                let micros = self.micros + micros;
                return Some((Moment { micros, dated: true, zoned: true }, rest));
            }
            let (micros, rest) = fractional(clock)?;
            let (zone, rest) = offset(rest).map_or((None, rest), |(zone, rest)| (Some(zone), rest));
            let micros = self.micros + micros - zone.unwrap_or(0);
            return Some((Moment { micros, dated: true, zoned: zone.is_some() }, rest));
        }
        let read = iso(text)?;
        // The date has been read, so midnight can be.
        let midnight = [&date[..], b" 00:00:00"].concat();
        (self.date, self.micros) = (*date, iso(&midnight)?.0.micros);
        Some(read)
    }
}

/// Reads times as [`syslog`] does, faster where the time is that of the line before.
#[derive(Debug, Default)]
pub(super) struct SameSecond {
    time: [u8; 15],
    moment: Option<Moment>,
}

impl SameSecond {
    /// As [`syslog`].
    pub(super) fn syslog(&mut self, text: &[u8]) -> Option<Moment> {
        let (time, _) = text.split_first_chunk()?;
        if *time != self.time {
            (self.time, self.moment) = (*time, syslog(text).map(|(moment, _)| moment));
        }
        self.moment
    }
}

/// `Nov 23 10:13:45` or `Nov  3 10:13:45`, as syslog has it: no year.
pub(super) fn syslog(text: &[u8]) -> Read<'_> {
    let (&[a, b, c, b' ', tens, ones, b' '], rest) = text.split_first_chunk()? else { return None };
    let day = two(if tens == b' ' { b'0' } else { tens }, ones)?;
    let month = month([a, b, c])?;
    // 1970 has no 29 February: it falls on the first of March.
    let days = if (month, day) == (2, 29) { days(1970, 3, 1)? } else { days(1970, month, day)? };
    let (micros, rest) = fractional(rest)?;
    Some((Moment { micros: days * DAY + micros, dated: false, zoned: false }, rest))
}

/// `10:13:45` with or without a fraction: no date.
pub(super) fn clock(text: &[u8]) -> Read<'_> {
    let (micros, rest) = fractional(text)?;
    Some((Moment { micros, dated: false, zoned: false }, rest))
}

/// `9:41:12 AM`, `09:41:12`: an hour of one digit or two, and a half of the day where it is named.
pub(super) fn clock_of_day(text: &[u8]) -> Read<'_> {
    let (micros, rest) = loose(text)?;
    Some((Moment { micros, dated: false, zoned: false }, rest))
}

/// `4/23/2009 9:47:02`, `4/2/01 11:44:31 AM`: month, day and year with strokes, then the time, after
/// a comma or not. A first number over 12 makes it day, month and year.
pub(super) fn strokes(text: &[u8]) -> Read<'_> {
    let (first, rest) = number(text)?;
    let mark = rest.split_first()?.0;
    if !matches!(mark, b'/' | b'.' | b'-') {
        return None;
    }
    let (second, rest) = number(rest.get(1..)?)?;
    let (year, rest) = number(rest.strip_prefix(&[*mark])?)?;
    let year = match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    };
    let (month, day) = if first > 12 { (second, first) } else { (first, second) };
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    let (micros, rest) = loose(rest.trim_ascii_start())?;
    let micros = days(year, month, day)? * DAY + micros;
    Some((Moment { micros, dated: true, zoned: false }, rest))
}

/// `Sat Dec 21 02:37:22 2003`, as `ctime` prints it.
pub(super) fn ctime(text: &[u8]) -> Read<'_> {
    let (_, rest) = weekday(text)?;
    let (&[a, b, c, b' ', tens, ones, b' '], rest) = rest.split_first_chunk()? else { return None };
    let day = two(if tens == b' ' { b'0' } else { tens }, ones)?;
    let (micros, rest) = fractional(rest)?;
    let (year, rest) = number(rest.strip_prefix(b" ")?)?;
    let micros = days(year, month([a, b, c])?, day)? * DAY + micros;
    Some((Moment { micros, dated: true, zoned: false }, rest))
}

/// `Thu, 22 Apr 2004 22:01:42 +0200`, as in a mail's Date; the weekday and the zone may be missing.
pub(super) fn mail_date(text: &[u8]) -> Read<'_> {
    let text = weekday(text).map_or(text, |(_, rest)| rest);
    let (day, rest) = number(text)?;
    let (&[b' ', a, b, c, b' '], rest) = rest.split_first_chunk()? else { return None };
    let (year, rest) = number(rest)?;
    let (micros, rest) = fractional(rest.strip_prefix(b" ")?)?;
    let zone = rest.strip_prefix(b" ").and_then(offset);
    let (zone, rest) = zone.map_or((None, rest), |(zone, rest)| (Some(zone), rest));
    let micros = days(year, month([a, b, c])?, day)? * DAY + micros - zone.unwrap_or(0);
    Some((Moment { micros, dated: true, zoned: zone.is_some() }, rest))
}

/// `23-Nov-2026 10:13:45`, as PHP's `error_log` and Roundcube have it; behind it a zone as an offset or as
/// a name, of which only `UTC` counts as known.
pub(super) fn php_log(text: &[u8]) -> Read<'_> {
    let (day, rest) = number(text)?;
    let (&[b'-', a, b, c, b'-'], rest) = rest.split_first_chunk()? else { return None };
    let (year, rest) = number(rest)?;
    let (micros, rest) = fractional(rest.strip_prefix(b" ")?)?;
    let zone = rest.strip_prefix(b" ").and_then(|zone| {
        zone.strip_prefix(b"UTC").map_or_else(|| offset(zone), |rest| Some((0, rest)))
    });
    let (zone, rest) = zone.map_or((None, rest), |(zone, rest)| (Some(zone), rest));
    let micros = days(year, month([a, b, c])?, day)? * DAY + micros - zone.unwrap_or(0);
    Some((Moment { micros, dated: true, zoned: zone.is_some() }, rest))
}

/// `23/Nov/2026:10:13:45 -0600`, as web servers log it.
pub(super) fn common_log(text: &[u8]) -> Read<'_> {
    let (day, rest) = number(text)?;
    let (&[b'/', a, b, c, b'/'], rest) = rest.split_first_chunk()? else { return None };
    let (year, rest) = number(rest)?;
    let (micros, rest) = fractional(rest.strip_prefix(b":")?)?;
    let zone = rest.strip_prefix(b" ").and_then(offset);
    let (zone, rest) = zone.map_or((None, rest), |(zone, rest)| (Some(zone), rest));
    let micros = days(year, month([a, b, c])?, day)? * DAY + micros - zone.unwrap_or(0);
    Some((Moment { micros, dated: true, zoned: zone.is_some() }, rest))
}

/// `@4000000065f16b2e1a2b3c4d`, the TAI64N label of multilog.
pub(super) fn tai64n(text: &[u8]) -> Read<'_> {
    /// 1970 in TAI64, and the ten seconds by which TAI was ahead of UTC then: multilog adds no more.
    const EPOCH: i64 = 0x4000_0000_0000_000a;
    let (label, rest) = text.strip_prefix(b"@")?.split_at_checked(24)?;
    let (seconds, nanos) = label.split_at_checked(16)?;
    let seconds = hexadecimal(seconds)?.checked_sub(EPOCH)?;
    let micros = seconds.checked_mul(SECOND)?.checked_add(hexadecimal(nanos)? / 1000)?;
    Some((Moment { micros, dated: true, zoned: true }, rest))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; years 1 to 9999.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    // The year begins with March here, so that the leap day is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before = year * 365 + year / 4 - year / 100 + year / 400;
    Some(before + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// `10:13:45.123Z`, and nothing but that, in microseconds since midnight: as most logs have it.
fn milliseconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let (&[h1, h2, b':', m1, m2, b':', s1, s2, b'.', f1, f2, f3, b'Z'], rest) =
        text.split_first_chunk()?
    else {
        return None;
    };
    let digits = [h1, h2, m1, m2, s1, s2, f1, f2, f3].map(|digit| digit.wrapping_sub(b'0'));
    let [h1, h2, m1, m2, s1, s2, f1, f2, f3] = digits.map(i64::from);
    let (hour, minute, second) = (h1 * 10 + h2, m1 * 10 + m2, s1 * 10 + s2);
    let micros = since_midnight(hour, minute, second)?;
    let all = digits.iter().all(|digit| *digit < 10);
    all.then_some((micros + ((f1 * 10 + f2) * 10 + f3) * 1000, rest))
}

/// `10:13:45.123456` in microseconds since midnight.
fn fractional(text: &[u8]) -> Option<(i64, &[u8])> {
    let (&[h1, h2, b':', m1, m2, b':', s1, s2], rest) = text.split_first_chunk()? else {
        return None;
    };
    let micros = since_midnight(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?)?;
    Some(fraction(micros, rest))
}

/// `9:41:12.5 PM` in microseconds since midnight.
fn loose(text: &[u8]) -> Option<(i64, &[u8])> {
    let (hour, rest) = number(text)?;
    let (&[b':', a, b, b':', c, d], rest) = rest.split_first_chunk()? else { return None };
    let (minute, second) = (two(a, b)?, two(c, d)?);
    let half = rest.strip_prefix(b" ").unwrap_or(rest).split_first_chunk();
    let (hour, rest) = match half {
        Some(([b'A' | b'a', b'M' | b'm'], rest)) => (hour % 12, rest),
        Some(([b'P' | b'p', b'M' | b'm'], rest)) => (hour % 12 + 12, rest),
        _ => (hour, rest),
    };
    Some(fraction(since_midnight(hour, minute, second)?, rest))
}

fn since_midnight(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second <= 60)
        .then_some(((hour * 60 + minute) * 60 + second) * SECOND)
}

/// Adds `.123` or `,123` where it stands there; digits behind the sixth are dropped.
fn fraction(micros: i64, text: &[u8]) -> (i64, &[u8]) {
    let Some((b'.' | b',', mut rest)) = text.split_first() else { return (micros, text) };
    let mut unit = SECOND;
    let mut sum = micros;
    while let Some((digit @ b'0'..=b'9', tail)) = rest.split_first() {
        unit /= 10;
        sum += i64::from(digit - b'0') * unit;
        rest = tail;
    }
    // A mark of punctuation behind the seconds, and no fraction.
    if unit == SECOND { (micros, text) } else { (sum, rest) }
}

/// `Z`, `+01:00` or `-0330` in microseconds east of Greenwich.
fn offset(text: &[u8]) -> Option<(i64, &[u8])> {
    let (&sign, rest) = text.split_first()?;
    let sign = match sign {
        b'Z' | b'z' => return Some((0, rest)),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (&[a, b], rest) = rest.split_first_chunk()?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let (&[c, d], rest) = rest.split_first_chunk()?;
    let minutes = two(a, b)? * 60 + two(c, d)?;
    Some((sign * minutes * 60 * SECOND, rest))
}

/// `Sat ` or `Sat, `.
fn weekday(text: &[u8]) -> Option<(&[u8], &[u8])> {
    const NAMES: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let (name, rest) = text.split_first_chunk::<3>()?;
    let rest = rest.strip_prefix(b",").unwrap_or(rest).strip_prefix(b" ")?;
    NAMES.contains(&name).then_some((name, rest))
}

/// The month of an English abbreviation, 1 to 12.
fn month(name: [u8; 3]) -> Option<i64> {
    Some(match &name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// One to four digits.
fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let length = text.iter().take(5).take_while(|octet| octet.is_ascii_digit()).count();
    if !(1..=4).contains(&length) {
        return None;
    }
    let (digits, rest) = text.split_at_checked(length)?;
    Some((digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')), rest))
}

fn hexadecimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        sum.checked_mul(16)?.checked_add(i64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loggers_have_many_forms() {
        let moment = |text: &str| logged(text.as_bytes()).map(|at| (at.micros, at.dated));
        let half_past = Some((1_795_428_721_500_000, true));
        for text in [
            "2026-11-23T10:12:01.5Z",
            "2026-11-23 10:12:01,500",
            "Mon 2026-11-23 10:12:01.5 CET",
            "1795428721.500000",
            "1795428721500000",
        ] {
            assert_eq!(moment(text), half_past, "{text}");
        }
        let clock = (10 * 3600 + 12 * 60 + 1) * SECOND;
        assert_eq!(moment("10:12:01"), Some((clock, false)));
        assert_eq!(moment("Jan  1 10:12:01"), Some((clock, false)));
        for text in ["", "yesterday", "12345", "1795428721x500000", "é2026-11-23T10:12:01"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    /// What jiff, an independent calendar, makes of a time in UTC.
    fn utc(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn reads_each_form() {
        type Form = fn(&[u8]) -> Read<'_>;
        let forms: [(Form, &str, &str, bool, bool, &str); 23] = [
            (iso, "2026-11-23T10:13:45.123456Z x", "2026-11-23T10:13:45.123456Z", true, true, " x"),
            (iso, "2024-02-29 23:59:60", "2024-03-01T00:00:00Z", true, false, ""),
            (
                iso,
                "2024-03-13T09:01:18.7234567+01:00,",
                "2024-03-13T08:01:18.723456Z",
                true,
                true,
                ",",
            ),
            (iso, "2017/02/05 13:57:54,2-0330", "2017-02-05T17:27:54.2Z", true, true, ""),
            (iso, "2024-03-13T09:01:18. ", "2024-03-13T09:01:18Z", true, false, ". "),
            (syslog, "Nov 23 10:13:45 mail", "1970-11-23T10:13:45Z", false, false, " mail"),
            (syslog, "Feb  3 00:00:01", "1970-02-03T00:00:01Z", false, false, ""),
            (syslog, "Feb 29 00:00:01", "1970-03-01T00:00:01Z", false, false, ""),
            (clock, "10:13:10.785  8124", "1970-01-01T10:13:10.785Z", false, false, "  8124"),
            (clock_of_day, "9:41:12 AM -", "1970-01-01T09:41:12Z", false, false, " -"),
            (clock_of_day, "12:00:01 PM", "1970-01-01T12:00:01Z", false, false, ""),
            (clock_of_day, "12:00:01 am", "1970-01-01T00:00:01Z", false, false, ""),
            (strokes, "4/23/2009, 9:47:02, S", "2009-04-23T09:47:02Z", true, false, ", S"),
            (strokes, "4/2/01 11:44:31 PM : ", "2001-04-02T23:44:31Z", true, false, " : "),
            (strokes, "23.4.2009 09:47:02", "2009-04-23T09:47:02Z", true, false, ""),
            (ctime, "Sat Dec 21 02:37:22 2003 Info", "2003-12-21T02:37:22Z", true, false, " Info"),
            (
                mail_date,
                "Thu, 22 Apr 2004 22:01:42 +0200 >",
                "2004-04-22T20:01:42Z",
                true,
                true,
                " >",
            ),
            (mail_date, "2 Jan 2025 00:00:00", "2025-01-02T00:00:00Z", true, false, ""),
            (php_log, "23-Nov-2026 10:16:17 UTC]", "2026-11-23T10:16:17Z", true, true, "]"),
            (php_log, "3-Nov-2026 10:16:17 +0100 x", "2026-11-03T09:16:17Z", true, true, " x"),
            (common_log, "23/Nov/2026:10:16:17 -0600]", "2026-11-23T16:16:17Z", true, true, "]"),
            (
                tai64n,
                "@400000000000000a000003e8 1",
                "1970-01-01T00:00:00.000001Z",
                true,
                true,
                " 1",
            ),
            (tai64n, "@4000000065f16b281dcd6500", "2024-03-13T09:00:14.5Z", true, true, ""),
        ];
        for (read, text, expected, dated, zoned, rest) in forms {
            let moment = Moment { micros: utc(expected), dated, zoned };
            assert_eq!(read(text.as_bytes()), Some((moment, rest.as_bytes())), "{text}");
        }
    }

    #[test]
    fn reads_the_same_where_it_remembers() {
        let mut day = SameDay::default();
        for text in [
            "2026-11-23T10:13:45.123Z,",
            "2026-11-23T10:13:46Z",
            "2026-11-23 10:13:47+01:00 x",
            "2026-11-23T24:13:45",
            "2026-11-24T00:00:00.5",
            "2026-11-23T10:13:45",
            "2026-13-23T10:13:45",
            "2026-11-23",
        ] {
            assert_eq!(day.iso(text.as_bytes()), iso(text.as_bytes()), "{text}");
        }
        let mut second = SameSecond::default();
        for text in
            ["Nov 23 10:13:45 a", "Nov 23 10:13:45 b", "Nov 23 10:13:46", "Nix 23 10:13:46", "Nov"]
        {
            let expected = syslog(text.as_bytes()).map(|(moment, _)| moment);
            assert_eq!(second.syslog(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_no_clock_shows() {
        for text in
            ["2026-13-01T00:00:00", "2025-02-29 00:00:00", "2026-11-23T24:00:00", "2026-11-2", ""]
        {
            assert_eq!(iso(text.as_bytes()), None, "{text}");
        }
        assert_eq!(syslog(b"Nix 23 10:13:45"), None);
        assert_eq!(clock(b"10:60:00"), None);
        assert_eq!(clock(b"250 2.1.0"), None);
        assert_eq!(strokes(b"250-8-2 ok"), None);
        assert_eq!(tai64n(b"@40000000"), None);
    }

    #[test]
    fn counts_days_as_the_calendar_does() {
        for year in [1, 4, 100, 400, 1900, 1969, 1970, 1999, 2000, 2024, 2100, 9999_i16] {
            for (month, day) in [(1, 1), (2, 28), (2, 29), (3, 1), (12, 31), (4, 31_i8)] {
                let date = jiff::civil::Date::new(year, month, day);
                let expected = date.ok().map(|date| {
                    let since = date.duration_since(jiff::civil::date(1970, 1, 1));
                    since.as_hours() / 24
                });
                assert_eq!(
                    days(year.into(), month.into(), day.into()),
                    expected,
                    "{year} {month} {day}"
                );
            }
        }
    }
}

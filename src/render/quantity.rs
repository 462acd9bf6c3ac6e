//! Numbers, shares, sizes and times as people write them.

/// `1,234,567`
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 session`, `2,000 sessions`
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", number(count), if count == 1 { "" } else { "s" })
}

/// `12.3 %`; what is there at all is never 0.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let percent = part as f64 / whole as f64 * 100.0;
    if part > 0 && percent < 0.05 { "< 0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

/// `20.4 MB`, in powers of 1000.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub(crate) fn size(octets: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut size = octets as f64;
    let mut shown = counted(octets, "octet");
    for unit in units {
        if size < 999.95 {
            break;
        }
        size /= 1000.0;
        shown = format!("{size:.1} {unit}");
    }
    shown
}

/// `850 µs`, `12 ms`, `1.2 s`, `2 min 5 s`
pub(super) fn latency(milliseconds: f64) -> String {
    match milliseconds {
        none if none <= 0.0 => "0".to_owned(),
        short if short < 1.0 => format!("{:.0} µs", short * 1000.0),
        some if some < 10.0 => format!("{some:.1} ms"),
        some if some < 999.5 => format!("{some:.0} ms"),
        some if some < 9_950.0 => format!("{:.1} s", some / 1000.0),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is positive, and a cast saturates"
        )]
        long => duration((long / 1000.0).round() as u64),
    }
}

/// `45 s`, `48 min`, `2 h 28 min`, `3 days 4 h`: the two largest units.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [("day", 86_400), ("h", 3600), ("min", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (place, (unit, length)) in units.into_iter().enumerate() {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            let plural = if unit == "day" && count > 1 { "s" } else { "" };
            parts.push((place, format!("{} {unit}{plural}", number(count))));
        }
    }
    let Some((first, _)) = parts.first() else { return "0 s".to_owned() };
    let last = first + 1;
    // Seconds do not matter where there are minutes in numbers.
    let fine = seconds < 600;
    let kept = parts.iter().filter(|(place, _)| *place <= last && (*place < 3 || fine));
    kept.map(|(_, part)| part.as_str()).collect::<Vec<_>>().join(" ")
}

/// A bar as long as `part` of `most` is of `columns`, to an eighth of a column.
pub(super) fn bar(part: u64, most: u64, columns: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if part == 0 || most == 0 {
        return String::new();
    }
    let eighths = (u128::from(part) * u128::from(columns) * 8).div_ceil(u128::from(most));
    let eighths = usize::try_from(eighths).unwrap_or(usize::MAX);
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{rest}", "█".repeat(eighths / 8))
}

/// One column as high as `part` of `most`.
pub(super) fn column(part: u64, most: u64) -> char {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if part == 0 || most == 0 {
        return '·';
    }
    let height = (u128::from(part) * 8).div_ceil(u128::from(most)).saturating_sub(1);
    HEIGHTS.get(usize::try_from(height).unwrap_or(7)).copied().unwrap_or('█')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        for (found, expected) in [
            (number(0), "0"),
            (number(999), "999"),
            (number(1_234_567), "1,234,567"),
            (counted(1, "session"), "1 session"),
            (share(1, 3), "33.3 %"),
            (share(1, 100_000), "< 0.1 %"),
            (share(0, 5), "0.0 %"),
            (size(893), "893 octets"),
            (size(20_402_105), "20.4 MB"),
            (size(999_960), "1.0 MB"),
            (latency(0.0), "0"),
            (latency(0.25), "250 µs"),
            (latency(2.5), "2.5 ms"),
            (latency(250.4), "250 ms"),
            (latency(1_234.0), "1.2 s"),
            (latency(125_000.0), "2 min 5 s"),
            (duration(0), "0 s"),
            (duration(2_889), "48 min"),
            (duration(8_880), "2 h 28 min"),
            (duration(3 * 86_400 + 4 * 3600 + 59), "3 days 4 h"),
            (duration(3600), "1 h"),
            (bar(1, 1, 3), "███"),
            (bar(1, 2, 3), "█▌"),
            (bar(1, 1_000_000, 3), "▏"),
            (bar(0, 1, 3), ""),
        ] {
            assert_eq!(found, expected);
        }
        assert_eq!([0, 1, 50, 100].map(|part| column(part, 100)), ['·', '▁', '▄', '█']);
    }
}

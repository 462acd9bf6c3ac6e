//! The rows of an Exchange protocol log, taken apart without copying.
//!
//! Not a dialect: `exchange_protocol` asks it for the columns that it needs.

use std::cmp::Ordering;

/// At which place of a row each of the columns stands that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    places: [u8; 9],
    /// How many columns a row has.
    pub(super) named: u8,
}

impl Columns {
    const NAMES: [&[u8]; 9] = [
        b"date-time",
        b"connector-id",
        b"session-id",
        b"sequence-number",
        b"local-endpoint",
        b"remote-endpoint",
        b"event",
        b"data",
        b"context",
    ];
    pub(super) const USUAL: Self = Self { places: [0, 1, 2, 3, 4, 5, 6, 7, 8], named: 9 };

    /// From the list behind `#Fields:`; `None` where a column is missing that cannot be done without.
    pub(super) fn of(list: &[u8]) -> Option<Self> {
        let mut places = [u8::MAX; 9];
        let mut named = 0;
        for (place, name) in
            (0..u8::MAX).zip(list.split(|octet| matches!(octet, b',' | b';' | b'\t')))
        {
            named = place + 1;
            let name = name.trim_ascii();
            let known = Self::NAMES.iter().position(|known| name.eq_ignore_ascii_case(known));
            if let Some(slot) = known.and_then(|known| places.get_mut(known)) {
                *slot = place;
            }
        }
        let [time, _, session, _, _, _, event, data, _] = places;
        let found = [time, session, event, data].iter().all(|place| *place != u8::MAX);
        found.then_some(Self { places, named })
    }
}

/// The columns of a row that are used; empty where the row has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'l> {
    pub(super) time: &'l [u8],
    pub(super) connector: &'l [u8],
    pub(super) session: &'l [u8],
    pub(super) middle: Middle<'l>,
    pub(super) event: &'l [u8],
    pub(super) data: Field<'l>,
    pub(super) context: Field<'l>,
    pub(super) flaw: Option<Flaw>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Columns are missing at its end.
    Short,
    /// It has more columns than there are.
    Long,
    /// A quote does not close where its column ends.
    Quotes,
}

/// Sequence number, local and remote endpoint, which few rows are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Middle<'l> {
    /// As they stand in the row, with what stands between them.
    Together(&'l [u8], u8),
    /// Each for itself.
    Apart([&'l [u8]; 3]),
}

impl<'l> Middle<'l> {
    pub(super) fn columns(self) -> [&'l [u8]; 3] {
        match self {
            Self::Apart(columns) => columns,
            Self::Together(text, separator) => {
                let mut columns = text.splitn(3, |octet| *octet == separator);
                [(); 3].map(|()| columns.next().unwrap_or_default())
            }
        }
    }
}

/// A field of a row, without the quotes around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Field<'l> {
    pub(super) inner: &'l [u8],
    /// It stood in quotes, so that quotes in it are doubled.
    pub(super) quoted: bool,
    /// The quotes around it are not a pair, or something stands behind them.
    pub(super) broken: bool,
}

impl<'l> Row<'l> {
    /// Its number within the session.
    pub(super) fn number(&self) -> Option<u64> {
        let text = match self.middle {
            Middle::Apart([text, ..]) | Middle::Together(text, _) => text,
        };
        let mut number: Option<u64> = None;
        for digit in text {
            let value = u64::from(digit.wrapping_sub(b'0'));
            if value > 9 {
                break;
            }
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(value)?);
        }
        number
    }

    pub(super) fn of(line: &'l [u8], columns: &Columns) -> Option<Self> {
        let line = line.strip_prefix(b"- ").unwrap_or(line);
        let row = if *columns == Columns::USUAL && line.first().is_some_and(u8::is_ascii_digit) {
            Self::usual(line)?
        } else {
            Self::rearranged(line, columns)?
        };
        // `2026-11-23T`: whatever else the line may be, its first field looks like a time.
        let dated = row.time.get(4) == Some(&b'-') && row.time.get(7) == Some(&b'-');
        (dated && !row.session.is_empty()).then_some(row)
    }

    /// A row with the columns that Exchange has always written.
    fn usual(line: &'l [u8]) -> Option<Self> {
        // As Exchange writes it, the time is 24 octets long; elsewhere it may have lost a part.
        let zulu = line.get(23) == Some(&b'Z');
        let end = if zulu {
            24
        } else {
            19 + line.get(19..)?.iter().position(|octet| is_separator(*octet))?
        };
        let (time, rest) = line.split_at_checked(end)?;
        let (&separator, rest) = rest.split_first().filter(|(octet, _)| is_separator(**octet))?;
        let (connector, rest) = if rest.first() == Some(&b'"') {
            let (field, rest) = field(rest, separator);
            (field.inner, rest)
        } else {
            upto(rest, separator)?
        };
        // The session's id is 16 octets long, and the numbers behind it are short.
        let (session, rest) = match rest.split_at_checked(16) {
            Some((session, [next, rest @ ..])) if *next == separator => (session, rest),
            _ => upto(rest, separator)?,
        };
        let (middle, event, rest) =
            spoken(rest, separator).or_else(|| any_event(rest, separator))?;
        let middle = Middle::Together(middle, separator);
        let cut = rest.is_empty();
        let (data, rest) = field(rest, separator);
        let (context, over) =
            if rest.is_empty() { (Field::default(), rest) } else { field(rest, separator) };
        let flaw = if data.broken || context.broken {
            Some(Flaw::Quotes)
        } else if !over.is_empty() {
            Some(Flaw::Long)
        } else if rest.is_empty() && (cut || line.last() != Some(&separator)) {
            Some(Flaw::Short)
        } else {
            None
        };
        Some(Self { time, connector, session, middle, event, data, context, flaw })
    }

    /// A row with columns in another order, or with quotes around each field.
    fn rearranged(line: &'l [u8], columns: &Columns) -> Option<Self> {
        let quoted = line.first() == Some(&b'"');
        let mut separators = line.iter().filter(|octet| matches!(octet, b',' | b';' | b'\t'));
        let separator = match line {
            [b'"', ..] => {
                let close = memchr::memmem::find(line, b"Z\"")?;
                *line.get(close + 2)?
            }
            _ => *separators.next()?,
        };
        let mut fields = [Field::default(); 9];
        let mut rest = line;
        let (mut width, mut broken) = (0, false);
        for place in 0..u8::MAX {
            let (value, after) = field(rest, separator);
            width = place + 1;
            broken |= value.broken;
            let known = columns.places.iter().position(|known| *known == place);
            if let Some(slot) = known.and_then(|known| fields.get_mut(known)) {
                *slot = value;
            }
            if after.is_empty() {
                width += u8::from(line.last() == Some(&separator));
                break;
            }
            rest = after;
        }
        let flaw = match width.cmp(&columns.named) {
            _ if broken => Some(Flaw::Quotes),
            Ordering::Less => Some(Flaw::Short),
            Ordering::Equal => None,
            Ordering::Greater => Some(Flaw::Long),
        };
        let [time, connector, session, sequence, local, remote, event, data, context] = fields;
        let middle = Middle::Apart([sequence.inner, local.inner, remote.inner]);
        let event = event.inner;
        (is_event(event) && (quoted || !time.quoted)).then_some(Self {
            time: time.inner,
            connector: connector.inner,
            session: session.inner,
            middle,
            event,
            data,
            context,
            flaw,
        })
    }
}

/// How many columns a row has, broken or not.
pub(super) fn width(line: &[u8]) -> usize {
    let Some(separator) = line.iter().find(|octet| is_separator(**octet)) else { return 1 };
    let (mut rest, mut width) = (line, 1);
    while !rest.is_empty() {
        let (value, after) = field(rest, *separator);
        let ended = after.is_empty() && (value.broken || line.last() != Some(separator));
        width += usize::from(!ended);
        rest = after;
    }
    width
}

/// Whether a text begins as rows do: with a date, a `T` and what may be a time.
fn is_dated(text: &[u8]) -> bool {
    text.get(..11).is_some_and(|date| {
        let shape = date.iter().zip(b"dddd-dd-ddT");
        shape.fold(true, |fits, (octet, sign)| {
            fits && if *sign == b'd' { octet.is_ascii_digit() } else { octet == sign }
        })
    })
}

/// Where in a row that broke off another one begins.
pub(super) fn torn(line: &[u8], columns: &Columns) -> Option<usize> {
    (1..line.len()).find(|at| {
        let rest = line.get(*at..).unwrap_or_default();
        // What makes it a row stands at its beginning.
        let begins = rest.get(..512).unwrap_or(rest);
        is_dated(rest) && Row::of(begins, columns).is_some_and(|row| is_session_id(row.session))
    })
}

/// What of a row a line that is none may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remnant {
    /// Its beginning.
    Head,
    /// Its end: its event and what follows, with some columns before.
    Tail,
}

/// Whether a line is what is left of a row: what stands in its columns is what stands there in rows.
pub(super) fn remnant(line: &[u8]) -> Option<Remnant> {
    if is_dated(line) {
        let clock = line.get(11..)?;
        let end = clock.iter().position(|octet| !matches!(octet, b'0'..=b'9' | b':' | b'.' | b'Z'));
        let behind = end.and_then(|end| clock.get(end..)).unwrap_or_default();
        let Some((separator, rest)) = behind.split_first() else { return Some(Remnant::Head) };
        if !is_separator(*separator) || rest.first() == Some(&b' ') {
            return None;
        }
        let mut columns = rest.split(|octet| octet == separator);
        let (_, session, number) = (columns.next(), columns.next(), columns.next());
        // The column in which the row breaks off may be incomplete.
        let session = session.is_none_or(|id| is_session_id(id) || number.is_none());
        let number = number.is_none_or(|number| number.iter().all(u8::is_ascii_digit));
        return (session && number && width(line) < 9).then_some(Remnant::Head);
    }
    let at = memchr::memchr2_iter(b'<', b'>', line).find(|at| {
        let around = at.checked_sub(1).and_then(|before| line.get(before..before + 3));
        around.is_some_and(|around| matches!(around, [b',', _, b',']))
    })?;
    let port = memchr::memrchr(b':', line.get(..at)?)?;
    let digits = line.get(port + 1..at - 1)?;
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(Remnant::Tail)
}

const fn is_separator(octet: u8) -> bool {
    matches!(octet, b',' | b';' | b'\t')
}

fn is_event(text: &[u8]) -> bool {
    matches!(text, b"<" | b">" | b"*" | b"+" | b"-")
}

/// What stands before the event, the event, and the data with what follows.
type AtEvent<'l> = Option<(&'l [u8], &'l [u8], &'l [u8])>;

/// Finds the event of a row that holds a command or a reply: no column before it has such a bracket.
fn spoken(text: &[u8], separator: u8) -> AtEvent<'_> {
    let at = memchr::memchr2(b'<', b'>', text)?;
    let before = text.get(..at)?.strip_suffix(&[separator])?;
    let (event, after) = text.get(at..)?.split_at_checked(1)?;
    Some((before, event, after.strip_prefix(&[separator])?))
}

/// Finds the event of any row, behind three columns.
fn any_event(text: &[u8], separator: u8) -> AtEvent<'_> {
    let at = memchr::memchr_iter(separator, text).nth(2)?;
    let (event, after) = text.get(at + 1..)?.split_at_checked(1)?;
    // A row may be cut off behind its event.
    let rest = after.strip_prefix(&[separator]).or_else(|| after.is_empty().then_some(after))?;
    is_event(event).then_some((text.get(..at)?, event, rest))
}

/// The text up to a separator, and what follows it.
fn upto(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(separator, text)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// The first field of a row and what follows its separator. A quote that never closes takes the rest.
fn field(text: &[u8], separator: u8) -> (Field<'_>, &[u8]) {
    let Some((b'"', quoted)) = text.split_first() else {
        let end = memchr::memchr(separator, text).unwrap_or(text.len());
        let (inner, rest) = text.split_at(end);
        let field = Field { inner, quoted: false, broken: false };
        return (field, rest.get(1..).unwrap_or_default());
    };
    let mut at = 0;
    while let Some(step) = quoted.get(at..).and_then(|tail| memchr::memchr(b'"', tail)) {
        let quote = at + step;
        if quoted.get(quote + 1) != Some(&b'"') {
            let inner = quoted.get(..quote).unwrap_or_default();
            let rest = quoted.get(quote + 2..).unwrap_or_default();
            let broken = quoted.get(quote + 1).is_some_and(|next| *next != separator);
            return (Field { inner, quoted: true, broken }, rest);
        }
        at = quote + 2;
    }
    (Field { inner: quoted, quoted: true, broken: true }, b"")
}

/// Whether a text looks like the id of a session: 8 to 32 hexadecimal digits.
pub(super) fn is_session_id(text: &[u8]) -> bool {
    (8..=32).contains(&text.len()) && text.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_columns_of_a_row() {
        let cases: &[(&str, [&str; 6])] = &[
            (
                "2026-11-23T10:13:45.123Z,C,08DE2A6F00000001,0,a:25,b:1,<,EHLO x,",
                ["08DE2A6F00000001", "0", "a:25", "b:1", "EHLO x", ""],
            ),
            ("2026-11-23T10:13:45Z;C;1;12;;b:1;*;;x", ["1", "12", "", "b:1", "", "x"]),
            (
                "2026-11-23T10:13:45.123Z,\"C, D\",2,0,,,>,\"250 \"\"a\"\", b\",\"c,d\"",
                ["2", "0", "", "", "250 \"\"a\"\", b", "c,d"],
            ),
            ("2026-11-23T10:13:45.123Z,C,3,0,,,-", ["3", "0", "", "", "", ""]),
            (
                "2026-11-23T10:13:45.123Z,C,4,0,,,<,\"never closed",
                ["4", "0", "", "", "never closed", ""],
            ),
        ];
        for (line, expected) in cases {
            let row = Row::of(line.as_bytes(), &Columns::USUAL).expect(line);
            let [sequence, local, remote] = row.middle.columns();
            let found = [row.session, sequence, local, remote, row.data.inner, row.context.inner];
            assert_eq!(
                found.map(|column| std::str::from_utf8(column).unwrap()),
                *expected,
                "{line}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_row() {
        for line in [
            "",
            "2026-11-23T10:13:45.123Z",
            "2026-11-23T10:13:45.123Z,C,S,0,a,b,x,EHLO,",
            "2026-11-23T10:13:45.123Z,C,,0,a,b,<,EHLO,",
            "a,b,c,d,e,f,<,g,h",
        ] {
            assert!(Row::of(line.as_bytes(), &Columns::USUAL).is_none(), "{line}");
        }
    }
}

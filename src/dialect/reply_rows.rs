//! Replies of several lines, in the forms that recorders give them.
//!
//! A recorder may mark only the first line of a reply and let the others follow bare ([`Unfinished`]), or
//! put all lines into one row, with a separator between them or with none ([`joined`], [`glued`]).

/// A reply code: three digits, of which the first is 2 to 5.
pub(super) type Code = [u8; 3];

/// The code that a line begins with, where it stands alone or a space or a hyphen follows.
pub(super) fn code(line: &[u8]) -> Option<Code> {
    let (&code, rest) = line.split_first_chunk()?;
    let [b'2'..=b'5', tens, ones] = code else { return None };
    let plain = tens.is_ascii_digit() && ones.is_ascii_digit();
    (plain && matches!(rest.first(), None | Some(b' ' | b'-'))).then_some(code)
}

/// Whether a further line of the same reply is announced: `250-…`.
pub(super) fn goes_on(line: &[u8]) -> bool {
    code(line).is_some() && line.get(3) == Some(&b'-')
}

/// Whether a line begins with four letters and then ends or goes on with a space or a colon, as commands
/// do. Knows no verbs.
pub(super) fn begins_with_verb(line: &[u8]) -> bool {
    let letters = line.iter().take_while(|octet| octet.is_ascii_alphabetic() || **octet == b'-');
    let letters = letters.count();
    (4..=16).contains(&letters) && matches!(line.get(letters), None | Some(b' ' | b':'))
}

/// The reply whose further lines come without a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Unfinished {
    code: Option<Code>,
}

impl Unfinished {
    /// No reply is under way.
    pub(super) const NONE: Self = Self { code: None };

    /// A marked line was said; it may announce further ones.
    pub(super) fn said(&mut self, line: &[u8]) {
        self.code = code(line).filter(|_| goes_on(line));
    }

    /// A remark quotes a reply, behind a space or a quotation mark; the quotation may go on in the lines behind it.
    pub(super) fn quoted(&mut self, remark: &[u8]) {
        self.code = remark.windows(5).find_map(|found| {
            let (before, rest) = found.split_first()?;
            let quoted = matches!(before, b' ' | b'"') && goes_on(rest);
            code(rest).filter(|_| quoted)
        });
    }

    /// Whether this bare line is a further line of the reply.
    pub(super) fn takes(&mut self, line: &[u8]) -> bool {
        let mine = self.code.is_some() && code(line) == self.code;
        if mine && !goes_on(line) {
            self.code = None;
        }
        mine
    }
}

/// The lines of a reply that stand in one row with nothing between them:
/// `250-mx.example Hello250-SIZE 10485760250 HELP`.
///
/// Only a row that begins with `NNN-` is taken apart: at each further `NNN-` with its own code, and
/// behind the last of those at the first `NNN ` that no space precedes; where there is none, at the first that
/// one does, since pages put a space where a line ended.
pub(super) const fn glued(row: &[u8]) -> Glued<'_> {
    Glued { rest: Some(row) }
}

/// See [`glued`].
#[derive(Debug, Clone)]
pub(super) struct Glued<'l> {
    rest: Option<&'l [u8]>,
}

impl<'l> Iterator for Glued<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        let row = self.rest.take()?;
        let Some(code) = code(row).filter(|_| goes_on(row)) else { return Some(row) };
        let further = || {
            memchr::memmem::find_iter(row, &code)
                .filter(|at| *at >= 4)
                .filter_map(|at| Some((at, *row.get(at + 3)?)))
        };
        let last = |parted: bool| {
            let blank = move |at: usize| row.get(at - 1) == Some(&b' ');
            further().find(move |(at, mark)| *mark == b' ' && blank(*at) == parted)
        };
        let next = further().find(|(_, mark)| *mark == b'-');
        let next = next.or_else(|| last(false)).or_else(|| last(true));
        match next.and_then(|(at, _)| row.split_at_checked(at)) {
            Some((line, rest)) => {
                self.rest = Some(rest);
                Some(line)
            }
            None => Some(row),
        }
    }
}

/// The lines of a reply that stand in one row with `separator` between them, codes kept:
/// `250-mx.example, 250-SIZE 10485760, 250 HELP`.
pub(super) const fn joined<'l>(row: &'l [u8], separator: &'static [u8]) -> Joined<'l> {
    Joined { rest: Some(row), separator }
}

/// See [`joined`].
#[derive(Debug, Clone)]
pub(super) struct Joined<'l> {
    rest: Option<&'l [u8]>,
    separator: &'static [u8],
}

impl<'l> Iterator for Joined<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        let row = self.rest.take()?;
        let Some(own) = code(row).filter(|_| goes_on(row)) else { return Some(row) };
        let next = memchr::memmem::find_iter(row, self.separator).find_map(|at| {
            let rest = row.get(at + self.separator.len()..)?;
            (code(rest) == Some(own)).then_some((at, rest))
        });
        match next {
            Some((at, rest)) => {
                self.rest = Some(rest);
                row.get(..at)
            }
            None => Some(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_numbers() {
        for (line, want) in [
            (&b"250 ok"[..], Some(*b"250")),
            (b"250-ok", Some(*b"250")),
            (b"250", Some(*b"250")),
            (b"2500 octets", None),
            (b"250ok", None),
            (b"120 s", None),
            (b"650 no", None),
            (b"25", None),
        ] {
            assert_eq!(code(line), want, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn verbs_have_four_letters() {
        for (line, want) in [
            (&b"QUIT"[..], true),
            (b"MAIL FROM:<a@b.example>", true),
            (b"X-EXPS GSSAPI", true),
            (b"EHLO", true),
            (b".", false),
            (b"to me", false),
            (b"250 ok", false),
            (b"see/that", false),
        ] {
            assert_eq!(begins_with_verb(line), want, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn further_lines_have_the_same_code() {
        let mut reply = Unfinished::default();
        reply.said(b"250-mx.example");
        assert!(!reply.takes(b"550 no"));
        assert!(reply.takes(b"250-SIZE"));
        assert!(reply.takes(b"250 HELP"));
        assert!(!reply.takes(b"250 ok"));
        reply.said(b"250 ok");
        assert!(!reply.takes(b"250 ok"));
    }

    #[test]
    fn glued_rows_come_apart() {
        let lines = |row| glued(row).collect::<Vec<_>>();
        assert_eq!(
            lines(b"250-mx.example Hello250-SIZE 10485760250-8BITMIME250 HELP"),
            [&b"250-mx.example Hello"[..], b"250-SIZE 10485760", b"250-8BITMIME", b"250 HELP"]
        );
        assert_eq!(
            lines(b"550-5.1.1 see RFC.550 5.1.1 550 it is"),
            [&b"550-5.1.1 see RFC."[..], b"550 5.1.1 550 it is"]
        );
        assert_eq!(
            lines(b"250-mx.example Hello 250-SIZE 10485760 250 HELP"),
            [&b"250-mx.example Hello "[..], b"250-SIZE 10485760 ", b"250 HELP"]
        );
        assert_eq!(lines(b"250 took 250-odd octets"), [&b"250 took 250-odd octets"[..]]);
        assert_eq!(lines(b"250-mx.example"), [&b"250-mx.example"[..]]);
    }

    #[test]
    fn joined_rows_come_apart() {
        assert_eq!(
            joined(b"250-mx.example, at your service, 250-SIZE 250, 250 HELP, sir", b", ")
                .collect::<Vec<_>>(),
            [&b"250-mx.example, at your service"[..], b"250-SIZE 250", b"250 HELP, sir"]
        );
    }
}

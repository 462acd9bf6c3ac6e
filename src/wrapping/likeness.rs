//! What a line looks like at its very beginning: a reply, a command, or neither.
//!
//! A learnt wrapper (quoting, indentation, line numbers, a logger's prefix) is only taken off where
//! the lines without it look like SMTP; this is the test. It errs towards `None`.

use crate::grammar::shape::{Opening, opening};

/// What a line begins like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// A reply code and what may follow one.
    Reply,
    /// A verb and what may follow it.
    Command,
}

/// What the line begins like, without any mark before it.
pub(super) fn bare(line: &[u8]) -> Option<Beginning> {
    if let [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', rest @ ..] = line {
        let follows = match rest.first() {
            None | Some(b' ' | b'-' | b'\t' | b'\r') => true,
            // An en dash or a no-break space that a word processor put there.
            Some(_) => ["\u{a0}", "\u{2013}", "\u{2014}", "\u{2011}"]
                .iter()
                .any(|sign| rest.starts_with(sign.as_bytes())),
        };
        return follows.then_some(Beginning::Reply);
    }
    match opening(line)? {
        Opening::Alone(rest) if !rest.trim_ascii().is_empty() => None,
        Opening::Alone(_) | Opening::Path(_) | Opening::Argument => Some(Beginning::Command),
    }
}

/// What the line begins like behind a mark that tools and people put there, such as `-> ` or `S: `.
pub(super) fn marked(line: &[u8]) -> Option<Beginning> {
    if let Some(found) = bare(line) {
        return Some(found);
    }
    let arrows = line
        .iter()
        .take(8)
        .take_while(|octet| matches!(octet, b'<' | b'>' | b'-' | b'=' | b'~' | b'*' | b' '))
        .count();
    if arrows > 0 {
        return bare(line.get(arrows..)?);
    }
    let colon = line.iter().take(8).position(|octet| *octet == b':')?;
    let (word, rest) = line.split_at_checked(colon)?;
    ["C", "S", "R", "Client", "Server"]
        .iter()
        .any(|mark| word.eq_ignore_ascii_case(mark.as_bytes()))
        .then(|| bare(rest.get(1..)?.trim_ascii_start()))
        .flatten()
}

/// How many of the lines look like replies, and how many like commands.
pub(super) fn count<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    likeness: fn(&[u8]) -> Option<Beginning>,
) -> (usize, usize) {
    lines.fold((0, 0), |(replies, commands), line| match likeness(line) {
        Some(Beginning::Reply) => (replies + 1, commands),
        Some(Beginning::Command) => (replies, commands + 1),
        None => (replies, commands),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        for (line, want) in [
            ("220 mx ESMTP", Some(Beginning::Reply)),
            ("250", Some(Beginning::Reply)),
            ("250\u{2013}SIZE", Some(Beginning::Reply)),
            ("2014 was a year", None),
            ("2500 bytes", None),
            ("ehlo x", Some(Beginning::Command)),
            ("MAIL FROM:<a@b>", Some(Beginning::Command)),
            ("mail from someone", Some(Beginning::Command)),
            ("Mail to someone", None),
            ("Data loss", None),
            ("DATA", Some(Beginning::Command)),
            ("STARTTLS", Some(Beginning::Command)),
            ("auth plain", Some(Beginning::Command)),
            ("Auth failed", None),
            ("Time", None),
            ("", None),
        ] {
            assert_eq!(bare(line.as_bytes()), want, "{line}");
        }
        assert_eq!(marked(b"  -> EHLO x"), Some(Beginning::Command));
        assert_eq!(marked(b"S: 220 mx"), Some(Beginning::Reply));
        assert_eq!(marked(b"SMTP<< 220 mx"), None);
        assert_eq!(marked(b"Response: 220 mx"), None);
    }
}

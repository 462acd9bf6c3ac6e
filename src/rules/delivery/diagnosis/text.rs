//! The text of a refusal as the table's phrases want it, and where its words end.

/// The whole text of a reply in lower case: its lines joined by a blank, each without the enhanced code that
/// it begins with, runs of blanks as one, typographic apostrophes as plain ones, mail addresses as `@`.
///
/// Addresses are taken out lest a mailbox called `spam` or `virus` decide what was wrong with it; so is a
/// bare name in angle brackets.
pub(super) fn normalised<'t>(lines: impl Iterator<Item = &'t [u8]>) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for line in lines {
        push(&mut out, b' ');
        let mut rest = line;
        while let Some((&octet, after)) = rest.split_first() {
            rest = after;
            let named = if octet == b'<' { after_name(rest) } else { None };
            if let Some(after) = named {
                push(&mut out, b' ');
                out.extend_from_slice(b"@ ");
                rest = after;
                continue;
            }
            match octet {
                b'@' => {
                    let kept = out.iter().rposition(|octet| ends_address(*octet));
                    out.truncate(kept.map_or(0, |last| last + 1));
                    let end = rest.iter().position(|octet| ends_address(*octet));
                    rest = rest.get(end.unwrap_or(rest.len())..).unwrap_or_default();
                    out.push(b'@');
                }
                // U+2019, the apostrophe of word processors.
                0xE2 if matches!(rest, [0x80, 0x99, ..]) => {
                    rest = rest.get(2..).unwrap_or_default();
                    out.push(b'\'');
                }
                b'<' | b'>' if !out.ends_with(b"bare <lf") && !begins_with_lf(rest) => {
                    push(&mut out, b' ');
                }
                octet if octet.is_ascii_whitespace() => push(&mut out, b' '),
                octet => out.push(octet.to_ascii_lowercase()),
            }
        }
    }
    out
}

/// `bare <LF>` is the one phrase with angle brackets of its own.
fn begins_with_lf(rest: &[u8]) -> bool {
    rest.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(b"lf>"))
}

/// What stands behind `name>`: a mailbox without its domain, and no line ending such as `<CRLF>`.
fn after_name(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().take(65).position(|octet| !is_of_name(*octet))?;
    let (name, after) = rest.split_at_checked(end)?;
    let ending = [&b"lf"[..], b"cr", b"crlf"].iter().any(|word| name.eq_ignore_ascii_case(word));
    let after = after.strip_prefix(b">")?;
    (!name.is_empty() && !ending && !name.contains(&b'.')).then_some(after)
}

const fn is_of_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_' | b'+')
}

/// Adds a blank unless one is there, or nothing yet.
fn push(out: &mut Vec<u8>, blank: u8) {
    if out.last().is_some_and(|last| *last != blank) {
        out.push(blank);
    }
}

const fn ends_address(octet: u8) -> bool {
    matches!(
        octet,
        b' ' | b'\t'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'"'
            | b'\''
            | b'`'
            | b','
            | b';'
            | b':'
            | b'='
    )
}

/// Whether no word goes across this place: `recipient's` is one.
pub(super) fn is_edge(text: &[u8], at: usize) -> bool {
    let word = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let of = || text.get(at..).is_some_and(|rest| rest.starts_with(b"'s") && !word(at + 2));
    at == 0 || !(word(at - 1) && (word(at) || of()))
}

/// Whether the word before says that it is not so: `not listed in the directory`.
pub(super) fn is_denied(text: &[u8], start: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.strip_suffix(b" "));
    before.is_some_and(|before| {
        before.ends_with(b"n't")
            || before.strip_suffix(b"not").is_some_and(|head| is_edge(text, head.len()))
    })
}

/// Where the text goes on behind ` word `.
pub(super) fn behind_word(rest: &[u8]) -> Option<usize> {
    let word = rest.strip_prefix(b" ")?;
    let length = memchr::memchr(b' ', word).filter(|length| *length > 0)?;
    Some(length + 2)
}

/// Whether a word is a part of the name of a host or of the address of a page.
pub(super) fn is_in_name(text: &[u8], start: usize, end: usize) -> bool {
    let alphanumeric = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let dot = |at: usize| text.get(at) == Some(&b'.');
    let before = start > 1 && dot(start - 1) && alphanumeric(start - 2);
    if before || (dot(end) && alphanumeric(end + 1)) {
        return true;
    }
    let head = text.get(..start).unwrap_or_default();
    let token = memchr::memrchr(b' ', head).map_or(0, |blank| blank + 1);
    head.get(token..).is_some_and(|token| memchr::memmem::find(token, b"//").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_as_phrases_want_them() {
        for (lines, expected) in [
            (&["User  Unknown"][..], "user unknown"),
            (&["The account", "does not exist"], "the account does not exist"),
            (&["<virus@example.com>: User unknown"], "@ : user unknown"),
            (&["virus@example.com... User unknown"], "@ user unknown"),
            (&["doesn’t exist"], "doesn't exist"),
            (
                &["see http://example.com/?p=NoSuchUser x-y.1 - gsmtp"],
                "see http://example.com/?p=nosuchuser x-y.1 - gsmtp",
            ),
            (&["bare <LF> received"], "bare <lf> received"),
            (&["User <nosuch> unknown"], "user @ unknown"),
            (&["end with <CRLF>.<CRLF>"], "end with crlf . crlf "),
            (&["", "a"], "a"),
        ] {
            let found = normalised(lines.iter().map(|line| line.as_bytes()));
            assert_eq!(String::from_utf8_lossy(&found), expected);
        }
    }
}

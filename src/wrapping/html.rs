//! A page's source: entities, line breaks, tags around lines.
//!
//! `<a@b.example>` and `<address>` are no tags; only names that pages and manuals use are taken off,
//! and only in sources that are pages.

use super::{
    likeness,
    proof::{self, Knows},
};

/// Tags that end a line.
const BREAKS: &[&[u8]] = &[b"br", b"/p", b"/div", b"/tr", b"/li", b"/dd", b"/dt", b"hr"];
/// Tags that are taken off.
const TAGS: &[&[u8]] = &[
    b"p",
    b"pre",
    b"br",
    b"hr",
    b"div",
    b"span",
    b"font",
    b"b",
    b"i",
    b"u",
    b"em",
    b"strong",
    b"code",
    b"tt",
    b"kbd",
    b"samp",
    b"a",
    b"td",
    b"tr",
    b"th",
    b"table",
    b"tbody",
    b"ul",
    b"ol",
    b"li",
    b"dl",
    b"dt",
    b"dd",
    b"blockquote",
    b"html",
    b"body",
    b"head",
    b"title",
    b"meta",
    b"link",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"small",
    b"mark",
    b"section",
    b"article",
    b"userinput",
    b"computeroutput",
    b"screen",
    b"programlisting",
    b"literallayout",
    b"prompt",
    b"emphasis",
    b"para",
    b"var",
    b"sub",
    b"sup",
];
/// Named entities.
const ENTITIES: &[(&[u8], &str)] = &[
    (b"lt", "<"),
    (b"gt", ">"),
    (b"amp", "&"),
    (b"quot", "\""),
    (b"apos", "'"),
    (b"nbsp", " "),
    (b"rarr", "\u{2192}"),
    (b"larr", "\u{2190}"),
    (b"ndash", "\u{2013}"),
    (b"mdash", "\u{2014}"),
    (b"lsquo", "\u{2018}"),
    (b"rsquo", "\u{2019}"),
    (b"ldquo", "\u{201c}"),
    (b"rdquo", "\u{201d}"),
    (b"hellip", "\u{2026}"),
    (b"shy", ""),
];

/// Whether the lines are a page's source, or text in which signs were written as entities.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> bool {
    let mut tags = 0_usize;
    let mut addresses = false;
    let mut escaped_addresses = false;
    for line in lines {
        for at in memchr::memchr2_iter(b'<', b'&', line) {
            let (before, rest) = line.split_at_checked(at).unwrap_or_default();
            if rest.starts_with(b"&") {
                let before = before.trim_ascii_end();
                let path = before.len().checked_sub(5).and_then(|from| before.get(from..));
                let path = path.unwrap_or(before).to_ascii_uppercase();
                let escaped = rest.starts_with(b"&lt;") || rest.starts_with(b"&amp;lt;");
                if escaped && (path.ends_with(b"FROM:") || path.ends_with(b"TO:")) {
                    return true;
                }
                escaped_addresses |= escaped && is_address(rest);
            } else if tag(rest).is_some() {
                tags += 1;
            } else if !addresses {
                let inner = rest.get(1..).unwrap_or_default();
                let end = memchr::memchr3(b'<', b'>', b' ', inner);
                addresses = end
                    .and_then(|end| inner.split_at_checked(end))
                    .is_some_and(|(inner, rest)| rest.starts_with(b">") && inner.contains(&b'@'));
            }
        }
    }
    (tags > 0 || escaped_addresses) && !addresses
        || broken_dialogue(lines)
        || proof::holds(escaped(lines), knows)
}

/// `&lt;a@b.example&gt;`
fn is_address(text: &[u8]) -> bool {
    let inside = text.iter().skip(1).take(256).position(|octet| matches!(octet, b'&' | b' '));
    let inside = inside.and_then(|end| text.split_at_checked(end + 1));
    inside.is_some_and(|(inside, rest)| inside.contains(&b'@') && rest.starts_with(b"&gt;"))
}

/// The lines in which entities stand, each as it is and as it would read without them.
fn escaped<'l>(lines: &'l [&'l [u8]]) -> impl Iterator<Item = (&'l [u8], Vec<u8>)> {
    lines.iter().filter_map(|line| {
        let at = memchr::memchr(b'&', line)?;
        line.get(at..)?.contains(&b';').then_some(())?;
        let mut plain = Vec::with_capacity(line.len());
        let mut rest = *line;
        while let Some((first, behind)) = rest.split_first() {
            let length = if *first == b'&' { entity(rest, &mut plain) } else { None };
            if length.is_none() {
                plain.push(*first);
            }
            rest = length.map_or(behind, |length| rest.get(length..).unwrap_or_default());
        }
        Some((*line, plain))
    })
}

/// Whether lines of a dialogue end with the tag of a line break.
fn broken_dialogue(lines: &[&[u8]]) -> bool {
    let broken = |line: &&&[u8]| {
        let end = line.trim_ascii_end();
        memchr::memrchr(b'<', end).is_some_and(|at| {
            let breaks = end.get(at..).and_then(tag).is_some_and(|(_, breaks)| breaks);
            breaks
                && end.get(..at).is_some_and(|text| likeness::marked(text.trim_ascii()).is_some())
        })
    };
    lines.iter().filter(|line| line.ends_with(b">") || line.ends_with(b"> ")).filter(broken).count()
        >= 3
}

/// The length of the tag at the beginning, and whether it ends a line. Another `<` ends the search for its `>`, so that
/// no octet of a line is looked at for two tags.
fn tag(text: &[u8]) -> Option<(usize, bool)> {
    let rest = text.strip_prefix(b"<")?;
    let slash = usize::from(rest.first() == Some(&b'/'));
    let name =
        rest.iter().skip(slash).take(16).take_while(|octet| octet.is_ascii_alphanumeric()).count();
    // Attributes follow a blank: `<b@example.org>` is an address.
    let after = rest.get(slash + name..)?;
    if name == 0 || !matches!(after.first(), Some(b'>' | b' ' | b'/' | b'\t')) {
        return None;
    }
    let mut lower = [0_u8; 17];
    for (slot, octet) in lower.iter_mut().zip(rest) {
        *slot = octet.to_ascii_lowercase();
    }
    let whole = lower.get(..(slash + name).min(17))?;
    let bare = whole.get(slash..)?;
    if !TAGS.contains(&bare) {
        return None;
    }
    let end = memchr::memchr2(b'<', b'>', after)?;
    after.get(end).filter(|octet| **octet == b'>')?;
    Some((1 + slash + name + end + 1, BREAKS.contains(&whole)))
}

/// The length of the entity at the beginning and what it stands for.
fn entity(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let end = text.iter().take(10).position(|octet| *octet == b';')?;
    let name = text.get(1..end)?;
    if let Some(number) = name.strip_prefix(b"#") {
        let number = std::str::from_utf8(number).ok()?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let sign = if code == 0xa0 { ' ' } else { char::from_u32(code)? };
        out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let (_, sign) = ENTITIES.iter().find(|(known, _)| *known == name)?;
        out.extend_from_slice(sign.as_bytes());
    }
    Some(end + 1)
}

/// One line of text out of a line of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Octets of tags before the text.
    pub(super) skipped: usize,
    /// Octets that the text was made from.
    pub(super) octets: usize,
    /// Where the next piece begins.
    pub(super) end: usize,
    /// It is a blank line: a line break, and nothing before it.
    pub(super) blank: bool,
}

/// Where the first line of a line of a page ends: behind the tag that ends it.
pub(super) fn cut(line: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', line).find_map(|at| {
        let (length, breaks) = tag(line.get(at..)?)?;
        breaks.then_some(at + length)
    })
}

/// Appends the text up to the next line break and says where it stood.
pub(super) fn piece(line: &[u8], out: &mut Vec<u8>) -> Piece {
    let mut piece = Piece { skipped: 0, octets: 0, end: line.len(), blank: false };
    let start = out.len();
    let mut at = 0;
    // The octets up to the last one that gave text: tags behind it are not the text's.
    let mut last = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((length, breaks)) = tag(rest) {
            let is_break = rest.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case(b"<br"));
            piece.blank = is_break && at == 0;
            at += length;
            // The cells of a row are parted by more than their tags.
            let cell = rest.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case(b"<td"));
            if cell && out.get(start..).and_then(<[u8]>::last).is_some_and(|last| *last != b' ') {
                out.push(b' ');
            }
            if breaks {
                piece.end = at;
                break;
            }
            continue;
        }
        if out.len() == start {
            piece.skipped = at;
        }
        let taken = if rest.first() == Some(&b'&') { entity(rest, out) } else { None };
        if let Some(length) = taken {
            at += length;
            // `&amp;lt;`: escaped twice on its way.
            if out.last() == Some(&b'&') && line.get(at..).is_some_and(twice) {
                out.pop();
                let mut again = vec![b'&'];
                let tail = line.get(at..).unwrap_or_default();
                again.extend_from_slice(tail.get(..tail.len().min(10)).unwrap_or_default());
                at += entity(&again, out).map_or(0, |length| length - 1);
            }
        } else {
            out.extend(rest.first());
            at += 1;
        }
        last = at;
    }
    piece.octets = last.saturating_sub(piece.skipped);
    piece
}

fn twice(tail: &[u8]) -> bool {
    [&b"lt;"[..], b"gt;", b"amp;", b"quot;", b"nbsp;", b"#39;"]
        .iter()
        .any(|name| tail.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn pages_are_known() {
        for (lines, want) in [
            (&["<pre>220 mx<br>", "MAIL FROM:&lt;a@b&gt;<br>"][..], true),
            (&["<p>220 mx</p>", "QUIT"], true),
            (&["MAIL FROM:<a@b>", "<b>no</b>"], false),
            (&["501 Syntax: MAIL FROM:<address>", "QUIT"], false),
            (&["550 5.1.1 &lt;a@b.example&gt;... User unknown"], true),
            (&["550 5.1.1 &lt;a@b.example&gt;... User unknown", "RCPT TO:<a@b.example>"], false),
            (&["550 AT&amp;T says no to a@b.example"], false),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(learn(&lines, |_| Places::NONE), want, "{lines:?}");
        }
    }

    #[test]
    fn entities_are_known_by_what_they_hide() {
        let arrows: Knows = |line| line.starts_with(b"-> ").into();
        let hidden: &[&[u8]] = &[b"-&gt; QUIT", b"he said &quot;QUIT&quot;"];
        assert!(learn(hidden, arrows));
        assert!(!learn(hidden, |_| Places::NONE));
        assert!(!learn(&[b"-> QUIT", b"&lt;- 221 & so on;"], arrows));
    }

    #[test]
    fn pieces_are_lines() {
        for (line, want) in [
            ("<pre>220 mx<br>", &["220 mx"][..]),
            ("MAIL FROM:&lt;a@b&gt;<br/>250 ok", &["MAIL FROM:<a@b>", "250 ok"]),
            ("<b>EHLO x</b>", &["EHLO x"]),
            ("RCPT TO:&amp;lt;a@b&amp;gt;", &["RCPT TO:<a@b>"]),
            ("RCPT TO:<b@example.org> &unknown; &#39;", &["RCPT TO:<b@example.org> &unknown; '"]),
        ] {
            let mut found = Vec::new();
            let mut rest = line.as_bytes();
            while !rest.is_empty() {
                let mut out = Vec::new();
                let piece = piece(rest, &mut out);
                assert!(piece.skipped + piece.octets <= piece.end, "{line}");
                found.push(String::from_utf8(out).unwrap());
                rest = &rest[piece.end..];
            }
            assert_eq!(found, want, "{line}");
        }
        let blank = |line: &str| piece(line.as_bytes(), &mut Vec::new()).blank;
        assert!(blank("<br />") && blank("<BR>QUIT"));
        assert!(!blank("</p>") && !blank("QUIT<br>") && !blank(""));
    }
}

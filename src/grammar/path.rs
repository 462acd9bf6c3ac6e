//! The argument of MAIL and RCPT: keyword, colon, path, parameters, with every way to mistype them.

use nom::{
    Parser,
    branch::alt,
    bytes::complete::{tag, take_while1},
};

use super::{
    bracket::{Bracket, BracketKind, closing, opening},
    mailbox::{self, Mailbox},
    param::{self, Param},
    terminals::{Parsed, begins_with, blanks, cut, find, find_unquoted, is_atext, unquoted_words},
};

/// The argument of MAIL, RCPT, SEND, SOML and SAML, in the order in which it was typed.
///
/// `keyword`, `space_before_colon`, `colon`, `space_after_colon`, `display_name`, `path.raw` and `tail`
/// put together are the argument again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathArgument<'t> {
    /// `FROM` or `TO` as typed, or the word in its place before a colon; empty where there is none.
    pub keyword: &'t [u8],
    /// Blanks between the keyword and the colon, or the path where there is no colon.
    pub space_before_colon: &'t [u8],
    /// The colon, or what stands for it: `::`, `;`, `=`, a full-width colon. `None` where it is missing.
    pub colon: Option<&'t [u8]>,
    /// Blanks between the colon and the path.
    pub space_after_colon: &'t [u8],
    /// What stands before the bracket, with its blanks: `John ` of `John <a@b>`. Mostly empty.
    pub display_name: &'t [u8],
    /// The path itself.
    pub path: Path<'t>,
    /// All that follows the path, blanks included.
    pub tail: &'t [u8],
    /// The parameters in the tail.
    pub params: Vec<Param<'t>>,
    /// The pieces of the tail that are no parameters.
    pub junk: Vec<&'t [u8]>,
}

/// A path: what stands in the brackets of MAIL and RCPT, or would if there were any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<'t> {
    /// All of it, brackets included.
    pub raw: &'t [u8],
    /// The bracket before it.
    pub opening: Option<Bracket<'t>>,
    /// What stands between the brackets, blanks included.
    pub content: &'t [u8],
    /// The bracket behind it.
    pub closing: Option<Bracket<'t>>,
    /// The hosts of a source route, without their `@`; mostly empty.
    pub route: Vec<&'t [u8]>,
    /// The mailbox; `None` where the path is empty.
    pub mailbox: Option<Mailbox<'t>>,
}

impl Path<'_> {
    /// Whether it is the null reverse-path `<>`; `< >` counts, an argument without any path does not.
    pub fn is_null(&self) -> bool {
        self.opening.is_some() && self.closing.is_some() && blanks(self.content).1.is_empty()
    }

    /// Whether nothing at all stands in its place.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether it stands in one pair of `<` and `>`.
    pub fn is_bracketed(&self) -> bool {
        let angle = |bracket: Option<Bracket<'_>>| {
            bracket.is_some_and(|bracket| bracket.kind == BracketKind::Angle)
        };
        angle(self.opening) && angle(self.closing)
    }
}

/// What mail programs put behind an address that they take for a link: `a@b<mailto:a@b>`.
const LINK: &[u8] = b"<mailto:";

/// `"FROM:" Reverse-path [SP Mail-parameters]`, `"TO:" Forward-path [SP Rcpt-parameters]`
/// (RFC 5321 §4.1.1.2 and §4.1.1.3).
///
/// More lenient: every part may be missing, the colon may stand apart or be another character, a
/// display name may precede the path, and anything may follow it.
pub fn path_argument(argument: &[u8]) -> PathArgument<'_> {
    let (after_keyword, keyword) = path_keyword(argument).unwrap_or((argument, cut(argument, 0).0));
    let (space, after_space) = blanks(after_keyword);
    let marked = if keyword.is_empty() { None } else { colon(after_space).ok() };
    let (after_colon, colon) = match marked {
        Some((rest, colon)) => (rest, Some(colon)),
        None => (after_space, None),
    };
    // Without a colon there is one space only, and it stands before where the colon should be.
    let (space_after_colon, text) = blanks(after_colon);
    let (display_name, text) = cut(text, display_name_len(text));
    let (path, tail) = path(text);
    let param::Params { params, junk } = param::parameters(tail);
    PathArgument {
        keyword,
        space_before_colon: space,
        colon,
        space_after_colon,
        display_name,
        path,
        tail,
        params,
        junk,
    }
}

/// `FROM` or `TO`, in any case; any other word if a colon follows it (`MAIL FORM:<a@b>`).
fn path_keyword(i: &[u8]) -> Parsed<'_> {
    let (rest, word) = take_while1(|octet: u8| octet.is_ascii_alphabetic()).parse(i)?;
    let known = word.eq_ignore_ascii_case(b"FROM") || word.eq_ignore_ascii_case(b"TO");
    let ends = match rest.first() {
        None | Some(b':' | b'=') => true,
        // `to.fu@example.com` and `to@example.com` are addresses.
        Some(&octet) => {
            octet != b'.' && octet != b'@' && !is_atext(octet) || opening(rest).is_some()
        }
    };
    let marked = begins_with(blanks(rest).1, b":");
    if known && ends || marked { Ok((rest, word)) } else { Err(nom::Err::Error(())) }
}

/// The colon of `"MAIL FROM:"` (RFC 5321 §4.1.1.2). More lenient: several, or what is next to it.
fn colon(i: &[u8]) -> Parsed<'_> {
    alt((take_while1(|octet| octet == b':'), tag(";"), tag("="), tag("："), tag("﹕"), tag("∶")))
        .parse(i)
}

/// How many octets of `John <a@b>` stand before the bracket.
///
/// No RFC has a display name here; people type what a mail program shows.
fn display_name_len(text: &[u8]) -> usize {
    let angle =
        |rest: &[u8]| opening(rest).is_some_and(|bracket| bracket.kind != BracketKind::Quote);
    let Some(at) = find_unquoted(text, angle) else { return 0 };
    let (before, from) = cut(text, at);
    let value =
        before.rsplit(|&octet| octet == b' ').next().is_some_and(|word| word.contains(&b'='));
    let content = enclosed(from).map_or(from, |(_, content, _)| content);
    let second_thought =
        before.contains(&b'@') && !content.contains(&b'@') || begins_with(from, LINK);
    if value || second_thought { 0 } else { at }
}

/// `Path = "<" [ A-d-l ":" ] Mailbox ">"`, or `"<>"` (RFC 5321 §4.1.2), and what follows it.
///
/// More lenient: other brackets, one bracket, none, and blanks inside. Without brackets the path ends
/// at the first blank behind its `@`.
fn path(text: &[u8]) -> (Path<'_>, &[u8]) {
    if let Some((before, content, after)) = enclosed(text) {
        let length = before.raw.len() + content.len() + after.raw.len();
        let (raw, tail) = cut(text, length);
        return (path_of(raw, Some(before), content, Some(after)), tail);
    }
    let before = opening(text);
    let inner = cut(text, before.map_or(0, |bracket| bracket.raw.len())).1;
    let content = cut(inner, bare_len(inner)).0;
    // `a@b<mailto:a@b>`: the link is no part of the path.
    let linked = find_unquoted(content, |rest| begins_with(rest, LINK));
    let content = cut(content, linked.unwrap_or(content.len())).0;
    // `a@b>`: closed, though never opened.
    let (content, after) = match find_unquoted(content, |rest| closing(rest).is_some()) {
        Some(at) => (cut(content, at).0, closing(cut(content, at).1)),
        None => (content, None),
    };
    let length = text.len() - inner.len() + content.len() + after.map_or(0, |it| it.raw.len());
    let (raw, tail) = cut(text, length);
    (path_of(raw, before, content, after), tail)
}

/// What stands between a bracket at the beginning of `text` and the next closing one.
fn enclosed(text: &[u8]) -> Option<(Bracket<'_>, &[u8], Bracket<'_>)> {
    let before = opening(text)?;
    let inner = cut(text, before.raw.len()).1;
    let closes = |rest: &[u8]| closing(rest).is_some();
    // `<"a@b>`: a quote that was never closed hides nothing; `find_unquoted` sees to that.
    let at = find_unquoted(inner, closes).or_else(|| find(inner, closes))?;
    let (content, from) = cut(inner, at);
    // `<a@b AUTH=<>`: the bracket belongs to a parameter.
    if content.windows(2).any(|pair| pair == b"=<") {
        return None;
    }
    Some((before, content, closing(from)?))
}

/// Where a path without a closing bracket ends.
fn bare_len(text: &[u8]) -> usize {
    let is_param = |word: &[u8]| word.contains(&b'=') && !word.contains(&b'@');
    let mut first = 0;
    let mut split = None;
    for (count, (start, end)) in unquoted_words(text).enumerate() {
        let word = text.get(start..end).unwrap_or_default();
        if count == 0 {
            if is_param(word) && param::esmtp_param(word).is_some() {
                return 0; // `MAIL FROM: SIZE=100`
            }
            first = end;
        } else if is_param(word) {
            break;
        }
        // `a b@c`, `ed @ example.com`: up to the word with the `@`, or the one after it.
        if split.is_some() || word.contains(&b'@') && !word.ends_with(b"@") {
            return end;
        }
        split = word.ends_with(b"@").then_some(end);
    }
    split.unwrap_or(first)
}

fn path_of<'t>(
    raw: &'t [u8],
    opening: Option<Bracket<'t>>,
    content: &'t [u8],
    closing: Option<Bracket<'t>>,
) -> Path<'t> {
    let linked = find(content, |rest| rest.first() == Some(&b'<') && begins_with(rest, LINK));
    let text = cut(content, linked.unwrap_or(content.len())).0;
    let text = blanks(text).1;
    let end = text.trim_ascii_end().len();
    let (route, text) = a_d_l(cut(text, end).0);
    let mailbox = (!text.is_empty() || !route.is_empty()).then(|| mailbox::mailbox(text));
    Path { raw, opening, content, closing, route, mailbox }
}

/// `[ A-d-l ":" ]`, `A-d-l = At-domain *( "," At-domain )`, `At-domain = "@" Domain` (RFC 5321 §4.1.2):
/// the hosts, and what follows the colon.
///
/// More lenient: any octets are a host, and the `@` of every host but the first may be missing.
fn a_d_l(text: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    if text.first() != Some(&b'@') {
        return (Vec::new(), text);
    }
    let Some(at) = outside_literal(text, b':') else { return (Vec::new(), text) };
    let (hosts, after) = cut(text, at);
    let route = hosts.split(|&octet| octet == b',').map(|host| {
        let host = host.trim_ascii();
        host.strip_prefix(b"@").unwrap_or(host)
    });
    (route.collect(), cut(after, 1).1)
}

/// Where `wanted` stands outside the brackets of an address literal.
fn outside_literal(text: &[u8], wanted: u8) -> Option<usize> {
    let mut inside = false;
    text.iter().position(|&octet| {
        match octet {
            b'[' => inside = true,
            b']' => inside = false,
            _ => return octet == wanted && !inside,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keyword, blanks before the colon, colon, blanks after it, display name, path, tail.
    fn parts(argument: &str) -> [String; 7] {
        let read = path_argument(argument.as_bytes());
        let colon = read.colon.unwrap_or_default();
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        [
            read.keyword,
            read.space_before_colon,
            colon,
            read.space_after_colon,
            read.display_name,
            read.path.raw,
            read.tail,
        ]
        .map(text)
    }

    #[test]
    fn every_part_may_be_missing_or_odd() {
        for (argument, expected) in [
            ("FROM:<a@b>", ["FROM", "", ":", "", "", "<a@b>", ""]),
            ("from: <a@b>", ["from", "", ":", " ", "", "<a@b>", ""]),
            ("FROM : <a@b>", ["FROM", " ", ":", " ", "", "<a@b>", ""]),
            ("TO a@b", ["TO", " ", "", "", "", "a@b", ""]),
            ("FROM<a@b>", ["FROM", "", "", "", "", "<a@b>", ""]),
            ("<a@b>", ["", "", "", "", "", "<a@b>", ""]),
            ("a@b", ["", "", "", "", "", "a@b", ""]),
            ("to@example.com", ["", "", "", "", "", "to@example.com", ""]),
            ("to.fu@example.com", ["", "", "", "", "", "to.fu@example.com", ""]),
            ("FORM:<a@b>", ["FORM", "", ":", "", "", "<a@b>", ""]),
            ("FROM::<a@b>", ["FROM", "", "::", "", "", "<a@b>", ""]),
            ("FROM;<a@b>", ["FROM", "", ";", "", "", "<a@b>", ""]),
            ("FROM=<a@b>", ["FROM", "", "=", "", "", "<a@b>", ""]),
            ("FROM：<a@b>", ["FROM", "", "：", "", "", "<a@b>", ""]),
            ("FROM:", ["FROM", "", ":", "", "", "", ""]),
            ("FROM", ["FROM", "", "", "", "", "", ""]),
            ("FROM:<>", ["FROM", "", ":", "", "", "<>", ""]),
            ("FROM:< >", ["FROM", "", ":", "", "", "< >", ""]),
            ("FROM:<a@b> SIZE=1", ["FROM", "", ":", "", "", "<a@b>", " SIZE=1"]),
            ("FROM:a@b  SIZE=1", ["FROM", "", ":", "", "", "a@b", "  SIZE=1"]),
            ("FROM:<a@b>SIZE=1", ["FROM", "", ":", "", "", "<a@b>", "SIZE=1"]),
            ("FROM: SIZE=1", ["FROM", "", ":", " ", "", "", "SIZE=1"]),
            ("FROM:<a@b SIZE=1", ["FROM", "", ":", "", "", "<a@b", " SIZE=1"]),
            ("FROM:a@b> SIZE=1", ["FROM", "", ":", "", "", "a@b>", " SIZE=1"]),
            ("FROM:a@b AUTH=<>", ["FROM", "", ":", "", "", "a@b", " AUTH=<>"]),
            ("FROM:<a@b AUTH=<>", ["FROM", "", ":", "", "", "<a@b", " AUTH=<>"]),
            ("FROM:<<a@b>>", ["FROM", "", ":", "", "", "<<a@b>", ">"]),
            ("FROM:John <a@b>", ["FROM", "", ":", "", "John ", "<a@b>", ""]),
            ("FROM:\"J. <x>\" <a@b>", ["FROM", "", ":", "", "\"J. <x>\" ", "<a@b>", ""]),
            ("FROM:“J” <a@b>", ["FROM", "", ":", "", "“J” ", "<a@b>", ""]),
            ("TO:a@b <CRLF>", ["TO", "", ":", "", "", "a@b", " <CRLF>"]),
            ("TO:a@b<mailto:a@b>", ["TO", "", ":", "", "", "a@b", "<mailto:a@b>"]),
            ("TO:ed @ b.example", ["TO", "", ":", "", "", "ed @ b.example", ""]),
            ("TO:a b@c SIZE=1", ["TO", "", ":", "", "", "a b@c", " SIZE=1"]),
            ("TO:postmaster NOTIFY=NEVER", ["TO", "", ":", "", "", "postmaster", " NOTIFY=NEVER"]),
            ("TO:\"a b\"@c x", ["TO", "", ":", "", "", "\"a b\"@c", " x"]),
            ("TO:<\"a>b\"@c> x", ["TO", "", ":", "", "", "<\"a>b\"@c>", " x"]),
            ("TO:<\"a@b> x", ["TO", "", ":", "", "", "<\"a@b>", " x"]),
            ("TO:‹a@b›", ["TO", "", ":", "", "", "‹a@b›", ""]),
            ("TO:“a@b”", ["TO", "", ":", "", "", "“a@b”", ""]),
            ("TO:&lt;a@b&gt; x", ["TO", "", ":", "", "", "&lt;a@b&gt;", " x"]),
            ("TO:<a@b›", ["TO", "", ":", "", "", "<a@b›", ""]),
        ] {
            assert_eq!(parts(argument), expected, "{argument}");
        }
    }

    #[test]
    fn routes_mailboxes_and_null() {
        for (argument, route, mailbox, null) in [
            ("TO:<a@b>", &[][..], Some("a@b"), false),
            ("TO:< a@b >", &[], Some("a@b"), false),
            ("TO:<@x,@y:a@b>", &["x", "y"], Some("a@b"), false),
            ("TO:@x:a@b", &["x"], Some("a@b"), false),
            ("TO:<@[IPv6:::1]:a@b>", &["[IPv6:::1]"], Some("a@b"), false),
            ("TO:<@x:>", &["x"], Some(""), false),
            ("TO:<@x>", &[], Some("@x"), false),
            ("TO:<>", &[], None, true),
            ("TO:< >", &[], None, true),
            ("TO:&lt;&gt;", &[], None, true),
            ("TO:", &[], None, false),
            ("TO:<", &[], None, false),
            ("TO:<Postmaster>", &[], Some("Postmaster"), false),
            ("TO:<a@b<mailto:a@b>>", &[], Some("a@b"), false),
            ("TO:<ü@bücher.example>", &[], Some("ü@bücher.example"), false),
            ("TO:<a\0@b>", &[], Some("a\0@b"), false),
            ("TO:<a@[192.0.2.1]>", &[], Some("a@[192.0.2.1]"), false),
        ] {
            let path = path_argument(argument.as_bytes()).path;
            let hosts: Vec<_> = route.iter().map(|host: &&str| host.as_bytes()).collect();
            let raw = path.mailbox.map(|mailbox| mailbox.raw);
            assert_eq!(
                (&path.route, raw, path.is_null()),
                (&hosts, mailbox.map(str::as_bytes), null),
                "{argument}"
            );
        }
    }

    #[test]
    fn brackets_by_their_kind() {
        use BracketKind::{Angle, Html, Quote, Typographic};
        for (argument, opening, closing) in [
            ("TO:<a@b>", Some(Angle), Some(Angle)),
            ("TO:‹a@b›", Some(Typographic), Some(Typographic)),
            ("TO:«a@b»", Some(Typographic), Some(Typographic)),
            ("TO:&lt;a@b&gt;", Some(Html), Some(Html)),
            ("TO:&LT;a@b&GT;", Some(Html), Some(Html)),
            ("TO:“a@b”", Some(Quote), Some(Quote)),
            ("TO:<a@b", Some(Angle), None),
            ("TO:a@b>", None, Some(Angle)),
            ("TO:<a@b›", Some(Angle), Some(Typographic)),
            ("TO:a@b", None, None),
        ] {
            let path = path_argument(argument.as_bytes()).path;
            let kinds = (path.opening.map(|it| it.kind), path.closing.map(|it| it.kind));
            assert_eq!(kinds, (opening, closing), "{argument}");
            assert_eq!(path.is_bracketed(), kinds == (Some(Angle), Some(Angle)));
        }
    }

    #[test]
    fn a_long_path_is_read_in_one_go() {
        let long = ["TO:<", &"a".repeat(1000), "@", &"b.".repeat(500), "c> SIZE=1"].concat();
        let read = path_argument(long.as_bytes());
        assert_eq!(read.path.mailbox.unwrap().local_part.len(), 1000);
        assert_eq!(read.params.len(), 1);
        // Linear also where quotes are opened, escaped and never closed.
        let hostile = ["TO:", &"\"\\\" <".repeat(100_000)].concat();
        assert_eq!(path_argument(hostile.as_bytes()).keyword, b"TO");
    }
}

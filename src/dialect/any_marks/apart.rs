//! A reply whose code stands apart from its text: `code=250 text="Ok"`, `(250, "Ok")`, `[250] Ok`, `"code":250,"msg":"Ok"`.

use super::inside::is_quote;
use crate::{
    dialect::{
        Reading, Say,
        escape::{backslash_lines, literal},
    },
    transcript::Mark,
};

/// What a program calls the text of a reply.
const KEYS: &[&[u8]] =
    &[b"text", b"message", b"msg", b"reply", b"response", b"line", b"data", b"payload", b"string"];

/// Where such a reply begins in a line.
pub(super) fn begins(line: &[u8]) -> Option<usize> {
    let mut last = b' ';
    for (at, octet) in line.iter().enumerate() {
        let boundary = matches!(last, b'=' | b':' | b'(' | b'[' | b' ' | b'"');
        if boundary && octet.is_ascii_digit() && text(line.get(at..)?).is_some() {
            return Some(at);
        }
        last = *octet;
    }
    None
}

/// The text behind the code that a reply begins with.
fn text(reply: &[u8]) -> Option<&[u8]> {
    let [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', behind @ ..] = reply else { return None };
    let closed = behind.iter().take_while(|octet| matches!(octet, b']' | b')' | b'"')).count();
    let rest = behind.get(closed..)?;
    let sign = usize::from(matches!(rest.first(), Some(b',' | b':' | b';')));
    let rest = rest.get(sign..)?.trim_ascii_start();
    let (named, text) = key(rest).map_or((false, rest), |text| (true, text));
    // A code, a blank and a text are a reply as it was sent.
    (closed + sign > 0 || named).then_some(text)
}

/// What stands behind the name of the text.
fn key(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"\"").unwrap_or(text);
    let length = inner.iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    let (name, rest) = inner.split_at_checked(length)?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let rest = rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b":"))?;
    KEYS.iter().any(|key| name.eq_ignore_ascii_case(key)).then(|| rest.trim_ascii_start())
}

/// Whether the text behind a code is named: `250 text="Ok"` is no reply as it was sent.
pub(super) fn is_named(reply: &[u8]) -> bool {
    reply.get(4..).is_some_and(|behind| key(behind).is_some())
}

/// Says the lines of a reply, each with its code.
pub(super) fn say_reply(reply: &[u8], say: Say<'_>) -> bool {
    let (Some(code), Some(text)) = (reply.get(..3), text(reply)) else { return false };
    let quoted = literal(text)
        .filter(|_| text.first().copied().is_some_and(|octet| is_quote(octet) || octet == b'b'));
    let text = quoted.map_or(text.trim_ascii_end(), |literal| literal.inner);
    let mut lines = backslash_lines(text).peekable();
    if lines.peek().is_none() {
        say(Reading::unescaped(Mark::Second, code.to_vec(), reply));
    }
    while let Some(line) = lines.next() {
        let sign: &[u8] = if lines.peek().is_some() { b"-" } else { b" " };
        say(Reading::unescaped(Mark::Second, [code, sign, &line.text].concat(), line.within));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_apart() {
        for (line, at, text) in [
            ("S: code=250 text=\"a\"", 8, "\"a\""),
            ("S: 250: a", 3, "a"),
            ("S: (250, \"a\")", 4, "\"a\")"),
            ("S: [250] a", 4, "a"),
            ("S: code: 250, text: a", 9, "a"),
            ("{\"code\":250,\"msg\":\"a\"}", 8, "\"a\"}"),
            ("status=354", 0, ""),
            ("S: 250 a", 0, ""),
            ("took 250ms", 0, ""),
        ] {
            let found = begins(line.as_bytes());
            assert_eq!(found, Some(at).filter(|at| *at > 0), "{line}");
            let told = found.and_then(|at| super::text(line.as_bytes().get(at..)?));
            assert_eq!(told.unwrap_or_default(), text.as_bytes(), "{line}");
        }
    }

    #[test]
    fn each_line_gets_its_code() {
        let said = |reply: &str| {
            let mut said = Vec::new();
            say_reply(reply.as_bytes(), &mut |reading| {
                said.push(String::from_utf8_lossy(&reading.text).into_owned());
            });
            said
        };
        assert_eq!(said(r#"250 text="mx\nSIZE\n\"a\"""#), ["250-mx", "250-SIZE", "250 \"a\""]);
        assert_eq!(said("[250] Ok").len(), 0);
        assert_eq!(said("250] Ok"), ["250 Ok"]);
        assert_eq!(said("250 text=\"\""), ["250"]);
    }
}

//! The reply to EHLO that Exchange logs as one row: the codes dropped, the keywords run together.
//!
//! ```text
//! 250  mx.example.net Hello [192.0.2.7] SIZE 37748736 PIPELINING AUTH NTLM LOGIN 8BITMIME
//! ```
//!
//! Not a dialect: `exchange_protocol` asks it for the lines that the reply had.

/// The parts of a reply to EHLO that was logged as one row: the greeting with its code, then each keyword
/// with its parameters.
///
/// Which words are keywords and which are parameters the row does not show. A word from the list of
/// keywords that servers offer begins a line; so does any other word, once a keyword has been seen,
/// unless it looks like a parameter or stands behind a keyword that takes words.
#[derive(Debug, Clone)]
pub(super) struct Lines<'l> {
    rest: &'l [u8],
    greeting: bool,
}

impl<'l> Lines<'l> {
    pub(super) const fn of(data: &'l [u8]) -> Self {
        Self { rest: data, greeting: true }
    }
}

impl<'l> Iterator for Lines<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        let all = self.rest;
        if all.is_empty() {
            return None;
        }
        let greeting = std::mem::replace(&mut self.greeting, false);
        // The greeting's code and first word, or the keyword, belong to the line whatever they are.
        let mut end = word_end(all, if greeting { 4 } else { 0 });
        let takes_words = greeting || takes_words(all.get(..end).unwrap_or_default());
        while let Some(start) = next_word(all, end) {
            let word_end = word_end(all, start);
            let word = all.get(start..word_end).unwrap_or_default();
            if is_keyword(word) || (!takes_words && !is_parameter(word)) {
                self.rest = all.get(start..).unwrap_or_default();
                return all.get(..end);
            }
            end = word_end;
        }
        self.rest = b"";
        all.get(..end)
    }
}

/// Where the word ends that begins at `start` or behind the spaces there.
fn word_end(text: &[u8], start: usize) -> usize {
    let start = next_word(text, start).unwrap_or(text.len());
    let tail = text.get(start..).unwrap_or_default();
    memchr::memchr(b' ', tail).map_or(text.len(), |space| start + space)
}

fn next_word(text: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.iter().position(|&octet| octet != b' ').map(|spaces| from + spaces)
}

/// Behind these stand mechanisms, which are words like any keyword.
fn takes_words(keyword: &[u8]) -> bool {
    keyword == b"AUTH" || keyword == b"X-EXPS" || keyword == b"LIMITS"
}

fn is_parameter(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit) || word.iter().any(|octet| matches!(octet, b'=' | b':'))
}

/// The keywords that Exchange offers, and those of the servers that it sends to.
fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"SIZE"
            | b"PIPELINING"
            | b"DSN"
            | b"ENHANCEDSTATUSCODES"
            | b"STARTTLS"
            | b"X-ANONYMOUSTLS"
            | b"AUTH"
            | b"X-EXPS"
            | b"8BITMIME"
            | b"BINARYMIME"
            | b"CHUNKING"
            | b"XEXCH50"
            | b"XRDST"
            | b"XSHADOW"
            | b"XSHADOWREQUEST"
            | b"XPROXY"
            | b"XPROXYFROM"
            | b"XPROXYTO"
            | b"XSESSIONPARAMS"
            | b"XOORG"
            | b"XEXCHANGESERVER"
            | b"X-LINK2STATE"
            | b"SMTPUTF8"
            | b"VRFY"
            | b"ETRN"
            | b"EXPN"
            | b"HELP"
            | b"TURN"
            | b"ATRN"
            | b"DELIVERBY"
            | b"MT-PRIORITY"
            | b"REQUIRETLS"
            | b"NO-SOLICITING"
            | b"FUTURERELEASE"
            | b"LIMITS"
            | b"XCLIENT"
            | b"XFORWARD"
    ) || word.starts_with(b"AUTH=")
        || word.starts_with(b"X-EXPS=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_the_reply_to_ehlo_at_its_keywords() {
        let cases: &[(&str, &[&str])] = &[
            ("250  host", &["250  host"]),
            ("250 SIZE 1", &["250 SIZE 1"]),
            (
                "250 host Hello [192.0.2.1] SIZE DSN HELP",
                &["250 host Hello [192.0.2.1]", "SIZE", "DSN", "HELP"],
            ),
            ("250  a SIZE 1 XONE XTWO=1 2", &["250  a", "SIZE 1", "XONE XTWO=1 2"]),
            ("250  a AUTH=LOGIN  AUTH X Y", &["250  a", "AUTH=LOGIN", "AUTH X Y"]),
        ];
        for (data, lines) in cases {
            let found: Vec<_> =
                Lines::of(data.as_bytes()).map(|line| std::str::from_utf8(line).unwrap()).collect();
            assert_eq!(found, *lines, "{data}");
        }
    }
}

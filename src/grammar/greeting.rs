//! The text that begins with the server's name: the greeting, and the first line of the reply to EHLO.

use super::terminals::{blanks, word};

/// A server's name and what it says besides. The three parts put together are the text again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostLine<'t> {
    /// The first word: the server's domain or address literal, if it keeps to the grammar.
    /// [`classify`](super::domain::classify) says what it is. Empty where the text begins with a blank.
    pub name: &'t [u8],
    /// The blanks behind it.
    pub separator: &'t [u8],
    /// The rest.
    pub text: &'t [u8],
}

/// `( Domain / address-literal ) [ SP textstring ]` of `Greeting` (RFC 5321 §4.2), and
/// `Domain [ SP ehlo-greet ]` of `ehlo-ok-rsp` (RFC 5321 §4.1.1.1).
///
/// More lenient: any word is a name, so that masked greetings (`*****`) and those without a name
/// can be told by what they have in its place.
pub fn host_line(text: &[u8]) -> HostLine<'_> {
    let (name, rest) = word(text);
    let (separator, text) = blanks(rest);
    HostLine { name, separator, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_comes_first() {
        let long = b"x".repeat(1000);
        for (text, name, rest) in [
            (&b"mx.example.com ESMTP Postfix"[..], &b"mx.example.com"[..], &b"ESMTP Postfix"[..]),
            (b"mx.example.com", b"mx.example.com", b""),
            (b"[192.0.2.1]  Hello", b"[192.0.2.1]", b"Hello"),
            (b"*****2***", b"*****2***", b""),
            (b" mx", b"", b"mx"),
            (b"", b"", b""),
            (b"a\0b c", b"a\0b", b"c"),
            ("bücher.example ¡hola!".as_bytes(), "bücher.example".as_bytes(), "¡hola!".as_bytes()),
            (&long, &long, b""),
        ] {
            let found = host_line(text);
            assert_eq!((found.name, found.text), (name, rest), "{}", text.escape_ascii());
            assert_eq!([found.name, found.separator, found.text].concat(), text);
        }
    }
}

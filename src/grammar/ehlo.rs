//! A line of the reply to EHLO: a keyword and its parameters. The first line is in `greeting`.

use nom::{Parser, combinator::all_consuming};

use super::{
    deviation::{Deviation, DeviationKind},
    terminals::{blank_len, blanks, cut, find, keyword, words},
};

/// One keyword of the reply to EHLO. `keyword`, `separator` and `params_text` put together are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword<'t> {
    /// The keyword as typed; compare without regard to case. Empty where the line is.
    pub keyword: &'t [u8],
    /// The blanks behind it, or the `=`.
    pub separator: &'t [u8],
    /// The parameters, with the blanks between them.
    pub params_text: &'t [u8],
    /// Whether `=` stands behind the keyword: `AUTH=LOGIN`, from before RFC 2554.
    pub equals_form: bool,
}

impl<'t> Keyword<'t> {
    /// The parameters, in order.
    pub fn params(&self) -> impl Iterator<Item = &'t [u8]> + Clone + use<'t> {
        words(self.params_text)
    }

    /// Whether it has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.keyword.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Whether the keyword matches `ehlo-keyword` and is followed by a blank or nothing (RFC 5321 §4.1.1.1).
    ///
    /// Errors: the octets that do not.
    pub fn is_strict(&self) -> Result<(), Deviation<'t>> {
        if all_consuming(keyword).parse(self.keyword).is_err() {
            Err(Deviation::new(DeviationKind::KeywordCharacter, self.keyword))
        } else if self.equals_form {
            Err(Deviation::new(DeviationKind::KeywordCharacter, self.separator))
        } else {
            Ok(())
        }
    }
}

/// `ehlo-line = ehlo-keyword *( SP ehlo-param )` (RFC 5321 §4.1.1.1).
///
/// More lenient: any word is a keyword (`XXXXXXXA` as a firewall leaves it among them), any blanks
/// part the parameters, and `=` may stand behind the keyword.
pub fn ehlo_line(text: &[u8]) -> Keyword<'_> {
    let ends = |rest: &[u8]| rest.first() == Some(&b'=') || blank_len(rest) > 0;
    // What nearly every keyword is made of needs no second look.
    let plain = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
    let from = text.iter().position(|octet| !plain(octet)).unwrap_or(text.len());
    let end = find(cut(text, from).1, ends).map_or(text.len(), |at| from + at);
    let (keyword, rest) = cut(text, end);
    let equals_form = rest.first() == Some(&b'=');
    let (separator, params_text) = if equals_form { cut(rest, 1) } else { blanks(rest) };
    Keyword { keyword, separator, params_text, equals_form }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_parameters() {
        let long = b"X".repeat(1000);
        for (text, keyword, params, equals_form) in [
            (&b"PIPELINING"[..], &b"PIPELINING"[..], &[][..], false),
            (b"SIZE 1000", b"SIZE", &[&b"1000"[..]], false),
            (b"SIZE=1000", b"SIZE", &[b"1000"], true),
            (b"AUTH=LOGIN PLAIN", b"AUTH", &[b"LOGIN", b"PLAIN"], true),
            (b"AUTH  LOGIN\tPLAIN ", b"AUTH", &[b"LOGIN", b"PLAIN"], false),
            (b"LIMITS RCPTMAX=20", b"LIMITS", &[b"RCPTMAX=20"], false),
            (b"XXXXXXXA", b"XXXXXXXA", &[], false),
            (b"X-EXPS=LOGIN", b"X-EXPS", &[b"LOGIN"], true),
            (b"", b"", &[], false),
            (b" SIZE", b"", &[b"SIZE"], false),
            (b"A\0", b"A\0", &[], false),
            ("GRÖßE 1".as_bytes(), "GRÖßE".as_bytes(), &[b"1"], false),
            (&long, &long, &[], false),
        ] {
            let found = ehlo_line(text);
            let given: Vec<_> = found.params().collect();
            assert_eq!(
                (found.keyword, &given[..], found.equals_form),
                (keyword, params, equals_form),
                "{}",
                text.escape_ascii()
            );
            assert_eq!([found.keyword, found.separator, found.params_text].concat(), text);
        }
    }

    #[test]
    fn what_the_grammar_has() {
        for (text, strict) in [
            (&b"8BITMIME"[..], true),
            (b"X-LINK2STATE", true),
            (b"XXXXXXXA", true),
            (b"AUTH=LOGIN", false),
            (b"X_Y", false),
            (b"-X", false),
            (b"", false),
        ] {
            assert_eq!(ehlo_line(text).is_strict().is_ok(), strict, "{}", text.escape_ascii());
        }
        assert!(ehlo_line(b"starttls").is("STARTTLS"));
    }
}

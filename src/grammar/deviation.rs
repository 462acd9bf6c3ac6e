//! Where a name or an address leaves the grammar of RFC 5321: which production failed, on which octets.
//!
//! A deviation is a fact, not a fault: which of them matter, to whom and how much is for the rules.

use std::fmt;

/// The first place at which a text leaves a production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation<'t> {
    /// What is wrong there.
    pub kind: DeviationKind,
    /// The octets that are wrong; empty, but in its place, where something is missing.
    pub part: &'t [u8],
}

impl<'t> Deviation<'t> {
    pub(super) const fn new(kind: DeviationKind, part: &'t [u8]) -> Self {
        Self { kind, part }
    }
}

impl fmt::Display for Deviation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.words())
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident $production:literal $clause:literal $words:literal,)+) => {
        /// The ways in which a text leaves the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum DeviationKind {
            $($(#[$doc])+ $kind,)+
        }

        impl DeviationKind {
            /// Every kind, in the order of this table.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The production that does not match, by its name in the RFC.
            pub const fn production(self) -> &'static str {
                match self { $(Self::$kind => $production,)+ }
            }

            /// Where that production stands.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$kind => $clause,)+ }
            }

            /// What is wrong, in a few words that follow "it has" or a colon: `two dots in a row`.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$kind => $words,)+ }
            }
        }
    };
}

kinds! {
    // ---- local part
    /// Nothing stands before the `@`.
    LocalPartEmpty "Local-part" "RFC 5321 §4.1.2" "an empty local part",
    /// The local part begins with a dot.
    LeadingDot "Dot-string" "RFC 5321 §4.1.2" "a dot at the beginning of the local part",
    /// The local part ends with a dot.
    TrailingDot "Dot-string" "RFC 5321 §4.1.2" "a dot at the end of the local part",
    /// Two dots follow each other in the local part.
    DoubledDot "Dot-string" "RFC 5321 §4.1.2" "two dots in a row",
    /// One of `( ) < > [ ] : ; \ , "` stands outside a quoted string.
    UnquotedSpecial "Atom" "RFC 5321 §4.1.2" "a special character outside quotes",
    /// A quoted string is opened and never closed, or goes on behind its closing quote.
    QuoteUnbalanced "Quoted-string" "RFC 5321 §4.1.2" "a quoted string that does not end before the @",
    // ---- the whole mailbox
    /// There is no `@`.
    AtMissing "Mailbox" "RFC 5321 §4.1.2" "no @",
    /// There is more than one `@` outside quotes.
    AtRepeated "Mailbox" "RFC 5321 §4.1.2" "more than one @",
    /// A blank stands where none may.
    WhiteSpace "Mailbox" "RFC 5321 §4.1.2" "a space",
    /// A control character, NUL among them.
    ControlCharacter "Mailbox" "RFC 5321 §4.1.2" "a control character",
    /// Octets above 127: legal only where SMTPUTF8 is in force (RFC 6531 §3.3).
    /// Reported only where nothing else is wrong.
    NonAscii "Mailbox" "RFC 5321 §4.1.2" "characters that are not ASCII",
    // ---- domain
    /// Nothing stands where a domain should.
    DomainEmpty "Domain" "RFC 5321 §4.1.2" "an empty domain",
    /// Two dots follow each other in the domain, or it begins with one.
    LabelEmpty "sub-domain" "RFC 5321 §4.1.2" "an empty label",
    /// The domain ends with a dot, as in a zone file.
    DomainTrailingDot "Domain" "RFC 5321 §4.1.2" "a dot at the end of the domain",
    /// A label begins or ends with a hyphen.
    LabelHyphen "Let-dig" "RFC 5321 §4.1.2" "a label that begins or ends with a hyphen",
    /// A label has an underscore: legal in the DNS, not in a host name.
    LabelUnderscore "Ldh-str" "RFC 5321 §4.1.2" "an underscore in a label",
    /// A label has another character that is neither letter, digit nor hyphen.
    LabelCharacter "Ldh-str" "RFC 5321 §4.1.2" "a character that no host name may have",
    /// `#` and a number: a host by number, RFC 821 only, withdrawn by RFC 2821 §F.4.
    HostNumber "Domain" "RFC 5321 §4.1.2" "a host number as only RFC 821 had it",
    // ---- address literal
    /// `[` without `]`, or octets behind the `]`.
    LiteralUnclosed "address-literal" "RFC 5321 §4.1.3" "an address literal that its bracket does not end",
    /// `[::1]`: an IPv6 address without `IPv6:` before it.
    LiteralUntagged "IPv6-address-literal" "RFC 5321 §4.1.3" "an IPv6 address literal without its IPv6: tag",
    /// Brackets that hold neither an IPv4 address nor a tagged one.
    LiteralInvalid "address-literal" "RFC 5321 §4.1.3" "an address literal that holds no address",
    // ---- parameters and keywords
    /// A keyword that is empty or has characters other than letters, digits and hyphens.
    KeywordCharacter "esmtp-keyword" "RFC 5321 §4.1.2" "a keyword of other than letters, digits and hyphens",
    /// `SIZE=`: an equal sign with nothing behind it.
    ValueEmpty "esmtp-value" "RFC 5321 §4.1.2" "an equal sign without a value",
    /// An equal sign, a blank or a control character inside a value.
    ValueCharacter "esmtp-value" "RFC 5321 §4.1.2" "a character that no value may have",
    /// A `+` that two upper-case hexadecimal digits do not follow, or an octet outside 33 to 126.
    XtextCharacter "xtext" "RFC 3461 §4" "a character that xtext must write as + and two upper-case hexadecimal digits",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_read_alike() {
        let mut words: Vec<_> = DeviationKind::ALL.iter().map(|kind| kind.words()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), DeviationKind::ALL.len());
    }
}

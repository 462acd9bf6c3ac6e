//! A reply that an error quotes: what of it is in the error, and what tells it from another.

use super::forms::Of;
use crate::dialect::{
    escape::backslash_lines,
    reply_rows::{Code, joined},
};

/// A reply that an error quotes.
#[derive(Debug)]
pub(super) struct Quote<'l> {
    /// What names the error.
    pub(super) sign: &'l [u8],
    pub(super) answered: Of,
    /// The address that the command named.
    pub(super) address: Option<&'l [u8]>,
    /// The code, where it does not stand in the text.
    pub(super) code: Option<Code>,
    /// The enhanced code, where it stands behind the text.
    pub(super) enhanced: Option<&'l [u8]>,
    /// The reply's text, as it stands in the line.
    pub(super) text: &'l [u8],
    /// The text is escaped.
    pub(super) escaped: bool,
    /// The text is of another line.
    pub(super) held: bool,
    /// What of the quotation follows in further lines.
    pub(super) further: Option<End>,
    /// The host that answered.
    pub(super) host: Option<&'l [u8]>,
    /// How many octets of its line stand behind it, where it is one of a list.
    pub(super) behind: Option<usize>,
}

/// Where a quotation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// In a literal that is added to this one.
    Literal,
    /// In lines with this code.
    Line(Code),
    /// In the lines up to one that ends with `)]`.
    Bracket,
}

/// Code and text of a reply without what differs between two quotations of it, and the address that was named.
#[derive(Debug)]
pub(super) struct Words {
    text: Vec<u8>,
    address: Vec<u8>,
}

impl Words {
    /// Whether this is the same reply, as far as both have it: a copy may have broken the line.
    pub(super) fn same(&self, other: &Self) -> bool {
        const ENOUGH: usize = 20;
        let least = self.text.len().min(other.text.len());
        let begins = self.text.starts_with(&other.text) || other.text.starts_with(&self.text);
        self.address == other.address && (self.text == other.text || least >= ENOUGH && begins)
    }
}

/// A quoted reply that waits for what tells the command.
#[derive(Debug)]
pub(super) struct Kept {
    code: Option<Code>,
    enhanced: Option<Vec<u8>>,
    text: Vec<u8>,
    escaped: bool,
    host: Option<Vec<u8>>,
}

impl Kept {
    /// The reply, where it is told at `line`.
    pub(super) fn quote<'l>(&'l self, line: &'l [u8], answered: Of) -> Quote<'l> {
        Quote {
            code: self.code,
            enhanced: self.enhanced.as_deref(),
            escaped: self.escaped,
            host: self.host.as_deref(),
            ..Quote::of_text(line, &self.text, answered)
        }
    }
}

impl<'l> Quote<'l> {
    /// A reply whose text was put together from several lines, of which `sign` is the last.
    pub(super) const fn of_text(sign: &'l [u8], text: &'l [u8], answered: Of) -> Self {
        Self {
            sign,
            answered,
            address: None,
            code: None,
            enhanced: None,
            text,
            escaped: true,
            held: true,
            further: None,
            host: None,
            behind: None,
        }
    }

    /// A reply that stands escaped in the line.
    pub(super) const fn escaped(sign: &'l [u8], answered: Of, text: &'l [u8]) -> Self {
        Self { held: false, ..Self::of_text(sign, text, answered) }
    }

    pub(super) const fn new(
        sign: &'l [u8],
        answered: Of,
        code: Option<Code>,
        text: &'l [u8],
    ) -> Self {
        Self { code, escaped: false, held: false, ..Self::of_text(sign, text, answered) }
    }

    /// What tells two quotations of one reply.
    pub(super) fn words(&self) -> Words {
        const KEPT: usize = 40;
        let first = if self.escaped { backslash_lines(self.text).next() } else { None };
        let text = first.as_ref().map_or(self.text, |line| &line.text);
        let text = joined(text, b" ").next().unwrap_or_default();
        let code = self.code.unwrap_or_default();
        let signs = code.iter().chain(text).filter(|octet| octet.is_ascii_alphanumeric());
        Words {
            text: signs.take(KEPT).copied().collect(),
            address: self.address.unwrap_or_default().to_vec(),
        }
    }

    /// Whether this is an exception's value, of which the kind is not told beside it.
    pub(super) fn is_value(&self) -> bool {
        self.sign.is_empty() && self.answered == Of::Told
    }

    /// The same reply without the line that it stands in.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            code: self.code,
            enhanced: self.enhanced.map(<[u8]>::to_vec),
            text: self.text.to_vec(),
            escaped: self.escaped,
            host: self.host.map(<[u8]>::to_vec),
        }
    }
}

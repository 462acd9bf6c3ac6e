//! Octet ranges: where a parsed slice lies in the bytes that it was parsed from.

/// A range of octets, `start` included and `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first octet.
    pub start: usize,
    /// One past the last octet.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Where `part` lies in `whole`; an empty range at the end where it is no part of it.
    ///
    /// ```
    /// use smtplog::span::Span;
    /// let line = b"MAIL FROM:<a@b>";
    /// assert_eq!(Span::of(line, &line[10..]), Span::new(10, 15));
    /// ```
    pub fn of(whole: &[u8], part: &[u8]) -> Self {
        let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        match start.checked_add(part.len()) {
            Some(end) if end <= whole.len() => Self { start, end },
            _ => Self { start: whole.len(), end: whole.len() },
        }
    }

    /// How many octets it spans.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it spans nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The octets that it spans in `whole`; empty where it reaches outside.
    pub fn slice(self, whole: &[u8]) -> &[u8] {
        whole.get(self.start..self.end).unwrap_or_default()
    }

    /// The same range moved right by `octets`.
    #[must_use]
    pub const fn shifted(self, octets: usize) -> Self {
        Self { start: self.start + octets, end: self.end + octets }
    }
}

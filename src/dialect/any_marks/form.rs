//! What stands before the text of a line: octets that stay, and numbers that change from line to line.

/// A beginning of lines, in which any number matches any other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form(Vec<Unit>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Octet(u8),
    /// A run of digits, and the blanks that align it.
    Number,
}

impl Form {
    /// The form of what stands before a text.
    pub(super) fn of(before: &[u8]) -> Self {
        let mut form = Self::default();
        form.extend(before);
        form
    }

    /// The same, in which a word stays as it is, digits and all.
    pub(super) fn with_word(before: &[u8], word: &[u8], behind: &[u8]) -> Self {
        let mut form = Self::of(before);
        form.0.extend(word.iter().copied().map(Unit::Octet));
        form.extend(behind);
        form
    }

    fn extend(&mut self, text: &[u8]) {
        for octet in text {
            if !octet.is_ascii_digit() {
                self.0.push(Unit::Octet(*octet));
            } else if self.0.last() != Some(&Unit::Number) {
                while self.0.last() == Some(&Unit::Octet(b' ')) {
                    self.0.pop();
                }
                self.0.push(Unit::Number);
            }
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds more than signs.
    pub(super) fn has_word(&self) -> bool {
        self.0.iter().any(|unit| match unit {
            Unit::Octet(octet) => octet.is_ascii_alphabetic(),
            Unit::Number => true,
        })
    }

    /// How many octets of the line the form takes; `None` where the line does not begin with it.
    ///
    /// The blank at a form's end may be missing where nothing follows it.
    pub(super) fn front(&self, line: &[u8]) -> Option<usize> {
        let mut at = 0;
        for unit in &self.0 {
            match (unit, line.get(at)) {
                (Unit::Octet(octet), Some(here)) if octet == here => at += 1,
                (Unit::Octet(b' '), None) => {}
                (Unit::Octet(_), _) => return None,
                (Unit::Number, _) => {
                    let rest = line.get(at..)?;
                    let blanks = rest.iter().take_while(|octet| **octet == b' ').count();
                    let digits =
                        rest.iter().skip(blanks).take_while(|octet| octet.is_ascii_digit());
                    let digits = digits.count();
                    if digits == 0 {
                        return None;
                    }
                    at += blanks + digits;
                }
            }
        }
        Some(at)
    }

    /// What both begin with, up to a blank or to the end of one of them.
    pub(super) fn common(&self, other: &Self) -> Self {
        let same = self.0.iter().zip(&other.0).take_while(|(one, other)| one == other).count();
        let whole = same == self.0.len().min(other.0.len());
        let shared = self.0.get(..same).unwrap_or_default();
        let blank = |unit: &Unit| matches!(unit, Unit::Octet(b' ' | b'\t'));
        let end = if whole { same } else { shared.iter().rposition(blank).map_or(0, |at| at + 1) };
        Self(shared.get(..end).unwrap_or_default().to_vec())
    }
}

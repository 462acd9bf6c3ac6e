//! Space that a copy put around lines: blanks up to the window's width behind each, a blank line after each.

/// How many lines that are not blank it takes to tell.
const FEWEST: usize = 6;

/// What a copy added to the lines of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spacing {
    /// Blanks stand behind the lines, as in a copy from a console window.
    pub padded: bool,
    /// A blank line stands after each line, as in a copy from a page.
    pub doubled: bool,
}

impl Spacing {
    /// Looks at the lines of a window.
    ///
    /// ```
    /// use smtplog::wrapping::Spacing;
    /// let lines = ["220 mx", "", "HELO me", "", "250 mx", "", "NOOP", "", "250 ok", "", "QUIT", ""];
    /// let spacing = Spacing::of(lines.iter().map(|line| line.as_bytes()));
    /// assert!(spacing.doubled && !spacing.padded);
    /// ```
    pub fn of<'l>(lines: impl Iterator<Item = &'l [u8]>) -> Self {
        let (mut written, mut padded, mut dense) = (0_usize, 0_usize, 0_usize);
        let mut before = false;
        for line in lines {
            let blank = line.trim_ascii().is_empty();
            if !blank {
                written += 1;
                padded += usize::from(matches!(line.last(), Some(b' ' | b'\t')));
                dense += usize::from(before);
            }
            before = !blank;
        }
        let enough = written >= FEWEST;
        Self {
            padded: enough && padded * 5 >= written * 4,
            doubled: enough && dense * 50 <= written,
        }
    }

    /// The line without what stands behind it.
    pub fn unpadded<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        if self.padded { line.trim_ascii_end() } else { line }
    }

    /// Whether the line was put there by the copy: blank, right after one that was not.
    ///
    /// `added` says the same of the line before, and is told of this one.
    pub fn is_added(&self, line: &[u8], added: &mut bool) -> bool {
        // The blank lines that were there before the copy have each a further one after them.
        *added = self.doubled && !*added && line.trim_ascii().is_empty();
        *added
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Spacing {
        Spacing::of(text.split('\n').map(str::as_bytes))
    }

    #[test]
    fn space_is_seen_where_nearly_all_lines_have_it() {
        let plain = "220 mx\nHELO me\n250 mx\nNOOP\n250 ok\nQUIT\n221 bye";
        assert_eq!(of(plain), Spacing::default());
        let doubled = Spacing { padded: false, doubled: true };
        assert_eq!(of(&plain.replace('\n', "\n\n")), doubled);
        let padded = Spacing { padded: true, doubled: false };
        assert_eq!(of(&(plain.replace('\n', "   \n") + "  ")), padded);
        // A tool that leaves a blank line after each entry, and not within a reply.
        assert_eq!(of(&plain.replace("\n250", "\n\n250")), Spacing::default());
        assert_eq!(of("220 mx\n\nQUIT\n\n221 bye"), Spacing::default(), "too few to tell");
    }

    #[test]
    fn only_the_copys_blank_lines_are_added() {
        let mut added = false;
        let lines = ["a", "", "", "", "b", ""];
        let kept: Vec<bool> = lines
            .iter()
            .map(|line| !padded_and_doubled().is_added(line.as_bytes(), &mut added))
            .collect();
        assert_eq!(kept, [true, false, true, false, true, false]);
        assert_eq!(padded_and_doubled().unpadded(b"a \t "), b"a");
    }

    const fn padded_and_doubled() -> Spacing {
        Spacing { padded: true, doubled: true }
    }
}

//! Text broken into lines between words, by the columns that it takes on a terminal.

use unicode_width::UnicodeWidthStr as _;

/// The text in lines of at most `width` columns, all but the first indented.
pub(in crate::render) fn hanging(text: &str, width: usize, indent: usize) -> String {
    after(0, text, width, indent)
}

/// The same for text whose first line follows something that takes `taken` columns.
///
/// A word that is longer than a line has a line of its own.
pub(in crate::render) fn after(taken: usize, text: &str, width: usize, indent: usize) -> String {
    let mut lines = String::with_capacity(text.len() + 16);
    let mut column = taken;
    for (number, word) in text.split(' ').enumerate() {
        let columns = word.width();
        if number > 0 {
            if column + 1 + columns > width {
                lines.push('\n');
                lines.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                lines.push(' ');
                column += 1;
            }
        }
        lines.push_str(word);
        column += columns;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words() {
        for (text, width, indent, expected) in [
            ("", 10, 2, ""),
            ("one two three", 20, 2, "one two three"),
            ("one two three", 7, 2, "one two\n  three"),
            ("a verylongword b", 6, 0, "a\nverylongword\nb"),
            ("日本語 日本語", 8, 0, "日本語\n日本語"),
        ] {
            assert_eq!(hanging(text, width, indent), expected);
        }
        assert_eq!(after(8, "one two", 12, 2), "one\n  two");
    }
}

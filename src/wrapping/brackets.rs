//! Brackets around the server's lines, as those who write a dialogue down set its replies apart.
//!
//! ```text
//! [220 mx.example.net ESMTP]
//! helo client.example
//! [250 mx.example.net]
//! ```

use super::likeness::{self, Beginning};

/// The lines that brackets stand around, where more than one reply has them and none stands without.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<usize> {
    let is_reply = |text: &[u8]| likeness::bare(text) == Some(Beginning::Reply);
    let around = |line: &&[u8]| {
        let inner = line.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
        inner.is_some_and(|inner| is_reply(inner) && inner.len() > 4)
    };
    let found: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| around(line)).map(|(index, _)| index).collect();
    if found.len() < 2 || lines.iter().any(|line| is_reply(line)) { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_replies_have_brackets() {
        assert_eq!(learn(&[b"[220 mx [a]]", b"> helo b", b"[250 mx]"]), [0, 2]);
        assert_eq!(learn(&[b"[220 mx]", b"helo b", b"250 mx", b"[221 bye]"]), [0; 0]);
        assert_eq!(learn(&[b"[220]", b"[250]"]), [0; 0]);
        assert_eq!(learn(&[b"[250 ok]"]), [0; 0]);
    }
}

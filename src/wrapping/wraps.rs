//! Lines that mail programs and terminals broke: the tail of a long reply, the rest of a path.
//!
//! A tail is taken for one only where nothing else fits: the line before it is long and is a reply or a
//! command, the tail itself looks like neither, and what follows shows that it was no command of its
//! own. Nothing is joined inside a message.

use super::likeness::{Beginning, marked};

/// How long a line must be to have been broken, in octets.
const LONG: usize = 56;

/// How many octets a line may have and still be a tail.
const TAIL: usize = 100;

/// How a line goes on where the one before it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// The break stands for a blank.
    Blank,
    /// Nothing was between the two.
    Nothing,
}

/// The lines that go on where the line before them stopped, by their indices.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<(usize, Joint)> {
    let mut found: Vec<(usize, Joint)> = Vec::new();
    let mut message = false;
    // The line that may go on, and how long its last row is.
    let mut before: Option<(&[u8], Beginning, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        let looks = marked(line);
        if message {
            message = line.trim_ascii() != b".";
            before = None;
        } else if let Some(looks) = looks {
            message = looks == Beginning::Reply && is_go_ahead(line);
            before = Some((line, looks, line.len()));
        } else if let Some((first, looks, length)) = before
            && let Some(joint) = joint(first, looks, length, line)
            && fits(first, looks, lines.get(index + 1).copied())
        {
            found.push((index, joint));
            before = Some((first, looks, line.len()));
        } else {
            before = None;
        }
    }
    found
}

/// How this line may go on from a line that looks like a reply or a command.
fn joint(first: &[u8], looks: Beginning, length: usize, line: &[u8]) -> Option<Joint> {
    let blank = line.trim_ascii().is_empty();
    if blank || length < LONG || line.len() > TAIL || line.len() > length + 8 {
        return None;
    }
    match looks {
        Beginning::Command => {
            let opened = memchr::memchr(b'<', first).is_some_and(|at| {
                first.get(at..).is_some_and(|rest| memchr::memchr(b'>', rest).is_none())
            });
            let closes = memchr::memchr(b'>', line)?;
            let inner = line.get(..closes)?;
            let plain = !inner.iter().any(|octet| matches!(octet, b' ' | b'<' | b'\t'));
            (opened && plain).then_some(Joint::Nothing)
        }
        // What a shell, a recorder or a person says begins otherwise.
        Beginning::Reply => {
            let word = line.first().is_some_and(|octet| {
                octet.is_ascii_alphanumeric() || matches!(octet, b'(' | b'<' | b'[' | b' ' | b'"')
            });
            let ends = first.ends_with(b".") || line.ends_with(b":") || line.ends_with(b"?");
            (word && !ends).then_some(Joint::Blank)
        }
    }
}

/// Whether the line behind a tail shows that the tail was no command: it answers nothing.
fn fits(first: &[u8], looks: Beginning, next: Option<&[u8]>) -> bool {
    let Some(next) = next.filter(|next| !next.trim_ascii().is_empty()) else { return true };
    match (looks, marked(next)) {
        (Beginning::Command, next) => next == Some(Beginning::Reply),
        (Beginning::Reply, Some(Beginning::Command)) => true,
        // A further line of the same reply.
        (Beginning::Reply, Some(Beginning::Reply)) => {
            let code = |line: &[u8]| {
                let at = line.iter().position(u8::is_ascii_digit)?;
                line.get(at..at + 3).map(<[u8]>::to_vec)
            };
            let goes_on = first
                .iter()
                .position(u8::is_ascii_digit)
                .is_some_and(|at| first.get(at + 3) == Some(&b'-'));
            goes_on && code(first) == code(next)
        }
        (Beginning::Reply, None) => false,
    }
}

/// `354 …`
fn is_go_ahead(line: &[u8]) -> bool {
    line.iter()
        .position(u8::is_ascii_digit)
        .and_then(|at| line.get(at..))
        .is_some_and(|rest| rest.starts_with(b"354"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tails_are_joined() {
        let long = "550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in";
        let path = "MAIL FROM:<a-very-long-sender-address-of-somebody@a-rather-long-name";
        for (lines, want) in [
            (&[long, "local recipient table", "QUIT"][..], &[(1, Joint::Blank)][..]),
            (&[long, "local recipient table"], &[(1, Joint::Blank)]),
            // A word that the server answers is a command.
            (&[long, "hello", "500 what?"], &[]),
            (&["250 ok", "local recipient table", "QUIT"], &[]),
            (&[path, ".example.com> SIZE=100", "250 ok"], &[(1, Joint::Nothing)]),
            (&[path, ".example.com> SIZE=100", "QUIT"], &[]),
            (&["354 go", long, "local recipient table", ".", "250 ok"], &[]),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(learn(&lines), want, "{lines:?}");
        }
    }
}

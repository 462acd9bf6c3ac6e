//! sSMTP with `-v`: arrows in brackets; of a reply only its last line.
//!
//! ```text
//! [<-] 220 mx.example.net ESMTP
//! [->] EHLO client.example
//! [<-] 250 HELP
//! ```
//!
//! Traps: the line with the password is left out, so that two replies follow each other; Ruby's bare `->` is
//! the other side. From recordings of 2.64.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "ssmtp",
    about: "sSMTP with -v",
    client: "[->] ",
    server: "[<-] ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["[->]", "[<-]"],
    evidence: |line| marked(line).is_some(),
    reader: || Box::new(Ssmtp::default()),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.split_at_checked(4)? {
        (b"[->]", rest) => (Mark::First, rest),
        (b"[<-]", rest) => (Mark::Second, rest),
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?))
}

#[derive(Debug, Default)]
struct Ssmtp {
    /// 334 was the last line.
    challenged: bool,
    spoken: bool,
}

impl Reader for Ssmtp {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, text)) = marked(line) {
            if mark == Mark::Second && self.challenged {
                say(Reading::tells(b"", Fact::AuthHidden));
            }
            self.challenged = mark == Mark::Second && text.starts_with(b"334");
            self.spoken = true;
            say(Reading::said(mark, text));
            return true;
        }
        let Some(words) = line.strip_prefix(b"ssmtp: ") else { return false };
        let unopened = !self.spoken && (has(words, "Cannot open ") || has(words, "nable to"));
        let fact = if unopened { connect_failed(words) } else { Fact::ToolError(words.to_vec()) };
        say(Reading::tells(line, fact));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn the_password_is_left_out() {
        let lines = [
            "[->] dXNlcg==",
            "[<-] 334 UGFzc3dvcmQ6",
            "[<-] 235 ok",
            "[->] ",
            "ssmtp: RCPT TO:<b@x.example> (550 no)",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["1 dXNlcg==", "2 334 UGFzc3dvcmQ6", "T AuthHidden", "2 235 ok", "1 ", "T ToolError"]
        );
    }
}

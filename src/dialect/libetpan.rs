//! The stream log of libEtPan (`mailstream_debug`): each block between a line that opens it and one that closes it.
//!
//! ```text
//! <<<<<<< read <<<<<<
//! 220 mx.example.net ESMTP
//!
//! <<<<<<< end read <<<<<<
//! >>>>>>> send >>>>>>
//! EHLO client.example
//!
//! >>>>>>> end send >>>>>>
//! ```
//!
//! Traps: a block holds what one call carried, so a reply may come in several; the line break behind its text is the
//! log's. Blocks of IMAP and POP look the same. From recordings of libetpan 1.9 and its source.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "libetpan",
    about: "libEtPan's stream log, as in Claws Mail's and MailCore's",
    client: ">>>>>>> send >>>>>>",
    server: "<<<<<<< read <<<<<<",
    key: "",
    times: Times::Never,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[">>>>>>> send >>>>>>", "<<<<<<< read <<<<<<"],
    evidence: |line| matches!(block(line), Some(Edge::Opens(_))),
    reader: || Box::new(Log::default()),
};

enum Edge {
    Opens(Mark),
    Closes,
}

fn block(line: &[u8]) -> Option<Edge> {
    match line {
        b">>>>>>> send >>>>>>" => Some(Edge::Opens(Mark::First)),
        b"<<<<<<< read <<<<<<" => Some(Edge::Opens(Mark::Second)),
        b">>>>>>> end send >>>>>>" | b"<<<<<<< end read <<<<<<" => Some(Edge::Closes),
        _ => None,
    }
}

#[derive(Debug, Default)]
struct Log {
    /// The mark of the block that the lines stand in.
    mark: Option<Mark>,
    /// The last line was empty, and the client's.
    empty: bool,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(edge) = block(line) {
            self.mark = match edge {
                Edge::Opens(mark) => Some(mark),
                Edge::Closes => None,
            };
            self.empty = false;
            say(Reading::remark(line));
            return true;
        }
        let Some(mark) = self.mark else { return false };
        // An empty line is the block's only if more of the block comes: the last one is the log's.
        if line.is_empty() && (mark == Mark::Second || !self.empty) {
            say(Reading::remark(line));
        } else {
            if self.empty && !line.is_empty() {
                say(Reading::said(mark, line.get(..0).unwrap_or_default()));
            }
            say(Reading::said(mark, line));
        }
        self.empty = line.is_empty() && mark == Mark::First;
        true
    }

    fn leave(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn the_blocks_tell_who_speaks() {
        let record = "\
<<<<<<< read <<<<<<
220 mx.example ESMTP

<<<<<<< end read <<<<<<
>>>>>>> send >>>>>>
Subject: x

hi

>>>>>>> end send >>>>>>
>>>>>>> send >>>>>>
.

>>>>>>> end send >>>>>>
";
        assert_eq!(told(&DIALECT, record, true), "1:220 mx.example ESMTP 0:Subject: x 0: 0:hi 0:.");
    }
}

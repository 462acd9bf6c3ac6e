//! Hydra, which tries logins, with `-d`: rows of octets under a line that says whose they are.
//!
//! ```text
//! [DEBUG] RECV [pid:13756] (27 bytes):
//! 0000:  3232 3020 6d78 2e65 7861 6d70 6c65 2e6e    [ 220 mx.example.n ]
//! [DEBUG] SEND [pid:13756] (12 bytes):
//! 0000:  4548 4c4f 2068 7964 7261 0d0a              [ EHLO hydra..     ]
//! ```
//!
//! Traps: the processes' rows go to one terminal; what is being tried stands in clear between the rows (`pass "…"`); the
//! modules that look for users tell each line a second time (`DEBUG C: `, `DEBUG S: `). From recordings of Hydra 9.4.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    octets::{Wire, row},
    sign,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "hydra",
    about: "Hydra with -d",
    client: "[DEBUG] SEND [pid:…]",
    server: "[DEBUG] RECV [pid:…]",
    key: "pid",
    times: Times::Never,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["[DEBUG] SEND [pid:", "[DEBUG] RECV [pid:"],
    evidence: |line| header(line).is_some(),
    reader: || Box::new(Hydra::default()),
};

/// Whose octets follow, and which process carries them.
fn header(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.split_at_checked(18)? {
        (b"[DEBUG] SEND [pid:", rest) => (Mark::First, rest),
        (b"[DEBUG] RECV [pid:", rest) => (Mark::Second, rest),
        _ => return None,
    };
    let (process, count) = sign::around(rest, "] (")?;
    let number = !process.is_empty() && process.iter().all(u8::is_ascii_digit);
    (number && count.ends_with(b" bytes):")).then_some((mark, process))
}

/// The octets of a row.
fn octets(line: &[u8]) -> Option<Vec<u8>> {
    let (offset, rest) = sign::around(line, ":  ")?;
    let hexadecimal = offset.len() >= 4 && offset.iter().all(u8::is_ascii_hexdigit);
    let octets = row(rest.get(..39.min(rest.len()))?);
    (hexadecimal && !octets.is_empty()).then_some(octets)
}

#[derive(Debug, Default)]
struct Hydra {
    /// Whose octets the rows hold, and which process's.
    block: Option<(Mark, Vec<u8>)>,
    wires: [Wire; 2],
}

impl Hydra {
    /// Ends the line of the other side, or another process's, that was left open.
    fn flush(&mut self, line: &[u8], say: Say<'_>) {
        let Some((mark, process)) = &self.block else { return };
        let [first, second] = &mut self.wires;
        let wire = if *mark == Mark::Second { second } else { first };
        let nowhere = line.get(..0).unwrap_or_default();
        let with = |reading| Reading { key: Some(process.clone().into()), ..reading };
        wire.flush(*mark, nowhere, &with, say);
    }
}

impl Reader for Hydra {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, process)) = header(line) {
            if self.block.as_ref().is_some_and(|block| block.0 != mark || block.1 != process) {
                self.flush(line, say);
            }
            self.block = Some((mark, process.to_vec()));
            say(Reading::remark(line).of(process));
            return true;
        }
        if line == b"DEBUG_CONNECT_OK" {
            self.flush(line, say);
            self.block = None;
            say(Reading::remark(line));
            return true;
        }
        let Self { block: Some((mark, process)), wires: [first, second] } = self else {
            return false;
        };
        let Some(octets) = octets(line) else { return false };
        let wire = if *mark == Mark::Second { second } else { first };
        let with = |reading| Reading { key: Some(process.clone().into()), ..reading };
        let mut any = false;
        wire.feed(&octets, *mark, line, &with, &mut |reading| {
            any = true;
            say(reading);
        });
        if !any {
            say(Reading::remark(line).of(process));
        }
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        self.flush(b"", say);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn rows_are_put_together_to_lines() {
        let lines = [
            "DEBUG_CONNECT_OK",
            "[DEBUG] RECV [pid:77] (27 bytes):",
            "0000:  3235 302d 6d78 2e65 7861 6d70 6c65 0d0a    [ 250-mx.example.. ]",
            "0010:  3235 3020 4845 4c50 0d0a                   [ 250 HELP..       ]",
            "[DEBUG] SEND [pid:77] (9 bytes):",
            "0000:  4548 4c4f 206d 650d 0a                     [ EHLO me..        ]",
            "DEBUG S: 250 HELP",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["T", "T", "2 250-mx.example", "2 250 HELP", "T", "1 EHLO me", "-"]
        );
    }
}

//! Tcl's `smtp::sendmessage -debug 1` (tcllib): long arrows, and behind each command how long it may take.
//!
//! ```text
//! Trying mx.example.net...
//! <-- 220 mx.example.net ESMTP
//! --> EHLO client.example (wait upto 300 seconds)
//! ```
//!
//! Traps: what stands in brackets behind a command was not sent; neither message nor credentials are shown.
//! From recordings of tcllib 1.21.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, prompt};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "tcllib-smtp",
    about: "Tcl's smtp package with -debug 1",
    client: "--> ",
    server: "<-- ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" seconds)"],
    evidence: |line| command(line).is_some(),
    reader: || Box::new(read),
};

/// `--> EHLO client.example (wait upto 300 seconds)`, without what stands around the command.
fn command(line: &[u8]) -> Option<&[u8]> {
    let waits = line.strip_prefix(b"--> ")?.strip_suffix(b" seconds)")?;
    let at = memchr::memmem::rfind(waits, b" (wait upto ")?;
    let (command, number) = waits.split_at_checked(at)?;
    let number = number.get(b" (wait upto ".len()..)?;
    (!number.is_empty() && number.iter().all(u8::is_ascii_digit)).then_some(command)
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some(text) = command(line) {
        if text == b"." {
            say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
        }
        say(Reading::said(Mark::First, text));
        return true;
    }
    if let Some(text) = line.strip_prefix(b"<-- ") {
        say(Reading::said(Mark::Second, text));
        return true;
    }
    let target = line.strip_prefix(b"Trying ").and_then(|rest| rest.strip_suffix(b"..."));
    if let Some(fact) = target.and_then(|host| prompt::dialled(host, None)) {
        say(Reading::tells(line, Fact::Opening));
        say(Reading::tells(line.get(..0).unwrap_or_default(), fact));
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn the_time_to_wait_is_no_part_of_the_command() {
        let record = "\
Trying mx.example...
<-- 220 mx.example ESMTP
--> EHLO c.example (wait upto 300 seconds)
<-- 250 mx.example
--> . (wait upto 120 seconds)
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled 1:220 mx.example ESMTP 0:EHLO c.example 1:250 mx.example BodyHidden 0:."
        );
        assert!(!(DIALECT.evidence)(b"--> EHLO c.example"));
        assert!(!(DIALECT.evidence)(b"--> EHLO c.example (wait upto a few seconds)"));
    }
}

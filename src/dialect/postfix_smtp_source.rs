//! Postfix's `smtp-source -v`: `<<< ` before replies, commands bare, all behind the program's name.
//!
//! ```text
//! smtp-source: <<< 220 mx.example.net ESMTP
//! smtp-source: HELO client.example
//! ```
//!
//! Traps: the commands carry no mark of their own and stand among other messages of the program; the message
//! itself is not shown. From recordings of Postfix 3.7 and its source.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postfix-smtp-source",
    about: "smtp-source -v of Postfix, sending test mail",
    client: "smtp-source: ",
    server: "smtp-source: <<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["smtp-source: "],
    evidence: |line| line.starts_with(b"smtp-source: "),
    reader: || Box::new(read),
};

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(text) = line.strip_prefix(b"smtp-source: ") else { return false };
    if let Some(reply) = text.strip_prefix(b"<<< ") {
        say(Reading::said(Mark::Second, reply));
    } else if text == b"." {
        say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
        say(Reading::said(Mark::First, text));
    } else if is_command(text) {
        say(Reading::said(Mark::First, text));
    } else {
        let fact = if has(text, "connect to ") || has(text, "fatal: connect") {
            Some(connect_failed(text))
        } else if text.starts_with(b"fatal: ") || text.starts_with(b"warning: ") {
            Some(Fact::ToolError(text.to_vec()))
        } else {
            None
        };
        say(Reading { fact, ..Reading::remark(line) });
    }
    true
}

fn is_command(text: &[u8]) -> bool {
    const WORDS: &[&[u8]] =
        &[b"HELO ", b"EHLO ", b"LHLO ", b"MAIL FROM:", b"RCPT TO:", b"XCLIENT ", b"AUTH "];
    matches!(text, b"DATA" | b"QUIT" | b"RSET" | b"STARTTLS")
        || WORDS.iter().any(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn commands_are_told_from_messages() {
        let record = "\
smtp-source: name_mask: all
smtp-source: <<< 220 mx
smtp-source: HELO vm
smtp-source: MAIL FROM:<a@x>
smtp-source: .
smtp-source: fatal: recipient rejected: 550 5.1.1 no
";
        assert_eq!(
            told(&DIALECT, record, true),
            "1:220 mx 0:HELO vm 0:MAIL FROM:<a@x> BodyHidden 0:. ToolError"
        );
    }
}

//! `PHPMailer` 5.1 and 5.2: `SMTP -> FROM SERVER:` before each reply.
//!
//! ```text
//! SMTP -> FROM SERVER:250-mx.example.net
//! 250 HELP
//! CLIENT -> SMTP: MAIL FROM:<a@client.example>
//! SMTP -> ERROR: RCPT not accepted from server: 550 5.1.1 User unknown
//! ```
//!
//! Traps: further lines of a reply are bare; many releases log no commands at all; errors repeat the reply;
//! `get_lines()` shows the reply as it grows, each line again with all before it. From public pastes and
//! `class.smtp.php` of 5.2.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::connect_failed,
    reply_rows::{Unfinished, joined},
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "phpmailer-legacy",
    about: "PHPMailer 5.1 and 5.2 with SMTPDebug",
    client: "CLIENT -> SMTP: ",
    server: "SMTP -> FROM SERVER:",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["SMTP -> "],
    evidence: |line| {
        line.strip_prefix(b"SMTP -> ").is_some_and(|rest| {
            [&b"FROM SERVER"[..], b"get_lines()", b"ERROR", b"NOTICE"]
                .iter()
                .any(|words| rest.starts_with(words))
        })
    },
    reader: || Box::new(Legacy::default()),
};

#[derive(Debug, Default)]
struct Legacy {
    reply: Unfinished,
    /// The reply under way is one that a remark repeats.
    repeated: bool,
}

impl Reader for Legacy {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii_end();
        let text = [&b"<br />"[..], b"<br/>", b"<br>"]
            .iter()
            .find_map(|tag| text.strip_suffix(*tag))
            .unwrap_or(text);
        let server = text.strip_prefix(b"SMTP -> FROM SERVER:");
        if let Some(reply) = server {
            let reply = reply.trim_ascii_start();
            self.repeated = false;
            self.reply.said(reply);
            if reply.is_empty() {
                say(Reading::tells(line, Fact::TimedOut));
            }
            // A page shows the lines of a reply in one row.
            for row in joined(reply, b" ").filter(|row| !row.is_empty()) {
                say(Reading::said(Mark::Second, row));
            }
            return true;
        }
        let client = text.strip_prefix(b"CLIENT -> SMTP:");
        if let Some(command) = client.or_else(|| text.strip_prefix(b"SMTP -> FROM CLIENT:")) {
            self.reply = Unfinished::NONE;
            say(Reading::said(Mark::First, command.trim_ascii_start()));
            return true;
        }
        if let Some(words) = text.strip_prefix(b"SMTP -> ") {
            self.repeated = true;
            self.reply.quoted(words);
            let fact = if words.starts_with(b"ERROR: Failed to connect") {
                Some(connect_failed(words))
            } else if words.starts_with(b"NOTICE: EOF caught") {
                Some(Fact::Closed(ClosedBy::Server))
            } else {
                words.starts_with(b"ERROR").then(|| Fact::ToolError(words.to_vec()))
            };
            say(Reading { fact, ..Reading::remark(line) });
            return true;
        }
        if self.reply.takes(text) {
            say(if self.repeated {
                Reading::remark(line)
            } else {
                Reading::said(Mark::Second, text)
            });
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn replies_are_marked_once() {
        let lines = [
            "SMTP -> FROM SERVER:250-mx.example<br />",
            "250 HELP",
            "CLIENT -> SMTP: QUIT",
            "SMTP -> get_lines(): $data is \"250-mx.example",
            "250 HELP",
            "SMTP -> ERROR: RCPT not accepted from server: 550-5.1.1 no",
            "550 5.1.1 no",
            "SMTP -> NOTICE: EOF caught while checking if connected",
            "550 nobody",
            "SMTP -> FROM SERVER:250-mx.example 250-SIZE 250 HELP",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "2 250-mx.example",
                "2 250 HELP",
                "1 QUIT",
                "T",
                "T",
                "T ToolError",
                "T",
                "T Closed(Server)",
                "-",
                "2 250-mx.example",
                "2 250-SIZE",
                "2 250 HELP"
            ]
        );
    }
}

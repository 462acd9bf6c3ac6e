//! ESP Mail Client, the mail library of ESP32 and ESP8266 boards, with its debug output on.
//!
//! ```text
//! #### Sending greeting response...
//! > C: send SMTP command, EHLO
//! < S: 250-mx.example.net
//! < S: 250 HELP
//! ```
//!
//! Traps: what stands behind `> C: ` tells what the library does, in its own words, and is no command; one step
//! may hold several (`send message header` is MAIL and RCPT). Early releases print what came in twice, first
//! without a mark. Its forerunner writes `[DEBUG] - ` before everything and an empty line behind. `! E: ` is an error of the library, `! W: ` a warning. From its source and public pastes.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has, prompt,
    reply_rows,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "esp-mail-client",
    about: "ESP Mail Client on ESP32 and ESP8266 boards",
    client: "",
    server: "< S: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["> C: ", "< S: ", "[DEBUG] - "],
    evidence: |line| {
        step(line).is_some_and(tells_step)
            || said(line).is_some_and(|text| reply_rows::code(text).is_some())
    },
    reader: || Box::new(Esp::default()),
};

/// What the library says that it does.
fn step(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"> C: ")
}

/// What the server said; the library's forerunner has the same mark before it and before its own remarks.
fn said(line: &[u8]) -> Option<&[u8]> {
    let early = || {
        let text = line.strip_prefix(EARLY)?;
        (text.len() > 3 && reply_rows::code(text).is_some()).then_some(text)
    };
    line.strip_prefix(b"< S: ").or_else(early)
}

/// ESP32 Mail Client's mark.
const EARLY: &[u8] = b"[DEBUG] - ";

/// Words that only the library uses for what it does.
fn tells_step(step: &[u8]) -> bool {
    const STEPS: &[&str] =
        &["ESP Mail Client v", "send SMTP command, ", "send smtp command, ", "send command, "];
    STEPS.iter().any(|words| step.starts_with(words.as_bytes()))
        || step.get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"connecting"))
            && has(step, "SMTP server")
}

#[derive(Debug, Default)]
struct Esp {
    host: Vec<u8>,
    /// 354 was the last reply.
    message_due: bool,
}

impl Reader for Esp {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(text) = said(line) {
            if std::mem::take(&mut self.message_due) {
                say(Reading::tells(b"", Fact::BodyHidden(None)));
            }
            self.message_due = text.starts_with(b"354");
            // A password that was refused is all that is seen of the dialogue.
            let hidden = matches!(reply_rows::code(text).as_ref(), Some(b"235" | b"535" | b"334"));
            let fact = hidden.then_some(Fact::AuthHidden);
            say(Reading { fact, ..Reading::said(Mark::Second, text) });
            return true;
        }
        if let Some(step) = step(line) {
            self.step(step, line, say);
            return true;
        }
        if let Some(error) = line.strip_prefix(b"! E: ").or_else(|| line.strip_prefix(b"> E: ")) {
            say(Reading::tells(line, Fact::ToolError(error.to_vec())));
            return true;
        }
        if let Some(words) = line.strip_prefix(EARLY) {
            let words = words.strip_prefix(b"INFO: ").unwrap_or(words);
            if words.starts_with(b"connecting to SMTP server") {
                self.message_due = false;
                say(Reading::tells(line, Fact::Opening));
            } else if words.starts_with(b"ERROR: ") {
                say(Reading::tells(line, Fact::ToolError(words.to_vec())));
            } else {
                say(Reading::remark(line));
            }
            return true;
        }
        let remark = line.starts_with(b"#### ") || line.starts_with(b"! W: ");
        if remark {
            say(Reading::remark(line));
        }
        remark
    }
}

impl Esp {
    fn step(&mut self, step: &[u8], line: &[u8], say: Say<'_>) {
        if let Some(host) = step.strip_prefix(b"Host > ") {
            self.host = host.trim_ascii().to_vec();
            say(Reading::remark(line));
        } else if let Some(port) = step.strip_prefix(b"Port > ") {
            say(Reading::remark(line));
            let host = std::mem::take(&mut self.host);
            if !host.is_empty() {
                let port = prompt::port_number(port.trim_ascii());
                say(Reading::tells(b"", Fact::Dialled { host, port }));
            }
        } else if step.starts_with(b"connect") && has(step, "SMTP server") {
            self.message_due = false;
            say(Reading::tells(line, Fact::Opening));
        } else {
            say(Reading::remark(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn steps_are_no_commands() {
        check(
            &DIALECT,
            "#### Connecting to SMTP server...\n\
             > C: ESP Mail Client v3.4.0\n\
             > C: connecting to SMTP server\n\
             > C: Host > mx.example.net\n\
             > C: Port > 465\n\
             < S: 220 mx.example.net ESMTP\n\
             > C: send SMTP command, EHLO\n\
             250-mx.example.net\n\
             < S: 250-mx.example.net\n\
             < S: 250 HELP\n\
             > C: send SMTP command, AUTH PLAIN\n\
             > C: board@client.example\n\
             < S: 535 5.7.8 no\n\
             ! E: Authentication failed",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: Some(465) }
             2 220 mx.example.net ESMTP
             ? 250-mx.example.net
             2 250-mx.example.net
             2 250 HELP
             2 535 5.7.8 no = AuthHidden
             * = ToolError('Authentication failed')",
        );
        check(
            &DIALECT,
            "[DEBUG] - INFO: connecting to SMTP server...\n[DEBUG] - 465\n[DEBUG] - 220-mx.example.net\n\n[DEBUG] - 220 go",
            "* = Opening\n2 220-mx.example.net\n?\n2 220 go",
        );
        evident(&DIALECT, "> C: send smtp command, HELO", true);
        evident(&DIALECT, "> C: EHLO client.example", false);
    }
}

//! Ruby's `Net::SMTP#set_debug_output`, and so Action Mailer's and the mail gem's.
//!
//! ```text
//! Connection opened: mx.example.net:25
//! -> "220 mx.example.net ESMTP\r\n"
//! <- "EHLO client.example\r\n"
//! ```
//!
//! Traps: `->` is the *server*; the message is only counted (`wrote 23 bytes`) and its dot not shown; ssmtp's
//! `[->]` is the client. From recordings of Ruby 3.1.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked, escape,
    failure::{connect_failed, has},
    prompt,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "ruby-net-smtp",
    about: "Ruby's Net::SMTP with set_debug_output",
    client: "<- ",
    server: "-> ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["-> \"", "<- \""],
    evidence: |line| quoted(line).is_some(),
    reader: || Box::new(read),
};

/// The mark of a line and the literal behind it.
fn quoted(line: &[u8]) -> Option<(Mark, escape::Literal<'_>)> {
    let (mark, text) = match line.split_at_checked(3)? {
        (b"<- ", text) => (Mark::First, text),
        (b"-> ", text) => (Mark::Second, text),
        _ => return None,
    };
    let literal = escape::literal(text).filter(|_| text.first() == Some(&b'"'))?;
    (literal.closed && literal.rest.trim_ascii().is_empty()).then_some((mark, literal))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some((mark, literal)) = quoted(line) {
        for part in escape::backslash_lines(literal.inner) {
            say(part.said(mark));
        }
        return true;
    }
    let text = line.trim_ascii();
    let target = text
        .strip_prefix(b"Connection opened: ")
        .or_else(|| text.strip_prefix(b"opening connection to "));
    if let Some(target) = target {
        let target = target.strip_suffix(b"...").unwrap_or(target);
        say(Reading::tells(line, Fact::Opening));
        if let Some(fact) = prompt::dialled(target, None) {
            say(Reading::tells(b"", fact));
        }
        return true;
    }
    let count = text.strip_prefix(b"wrote ").and_then(|rest| rest.strip_suffix(b" bytes"));
    let fact = if let Some(count) = count {
        let octets = std::str::from_utf8(count).ok().and_then(|count| count.parse().ok());
        Some(Fact::BodyHidden(octets))
    } else if text.starts_with(b"TLS connection started") {
        Some(Fact::TlsStarted { version: None, cipher: None })
    } else if text.starts_with(b"Conn close because of connect error") {
        Some(connect_failed(text))
    } else if text == b"Conn close" {
        Some(Fact::Closed(ClosedBy::Client))
    } else if is_raised(text, b"EOFError") {
        Some(Fact::Closed(ClosedBy::Server))
    } else if is_raised(text, b"Net::ReadTimeout") {
        Some(Fact::TimedOut)
    } else if text == b"opened" || text.starts_with(b"writing message from ") {
        None
    } else if text.starts_with(b"#<Net::") || text.starts_with(b"Net::SMTP") || is_error(text) {
        Some(Fact::ToolError(text.to_vec()))
    } else {
        return false;
    };
    say(Reading { fact, ..Reading::remark(line) });
    true
}

/// Whether the library's lower half raised the exception: `…/net/protocol.rb:219:in rbuf_fill: … (EOFError)`,
/// `EOFError: end of file reached`.
fn is_raised(text: &[u8], class: &[u8]) -> bool {
    let behind = text.strip_suffix(b")").and_then(|text| text.strip_suffix(class));
    behind.is_some_and(|text| text.ends_with(b"(") && has(text, "net/protocol.rb:"))
        || text.strip_prefix(class).is_some_and(|text| text.starts_with(b": "))
}

/// `Net::OpenTimeout: …`, `Errno::ECONNREFUSED: …`
fn is_error(text: &[u8]) -> bool {
    text.starts_with(b"Errno::E") || text.starts_with(b"Net::OpenTimeout")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn arrows_point_from_the_server() {
        let lines = [
            "Connection opened: mx.example:25",
            r#"-> "250-a \"b\"\r\n""#,
            r#"<- "DATA\r\n""#,
            "writing message from String",
            "wrote 23 bytes",
            "-> not quoted",
            "#<Net::SMTPFatalError: Net::SMTPFatalError>",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T Dialled mx.example:25",
                "2 250-a \"b\"",
                "1 DATA",
                "T",
                "T BodyHidden(Some(23))",
                "-",
                "T ToolError"
            ]
        );
    }
}

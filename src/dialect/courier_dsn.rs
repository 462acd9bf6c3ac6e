//! Courier's bounces: the host that refused, the command, the reply.
//!
//! ```text
//!                            UNDELIVERABLE MAIL
//!
//! <b@example.net>:
//!     mx.example.net [192.0.2.25]:
//! >>> RCPT TO:<b@example.net>
//! <<< 550 5.1.1 <b@example.net>... User Unknown
//! ```
//!
//! From the test files of bounce parsers.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "courier-dsn",
    about: "the refusal in Courier's bounces",
    client: ">>> ",
    server: "<<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["UNDELIVERABLE MAIL", "DELAYED MAIL", "Courier mail server"],
    evidence: |line| {
        matches!(line.trim_ascii(), b"UNDELIVERABLE MAIL" | b"DELAYED MAIL")
            || has(line, "running the Courier mail server, version")
    },
    reader: || Box::new(Bounce::default()),
};

/// `    mx.example.net [192.0.2.25]:`
fn host(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = line.strip_prefix(b"  ")?.trim_ascii().strip_suffix(b"]:")?;
    let open = memchr::memchr(b'[', text)?;
    let name = text.get(..open)?.strip_suffix(b" ")?;
    (!name.contains(&b' ')).then_some((name, text.get(open + 1..)?))
}

#[derive(Debug, Default)]
struct Bounce {
    /// A host was named, and what follows was said to it and by it.
    inside: bool,
}

impl Reader for Bounce {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((name, address)) = host(line) {
            self.inside = true;
            say(Reading::tells(line, Fact::Opening));
            say(Reading::tells(b"", Fact::Dialled { host: name.to_vec(), port: None }));
            let server = Fact::ServerAddress { address: address.to_vec(), port: None };
            say(Reading::tells(b"", server));
            return true;
        }
        let mark = match line.get(..3) {
            Some(b">>>") if self.inside => Mark::First,
            Some(b"<<<") if self.inside => Mark::Second,
            _ => {
                self.inside &= !line.trim_ascii().is_empty();
                return false;
            }
        };
        let text = line.get(3..).unwrap_or_default();
        say(Reading::said(mark, text.strip_prefix(b" ").unwrap_or(text)));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_what_a_named_host_said() {
        check(
            &DIALECT,
            ">>> not yet\n    mx.example.net [192.0.2.25]:\n\
             >>> RCPT TO:<b@example.net>\n\
             <<< 550 5.1.1 <b@example.net>... User Unknown\n\
             \n\
             <<< 250 of these",
            "? >>> not yet
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             1 RCPT TO:<b@example.net>
             2 550 5.1.1 <b@example.net>... User Unknown
             ?
             ? <<< 250 of these",
        );
        evident(&DIALECT, "         UNDELIVERABLE MAIL", true);
        evident(&DIALECT, "UNDELIVERABLE MAIL", true);
        evident(&DIALECT, "Subject: UNDELIVERABLE MAIL", false);
    }
}

//! The client of Exim's test suite: what it sends, what it gets, and what its script wants to get.
//!
//! ```text
//! Connecting to 127.0.0.1 port 1225 ... connected
//! ??? 220
//! <<< 220 mx.example ESMTP
//! >>> EHLO client.example
//! ????250
//! ```
//!
//! Traps: `??? ` is what the script waits for and no part of the dialogue; after `????` the reply is read
//! but only its code shown; one `>>> ` may hold several lines with `\r\n` between them.
//!
//! From the test suite's published output and its `client.c`.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked, escape::backslash_lines,
    failure::connect_failed,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "exim-test-client",
    about: "the client of Exim's test suite",
    client: ">>> ",
    server: "<<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["???", " ... connected"],
    evidence: |line| expected(line) || dialled(line).is_some(),
    reader: || Box::new(read),
};

/// `??? 220`, `????250`, `???*eof`
fn expected(line: &[u8]) -> bool {
    line.strip_prefix(b"???").is_some_and(|rest| match rest {
        [b' ' | b'?', code, ..] => code.is_ascii_digit(),
        [b'*', ..] => true,
        _ => false,
    })
}

/// `Connecting to 127.0.0.1 port 1225 ... connected`
fn dialled(line: &[u8]) -> Option<(&[u8], Option<u16>, &[u8])> {
    let rest = line.strip_prefix(b"Connecting to ")?;
    let at = memchr::memmem::find(rest, b" port ")?;
    let (host, rest) = (rest.get(..at)?, rest.get(at + 6..)?);
    let dots = memchr::memmem::find(rest, b" ... ")?;
    let port = std::str::from_utf8(rest.get(..dots)?).ok().and_then(|port| port.parse().ok());
    Some((host, port, rest.get(dots + 5..)?))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some(text) = line.strip_prefix(b"<<< ") {
        say(Reading::said(Mark::Second, text));
        return true;
    }
    if let Some(text) = line.strip_prefix(b">>> ") {
        if text.is_empty() {
            say(Reading::said(Mark::First, text));
        }
        for part in backslash_lines(text) {
            say(part.said(Mark::First));
        }
        return true;
    }
    if let Some(code) = line.strip_prefix(b"????").filter(|_| expected(line)) {
        // The script went on, so the reply with this code came.
        say(Reading { fact: Some(Fact::Elision), ..Reading::said(Mark::Second, code) });
        return true;
    }
    if let Some((host, port, then)) = dialled(line) {
        say(Reading::tells(line, Fact::Opening));
        say(Reading::tells(b"", Fact::Dialled { host: host.to_vec(), port }));
        let fact = if then == b"connected" { Fact::Opened } else { connect_failed(then) };
        say(Reading::tells(b"", fact));
        return true;
    }
    let fact = match line {
        b"Expected EOF read" | b"Unexpected EOF read" => Fact::Closed(ClosedBy::Server),
        b"Succeeded in starting TLS" => Fact::TlsStarted { version: None, cipher: None },
        b"Failed to start TLS" => Fact::TlsFailed(line.to_vec()),
        _ => {
            let remark = line.starts_with(b"???")
                || line.starts_with(b"+++ ")
                || line == b"End of script"
                || line == b"Attempting to start TLS"
                || line.starts_with(b"Certificate file = ")
                || line.starts_with(b"Key file = ");
            if remark {
                say(Reading::remark(line));
            }
            return remark;
        }
    };
    say(Reading::tells(line, fact));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn leaves_out_what_the_script_wants() {
        check(
            &DIALECT,
            "Connecting to 127.0.0.1 port 1225 ... connected\n\
             ??? 220\n\
             <<< 220 mx.example\n\
             >>> mail from:<a@b>\\r\\ndata\n\
             Attempting to start TLS\n\
             Succeeded in starting TLS\n\
             >>> \n\
             ????250\n\
             +++ 1\n\
             End of script\n\
             220 else",
            "* = Opening
             * = Dialled { host: '127.0.0.1', port: Some(1225) }
             * = Opened
             2 220 mx.example
             1 mail from:<a@b>
             1 data
             * = TlsStarted { version: None, cipher: None }
             1 \n\
             2 250 = Elision
             ? 220 else",
        );
        evident(&DIALECT, "????250", true);
        evident(&DIALECT, "??? why", false);
        evident(&DIALECT, "Connecting to mx [192.0.2.1]:25 ... connected", false);
    }
}

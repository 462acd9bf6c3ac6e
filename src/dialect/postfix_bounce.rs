//! Postfix's bounces and its log: `host … said: …`, with the command that was answered behind the reply.
//!
//! ```text
//! <bad@example.net>: host mx.example.net[192.0.2.1] said: 550-5.1.1
//!     <bad@example.net>: Recipient address rejected: 550 5.1.1 User unknown (in
//!     reply to RCPT TO command)
//! ```
//!
//! Traps: the paragraph is wrapped anywhere, in front of the command's name, too; the lines of a reply stand
//! behind each other; `refused to talk to me` quotes a greeting. From recordings of Postfix 3.7 and its source.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::{connect_failed, has},
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{ClosedBy, Fact, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postfix-bounce",
    about: "the refusal in Postfix's bounces and mail log",
    client: "(in reply to … command)",
    server: "host … said: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        " said:",
        "refused to talk to me: ",
        ">: host ",
        ": connect to ",
        "(connect to ",
        "lost connection with ",
    ],
    evidence: |line| {
        let quotes =
            has(line, "host ") && (host_said(line) || has(line, " refused to talk to me: "));
        quotes
            || nameless(line).is_some()
            || led_by_host(line).is_some()
            || breaks_behind_host(line)
            || (line.first() == Some(&b'<') && has(line, ">: connect to "))
            || (line.first() == Some(&b'<') && has(line, ">: lost connection with "))
            || in_log(line).is_some_and(|status| {
                status.starts_with(b"connect to ") || status.starts_with(LOGIN)
            })
    },
    reader: || Box::new(Bounce::default()),
};

/// `…[192.0.2.1] said: `, `…[192.0.2.1]:25 said: `, where a paragraph may break.
fn host_said(line: &[u8]) -> bool {
    around(line, b" said:").is_some_and(|(host, rest)| {
        if rest.first().is_some_and(|octet| !octet.is_ascii_whitespace()) {
            return false;
        }
        let host = host.trim_ascii_end();
        let port = host.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
        let before = host.get(..host.len() - port).unwrap_or_default();
        host.ends_with(b"]") || port > 0 && before.ends_with(b"]:")
    })
}

/// `<bad@example.net>: host mx.example.net[192.0.2.1]`, where the paragraph breaks before what it said.
fn breaks_behind_host(line: &[u8]) -> bool {
    let told = line.strip_prefix(b"<").and_then(|rest| around(rest, b">: host "));
    told.is_some_and(|(address, host)| {
        let host = host.trim_ascii_end();
        let named = host.contains(&b'[') && host.ends_with(b"]");
        address.contains(&b'@') && named && !host.contains(&b' ')
    })
}

#[derive(Debug, Default)]
struct Bounce {
    hosts: Hosts,
    /// The paragraph so far, its lines joined.
    paragraph: Vec<u8>,
    /// The host that writes the bounce: whom it greeted as.
    name: Option<Vec<u8>>,
    /// The next line is indented.
    indented: bool,
    /// The next line holds something.
    follows: bool,
    /// What hosts said stands in the text that people read: the fields behind it say it again.
    told: bool,
    /// The paragraph is such a field.
    again: bool,
}

impl Reader for Bounce {
    fn ahead(&mut self, next: &[u8]) {
        self.indented = matches!(next.first(), Some(b' ' | b'\t'));
        self.follows = !next.trim_ascii().is_empty() && bare_address(next).is_none();
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let mail_system = line
            .strip_prefix(b"This is the mail system at host ")
            .or_else(|| line.strip_prefix(b"This is the Postfix program at host "));
        // Copies put a whole bounce into a line.
        if let Some(host) = mail_system.filter(|host| !has(host, " ")) {
            let host = host.strip_suffix(b".").unwrap_or(host);
            self.name = Some(host.to_vec());
            self.told = false;
            self.hosts.ends();
            say(Reading::remark(line));
            return true;
        }
        if let Some(status) = in_log(line) {
            let at = time::stamped(line).map(|(at, _)| at);
            let address = logged_recipient(line).unwrap_or_default();
            self.hosts.ends();
            return self.quote(address, status, None, at, say);
        }
        if let Some(text) = other_host(line) {
            let at = time::stamped(line).map(|(at, _)| at);
            self.hosts.ends();
            return self.quote(b"", text, None, at, say);
        }
        let begins = line.first() == Some(&b'<') && has(line, ">")
            || bare_address(line).is_some()
            || self.paragraph.is_empty()
                && (anywhere(line).is_some() || led_by_host(line).is_some());
        if begins {
            self.paragraph.clear();
            self.again = self.told && is_diagnostic(line);
        } else if self.paragraph.is_empty() || line.is_empty() {
            self.paragraph.clear();
            return false;
        } else {
            self.paragraph.push(b' ');
        }
        let first = if begins { line.trim_ascii_start() } else { &self.paragraph };
        let closed = first.first() == Some(&b'(') && line.trim_ascii_end().ends_with(b")");
        let goes_on = self.follows && !closed && (self.indented || self.is_cut(line));
        let whole = begins && !goes_on;
        self.paragraph.extend_from_slice(line.trim_ascii());
        if goes_on {
            say(Reading::remark(line));
            return true;
        }
        let paragraph = std::mem::take(&mut self.paragraph);
        if self.again {
            say(Reading::remark(line));
            return true;
        }
        let text = if whole { line } else { &paragraph };
        let usual = addressed(text).filter(|_| text.first() == Some(&b'<'));
        let bare = || Some((bare_address(text)?, around(text, b": ")?.1));
        let quoted = || anywhere(text).or_else(|| led_by_host(text));
        let found = usual.or_else(bare).or_else(|| Some((b"", quoted()?)));
        let Some((address, rest)) = found else { return false };
        let within = (!whole).then_some(line);
        let quoted = self.quote(address, rest, within, None, say);
        self.told |= quoted;
        quoted
    }
}

impl Bounce {
    /// Whether the paragraph breaks off before the command that it must name: copies lose the blanks before
    /// its further lines.
    fn is_cut(&self, line: &[u8]) -> bool {
        const LONGEST: usize = 2048;
        let quotes = |text: &[u8]| has(text, "] said: ");
        let closed = line.trim_ascii_end().ends_with(b")");
        (quotes(&self.paragraph) || quotes(line)) && !closed && self.paragraph.len() < LONGEST
    }

    /// What a paragraph says behind the recipient.
    fn quote(
        &mut self,
        address: &[u8],
        text: &[u8],
        within: Option<&[u8]>,
        at: Option<Moment>,
        say: Say<'_>,
    ) -> bool {
        let line = within.unwrap_or(text);
        let nameless = || text.starts_with(NAMELESS).then_some(text);
        let led = || led_by_host(text);
        if let Some(rest) = text.strip_prefix(b"host ").or_else(nameless).or_else(led) {
            if let Some((host, said)) = around(rest, b" said: ") {
                let host = host.trim_ascii();
                let host = if host == b"..." { b"" } else { host };
                let (reply, phrase) = match memchr::memmem::rfind(said, b" (in reply to ") {
                    Some(at) => said.split_at_checked(at).unwrap_or((said, b"")),
                    None => (said, &b""[..]),
                };
                self.hosts.begins(host, at, line, say);
                let answered = self.answered(phrase, address);
                let phrase = phrase.trim_ascii();
                bounce::command(&answered, within.unwrap_or(phrase), say);
                let empty = within.map(|within| within.get(..0).unwrap_or_default());
                bounce::whole_reply(reply, empty, at, say);
                return true;
            }
            if let Some((host, said)) = around(rest, b" refused to talk to me: ") {
                self.hosts.ends();
                self.hosts.begins(host, at, line, say);
                // Postfix says the same where EHLO and HELO were refused; nobody greets with these.
                let hello = matches!(said.get(..3), Some(b"500" | b"502" | b"503"));
                let answered = if hello { Answered::Unknown } else { Answered::Nothing };
                bounce::command(&answered, line.get(..0).unwrap_or_default(), say);
                bounce::whole_reply(said, within, at, say);
                return true;
            }
        }
        if let Some((host, said)) =
            text.strip_prefix(LOGIN).and_then(|rest| around(rest, b" said: "))
        {
            self.hosts.ends();
            self.hosts.begins(host, at, line, say);
            bounce::command(&Answered::Command(b"AUTH ...".to_vec()), line, say);
            bounce::whole_reply(said, within, at, say);
            return true;
        }
        let fact = if let Some(rest) = text.strip_prefix(b"connect to ") {
            let (host, words) = around(rest, b": ").unwrap_or((rest, b""));
            self.hosts.ends();
            self.hosts.begins(host, at, line, say);
            connect_failed(words)
        } else if let Some(rest) = text.strip_prefix(b"lost connection with ") {
            let (host, _) = around(rest, b" while ").unwrap_or((rest, b""));
            self.hosts.begins(host, at, line, say);
            Fact::Closed(ClosedBy::Server)
        } else if let Some(rest) = text.strip_prefix(b"conversation with ") {
            let (host, _) = around(rest, b" timed out").unwrap_or((rest, b""));
            self.hosts.begins(host, at, line, say);
            Fact::TimedOut
        } else {
            return false;
        };
        say(Reading::tells(line, fact).at(at));
        self.hosts.ends();
        true
    }

    /// `(in reply to RCPT TO command)`
    fn answered(&self, phrase: &[u8], address: &[u8]) -> Answered {
        let words = phrase.trim_ascii().strip_prefix(b"(in reply to ").unwrap_or_default();
        // What else stands behind is not Postfix's: the end of a quotation, of a field, of a joined line.
        let words =
            words.get(..memchr::memchr(b')', words).unwrap_or(words.len())).unwrap_or(words);
        let words = words.strip_suffix(b" command").unwrap_or(words);
        let greets = || self.name.clone().unwrap_or_else(|| b"...".to_vec());
        match words {
            b"RCPT TO" => {
                let address = if address.is_empty() { b"..." } else { address };
                Answered::Command(bounce::recipient("RCPT TO:", address))
            }
            b"MAIL FROM" => Answered::Command(b"MAIL FROM:<...>".to_vec()),
            b"EHLO" | b"HELO" | b"LHLO" => Answered::Command([words, b" ", &greets()].concat()),
            b"end of DATA" => Answered::Message,
            b"initial server greeting" => Answered::Nothing,
            // Postfix always names it: the rest was cut off.
            b"" => Answered::Unknown,
            command => Answered::Command(command.to_vec()),
        }
    }
}

/// `<bob@example.net> (expanded from <ed@example.net>): host …`
fn addressed(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(address) = bare_address(text) {
        return Some((address, text.get(address.len() + 2..)?));
    }
    let end = memchr::memchr(b'>', text)?;
    let (address, rest) = text.split_at_checked(end + 1)?;
    let rest = match rest.strip_prefix(b" (") {
        Some(expanded) => expanded.get(memchr::memmem::find(expanded, b"): ")? + 1..)?,
        None => rest,
    };
    Some((address, rest.strip_prefix(b": ")?))
}

/// How Postfix tells that it could not log in (`smtp_sasl_glue.c`).
const LOGIN: &[u8] = b"SASL authentication failed; server ";

/// How a quotation begins where somebody left the host out.
const NAMELESS: &[u8] = b"... said: ";

/// `... said: 550 no (in reply to RCPT TO command)`
fn nameless(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    let reply = line.strip_prefix(NAMELESS)?;
    (code(reply).is_some() && has(reply, " (in reply to ")).then_some(line)
}

/// `mx.example.net[192.0.2.1] said: 550 no`: a paragraph broke before the host's name, whose first line is lost or
/// stands before it.
fn led_by_host(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    let (host, reply) = around(line, b" said: ")?;
    let named = host_said(line)
        && host.contains(&b'[')
        && host.first().is_some_and(u8::is_ascii_alphanumeric)
        && !host.iter().any(u8::is_ascii_whitespace);
    (named && code(reply).is_some()).then_some(line)
}

/// `Diagnostic-Code: X-Postfix; host mx[192.0.2.1] said: 550 no`
fn is_diagnostic(line: &[u8]) -> bool {
    const FIELD: &[u8] = b"diagnostic-code:";
    line.get(..FIELD.len()).is_some_and(|name| name.eq_ignore_ascii_case(FIELD))
}

/// What a host answered, where the words before it are neither a bounce's nor the log's:
/// `reason=host mx[192.0.2.1] said: …`, `(host mx[192.0.2.1] refused to talk to me: …)` as `mailq` has it.
fn anywhere(text: &[u8]) -> Option<&[u8]> {
    if let Some(quoted) = nameless(text) {
        return Some(quoted);
    }
    memchr::memmem::find_iter(text, b"host ").find_map(|at| {
        let (before, quoted) = text.split_at_checked(at)?;
        let apart = before.last().is_none_or(|octet| !octet.is_ascii_alphanumeric());
        // Nobody asked that host again.
        (!has(before, "delivery temporarily suspended")).then_some(())?;
        let name = quoted.get(5..)?.trim_ascii_start();
        let end = name.iter().position(u8::is_ascii_whitespace)?;
        let (name, words) = name.split_at_checked(end)?;
        let words = words.trim_ascii_start();
        let reply = words
            .strip_prefix(b"said:")
            .or_else(|| words.strip_prefix(b"refused to talk to me:"))?
            .trim_ascii_start();
        // A paragraph may break there.
        let replies = reply.is_empty() || code(reply).is_some();
        (apart && replies && name.contains(&b'[') && name.contains(&b']')).then_some(())?;
        let shut = before.last() == Some(&b'(') && !has(quoted, " (in reply to ");
        Some(quoted.strip_suffix(b")").filter(|_| shut).unwrap_or(quoted))
    })
}

/// The address of `bob@example.net: host …`, as pages show it that took the angle brackets for a tag's.
fn bare_address(text: &[u8]) -> Option<&[u8]> {
    let (address, rest) = around(text, b": ")?;
    let quoted = rest.starts_with(b"host ") && host_said(rest) || rest.starts_with(b"connect to ");
    let plain = !address.iter().any(|octet| octet.is_ascii_whitespace() || *octet == b'<');
    (quoted && plain && address.contains(&b'@')).then_some(address)
}

/// What a host answered before another one was tried: `postfix/smtp[12]: 4F1A2B: host mx[192.0.2.1] said: …`
fn other_host(line: &[u8]) -> Option<&[u8]> {
    let (_, rest) = around(line, b"]: ").filter(|(before, _)| has(before, "postfix"))?;
    let (id, text) = around(rest, b": ")?;
    let named = id.len() >= 5 && id.iter().all(u8::is_ascii_alphanumeric);
    (named && text.starts_with(b"host ")).then_some(text)
}

/// What stands in the parentheses of `status=bounced (…)`.
fn in_log(line: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(line, b", status=")?;
    let rest = line.get(at + 9..)?;
    let (status, rest) = around(rest, b" (")?;
    matches!(status, b"bounced" | b"deferred" | b"undeliverable").then_some(())?;
    rest.strip_suffix(b")")
        .or(Some(rest))
        .filter(|text| !has(text, "delivery temporarily suspended"))
}

fn logged_recipient(line: &[u8]) -> Option<&[u8]> {
    let (_, rest) = around(line, b": to=")?;
    rest.get(..memchr::memchr(b'>', rest)? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn hosts_may_have_a_port() {
        assert!(host_said(b"host mx.example.net[192.0.2.1] said: 550 no"));
        assert!(host_said(b"host mx.example.net[192.0.2.1]:25 said: 550 no"));
        assert!(host_said(b"host mx.example.net[192.0.2.1] said:"));
        assert!(!host_said(b"host mx.example.net[192.0.2.1] said:so"));
        assert!(!host_said(b"the host at 25 said: 550 no"));
    }

    #[test]
    fn paragraphs_are_read() {
        for (record, want) in [
            (
                "<bad@dest.test>: host mx[192.0.2.1] said: 550-5.1.1 <bad@dest.test>:\n    Recipient address rejected: 550 5.1.1 User unknown (in reply to RCPT TO\n    command)\n",
                "Opening Dialled ServerAddress Elision 0:RCPT TO:<bad@dest.test> 1:550-5.1.1 <bad@dest.test>: Recipient address rejected: 1:550 5.1.1 User unknown",
            ),
            (
                "<a@b>: host mx[192.0.2.1] said:\n    550-5.1.1 no. Please\n    try 550-5.1.1 again\n",
                "Opening Dialled ServerAddress Elision 1:550-5.1.1 no. Please try 1:550 5.1.1 again",
            ),
            (
                "<a@b>: host mx[192.0.2.1] said: 552 too big (in reply to end of DATA command)\n<c@b>: host mx[192.0.2.1] said: 452 full (in reply to RCPT TO command)",
                "Opening Dialled ServerAddress Elision BodyHidden 0:. 1:552 too big Elision 0:RCPT TO:<c@b> 1:452 full",
            ),
            (
                "This is the Postfix program at host a.test.\n<a@b>: host mx[192.0.2.1] said: 550\n    no (in reply to DATA command)\nDiagnostic-Code: X-Postfix; host mx[192.0.2.1] said: 550\n    no (in reply to DATA command)\n",
                "Opening Dialled ServerAddress Elision 0:DATA 1:550 no",
            ),
            (
                "... said: 500 5.5.1 Unknown (in reply to RCPT TO\n    command)",
                "Opening Elision 0:RCPT TO:<...> 1:500 5.5.1 Unknown",
            ),
            (
                "<a@b>: host mx[192.0.2.1] refused to talk to me: 554 5.7.1 no",
                "Opening Dialled ServerAddress 1:554 5.7.1 no",
            ),
            (
                "<a@b>: connect to mx[192.0.2.1]:25: Connection\n    refused\n",
                "Opening Dialled ServerAddress ConnectFailed",
            ),
            (
                "Nov 23 10:13:45 mx postfix/smtp[12]: 3F2: to=<a@b>, relay=mx[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (host mx[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))",
                "Opening Dialled ServerAddress Elision 0:RCPT TO:<a@b> 1:550 5.1.1 no",
            ),
            (
                "bad@dest.test: host mx[192.0.2.1] said: 550 5.1.1\nbad@dest.test: User unknown (in reply to\nRCPT TO command)\n\nNext",
                "Opening Dialled ServerAddress Elision 0:RCPT TO:<bad@dest.test> 1:550 5.1.1 bad@dest.test: User unknown -Next",
            ),
            (
                "Nov 23 10:13:45 mx postfix/smtp[12]: 3F2A1: host mx[192.0.2.1] refused to talk to me: 554 5.7.1 no",
                "Opening Dialled ServerAddress 1:554 5.7.1 no",
            ),
            ("<a@b>: unknown user: \"a\"", "-<a@b>: unknown user: \"a\""),
            (
                "reason=host mx[192.0.2.1] said: 550-5.7.1 the domain's\npolicy. 550 5.7.1 forbids it (in reply to\nend of DATA command)\n\nYours",
                "Opening Dialled ServerAddress Elision BodyHidden 0:. 1:550-5.7.1 the domain's policy. 1:550 5.7.1 forbids it -Yours",
            ),
            (
                "<a@b>: host mx[192.0.2.1] refused to talk to me: 500 5.5.1 Unknown command",
                "Opening Dialled ServerAddress Elision 1:500 5.5.1 Unknown command",
            ),
            (
                "(host mx[192.0.2.1] refused to talk to me: 554-mx 554 5.7.1 no)\n      b@example.net\n",
                "Opening Dialled ServerAddress 1:554-mx 1:554 5.7.1 no -      b@example.net",
            ),
            (
                "status=bounced (host mx[192.0.2.1]    said: 550 5.1.1 no (in reply to RCPT TO command))",
                "Opening Dialled ServerAddress Elision 0:RCPT TO:<...> 1:550 5.1.1 no",
            ),
            (
                "<a@b>: host mx[192.0.2.1] said: 550-5.1.1 the record\n    ends here",
                "Opening Dialled ServerAddress Elision 1:550 5.1.1 the record ends here",
            ),
            (
                "to=<a@b>, relay=none, status=deferred (delivery temporarily suspended: host mx[192.0.2.1] refused to talk to me: 554 no)",
                "-to=<a@b>, relay=none, status=deferred (delivery temporarily suspended: host mx[192.0.2.1] refused to talk to me: 554 no)",
            ),
            (
                "the localhost mx[192.0.2.1] said: 550, and host mx said: 550 no",
                "-the localhost mx[192.0.2.1] said: 550, and host mx said: 550 no",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}

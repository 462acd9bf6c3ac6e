//! Postfix's ordinary log: what smtpd and postscreen refused to clients.
//!
//! ```text
//! Nov 23 10:14:21 mail postfix/smtpd[124]: NOQUEUE: reject: RCPT from client.example[192.0.2.7]: 554 5.7.1
//!   <b@example.net>: Relay access denied; from=<a@b.example> to=<b@example.net> proto=ESMTP helo=<me>
//! ```
//!
//! (It is one line of the log.) Each such line is a session of its own kind: one command and its reply.
//! Traps: in a log with `-v` they repeat what the dialogue itself shows (`postfix-verbose`); what hosts
//! answered to deliveries is told in the words of bounces (`postfix-bounce`). `reject_warning` refused nothing.
//! From recordings of Postfix 3.7 and from its `smtpd_check.c`, `smtpd_milter.c` and `postscreen_smtpd.c`.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    flow::End,
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postfix-log",
    about: "refused clients in Postfix's log without -v",
    client: "reject: … from",
    server: "behind the client's address",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["reject: "],
    evidence: |line| Refusal::of(line).is_some(),
    reader: || Box::new(read),
};

/// What was refused to a client.
#[derive(Debug, Clone, Copy)]
struct Refusal<'l> {
    /// The command's verb, `CONNECT` or `END-OF-MESSAGE`.
    stage: &'l [u8],
    client: End<'l>,
    reply: &'l [u8],
    /// `; from=<a@b.example> to=<b@example.net> proto=ESMTP helo=<me>`
    about: &'l [u8],
}

impl<'l> Refusal<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (before, rest) = around(line, b"reject: ")?;
        // `NOQUEUE: reject:`, `4F1A2B: milter-reject:`
        let before = before.strip_suffix(b": milter-").or_else(|| before.strip_suffix(b": "))?;
        let id = before.rsplit(|octet| *octet == b' ').next()?;
        if id.len() < 5 || !id.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let (stage, rest) = around(rest, b" from ")?;
        let plain = stage.iter().all(|octet| octet.is_ascii_uppercase() || *octet == b'-');
        let bracket = memchr::memchr(b']', rest).filter(|_| plain && !stage.is_empty())?;
        let end = bracket + memchr::memmem::find(rest.get(bracket..)?, b": ")?;
        let (_, client) = bounce::parts(rest.get(..end)?);
        let told = rest.get(end + 2..)?;
        let about = [&b"; from=<"[..], b"; proto=", b"; helo=<"]
            .iter()
            .find_map(|sign| memchr::memmem::rfind(told, sign))
            .unwrap_or(told.len());
        let (reply, about) = told.split_at_checked(about)?;
        if code(reply).is_none() {
            assumed(stage, reply)?;
        }
        Some(Self { stage, client: client?, reply, about })
    }

    /// What stands in ` name=<…>`.
    fn value(&self, name: &[u8]) -> Option<&'l [u8]> {
        let (_, rest) = around(self.about, name)?;
        rest.get(..memchr::memchr(b'>', rest)?)
    }

    fn answered(&self) -> Answered {
        let unknown = &b"..."[..];
        match self.stage {
            b"CONNECT" => Answered::Nothing,
            b"END-OF-MESSAGE" => Answered::Message,
            b"MAIL" => {
                let sender = self.value(b" from=<").unwrap_or(unknown);
                Answered::Command(bounce::recipient("MAIL FROM:", sender))
            }
            b"RCPT" => {
                let recipient =
                    self.value(b" to=<").or_else(|| named(self.reply)).unwrap_or(unknown);
                Answered::Command(bounce::recipient("RCPT TO:", recipient))
            }
            b"EHLO" | b"HELO" | b"LHLO" => {
                let name = self.value(b" helo=<").unwrap_or(unknown);
                Answered::Command([self.stage, b" ", name].concat())
            }
            b"AUTH" | b"VRFY" | b"ETRN" | b"BDAT" => {
                Answered::Command([self.stage, b" ", unknown].concat())
            }
            verb => Answered::Command(verb.to_vec()),
        }
    }
}

/// The code that smtpd gives where cleanup's log shows what a milter said of a message without one
/// (`cleanup_strerror.c`).
fn assumed(stage: &[u8], reply: &[u8]) -> Option<&'static [u8]> {
    match (stage, reply) {
        (b"END-OF-MESSAGE", [b'4', b'.', b'0'..=b'9', ..]) => Some(b"451 "),
        (b"END-OF-MESSAGE", [b'5', b'.', b'0'..=b'9', ..]) => Some(b"550 "),
        _ => None,
    }
}

/// The recipient that a reply names: `554 5.7.1 <b@example.net>: Relay access denied`. Other refusals name others.
fn named(reply: &[u8]) -> Option<&[u8]> {
    let (_, rest) = around(reply, b" <")?;
    let (address, words) = around(rest, b">: ")?;
    let recipient =
        words.starts_with(b"Relay access denied") || words.starts_with(b"Recipient address ");
    (recipient && !address.contains(&b' ')).then_some(address)
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(refusal) = Refusal::of(line) else { return false };
    let at = time::stamped(line).map(|(at, _)| at);
    say(Reading::tells(line, Fact::Opening));
    let End { address, port } = refusal.client;
    if address != b"unknown" {
        say(Reading::tells(b"", Fact::ClientAddress { address: address.to_vec(), port }));
    }
    bounce::command(&refusal.answered(), line, say);
    match assumed(refusal.stage, refusal.reply) {
        Some(code) => {
            let reply = [code, refusal.reply.trim_ascii_end()].concat();
            say(Reading::unescaped(Mark::Second, reply, refusal.reply).at(at));
        }
        None => bounce::reply(refusal.reply, None, at, say),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn each_refusal_is_a_session() {
        check(
            &DIALECT,
            "Nov 23 10:14:21 mail postfix/smtpd[124]: NOQUEUE: reject: RCPT from client.example[192.0.2.7]: 554 5.7.1 <b@example.net>: Relay access denied; from=<a@b.example> to=<b@example.net> proto=ESMTP helo=<me>\n\
             Nov 23 10:14:21 mail postfix/smtpd[124]: NOQUEUE: reject: EHLO from unknown[192.0.2.7]:4242: 501 5.5.4 bad; proto=SMTP helo=<m e>\n\
             Nov 23 10:14:21 mail postfix/cleanup[124]: 4F1A2B: milter-reject: END-OF-MESSAGE from unknown[unknown]: 550 5.7.1 spam; from=<> to=<b@example.net> proto=ESMTP helo=<me>\n\
             Nov 23 10:14:21 mail postfix/cleanup[124]: 4F1A2B: milter-reject: END-OF-MESSAGE from unknown[unknown]: 4.7.1 later; from=<> to=<b@example.net> proto=ESMTP helo=<me>\n\
             Nov 23 10:14:22 mail postfix/smtpd[124]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <c@d>: Relay access denied\n\
             Nov 23 10:14:22 mail postfix/smtpd[124]: NOQUEUE: reject_warning: RCPT from client.example[192.0.2.7]: 554 5.7.1 no; from=<>",
            "* = Opening
             * = ClientAddress { address: '192.0.2.7', port: None }
             * = Elision
             1 RCPT TO:<b@example.net>
             2 554 5.7.1 <b@example.net>: Relay access denied
             * = Opening
             * = ClientAddress { address: '192.0.2.7', port: Some(4242) }
             * = Elision
             1 EHLO m e
             2 501 5.5.4 bad
             * = Opening
             * = Elision
             * = BodyHidden(None)
             1 .
             2 550 5.7.1 spam
             * = Opening
             * = Elision
             * = BodyHidden(None)
             1 .
             2 451 4.7.1 later
             * = Opening
             * = ClientAddress { address: '192.0.2.7', port: None }
             * = Elision
             1 RCPT TO:<c@d>
             2 554 5.7.1 <c@d>: Relay access denied
             ? Nov 23 10:14:22 mail postfix/smtpd[124]: NOQUEUE: reject_warning: RCPT from client.example[192.0.2.7]: 554 5.7.1 no; from=<>",
        );
        evident(&DIALECT, "we reject: RCPT from you[x]: 550 no", false);
    }
}

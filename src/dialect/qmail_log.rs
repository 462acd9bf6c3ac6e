//! qmail's log of deliveries: its bounce's sentences as one word.
//!
//! ```text
//! @40000000419f13a508f3214c starting delivery 5: msg 161214 to remote bad@example.net
//! @40000000419f13a508f3214c delivery 5: failure:
//!   192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_User_unknown/Giving_up_on_192.0.2.1./
//! ```
//!
//! (The last two are one line of the log.) Each such line is a session of its own kind. Traps: `_` stands for a blank
//! and for itself; `/` ends a sentence, but addresses of pages have it too; of a delivery that went well the reply
//! is there also (`accepted_message./Remote_host_said:_250_…`), and tells nothing; in mail the line is wrapped
//! anywhere, and stands behind the recipient's line of a bounce. From qmail's source and from logs that people
//! published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::has,
    qmail_bounce::complaint,
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "qmail-log",
    about: "refused deliveries in qmail's log",
    client: "_does_not_like_recipient./",
    server: "/Remote_host_said:_",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["./Remote_host_said:_", "_but_connection_died.", "_establish_an_SMTP_connection."],
    evidence: |line| Failure::of(line).is_some(),
    reader: || Box::new(Log::default()),
};

/// How many deliveries run at once at most.
const DELIVERIES: usize = 512;

/// The sentences, each but the last one ending with a stroke.
enum Failure<'l> {
    /// What was not liked, and the reply as the log has it.
    Reply(&'l [u8], &'l [u8]),
    /// There was no connection, or it broke.
    Broken(&'l [u8]),
}

impl<'l> Failure<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let sign = b"./Remote_host_said:_";
        if let Some(at) = memchr::memmem::find(line, sign) {
            let before = line.get(..=at)?;
            let reply = line.get(at + sign.len()..)?;
            let sentence = before.rsplit(u8::is_ascii_whitespace).next()?;
            code(reply.get(..4)?.strip_suffix(b"_")?)
                .or_else(|| code(reply.get(..4)?.strip_suffix(b"-")?))?;
            let fine = sentence.ends_with(b"_accepted_message.");
            return (!fine).then_some(Self::Reply(sentence, reply));
        }
        let word = line.rsplit(u8::is_ascii_whitespace).find(|word| {
            has(word, "_but_connection_died.") || has(word, "able_to_establish_an_SMTP_connection.")
        })?;
        Some(Self::Broken(word))
    }
}

#[derive(Debug, Default)]
struct Log {
    /// The deliveries that began, by their numbers.
    begun: Vec<(Vec<u8>, Vec<u8>)>,
    /// The recipient of a bounce that quotes the log.
    recipient: Vec<u8>,
    /// The reply goes on in the next line.
    open: bool,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if std::mem::take(&mut self.open) && memchr::memchr(b' ', text).is_none() {
            let (further, open) = ended(text);
            self.open = open && !text.is_empty();
            if !further.is_empty() {
                say(Reading::unescaped(Mark::Second, blanks(further), text).joining());
            }
            return true;
        }
        if text.first() == Some(&b'<') && text.ends_with(b">:") {
            self.recipient = text.get(1..text.len() - 2).unwrap_or_default().to_vec();
            return false;
        }
        if let Some((_, rest)) = around(text, b"starting delivery ") {
            self.starts(rest);
            return false;
        }
        let Some(failure) = Failure::of(line) else { return false };
        let at = time::tai64n(line).or_else(|| time::stamped(line)).map(|(at, _)| at);
        if let Some(to) = around(line, b"delivery ")
            .and_then(|(_, rest)| Some(rest.split(|octet| *octet == b':').next()?.to_vec()))
            .and_then(|number| {
                let at = self.begun.iter().position(|(begun, _)| *begun == number)?;
                Some(self.begun.swap_remove(at).1)
            })
        {
            self.recipient = to;
        }
        self.fails(&failure, line, at, say);
        true
    }
}

impl Log {
    /// `5: msg 161214 to remote bad@example.net`
    fn starts(&mut self, rest: &[u8]) {
        let Some((number, rest)) = around(rest, b": msg ") else { return };
        let Some((_, to)) = around(rest, b" to remote ") else { return };
        if self.begun.len() == DELIVERIES {
            self.begun.remove(0);
        }
        self.begun.push((number.to_vec(), to.to_vec()));
    }

    fn fails(&mut self, failure: &Failure<'_>, line: &[u8], at: Option<Moment>, say: Say<'_>) {
        let mut hosts = Hosts::default();
        match *failure {
            Failure::Reply(sentence, reply) => {
                let words = blanks(sentence);
                let recipient = std::mem::take(&mut self.recipient);
                let (host, answered) =
                    complaint(&words, &recipient).unwrap_or((b"", Answered::Unknown));
                hosts.begins(host, at, line, say);
                bounce::command(&answered, sentence, say);
                let (whole, open) = ended(reply);
                self.open = open;
                bounce::whole_reply(&blanks(whole), Some(reply), at, say);
            }
            Failure::Broken(word) => {
                let words = blanks(word);
                let host = around(&words, b"onnected to ")
                    .and_then(|(_, rest)| around(rest, b" but "))
                    .map_or(&b""[..], |(host, _)| host);
                hosts.begins(host, at, line, say);
                let fact = if has(&words, " but connection died") {
                    Fact::Closed(ClosedBy::Server)
                } else {
                    Fact::ConnectFailed(crate::transcript::ConnectFailure::Other)
                };
                say(Reading::tells(word, fact).at(at));
            }
        }
    }
}

/// A reply without the sentence that follows it, and whether that sentence is still to come.
fn ended(reply: &[u8]) -> (&[u8], bool) {
    let next = b"/Giving_up_on_";
    if let Some((reply, _)) = around(reply, next) {
        return (reply, false);
    }
    let text = reply.trim_ascii_end();
    // Cut short or wrapped within the next sentence, or the log's line ends here.
    let begun = (1..next.len()).rev().find_map(|n| text.strip_suffix(next.get(..n)?));
    begun.map_or((text, true), |reply| (reply, false))
}

fn blanks(text: &[u8]) -> Vec<u8> {
    text.iter().map(|octet| if *octet == b'_' { b' ' } else { *octet }).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn deliveries_that_failed_are_read() {
        check(
            &DIALECT,
            "@4000000065f16b281dcd6500 starting delivery 5: msg 1 to remote bad_one@b\n\
             @4000000065f16b281dcd6500 starting delivery 6: msg 2 to remote c@d\n\
             @4000000065f16b281dcd6500 delivery 6: success: 192.0.2.2_accepted_message./Remote_host_said:_250_ok/\n\
             @4000000065f16b281dcd6500 delivery 5: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no,_see_http://b/x/Giving_up_on_192.0.2.1./\n\
             delivery 7: deferral: Connected_to_192.0.2.3_but_connection_died._(#4.4.2)/",
            "? @4000000065f16b281dcd6500 starting delivery 5: msg 1 to remote bad_one@b
             ? @4000000065f16b281dcd6500 starting delivery 6: msg 2 to remote c@d
             ? @4000000065f16b281dcd6500 delivery 6: success: 192.0.2.2_accepted_message./Remote_host_said:_250_ok/
             * = Opening
             * = ServerAddress { address: '192.0.2.1', port: None }
             * = Elision
             1 RCPT TO:<bad_one@b>
             2 550 no, see http://b/x
             * = Opening
             * = ServerAddress { address: '192.0.2.3', port: None }
             * = Closed(Server)",
        );
    }

    #[test]
    fn wrapped_in_mail() {
        check(
            &DIALECT,
            "<a@b>:\n\
             192.0.2.1_does_not_like_recipient./Remote_host_said:_550_Rejected_sour\n\
             ce_[c.example]/Giving_up_on_192.0.2.1./\n\
             \n\
             192.0.2.1_does_not_like_sender./Remote_host_said:_553_no/Giv\n\
             ing_up_on_192.0.2.1./",
            "? <a@b>:
             * = Opening
             * = ServerAddress { address: '192.0.2.1', port: None }
             * = Elision
             1 RCPT TO:<a@b>
             2 550 Rejected sour
             2+ce [c.example]
             ?
             * = Opening
             * = ServerAddress { address: '192.0.2.1', port: None }
             * = Elision
             1 MAIL FROM:<...>
             2 553 no
             ? ing_up_on_192.0.2.1./",
        );
        evident(&DIALECT, "192.0.2.2_accepted_message./Remote_host_said:_250_ok/", false);
    }
}

//! `mailx -v`: Heirloom's, which leaves replies bare, and S-nail's, which marks them `SERVER`.
//!
//! ```text
//! Resolving host mx.example.net . . . done.
//! Connecting to 192.0.2.25:25 . . . connected.
//! 220 mx.example.net ESMTP
//! >>> EHLO client.example
//!
//! s-nail: >>> SERVER: 220 mx.example.net ESMTP
//! s-nail: >>> EHLO client.example
//! ```
//!
//! Traps: in S-nail's record `>>> ` stands before both sides. A refusal is repeated in words of the
//! tool's own (`smtp-server: 550 …`, `s-nail: SMTP server: 550 …`). S-nail prints the password in clear
//! (`Credentials: …`) and the whole message; Heirloom hides the message.
//!
//! From recordings of S-nail 14.9 and from records of Heirloom mailx 12 that people published.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    failure::{connect_failed, has},
    prompt,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static HEIRLOOM: Dialect = Dialect {
    name: "heirloom-mailx",
    about: "Heirloom mailx -v",
    client: ">>> ",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["Resolving host ", " . . ."],
    evidence: |line| {
        line.starts_with(b"Resolving host ") && has(line, " . . . done.")
            || line.starts_with(b"Connecting to ") && has(line, " . . .")
    },
    reader: || Box::new(read_heirloom),
};

pub(super) static S_NAIL: Dialect = Dialect {
    name: "s-nail",
    about: "S-nail (mailx) -vv",
    client: "s-nail: >>> ",
    server: "s-nail: >>> SERVER: ",
    unmarked: Unmarked::Neither,
    hints: &[">>> SERVER: ", "s-nail: "],
    evidence: |line| {
        let text = named(line).unwrap_or(line);
        text.starts_with(b">>> SERVER: ")
            || line.starts_with(b"s-nail: >>> ")
            || line.starts_with(b"s-nail: ")
                && (text.starts_with(b"Resolving host ")
                    || text.starts_with(b"SMTP server: ")
                    || connecting(text).is_some())
    },
    reader: || {
        let mut dialogue = false;
        Box::new(move |line: &[u8], say: Say<'_>| read_s_nail(&mut dialogue, line, say))
    },
    ..HEIRLOOM
};

fn read_heirloom(line: &[u8], say: Say<'_>) -> bool {
    if let Some(text) = line.strip_prefix(b">>> ") {
        if text == b"." {
            say(Reading::tells(b"", Fact::BodyHidden(None)));
        }
        say(Reading::said(Mark::First, text));
        return true;
    }
    if connection(line, line, say) {
        return true;
    }
    let remark = line.starts_with(b"smtp-server: ")
        || line.starts_with(b". . . message not sent.")
        || line.starts_with(b"\"") && has(line, "dead.letter\"");
    if remark {
        say(Reading::remark(line));
    }
    remark
}

/// The text behind the program's name: `s-nail: `, `mailx: `.
fn named(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().take(16).position(|octet| *octet == b':')?;
    let name = line.get(..colon)?;
    let word = name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
    if !word || name.is_empty() {
        return None;
    }
    line.get(colon..)?.strip_prefix(b": ")
}

/// Reads a line of S-nail's. With one `-v` its `dialogue` is not shown, and a refusal is all that is told of it;
/// with two, the refusal is told again.
fn read_s_nail(dialogue: &mut bool, line: &[u8], say: Say<'_>) -> bool {
    let Some(text) = named(line) else {
        let bare = line.strip_prefix(b">>> SERVER: ");
        let remark = has(line, "/dead.letter ");
        if let Some(text) = bare {
            *dialogue = true;
            say(Reading::said(Mark::Second, text));
        } else if remark {
            say(Reading::remark(line));
        }
        return bare.is_some() || remark;
    };
    // An empty line of the message has nothing behind the mark.
    if let Some(said) = text.strip_prefix(b">>> ").or_else(|| text.strip_prefix(b">>>")) {
        *dialogue = true;
        match said.strip_prefix(b"SERVER: ") {
            Some(reply) => say(Reading::said(Mark::Second, reply)),
            None => say(Reading::said(Mark::First, said)),
        }
        return true;
    }
    if connection(line, text, say) {
        *dialogue = false;
        return true;
    }
    if let Some(reply) = text.strip_prefix(b"SMTP server: ").filter(|_| !*dialogue) {
        bounce::command(&Answered::Unknown, line, say);
        say(Reading::said(Mark::Second, reply));
        return true;
    }
    if text.starts_with(b"Unexpected EOF on SMTP connection") {
        *dialogue = false;
        say(Reading::tells(line, Fact::Closed(ClosedBy::Server)));
        return true;
    }
    let own = line.starts_with(b"s-nail: ") || text.starts_with(b"SMTP server: ");
    if own {
        say(Reading::remark(line));
    }
    own
}

/// The target of `Connecting to 192.0.2.25:25 . . . connected.`, and what came of it. Of several on one
/// line the last one counts.
fn connecting(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::rfind(text, b"Connecting to ")?;
    let rest = text.get(at + 14..)?;
    let space = memchr::memchr(b' ', rest)?;
    Some((rest.get(..space)?, rest.get(space + 1..)?))
}

fn connection(line: &[u8], text: &[u8], say: Say<'_>) -> bool {
    if let Some(rest) = text.strip_prefix(b"Resolving host ") {
        let host = rest.split(|octet| *octet == b' ').next().unwrap_or_default();
        say(Reading::tells(line, Fact::Opening));
        if let Some(fact) = prompt::dialled(host, None) {
            say(Reading::tells(b"", fact));
        }
        if !has(rest, "done") {
            say(Reading::tells(b"", connect_failed(rest)));
        }
        return true;
    }
    let begins = text.starts_with(b"Connecting to ");
    let Some((target, outcome)) = connecting(text).filter(|_| begins) else {
        let failed =
            text.starts_with(b"could not connect: ") || text.starts_with(b"Could not connect: ");
        if failed {
            say(Reading::tells(line, connect_failed(text)));
        }
        return failed;
    };
    say(Reading::remark(line));
    let colon = memchr::memrchr(b':', target).unwrap_or(target.len());
    let (address, port) = target.split_at_checked(colon).unwrap_or((target, b""));
    let port = port.get(1..).and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    say(Reading::tells(b"", Fact::ServerAddress { address: address.to_vec(), port }));
    if has(outcome, "connected") {
        say(Reading::tells(b"", Fact::Opened));
    } else if has(outcome, "efused") || has(outcome, "timed out") || has(outcome, "failed") {
        say(Reading::tells(b"", connect_failed(outcome)));
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
    fn reads_heirloom() {
        check(
            &HEIRLOOM,
            "Resolving host mx.example.net . . . done.\n\
             Connecting to ::1:25 . . .Connecting to 127.0.0.1:25 . . . connected.\n\
             220 mx.example.net\n\
             >>> EHLO me\n\
             >>> .\n\
             554 5.7.1 no\n\
             smtp-server: 554 5.7.1 no\n\
             \"/home/u/dead.letter\" 11/300\n\
             . . . message not sent.",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '127.0.0.1', port: Some(25) }
             * = Opened
             ? 220 mx.example.net
             1 EHLO me
             * = BodyHidden(None)
             1 .
             ? 554 5.7.1 no",
        );
        evident(&HEIRLOOM, "Connecting to 127.0.0.1:25 . . . connected.", true);
        evident(&HEIRLOOM, "Resolving host name", false);
    }

    #[test]
    fn reads_s_nail() {
        check(
            &S_NAIL,
            "s-nail: Credentials: host 127.0.0.1:2526, user user, pass pass\n\
             s-nail: Resolving host 127.0.0.1:2526 ... done\n\
             s-nail: Connecting to 127.0.0.1:2526 ... connected.\n\
             s-nail: >>> SERVER: 220 mx.example.net\n\
             mailx: >>> EHLO vm\n\
             s-nail: >>> SERVER: 334 \n\
             s-nail: >>> \n\
             s-nail: SMTP server: 550 5.1.1 User unknown\n\
             /home/u/dead.letter 10/211\n\
             Subject: x",
            "* = Opening
             * = Dialled { host: '127.0.0.1', port: Some(2526) }
             * = ServerAddress { address: '127.0.0.1', port: Some(2526) }
             * = Opened
             2 220 mx.example.net
             1 EHLO vm
             2 334 \n\
             1 \n\
             ? Subject: x",
        );
        check(
            &S_NAIL,
            "s-nail: Connecting to 127.0.0.1:25 ... connected.\n\
             s-nail: SMTP server: 550 5.1.1 User unknown",
            "* = ServerAddress { address: '127.0.0.1', port: Some(25) }
             * = Opened
             * = Elision
             2 550 5.1.1 User unknown",
        );
        evident(&S_NAIL, "mailx: >>> SERVER: 220 x", true);
        evident(&S_NAIL, "s-nail: hello", false);
    }
}

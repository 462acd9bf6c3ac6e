//! Lines that a copy put on one: a page's text without its line breaks.
//!
//! ```text
//! Trying 192.0.2.1...Connected to mx.example.net.Escape character is '^]'.220 mx.example.net ESMTP
//! Server: 220 mx.example.net Client: HELO client.example Server: 250 mx.example.net
//! 220 mx.example.net ESMTP HELO client.example 250 mx.example.net MAIL FROM:<a@client.example> 250 Ok
//! quit221 2.0.0 Bye
//! telnet mx.example.net 25220 mx.example.net ESMTP
//! ```

use super::likeness::{self, Beginning};
use crate::grammar::shape::{Opening, opening, verb_at};

/// What shows in a window where the lines began.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Joined {
    telnet: bool,
    marks: Option<Marks>,
    /// Commands and replies follow each other without marks, or with one before the commands.
    bare: bool,
    /// A reply stands right behind the word that it answers, or the greeting behind the port that was dialled.
    glued: bool,
}

/// The client's mark and the server's.
type Marks = (&'static [u8], &'static [u8]);

const MARKS: &[Marks] = &[
    (b"Client: ", b"Server: "),
    (b"C: ", b"S: "),
    (b"-> ", b"<- "),
    (b"--> ", b"<-- "),
    (b">>> ", b"<<< "),
    SWIFT,
];

/// Swift Mailer's log, which applications put into one line of their own log.
const SWIFT: Marks = (b">> ", b"<< ");

/// What applications write before it.
const SWIFT_LOG: &[u8] = b" Log data: ";

/// What stands before Swift Mailer's remarks.
const SWIFT_REMARKS: [&[u8]; 2] = [b"!! ", b"++ "];

/// The last line that telnet says before the server greets.
const ESCAPE: &[u8] = b"Escape character is '^]'.";
const CONNECTED: &[u8] = b"Connected to ";

impl Joined {
    /// Looks whether lines of the window are joined.
    pub(super) fn learn(lines: &[&[u8]]) -> Self {
        let telnet = lines.iter().any(|line| {
            let after =
                memchr::memmem::find(line, ESCAPE).and_then(|at| line.get(at + ESCAPE.len()..));
            after.is_some_and(|after| begins_reply(after.trim_ascii_start()))
        });
        // A string that holds the line ends is one text, and no copy that lost them.
        let escaped = |line: &[u8]| after(line, br"\n<< ").next().is_some();
        let shows = |(client, server): &Marks| {
            let swift = (*client, *server) == SWIFT;
            if swift && lines.iter().any(|line| escaped(line)) {
                return false;
            }
            let own = |line: &&[u8]| line.trim_ascii_start().starts_with(client);
            if lines.iter().any(|line| merges(line, (client, server))) && lines.iter().any(own) {
                return true;
            }
            lines.iter().filter(|line| line.len() >= 80).any(|line| {
                if swift && after(line, SWIFT_LOG).next().is_some() {
                    return true;
                }
                let replies = after(line, server).filter(|rest| begins_reply(rest)).count();
                let commands =
                    || after(line, client).filter(|rest| begins_marked(rest, server)).count();
                replies >= 2 && commands() >= 2
            })
        };
        let marks = MARKS.iter().find(|marks| shows(marks)).copied();
        let bare =
            marks.is_none() && lines.iter().any(|line| line.len() >= 120 && alternates(line));
        let glued = lines.iter().any(|line| cut_glued(line).is_some());
        Self { telnet, marks, bare, glued }
    }

    /// Whether any are.
    pub(super) const fn any(self) -> bool {
        self.telnet || self.marks.is_some() || self.bare || self.glued
    }

    /// Where the next of the joined lines begins; `None` where this is the last one.
    pub(super) fn cut(self, line: &[u8]) -> Option<usize> {
        let told = || self.telnet.then(|| cut_telnet(line)).flatten();
        let marked = || self.marks.and_then(|marks| cut_marked(line, marks));
        let bare = || self.bare.then(|| cut_bare(line)).flatten();
        let glued = || self.glued.then(|| cut_glued(line)).flatten();
        told().or_else(marked).or_else(bare).or_else(glued)
    }
}

/// Whether a line of a dialogue that stands on its own lines holds the next one too: `S: 250 ok C: MAIL FROM:<a@b>`.
fn merges(line: &[u8], (client, server): (&[u8], &[u8])) -> bool {
    // Arrows stand in what is said, too.
    let words = client.first().is_some_and(u8::is_ascii_alphabetic);
    let Some(reply) = line.trim_ascii_start().strip_prefix(server).filter(|_| words) else {
        return false;
    };
    begins_reply(reply) && after(reply, client).any(|rest| begins_command(rest.trim_ascii_start()))
}

/// How far behind the beginning of a line telnet's last line is looked for: every part of a joined line is asked.
const REACH: usize = 4096;

/// Commands of one word, each with how the reply begins that may stand behind it where it is not refused: to the
/// command, or to one that was typed long before.
const WORDS: &[(&[u8], &[u8])] = &[
    (b"quit", b"2"),
    (b"data", b"354"),
    (b"rset", b"250"),
    (b"noop", b"250"),
    (b"starttls", b"220"),
];

/// Programs that dial.
const DIALS: &[&[u8]] = &[b"telnet ", b"nc ", b"ncat ", b"netcat "];

/// The ports that mail is spoken on.
const PORTS: &[&[u8]] = &[b"25", b"587", b"465", b"2525", b"1025"];

/// Where the server's line begins behind what the client typed, where nothing stands between them.
fn cut_glued(line: &[u8]) -> Option<usize> {
    let typed = line.trim_ascii_start();
    glued(typed).map(|at| line.len() - typed.len() + at)
}

fn glued(line: &[u8]) -> Option<usize> {
    // Hardly a line begins so.
    match line.first()?.to_ascii_lowercase() {
        b'q' | b'd' | b'r' => glued_reply(line),
        b's' => glued_reply(line).or_else(|| both_marks(line)),
        b'n' => glued_reply(line).or_else(|| glued_greeting(line)),
        b'>' => both_marks(line).or_else(|| glued_greeting(line)),
        b'c' | b'-' => both_marks(line),
        b't' | b'$' | b'#' | b'%' => glued_greeting(line),
        _ => None,
    }
}

/// `quit221 2.0.0 Bye`: the terminal did not go to the next line.
fn glued_reply(line: &[u8]) -> Option<usize> {
    WORDS.iter().find_map(|(word, code)| {
        let (typed, rest) = line.split_at_checked(word.len())?;
        let answers = rest.starts_with(code) || matches!(rest.first(), Some(b'4' | b'5'));
        let told = matches!(rest.get(3), Some(b' ' | b'-')) && begins_reply(rest);
        (typed.eq_ignore_ascii_case(word) && answers && told).then_some(word.len())
    })
}

/// `>>> QUIT <<< 221 bye`: the server's mark and its reply behind a command under the client's.
fn both_marks(line: &[u8]) -> Option<usize> {
    MARKS.iter().find_map(|(client, server)| {
        let rest = line.strip_prefix(*client).filter(|rest| begins_marked(rest, server))?;
        let at = memchr::memmem::find(rest, server)?;
        let apart = rest.get(at.checked_sub(1)?).is_some_and(u8::is_ascii_whitespace);
        let replies = rest.get(at + server.len()..).is_some_and(begins_reply);
        (apart && replies).then(|| line.len() - rest.len() + at)
    })
}

/// `telnet mx.example.net 25220 mx.example.net ESMTP`, `nc mx.example.net 25Trying 192.0.2.1...`: a page's copy
/// lost the end of the line.
fn glued_greeting(line: &[u8]) -> Option<usize> {
    let prompt = line.iter().take_while(|octet| b"$#>% ".contains(octet)).count();
    let typed = line.get(prompt..)?;
    DIALS.iter().find(|dial| typed.starts_with(dial))?;
    PORTS.iter().find_map(|port| {
        memchr::memmem::find_iter(line, port).find_map(|at| {
            let end = at + port.len();
            let rest = line.get(end..)?;
            let alone = line.get(at.checked_sub(1)?).is_some_and(|octet| b" :".contains(octet));
            let greets = rest.starts_with(b"220") && matches!(rest.get(3), Some(b' ' | b'-'));
            (alone && (greets || rest.starts_with(b"Trying "))).then_some(end)
        })
    })
}

fn cut_telnet(line: &[u8]) -> Option<usize> {
    if let Some(rest) = line.trim_ascii_start().strip_prefix(ESCAPE) {
        let rest = rest.trim_ascii_start();
        return begins_reply(rest).then(|| line.len() - rest.len());
    }
    // Only what leads to the greeting is cut.
    let near = line.get(..REACH).unwrap_or(line);
    let escape = memchr::memmem::find(near, ESCAPE)?;
    let connected = memchr::memmem::find(near.get(..escape)?, CONNECTED);
    Some(connected.filter(|at| *at > 0).unwrap_or(escape))
}

/// Looks forward to the next mark and no further, so that all parts of a line together cost its length.
fn cut_marked(line: &[u8], (client, server): Marks) -> Option<usize> {
    let blanks = line.len() - line.trim_ascii_start().len();
    let own = [client, server]
        .iter()
        .any(|mark| line.get(blanks..).is_some_and(|rest| rest.starts_with(mark)));
    let from = if own { blanks + 1 } else { blanks };
    let text = line.get(from..)?;
    let begins = |at: usize, mark: &[u8]| {
        let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix(mark)) else {
            return false;
        };
        // A mark needs no blank before it where a reply or a command is the sign, or no word ends there.
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let apart = before.is_none_or(|octet| !octet.is_ascii_uppercase());
        if mark == server { begins_reply(rest) } else { apart || begins_marked(rest, server) }
    };
    let (first, second) = (*client.first()?, *server.first()?);
    let mark = memchr::memchr2_iter(first, second, text)
        .find(|at| begins(*at, client) || begins(*at, server))
        .map(|at| at + from);
    let upto = line.get(..mark.unwrap_or(line.len()))?;
    let remarks = || {
        let text = upto.get(from..).unwrap_or_default();
        SWIFT_REMARKS.iter().filter_map(|sign| memchr::memmem::find(text, sign)).min()
    };
    let remark = ((client, server) == SWIFT).then(remarks).flatten().map(|at| at + from);
    let code = upto.get(blanks..)?;
    let code = code.strip_prefix(server).unwrap_or_else(|| upto.get(from..).unwrap_or_default());
    let further = further_line(code).map(|at| upto.len() - code.len() + at);
    [further, remark, mark].into_iter().flatten().filter(|at| *at > 0).min()
}

/// Whether replies and commands follow each other on the line again and again.
fn alternates(line: &[u8]) -> bool {
    let (mut asked, mut rounds, mut at) = (false, 0, 0);
    while let Some(next) = line.get(at..).and_then(cut_bare) {
        at += next;
        let reply = line.get(at..).is_some_and(begins_reply);
        rounds += usize::from(reply && asked);
        asked = !reply;
    }
    rounds >= 3
}

/// Where the next reply or command begins; behind 354, where the message ends.
fn cut_bare(line: &[u8]) -> Option<usize> {
    let message = line.starts_with(b"354 ");
    let own = if line.starts_with(b">>> ") { 5 } else { 1 };
    let words = line.iter().enumerate().skip(own).filter(|(at, octet)| {
        !octet.is_ascii_whitespace() && line.get(at - 1).is_some_and(u8::is_ascii_whitespace)
    });
    words.map(|(at, _)| at).find(|at| {
        let rest = line.get(*at..).unwrap_or_default();
        let marked = rest.strip_prefix(b">>> ");
        let text = marked.unwrap_or(rest);
        let ends = || {
            let behind = text.strip_prefix(b". ").unwrap_or_default();
            begins_reply(behind.strip_prefix(b"# ").unwrap_or(behind))
        };
        if message {
            ends()
        } else {
            // The last line of EHLO's reply may be `250 STARTTLS` and the last of all.
            let keyword =
                *at == 4 && marked.is_none() && begins_reply(line) && !text.contains(&b' ');
            // `Expected response code 250 but …` is no reply.
            let named = || line.get(..*at).unwrap_or_default().ends_with(b" code ");
            ends()
                || begins_command(text) && !keyword
                || marked.is_none() && begins_reply(text) && !named()
        }
    })
}

/// Where the next line of a reply begins in a text that begins with a line of it.
fn further_line(text: &[u8]) -> Option<usize> {
    let (code, rest) = text.split_at_checked(3)?;
    if !rest.starts_with(b"-") || likeness::bare(text) != Some(Beginning::Reply) {
        return None;
    }
    let mut from = 4;
    while let Some(at) = text.get(from..).and_then(|rest| memchr::memchr(b' ', rest)) {
        from += at + 1;
        let next = text.get(from..)?;
        if next.starts_with(code) && matches!(next.get(3), Some(b'-' | b' ')) {
            return Some(from);
        }
    }
    None
}

/// What stands behind each of the marks.
fn after<'l>(line: &'l [u8], mark: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
    memchr::memmem::find_iter(line, mark).filter_map(|at| line.get(at + mark.len()..))
}

fn begins_reply(text: &[u8]) -> bool {
    likeness::bare(text) == Some(Beginning::Reply)
}

/// Whether a command begins here. What takes no argument must be followed by a reply, or by nothing: `DATA` is a word
/// of many replies.
fn begins_command(text: &[u8]) -> bool {
    match opening(text) {
        Some(Opening::Path(rest)) => rest.starts_with(b":"),
        Some(Opening::Alone(rest)) => {
            let rest = rest.trim_ascii_start();
            rest.is_empty() || begins_reply(rest)
        }
        // `VRFY` and others are what replies speak of.
        Some(Opening::Argument) => {
            verb_at(text).is_some_and(|(verb, _)| matches!(verb.name, "HELO" | "EHLO" | "AUTH"))
        }
        None => false,
    }
}

/// Whether a command begins behind the client's mark; the server's mark may be glued to it.
fn begins_marked(text: &[u8], server: &[u8]) -> bool {
    let near = text.get(..16).unwrap_or(text);
    let command = memchr::memmem::find(near, server).and_then(|end| near.get(..end));
    begins_command(command.unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Vec<String> {
        let joined = Joined::learn(&[line.as_bytes()]);
        let mut rest = line.as_bytes();
        let mut found = Vec::new();
        while let Some(at) = joined.cut(rest) {
            assert!(at > 0 && at < rest.len());
            found.push(String::from_utf8_lossy(&rest[..at]).into_owned());
            rest = &rest[at..];
        }
        found.push(String::from_utf8_lossy(rest).into_owned());
        found
    }

    #[test]
    fn joined_lines_are_cut() {
        for (line, want) in [
            (
                "Trying 192.0.2.1...Connected to mx.example.Escape character is '^]'.220 mx.example ESMTP",
                &[
                    "Trying 192.0.2.1...",
                    "Connected to mx.example.",
                    "Escape character is '^]'.",
                    "220 mx.example ESMTP",
                ][..],
            ),
            (
                "So: Server: 220 mx.example Client: HELO me.example Server: 250 mx.example Client: MAIL FROM:Server: 250 ok",
                &[
                    "So: ",
                    "Server: 220 mx.example ",
                    "Client: HELO me.example ",
                    "Server: 250 mx.example ",
                    "Client: MAIL FROM:",
                    "Server: 250 ok",
                ],
            ),
            (
                "[1] app.ERROR: no Log data: ++ Starting Swift_SmtpTransport << 220 mx.example  >> EHLO me.example  << 250-mx.example 250 HELP  !! Expected response code 250",
                &[
                    "[1] app.ERROR: no Log data: ",
                    "++ Starting Swift_SmtpTransport ",
                    "<< 220 mx.example  ",
                    ">> EHLO me.example  ",
                    "<< 250-mx.example ",
                    "250 HELP  ",
                    "!! Expected response code 250",
                ],
            ),
            (
                "<- 220 mx.example  -> EHLO me.example  <- 250-mx.example  250-SIZE 250000 250 HELP -> QUIT <- 221 bye then",
                &[
                    "<- 220 mx.example  ",
                    "-> EHLO me.example  ",
                    "<- 250-mx.example  ",
                    "250-SIZE 250000 ",
                    "250 HELP ",
                    "-> QUIT ",
                    "<- 221 bye then",
                ],
            ),
            (
                "S: 220 mx.example ESMTPC: EHLO me.exampleS: 250-mx.exampleS: 250 HELPC: MAIL FROM:<a@b.example>S: 250 OkC: QUITS: 221 Bye",
                &[
                    "S: 220 mx.example ESMTP",
                    "C: EHLO me.example",
                    "S: 250-mx.example",
                    "S: 250 HELP",
                    "C: MAIL FROM:<a@b.example>",
                    "S: 250 Ok",
                    "C: QUIT",
                    "S: 221 Bye",
                ],
            ),
            (
                "It says: 220 mx.example ESMTP helo me.example 250 mx.example MAIL FROM: 250 Ok RCPT TO: 250 Ok DATA 354 go on To: b . 250 Ok QUIT 221 Bye",
                &[
                    "It says: ",
                    "220 mx.example ESMTP ",
                    "helo me.example ",
                    "250 mx.example ",
                    "MAIL FROM: ",
                    "250 Ok ",
                    "RCPT TO: ",
                    "250 Ok ",
                    "DATA ",
                    "354 go on To: b ",
                    ". ",
                    "250 Ok ",
                    "QUIT ",
                    "221 Bye",
                ],
            ),
            (
                "220 mx.example ESMTP EHLO me.example 250-mx.example 250 STARTTLS STARTTLS 220 go on EHLO me.example 250 mx.example MAIL FROM:<a@b.example> 451 4.3.0 Database lookup failed QUIT 221 Bye",
                &[
                    "220 mx.example ESMTP ",
                    "EHLO me.example ",
                    "250-mx.example ",
                    "250 STARTTLS ",
                    "STARTTLS ",
                    "220 go on ",
                    "EHLO me.example ",
                    "250 mx.example ",
                    "MAIL FROM:<a@b.example> ",
                    "451 4.3.0 Database lookup failed ",
                    "QUIT ",
                    "221 Bye",
                ],
            ),
            (
                "b@mx.example... Connecting to mx.example... 220 mx.example >>> EHLO me.example 250-mx.example 250 HELP >>> MAIL From:<a@me.example> 250 ok >>> QUIT 221 bye",
                &[
                    "b@mx.example... Connecting to mx.example... ",
                    "220 mx.example ",
                    ">>> EHLO me.example ",
                    "250-mx.example ",
                    "250 HELP ",
                    ">>> MAIL From:<a@me.example> ",
                    "250 ok ",
                    ">>> QUIT ",
                    "221 bye",
                ],
            ),
            ("quit221 2.0.0 Bye", &["quit", "221 2.0.0 Bye"]),
            ("DATA503-5.5.1 first RCPT", &["DATA", "503-5.5.1 first RCPT"]),
            ("\t\tQUIT250 2.1.0 Ok", &["\t\tQUIT", "250 2.1.0 Ok"]),
            ("QUIT250 2.1.0 Ok", &["QUIT", "250 2.1.0 Ok"]),
            (">>> QUIT <<< 221 bye", &[">>> QUIT ", "<<< 221 bye"]),
            (
                "$ telnet mx.example 25220 mx.example ESMTP",
                &["$ telnet mx.example 25", "220 mx.example ESMTP"],
            ),
            (
                "nc -nv 192.0.2.7 587Trying 192.0.2.7...",
                &["nc -nv 192.0.2.7 587", "Trying 192.0.2.7..."],
            ),
        ] {
            assert_eq!(parts(line), want);
        }
    }

    #[test]
    fn single_lines_stay_whole() {
        for line in [
            "Escape character is '^]'.",
            "The server says Server: 220 mx.example and nothing else that would look like a session of its own.",
            "The server greets with 220 and the client says HELO or EHLO, which is answered by 250 or by a refusal such as 550 or 501.",
            "S: 250 ok, see C: HELO for what the client says; there is but one reply and one command on this line.",
            "data250 rows",
            "noop2501",
            "reset250 Ok",
            "nc 192.0.2.25220 mx",
            "telnet mx.example 25",
        ] {
            assert_eq!(parts(line), [line]);
        }
    }
}

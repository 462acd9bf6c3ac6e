//! One dialogue in forms that no dialect knows: each way in which loggers begin a line, mark a side, write the text and
//! write replies of several lines, put together in pairs. Every pair must be read as what was said.

use std::fmt::Write as _;

use smtplog::{Options, analyze_bytes, report::SessionReport};

/// Who says a line.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Client,
    Server,
}
use Side::{Client, Server};

/// What is said; the lines of a reply are one.
const DIALOGUE: &[(Side, &[&str])] = &[
    (Server, &["220 mx.example.net ESMTP"]),
    (Client, &["EHLO client.example"]),
    (Server, &["250-mx.example.net", "250-SIZE 35882577", "250 HELP"]),
    (Client, &["MAIL FROM:<a@client.example>"]),
    (Server, &["250 2.1.0 Ok"]),
    (Client, &["RCPT TO:<b@example.net>"]),
    (Server, &["550 5.1.1 <b@example.net>: User unknown"]),
    (Client, &["QUIT"]),
    (Server, &["221 2.0.0 Bye"]),
];

/// What it comes to, each exchange with the texts of its two sides.
const SAID: &[&str] = &[
    " / 220 mx.example.net ESMTP",
    "EHLO client.example / 250 mx.example.net,SIZE 35882577,HELP",
    "MAIL FROM:<a@client.example> / 250 Ok",
    "RCPT TO:<b@example.net> / 550 <b@example.net>: User unknown",
    "QUIT / 221 Bye",
];

/// What stands before each line, with the number of the line in place of `#`.
const PREFIXES: &[&str] = &[
    "",
    "10:12:0#.130 ",
    "[10:12:0#] ",
    "2026-11-23 10:12:0#,130 ",
    "2026-11-23T10:12:0#.130Z DEBUG ",
    "2026/11/23 10:12:0# ",
    "1795428#22.130000 ",
    "Nov 23 10:12:0# app01 ",
    "[Mon Nov 23 10:12:0#.130000 2026] [smtp] ",
    "[    #.130] ",
    "INFO [main] smtp.client - ",
    "[debug] (pid 812) ",
    "DEBUG SmtpClient.java:112 | ",
    "smtpd[812]: session=8f3a ",
    "host=mx.example.net port=25 ",
];

/// Marks that dialects know, which read the text behind them as it stands.
const KNOWN: &[(&str, &str)] = &[("C: ", "S: "), ("> ", "< "), ("client: ", "server: ")];

/// The client's mark and the server's.
const MARKS: &[(&str, &str)] = &[
    (">>> ", "<<< "),
    ("<-- ", "--> "),
    ("=> ", "<= "),
    ("\u{2192} ", "\u{2190} "),
    ("\u{bb} ", "\u{ab} "),
    ("SEND - ", "RECV - "),
    ("sent ", "received "),
    ("[OUT] ", "[IN] "),
    ("(tx) ", "(rx) "),
    ("write | ", "read | "),
    ("Received = ", "Sent = "),
    ("Sending command -> ", "Got response -> "),
    ("to mx.example.net\t", "from mx.example.net\t"),
    ("192.0.2.44:4711 -> 192.0.2.1:25: ", "192.0.2.1:25 -> 192.0.2.44:4711: "),
    ("{\"dir\":\"out\",\"data\":\"", "{\"dir\":\"in\",\"data\":\""),
];

/// What stands before a text and behind it.
const QUOTES: &[(&str, &str)] = &[
    ("", ""),
    ("\"", "\""),
    ("'", "'"),
    ("\"", "\\r\\n\""),
    ("b'", "\\r\\n'"),
    ("[", "]"),
    ("`", "`"),
    ("", "\\r\\n"),
    ("", "<CRLF>"),
    ("", "^M"),
];

/// Writes a reply of several lines, each in the way of `line`.
type Several = fn(&[&str], &mut dyn FnMut(&str) -> String) -> String;

/// How a reply of several lines is written.
const SEVERAL: &[(&str, Several)] = &[
    ("each line", each_line),
    ("joined by its line ends", |lines, line| line(&format!("\"{}\\r\\n\"", lines.join("\\r\\n")))),
    ("a list", |lines, line| {
        let quoted: Vec<String> = lines.iter().map(|text| format!("\"{text}\"")).collect();
        line(&format!("[{}]", quoted.join(", ")))
    }),
    ("code and text", |lines, line| {
        let (code, texts) = parted(lines);
        line(&format!("code={code} text=\"{}\"", texts.join("\\n")))
    }),
    ("code in brackets", |lines, line| {
        let (code, texts) = parted(lines);
        line(&format!("[{code}] {}", texts.join("\\n")))
    }),
];

fn parted<'l>(lines: &[&'l str]) -> (&'l str, Vec<&'l str>) {
    let code = lines.first().and_then(|line| line.get(..3)).unwrap_or_default();
    (code, lines.iter().filter_map(|line| line.get(4..)).collect())
}

/// The dialogue, each line given to `line` with its number and side, replies as `several` writes them.
fn written(several: Several, line: impl Fn(usize, Side, &str) -> String) -> String {
    let mut number = 0;
    let mut record = String::new();
    for (side, lines) in DIALOGUE {
        let mut line = |text: &str| {
            number = (number + 1) % 10;
            line(number, *side, text)
        };
        let text = if *side == Client {
            line(lines.first().expect("a command"))
        } else {
            several(lines, &mut line)
        };
        record.push_str(&text);
    }
    record
}

fn said(session: &SessionReport) -> Vec<String> {
    let exchange = |exchange: &smtplog::report::ExchangeReport| {
        let command = exchange.command.as_ref().map_or("", |command| &command.text);
        let reply = exchange.reply.as_ref();
        let code = reply.and_then(|reply| reply.code).unwrap_or_default();
        let text = reply.map_or_else(String::new, |reply| reply.text.join(","));
        format!("{command} / {code} {text}")
    };
    session.exchanges.iter().map(exchange).collect()
}

/// Reads a record, and tells what was read where it is not what was said.
fn check(what: &str, record: &str, wrong: &mut String) {
    let report = analyze_bytes("t", record.as_bytes(), &Options::default());
    let found: Vec<Vec<String>> = report.sessions.iter().map(said).collect();
    if found != [SAID] {
        let _ = writeln!(wrong, "== {what}\n{record}-- {found:#?}");
    }
}

/// Each line of a reply behind a mark of its own.
fn each_line(lines: &[&str], line: &mut dyn FnMut(&str) -> String) -> String {
    lines.iter().map(|text| line(text)).collect()
}

fn mark(marks: (&'static str, &'static str), side: Side) -> &'static str {
    if side == Client { marks.0 } else { marks.1 }
}

/// A mark that opens a string closes it, and the object that this stands in.
fn end(mark: &str) -> &'static str {
    if mark.ends_with(":\"") { "\"}" } else { "" }
}

#[test]
fn every_mark_is_learnt_behind_every_prefix() {
    let mut wrong = String::new();
    for prefix in PREFIXES {
        for marks in KNOWN.iter().chain(MARKS) {
            let record = written(each_line, |number, side, text| {
                let mark = mark(*marks, side);
                let prefix = prefix.replace('#', &number.to_string());
                format!("{prefix}{mark}{text}{}\n", end(mark))
            });
            check(&format!("{prefix:?} {marks:?}"), &record, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_mark_goes_with_every_quoting() {
    let mut wrong = String::new();
    for (opening, closing) in QUOTES {
        for marks in MARKS.iter().filter(|(client, _)| end(client).is_empty()) {
            let record = written(each_line, |_, side, text| {
                format!("{}{opening}{text}{closing}\n", mark(*marks, side))
            });
            check(&format!("{opening:?} {closing:?} {marks:?}"), &record, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn replies_of_several_lines_are_read_in_every_form() {
    let mut wrong = String::new();
    for (what, several) in SEVERAL {
        for marks in MARKS.iter().filter(|(client, _)| end(client).is_empty()) {
            let record =
                written(*several, |_, side, text| format!("{}{text}\n", mark(*marks, side)));
            check(&format!("{what} {marks:?}"), &record, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_side_may_be_without_a_mark() {
    let mut wrong = String::new();
    for prefix in PREFIXES.iter().filter(|prefix| !prefix.is_empty()) {
        for marks in MARKS.iter().filter(|(client, _)| end(client).is_empty()) {
            for bare in [Client, Server] {
                let record = written(each_line, |number, side, text| {
                    let mark = if side == bare { "" } else { mark(*marks, side) };
                    format!("{}{mark}{text}\n", prefix.replace('#', &number.to_string()))
                });
                let who = if bare == Client { "client" } else { "server" };
                check(&format!("{who} bare {prefix:?} {marks:?}"), &record, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

//! The records that are measured: made here, the same at every run, of a stated size at least.

use std::fmt::Write as _;

/// How a record was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// telnet on Unix: no line says whose it is.
    Telnet,
    /// `C: ` and `S: ` before the lines.
    Marked,
    /// The same, quoted twice, as in a mail that was answered twice.
    Quoted,
    /// An Exchange receive log: rows of eight sessions at a time, with times and keys.
    Exchange,
}

/// Who says a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
    /// A line of the message.
    Message,
}

/// How many octets of sessions, at least, in a form.
pub(crate) fn record(form: Form, octets: usize) -> String {
    match form {
        Form::Exchange => exchange(octets),
        _ => (0..)
            .map(|number| alone(form, number))
            .scan(0, |length, text| up_to(length, octets, text))
            .collect(),
    }
}

/// One session, in any form but a log's.
pub(crate) fn alone(form: Form, number: usize) -> String {
    let mut text = String::new();
    if form == Form::Telnet {
        text.push_str(
            "Trying 192.0.2.25...\nConnected to mx.example.net.\nEscape character is '^]'.\n",
        );
    }
    for (side, line) in dialogue(number) {
        let mark = match (form, side) {
            (Form::Telnet, _) => "",
            (Form::Quoted, Side::Server) => "> > S: ",
            (Form::Quoted, _) => "> > C: ",
            (_, Side::Server) => "S: ",
            (_, _) => "C: ",
        };
        let _ = writeln!(text, "{mark}{line}");
    }
    if form == Form::Telnet {
        text.push_str("Connection closed by foreign host.\n");
    }
    text
}

/// Passes texts on until there are enough octets.
fn up_to(length: &mut usize, octets: usize, text: String) -> Option<String> {
    (*length < octets).then(|| {
        *length += text.len();
        text
    })
}

/// What is said: queued, to two recipients, to an unknown user, to a stranger, too soon, after a typing error.
fn dialogue(number: usize) -> Vec<(Side, String)> {
    use Side::{Client, Message, Server};
    let sender = format!("user{}@client{}.example", number % 97, number % 31);
    let recipient = format!("bob{}@example.net", number % 53);
    let mut lines = vec![
        (Server, "220 mx.example.net ESMTP ready".to_owned()),
        (Client, format!("EHLO client{}.example", number % 31)),
        (Server, "250-mx.example.net".to_owned()),
        (Server, "250-PIPELINING".to_owned()),
        (Server, "250-SIZE 10240000".to_owned()),
        (Server, "250-ENHANCEDSTATUSCODES".to_owned()),
        (Server, "250 8BITMIME".to_owned()),
    ];
    let mut say = |side: Side, line: String| lines.push((side, line));
    if number % 6 == 5 {
        say(Client, format!("MIAL FROM:<{sender}>"));
        say(Server, "500 5.5.2 command not recognized".to_owned());
    }
    say(Client, format!("MAIL FROM:<{sender}>"));
    say(Server, "250 2.1.0 Ok".to_owned());
    let accepted = match number % 6 {
        2 => {
            say(Client, format!("RCPT TO:<nobody{}@example.net>", number % 11));
            say(Server, "550 5.1.1 user unknown".to_owned());
            false
        }
        3 => {
            say(Client, format!("RCPT TO:<stranger{}@elsewhere.example>", number % 11));
            say(Server, "554 5.7.1 relay access denied".to_owned());
            false
        }
        4 => {
            say(Client, format!("RCPT TO:<{recipient}>"));
            say(Server, "450 4.2.0 greylisted, try again in 300 seconds".to_owned());
            false
        }
        kind => {
            for _ in 0..=kind % 2 {
                say(Client, format!("RCPT TO:<{recipient}>"));
                say(Server, "250 2.1.5 Ok".to_owned());
            }
            true
        }
    };
    if accepted {
        say(Client, "DATA".to_owned());
        say(Server, "354 end data with <CR><LF>.<CR><LF>".to_owned());
        say(Message, format!("From: <{sender}>"));
        say(Message, format!("To: <{recipient}>"));
        say(Message, "Date: Mon, 23 Nov 2026 10:13:45 +0000".to_owned());
        say(Message, format!("Subject: report {number}"));
        say(Message, String::new());
        for line in 0..number % 9 {
            say(Message, format!("line {line} of the report, which nobody will read to its end"));
        }
        say(Message, ".".to_owned());
        say(Server, format!("250 2.0.0 Ok: queued as {number:08X}"));
    }
    say(Client, "QUIT".to_owned());
    say(Server, "221 2.0.0 Bye".to_owned());
    lines
}

/// An Exchange receive log in the form of 2010: a row a line, without messages.
fn exchange(octets: usize) -> String {
    const OPEN: usize = 8;
    let mut log = "#Software: Microsoft Exchange Server\n#Version: 14.0.0.0\n#Log-type: SMTP Receive Protocol Log\n\
        #Date: 2026-11-23T10:00:00.000Z\n\
        #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\n"
        .to_owned();
    let mut clock = 0;
    for first in (0..).step_by(OPEN) {
        if log.len() >= octets {
            break;
        }
        let open: Vec<Vec<(char, String)>> = (first..first + OPEN).map(rows).collect();
        for row in 0..open.iter().map(Vec::len).max().unwrap_or_default() {
            for (number, rows) in (first..).zip(&open) {
                let Some((event, data)) = rows.get(row) else { continue };
                clock += 7;
                let (hours, minutes) = (10 + clock / 3_600_000, clock / 60_000 % 60);
                let (seconds, thousandths) = (clock / 1000 % 60, clock % 1000);
                let _ = writeln!(
                    log,
                    "2026-11-23T{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}Z,EX1\\Default,\
                     08DE2A6F{number:08X},{row},192.0.2.25:25,198.51.100.{}:{},{event},{data},",
                    number % 250 + 1,
                    1024 + number % 60000
                );
            }
        }
    }
    log
}

/// The events of one session and their data.
fn rows(number: usize) -> Vec<(char, String)> {
    let said = dialogue(number).into_iter().filter_map(|(side, line)| match side {
        Side::Client => Some(('<', line)),
        Side::Server => Some(('>', line)),
        Side::Message => None,
    });
    std::iter::once(('+', String::new()))
        .chain(said)
        .chain(std::iter::once(('-', String::new())))
        .collect()
}

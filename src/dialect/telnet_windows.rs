//! telnet on Windows: the console is cleared after connecting, so a copy begins with the greeting and
//! ends with `Connection to host lost.`
//!
//! ```text
//! Microsoft Telnet> open mx.example.net 25
//! 220 mx.example.net ESMTP
//!
//! Connection to host lost.
//! ```
//!
//! Traps: with local echo off the typed commands are missing; a backspace goes to the server; lines are
//! padded to the window's width; the closing words are translated.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, prompt};
use crate::transcript::{ClosedBy, ConnectFailure, Fact};

pub(super) static DIALECT: Dialect = Dialect {
    name: "telnet-windows",
    about: "telnet on Windows, copied from the console",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record { wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &["Connecting ", "telnet", "to host lost", "Microsoft Telnet", "zu Host", "Connexion"],
    evidence: |line| {
        line.starts_with(b"Microsoft Telnet> ")
            || CLOSED.iter().any(|words| line.trim_ascii_end() == words.as_bytes())
            || connecting(line).is_some()
            || dials(line).is_some()
    },
    reader: || Box::new(read),
};

/// How the end of the connection reads in the languages of Windows.
const CLOSED: &[&str] = &[
    "Connection to host lost.",
    "Verbindung zu Host verloren.",
    "Die Verbindung mit dem Host wurde getrennt.",
    "Perte de la connexion à l'hôte.",
    "Perte de la connexion à l’hôte.",
    "Se ha perdido la conexión con el host.",
    "Connessione all'host perduta.",
    "Verbinding met host verbroken.",
];

/// The host of `Connecting To mx.example.net...` and what follows the dots.
fn connecting(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"Connecting To ").or(line.strip_prefix(b"Connecting to "))?;
    let end = memchr::memmem::find(rest, b"...")?;
    let host = rest.get(..end)?;
    (!host.contains(&b' ') && !host.contains(&b'\''))
        .then(|| (host, rest.get(end + 3..).unwrap_or(b"")))
}

/// The host that `C:\>telnet mx.example.net 25` dials.
fn dials(line: &[u8]) -> Option<Fact> {
    let shell = prompt::shell_line(line, &["telnet"]).filter(|_| prompt::is_windows(line))?;
    prompt::host_and_port(&shell.words, &["-e", "-f", "-l", "-t"])
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let text = line.trim_ascii();
    if let Some((host, tail)) = connecting(text) {
        say(Reading::tells(text, Fact::Opening));
        say(Reading::tells(b"", Fact::Dialled { host: host.to_vec(), port: None }));
        let has = |words: &str| memchr::memmem::find(tail, words.as_bytes()).is_some();
        if has("Could not open") || has("Connect failed") {
            let digits = tail.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<_>>();
            if let Some(port) = prompt::port_number(&digits) {
                let fact = Fact::Dialled { host: host.to_vec(), port: Some(port) };
                say(Reading::tells(b"", fact));
            }
            say(Reading::tells(b"", Fact::ConnectFailed(ConnectFailure::Other)));
        }
        return true;
    }
    if let Some(fact) = dials(text) {
        say(Reading::tells(text, Fact::Opening));
        say(Reading::tells(b"", fact));
        return true;
    }
    if prompt::is_windows(text) {
        say(Reading::tells(text, Fact::Closed(ClosedBy::Unknown)));
        return true;
    }
    if CLOSED.iter().any(|words| text == words.as_bytes()) {
        say(Reading::tells(text, Fact::Closed(ClosedBy::Unknown)));
        return true;
    }
    if let Some(command) = text.strip_prefix(b"Microsoft Telnet>") {
        let words: Vec<&[u8]> =
            command.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [b"o" | b"open", host, port @ ..] => {
                say(Reading::tells(text, Fact::Opening));
                if let Some(fact) = prompt::dialled(host, port.first().copied()) {
                    say(Reading::tells(b"", fact));
                }
            }
            _ => say(Reading::remark(text)),
        }
        return true;
    }
    let remark = text.starts_with(b"Welcome to Microsoft Telnet Client")
        || text.starts_with(b"Escape Character is 'CTRL+")
        || text == b"Local echo on"
        || text == b"Press any key to continue...";
    if remark {
        say(Reading::remark(text));
    }
    remark
}

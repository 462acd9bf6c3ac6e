//! Backspaces and cursor keys are sent, too.

use super::evidence;
use crate::{
    grammar::{Foreign, foreign, phrase},
    rules::{Case, Findings, Wakes, quoted, rule},
};

rule! {
    /// Control characters went to the server as a part of the command.
    ///
    /// telnet and netcat do not edit: a backspace or a cursor key is sent like any letter, and the server sees it in
    /// the middle of the command. The screen shows the corrected line, the server another one.
    ///
    /// ## What to do
    /// Type RSET, or the whole line again without a mistake. Prepare the lines elsewhere and paste them.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM:<aa\x08@client.example>
    ///   S: 501 5.1.7 Bad sender address syntax
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "control-characters", Syntax, Warning, Person,
    ["RFC 821 §4.1.2", "RFC 2821 §4.1.2", "RFC 5321 §4.1.2"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said) in evidence::commands(case) {
        let line = said.parsed.line;
        let control = |octet: &u8| matches!(octet, 0..=8 | 11..=31 | 127);
        let written = line.contains(&b'^')
            && [&b"^H"[..], b"^?", b"^[[", b"^C"].iter().any(|keys| phrase::contains(line, keys));
        if !(line.iter().any(control) || written && exchange.refused()) {
            continue;
        }
        // TLS, or another protocol's octets, are nobody's typing.
        let mut binary = line.iter().filter(|octet| control(octet) || !octet.is_ascii());
        if foreign::foreign(line) == Some(Foreign::Tls) || binary.nth(8).is_some() {
            continue;
        }
        let first = line.iter().find(|octet| control(octet)).copied();
        let what = match first {
            Some(8 | 127) | None => "a backspace",
            Some(27) => "a cursor or function key",
            Some(0) => "a NUL",
            Some(_) => "a control character",
        };
        findings
            .on_command(said, format!("{what} went to the server inside {}", quoted(line)))
            .help("type RSET or the whole line again; what the screen shows is not what was sent")
            .done();
    }
}

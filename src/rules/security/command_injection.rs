//! Addresses that want to be commands.

use crate::{
    grammar::{Argument, phrase},
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
    session::Kind,
};

rule! {
    /// An address, a parameter or the HELO name carries what a shell or a careless program would run: a line
    /// ending, a pipe to a program, a substitution.
    ///
    /// Programs that hand addresses to a shell, to a template or to the next SMTP server without looking run
    /// what stands in them (CVE-2019-10149 in Exim, CVE-2020-7247 in OpenSMTPD, Shellshock).
    ///
    /// ## What to do
    /// Look whether the server refused it, and whether its software is patched. If your own program sent it, check
    /// what it takes from its users: nothing with CR, LF or NUL may become part of a command.
    ///
    /// ## Flags
    /// ```smtp also=address-invalid
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:<${run{/bin/sh}}@example.net>
    ///   S: 550 5.1.1 no such user
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<ann+list=o'neil$x|y{z}@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "command-injection", Security, Warning, Client,
    ["RFC 5321 §4.1.2", "RFC 5321 §7"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

/// What has no business in an address, with what it does.
const SHAPES: &[(&[u8], &str)] = &[
    (b"${run", "an expansion that runs a program"),
    (b"${", "an expansion"),
    (b"$(", "a command substitution"),
    (b"() {", "a function for the shell"),
    (b"|/", "a pipe to a program"),
    (b"| /", "a pipe to a program"),
    (b"|\"", "a pipe to a program"),
    (b"/bin/", "the path of a program"),
    (b"%0d%0a", "an escaped line ending"),
    (b"%0a", "an escaped line ending"),
    (b"\\r\\n", "an escaped line ending"),
    (b"\\x0a", "an escaped line ending"),
    (b"\r", "a CR"),
    (b"\n", "an LF"),
    (b"\0", "a NUL"),
    (b";wget ", "a command"),
    (b"<script", "a script"),
];

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.exchanges() {
        let Some(said) = exchange.command.as_ref().filter(|_| exchange.kind == Kind::Command)
        else {
            continue;
        };
        let text = match &said.parsed.detail {
            Argument::Path(_) | Argument::Hello { .. } => said.parsed.argument,
            _ => continue,
        };
        // All of them hold one of these octets; an ordinary address holds none.
        if !text.iter().any(|octet| {
            matches!(octet, b'$' | b'(' | b'|' | b'/' | b'%' | b'\\' | b'\r' | b'\n' | 0 | b';')
        }) && !phrase::contains(text, b"<script")
        {
            continue;
        }
        let shape = SHAPES.iter().find(|(shape, _)| phrase::contains(text, shape));
        let Some((_, what)) = shape else { continue };
        findings
            .on(text, format!("{} carries {what}", quoted(text)))
            .help("see that the server refused it; let programs put nothing with CR, LF or NUL into a command")
            .confidence(Confidence::Likely)
            .done();
    }
}

//! One side speaks another protocol.

use super::evidence;
use crate::{
    grammar::{Foreign, foreign, phrase},
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Of, Party, Wakes, quoted, rule},
    session::{Exchange, Kind},
    transcript::Label,
};

rule! {
    /// One side of the connection does not speak SMTP.
    ///
    /// The wrong host or port was dialled, a web browser or scanner knocked at a mail server, or a proxy stands in
    /// between. SSH, FTP, POP3, IMAP and HTTP servers each have their own first words.
    ///
    /// ## What to do
    /// Check host and port: 25 for mail servers, 587 and 465 for mail programs. On the server's side, such clients are
    /// scanners as a rule, and may be ignored.
    ///
    /// ## Flags
    /// ```smtp
    ///   Trying 192.0.2.22...
    ///   Connected to host.example.net.
    ///   Escape character is '^]'.
    /// ! SSH-2.0-OpenSSH_9.6
    ///   helo client.example
    ///   Invalid SSH identification string.
    ///   Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   quit
    ///   221 2.0.0 Bye
    ///   Connection closed by foreign host.
    /// ```
    "not-smtp", Transport, Error, Server,
    ["RFC 5321 §2.1", "RFC 5321 §4.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| told.of == Of::Greeting && says_ftp(told.text)).or(Wakes::FOREIGN).or(Wakes::ODD_COMMAND)
}

/// How many lines of a protocol that shares words with SMTP make it that protocol.
const ENOUGH: usize = 2;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let transcript = case.session.transcript;
    let mut shared = 0;
    let ftp = case.session.greeting().is_some_and(|greeting| says_ftp(greeting.text));
    // One line of another protocol among SMTP commands is a slip or a probe: an unknown command.
    let greets = case
        .session
        .exchanges
        .iter()
        .any(|exchange| exchange.id().is_some_and(VerbId::is_hello) && exchange.accepted());
    let shrugged_off = |index: usize| {
        let said = |exchange: &&Exchange<'_>| {
            exchange.command.as_ref().is_some_and(|said| said.turns.start == index)
        };
        let exchange = case.session.exchanges.iter().find(said);
        exchange.is_some_and(|exchange| matches!(exchange.code(), 500..=504))
    };
    let turns = if case.any_foreign() { transcript.turns.as_slice() } else { &[] };
    for (index, turn) in turns.iter().enumerate() {
        if matches!(turn.label, Label::Message | Label::EndOfData | Label::Credentials) {
            continue;
        }
        let line = transcript.text(turn);
        let (name, sure) = match evidence::protocol(line) {
            Some((Foreign::Tls, _)) | None => continue,
            Some(_) if greets && turn.label == Label::Command && shrugged_off(index) => continue,
            // A line around the session may belong to another one.
            Some((_, _))
                if turn.label == Label::Prose
                    && case.session.greeting().is_some()
                    && foreign::foreign(line) != Some(Foreign::Http) =>
            {
                continue;
            }
            Some((
                Foreign::Ftp | Foreign::Pop3 | Foreign::FtpOrPop3 | Foreign::Imap | Foreign::Nntp,
                name,
            )) if turn.label != Label::Reply && foreign::foreign(line).is_some() => {
                shared += 1;
                (name, shared >= ENOUGH || ftp)
            }
            Some((_, name)) => (name, true),
        };
        if !sure {
            continue;
        }
        let client = turn.label.is_client();
        findings
            .on_turn(turn, format!("{} is {name}, not SMTP", quoted(line.trim_ascii())))
            .help("check host and port; a mail server listens on 25, 465 or 587")
            .party(if client { Party::Client } else { Party::Server })
            .done();
        return;
    }
    if ftp && !greets && greeted_ftp(case, findings) {
        return;
    }
    garbage(case, findings);
}

/// A greeting of FTP, which says 220 as well, from a server that refused every HELO and EHLO.
fn greeted_ftp(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) -> bool {
    let refused = case.session.exchanges.iter().any(|exchange| {
        exchange.id().is_some_and(VerbId::is_hello)
            && matches!(exchange.code(), 500..=504 | 530 | 550)
    });
    let Some(greeting) = case.session.greeting().filter(|_| refused) else { return false };
    findings
        .on_reply(greeting, format!("{} is an FTP server, not SMTP", quoted(greeting.text)))
        .help("check host and port; a mail server listens on 25, 465 or 587")
        .party(Party::Client)
        .done();
    true
}

/// A client whose every line is refused and none of which has a word: another protocol's octets.
fn garbage(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    const SEVERAL: usize = 3;
    let mut commands = case
        .session
        .exchanges
        .iter()
        .filter(|exchange| exchange.kind == Kind::Command && !exchange.inferred)
        .filter_map(|exchange| Some((exchange, exchange.command.as_ref()?)))
        .peekable();
    let Some((_, first)) = commands.peek().copied() else { return };
    let mut count = 0;
    for (exchange, said) in commands {
        let word = said.parsed.verb.iter().all(u8::is_ascii_alphanumeric);
        if word || said.parsed.known.is_some() || !matches!(exchange.code(), 0 | 500..=502) {
            return;
        }
        count += 1;
    }
    if count < SEVERAL {
        return;
    }
    findings
        .on_command(first, "what the client sent is no SMTP")
        .help("find out what connected: a program for another protocol, or a scanner")
        .party(Party::Client)
        .confidence(Confidence::Likely)
        .done();
}

/// Whether a greeting names FTP and not SMTP.
fn says_ftp(text: &[u8]) -> bool {
    let has = |word: &[u8]| phrase::contains(text, word);
    has(b"ftp") && !has(b"smtp") && !has(b"mail")
}

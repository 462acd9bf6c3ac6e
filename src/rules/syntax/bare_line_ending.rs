//! Lines end with CR LF, not with one of the two.

use crate::{
    rules::{Case, Confidence, Findings, Party, rule},
    transcript::{Ending, Label},
};

rule! {
    /// A command, a reply or a line of the message ended with LF or CR alone.
    ///
    /// SMTP ends its lines with both. Many servers take a bare LF in commands, but not in the message, and where one
    /// server takes it and the next does not, mail can be smuggled between them.
    ///
    /// ## What to do
    /// Let the program send CR LF. netcat does with `-C`, `openssl s_client` with `-crlf`.
    ///
    /// ## Flags
    /// ```smtp
    ///   send: 'ehlo client.example\r\\n'
    ///   reply: b'250 mx.example.net\r\\n'
    /// ! send: 'noop\\n'
    ///   reply: b'250 2.0.0 Ok\r\\n'
    ///   send: 'quit\r\\n'
    ///   reply: b'221 2.0.0 Bye\r\\n'
    /// ```
    ///
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP\r
    ///   C: EHLO client.example\r
    ///   S: 250-mx.example.net\r
    ///   S: 250 SIZE 10240000\r
    ///   C: MAIL FROM:<a@client.example>\r
    ///   S: 250 2.1.0 Ok\r
    ///   C: RCPT TO:<b@example.net>\r
    ///   S: 250 2.1.5 Ok\r
    ///   C: DATA\r
    ///   S: 354 go ahead\r
    ///   C: From: a@client.example\r
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000\r
    ///   C: Subject: test\r
    ///   C: \r
    /// ! C: one
    ///   C: two\r
    ///   C: .\r
    ///   S: 250 2.0.0 Ok: queued as 12345\r
    ///   C: QUIT\r
    ///   S: 221 2.0.0 Bye\r
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   send: 'ehlo client.example\r\\n'
    ///   reply: b'250 mx.example.net\r\\n'
    ///   send: 'quit\r\\n'
    ///   reply: b'221 2.0.0 Bye\r\\n'
    /// ```
    "bare-line-ending", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §2.3.7", "RFC 5321 §2.3.8", "RFC 5321 §4.1.1.4"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    commands_and_replies(case, findings);
    if case.is_sure() {
        messages(case, findings);
    }
}

/// CR LF, or what a terminal makes of it.
const fn is_whole(ending: Ending) -> bool {
    matches!(ending, Ending::CrLf | Ending::CrCrLf | Ending::Shown(true))
}

/// Lines of a message, in a record that shows the endings of all lines: nearly all of them are whole.
fn messages(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let turns = &case.session.transcript.turns;
    if turns.iter().all(|turn| turn.label != Label::Message) {
        return;
    }
    let mut said = turns
        .iter()
        .filter(|turn| matches!(turn.label, Label::Command | Label::Reply | Label::EndOfData));
    if !said.all(|turn| is_whole(turn.ending)) {
        return;
    }
    let lines = || turns.iter().filter(|turn| turn.label == Label::Message);
    let bare = || lines().filter(|turn| !is_whole(turn.ending));
    if bare().count() * 4 > lines().count() {
        return;
    }
    for turn in bare() {
        let ending = match turn.ending {
            Ending::Lf => "LF alone",
            Ending::Cr => "CR alone",
            Ending::Shown(false) => "one of the two alone, not with CR LF",
            _ => continue,
        };
        findings
            .on_turn(turn, format!("a line of the message ended with {ending}"))
            .help("let the program end its lines with CR LF; some servers refuse such a message, others see another one in it")
            .confidence(Confidence::Likely)
            .done();
    }
}

fn commands_and_replies(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let turns = &case.session.transcript.turns;
    let bare = |turn: &&crate::transcript::Turn| {
        turn.ending == Ending::Shown(false)
            && matches!(turn.label, Label::Command | Label::Reply)
            && !turn.text.is_empty()
    };
    let Some(first) = turns.iter().find(bare) else { return };
    // A recorder that shows every line's end as LF does not tell; nor does the last line, which may be cut.
    let told = turns.iter().any(|turn| turn.ending == Ending::Shown(true));
    let last = turns.last().is_some_and(|last| std::ptr::eq(last, first));
    if !told || last || !case.is_sure() {
        return;
    }
    let (who, party) = match first.label {
        Label::Reply => ("reply", Party::Server),
        _ => ("command", Party::Client),
    };
    findings
        .on_turn(first, format!("the {who} did not end with CR LF"))
        .help("let the program end its lines with CR LF")
        .party(party)
        .done();
}

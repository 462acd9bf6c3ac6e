//! Lines end with CR LF, not with one of the two.

use crate::{
    rules::{Case, Findings, Party, rule},
    transcript::{Ending, Label},
};

rule! {
    /// A command or a reply ended with LF or CR alone.
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

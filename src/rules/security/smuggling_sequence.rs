//! What some servers take for the end of the message, and others do not.

use std::ops::Range;

use crate::{
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::Session,
    transcript::{Ending, Label, Turn},
};

rule! {
    /// A look-alike of the end of data stands in the message: a dot alone on a line that ends, or follows
    /// a line that ends, with LF or CR alone.
    ///
    /// Only CR LF `.` CR LF ends a message. Where the sending server lets the look-alike through and the
    /// receiving one takes it for the end, what follows is read as commands: a second mail in the name
    /// of any user of the first server (SMTP smuggling, CVE-2023-51764 and its kin).
    ///
    /// ## What to do
    /// Have both servers refuse or rewrite bare LF and CR: `smtpd_forbid_bare_newline = normalize` in Postfix,
    /// current Exim and Sendmail, and the filter in front of them. Ask whether the sender tested on
    /// purpose.
    ///
    /// ## Flags
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
    ///   C: hello\r
    /// ! C: x\x0d.\x0dMAIL FROM:<admin@client.example>\r
    ///   C: .\r
    ///   S: 250 2.0.0 Ok: queued as 12345\r
    ///   C: QUIT\r
    ///   S: 221 2.0.0 Bye\r
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: ..
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "smuggling-sequence", Security, Error, Client,
    ["RFC 5321 §4.1.1.4", "RFC 5321 §2.3.8"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for transaction in &session.transactions {
        let Some(message) = transaction.message.as_ref().filter(|message| !message.hidden) else {
            continue;
        };
        let lines = session.transcript.turns.get(message.turns.clone()).unwrap_or_default();
        let mut before: Option<&Turn> = None;
        let exact = shows_endings(session, message.turns.clone());
        for turn in lines.iter().filter(|turn| is_text(turn)) {
            let text = session.transcript.text(turn);
            let inside = within(text).or_else(|| disguised(text, before.map(|turn| turn.ending)));
            let look_alike = inside.or_else(|| {
                let dot = exact && text == b".";
                // Tools that show octets show the end itself as they please.
                let end = turn.label == Label::EndOfData && matches!(turn.ending, Ending::Shown(_));
                let after = if end { Ending::CrLf } else { turn.ending };
                let sequence = dot.then(|| sequence(before.map(|turn| turn.ending), after));
                sequence.flatten()
            });
            before = Some(turn);
            let Some(sequence) = look_alike else { continue };
            findings
                .on_turn(turn, format!("the message holds {sequence}, which some servers take for its end"))
                .help("refuse or rewrite bare LF and CR on both servers; only CR LF . CR LF ends a message")
                .confidence(Confidence::Likely)
                .done();
        }
    }
}

fn is_text(turn: &Turn) -> bool {
    matches!(turn.label, Label::Message | Label::EndOfData)
}

/// Whether the record shows how lines ended: all commands and most lines of the message end with CR LF, as
/// they have to. A tool that writes only the message as it was sent shows nothing at the final dot.
fn shows_endings(session: &Session<'_>, turns: Range<usize>) -> bool {
    let lines = session.transcript.turns.get(turns).unwrap_or_default();
    let (mut good, mut all) = (0_usize, 0_usize);
    for turn in lines.iter().filter(|turn| is_text(turn)) {
        all += 1;
        good += usize::from(is_whole(turn.ending));
    }
    let mut commands =
        session.transcript.turns.iter().filter(|turn| turn.label == Label::Command).peekable();
    good >= 2
        && good < all
        && good * 2 > all
        && commands.peek().is_some()
        && commands.all(|turn| is_whole(turn.ending))
}

/// CR LF, or what a terminal makes of it.
const fn is_whole(ending: Ending) -> bool {
    matches!(ending, Ending::CrLf | Ending::CrCrLf | Ending::Shown(true))
}

/// The look-alike that a dot between two line endings is; `None` for the real end, and where the source
/// itself ends.
fn sequence(before: Option<Ending>, after: Ending) -> Option<String> {
    let name = |ending: Ending| match ending {
        Ending::Lf => Some("LF"),
        Ending::Cr => Some("CR"),
        Ending::CrLf | Ending::CrCrLf | Ending::Shown(true) => Some("CR LF"),
        Ending::Shown(false) => Some("a bare line ending"),
        Ending::None => None,
    };
    let before = before?;
    if is_whole(before) && is_whole(after) {
        return None;
    }
    Some(format!("{} . {}", name(before)?, name(after)?))
}

/// The look-alike within a line, where CR stands alone.
fn within(text: &[u8]) -> Option<String> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\r', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        match rest {
            [b'.', b'\r', ..] => return Some("CR . CR".to_owned()),
            [b'.'] => return Some("CR . CR LF".to_owned()),
            _ => {}
        }
    }
    None
}

/// A dot alone on its line but for a NUL or a CR beside it, which some servers do not see.
fn disguised(text: &[u8], before: Option<Ending>) -> Option<String> {
    let before = match before? {
        Ending::Lf | Ending::Shown(false) => "LF",
        _ => "CR LF",
    };
    let seen = match text {
        [0, b'.'] => "NUL .",
        [b'.', 0] => ". NUL",
        [0, b'.', b'\r', ..] => "NUL . CR",
        [b'.', b'\r', ..] => ". CR",
        _ => return None,
    };
    Some(format!("{before} {seen}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dots_between_wrong_endings() {
        assert_eq!(sequence(Some(Ending::CrLf), Ending::CrLf), None);
        assert_eq!(sequence(Some(Ending::Lf), Ending::CrLf).as_deref(), Some("LF . CR LF"));
        assert_eq!(sequence(Some(Ending::CrLf), Ending::Lf).as_deref(), Some("CR LF . LF"));
        assert_eq!(sequence(Some(Ending::Lf), Ending::None), None);
        assert_eq!(within(b"a\r.\rb").as_deref(), Some("CR . CR"));
        assert_eq!(within(b"a\r.").as_deref(), Some("CR . CR LF"));
        assert_eq!(within(b"a\r.b"), None);
        assert_eq!(disguised(b"\0.", Some(Ending::CrLf)).as_deref(), Some("CR LF NUL ."));
        assert_eq!(disguised(b".\rx", Some(Ending::Lf)).as_deref(), Some("LF . CR"));
        assert_eq!(disguised(b".", Some(Ending::CrLf)), None);
    }
}

//! Errors of mail libraries beside dialogues: what they quote is a session where nothing else tells it.

use smtplog::{Options, analyze_bytes};

const TRACE: &str = "Traceback (most recent call last):
  File \"send.py\", line 12, in <module>
    s.sendmail(\"a@client.example\", [\"bad@example.net\"], msg)
smtplib.SMTPRecipientsRefused: {'bad@example.net': (550, b'5.1.1 User unknown')}
";

const DIALOGUE: &str = "220 mx.example.net ESMTP
EHLO client.example
250 mx.example.net
MAIL FROM:<a@client.example>
250 2.1.0 Ok
RCPT TO:<bad@example.net>
550 5.1.1 User unknown
QUIT
221 2.0.0 Bye
";

/// Each session's dialect, and its commands with their reply codes.
fn told(text: &str) -> Vec<String> {
    let report = analyze_bytes("record", text.as_bytes(), &Options::default());
    let sessions = report.sessions.iter().map(|session| {
        let said = session.exchanges.iter().map(|exchange| {
            let code = exchange.reply.as_ref().and_then(|reply| reply.code).unwrap_or(0);
            format!("{} {code}", exchange.verb.as_deref().unwrap_or("-"))
        });
        format!("{}: {}", session.dialect, said.collect::<Vec<_>>().join(", "))
    });
    sessions.collect()
}

const WHOLE: &str = "raw-unmarked: - 220, EHLO 250, MAIL 250, RCPT 550, QUIT 221";

#[test]
fn an_error_alone_is_a_session() {
    assert_eq!(told(TRACE), ["client-error: RCPT 550"]);
}

#[test]
fn an_error_behind_its_dialogue_is_none() {
    assert_eq!(told(&format!("{DIALOGUE}\n{TRACE}")), [WHOLE]);
    assert_eq!(told(&format!("{TRACE}\n{DIALOGUE}")), [WHOLE]);
}

#[test]
fn an_error_in_the_middle_of_a_dialogue_does_not_cut_it() {
    // With `set_debuglevel(1)`, where a program goes on with `quit()`.
    let (before, after) = (
        "send: 'ehlo client.example\\r\\n'\nreply: b'250 mx.example.net\\r\\n'\n\
         send: 'mail FROM:<a@client.example>\\r\\n'\nreply: b'250 2.1.0 Ok\\r\\n'\n\
         send: 'rcpt TO:<bad@example.net>\\r\\n'\nreply: b'550 5.1.1 User unknown\\r\\n'\n",
        "send: 'quit\\r\\n'\nreply: b'221 2.0.0 Bye\\r\\n'\n",
    );
    let whole = ["python-smtplib: EHLO 250, MAIL 250, RCPT 550, QUIT 221"];
    assert_eq!(told(&format!("{before}{TRACE}{after}")), whole);
}

#[test]
fn an_error_that_says_something_else_is_one_of_its_own() {
    let other = TRACE.replace("550, b'5.1.1 User unknown", "451, b'4.7.1 greylisted");
    assert_eq!(told(&format!("{DIALOGUE}\n{other}")), [WHOLE, "client-error: RCPT 451"]);
}

#[test]
fn of_several_refusals_in_one_line_each_has_its_own_cause() {
    let error = "smtplib.SMTPRecipientsRefused: {'nobody@example.net': (550, b'5.1.1 User unknown'), \
        'full@example.net': (452, b'4.2.2 <full@example.net>: mailbox full')}\n";
    let report = analyze_bytes("t", error.as_bytes(), &Options::default());
    let verdicts: Vec<&str> =
        report.sessions.iter().map(|session| session.verdict.as_str()).collect();
    let full = "Deferred at RCPT: 452 4.2.2, the mailbox `full@example.net` is full";
    assert!(matches!(&verdicts[..], [one] if one.starts_with(full)), "{verdicts:?}");
}

//! The record stops in the middle.

use super::evidence::{self, Open};
use crate::{
    rules::{Case, Findings, rule},
    session::{End, Kind, Outcome},
};

rule! {
    /// The record stops in the middle of the session.
    ///
    /// Something was outstanding, and nothing says that the connection ended. What happened afterwards, this record
    /// does not tell: the mail may have gone through.
    ///
    /// ## What to do
    /// Get the rest of the record. If there is none, the program was stopped, or its log was cut.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:<b@example.net>
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
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "record-truncated", Transport, Note, Recorder,
    ["RFC 5321 §3.8", "RFC 5321 §4.1.1.10"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if case.session.end != End::Cut {
        return;
    }
    let what = match evidence::outstanding(case) {
        Some(Open::Greeting) => "before the server's greeting".to_owned(),
        Some(Open::Exchange(exchange)) if exchange.kind == Kind::Message => {
            "before the reply to the message".to_owned()
        }
        Some(Open::Exchange(exchange)) => {
            format!("before the reply to {}", evidence::name(exchange))
        }
        Some(Open::Message) => "before the end of the message".to_owned(),
        Some(Open::Dialogue) => "in the middle of AUTH".to_owned(),
        Some(Open::Reply) => "in the middle of a reply".to_owned(),
        None if case.session.outcome == Outcome::Incomplete => {
            "while a transaction was open".to_owned()
        }
        None => return,
    };
    if case.session.outcome != Outcome::Incomplete && !case.is_sure() {
        return;
    }
    findings
        .on_end(format!("the record stops {what}"))
        .help("get the rest of the record: what became of the mail is not in it")
        .done();
}

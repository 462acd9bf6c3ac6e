//! The connection ended while something was outstanding.

use super::evidence::{self, Open};
use crate::{
    rules::{Case, Findings, Party, rule},
    session::{End, Kind},
    transcript::ClosedBy,
};

rule! {
    /// The connection ended while a command, the message or a reply was outstanding.
    ///
    /// A server may close only after QUIT, after 421, or after a long silence. Where the message itself was
    /// outstanding, nobody knows whether it was taken: the client sends it again, and it may arrive twice.
    ///
    /// ## What to do
    /// Look into the server's log at that moment; without an entry there, look at the firewalls and anti-virus programs
    /// between the two. A mail server tries again by itself.
    ///
    /// ## Flags
    /// ```smtp
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   helo client.example
    ///   250 mail.example.net
    ///   mail from:<a@client.example>
    /// ! Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   helo client.example
    ///   250 mail.example.net
    ///   quit
    ///   221 2.0.0 Bye
    ///   Connection closed by foreign host.
    /// ```
    "connection-lost", Transport, Error, Server,
    ["RFC 821 §4.1.1", "RFC 2821 §3.9", "RFC 5321 §3.8"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let End::Closed(by) = case.session.end else { return };
    let Some(open) = evidence::outstanding(case) else { return };
    let what = match open {
        Open::Greeting => "before the server had greeted".to_owned(),
        Open::Exchange(exchange) if exchange.kind == Kind::Message => {
            "before the message was answered: it may or may not have been taken".to_owned()
        }
        Open::Exchange(exchange) => format!("before {} was answered", evidence::name(exchange)),
        Open::Message => "before the message was complete".to_owned(),
        Open::Dialogue => "in the middle of AUTH".to_owned(),
        Open::Reply => "in the middle of a reply".to_owned(),
    };
    let (who, party) = match by {
        ClosedBy::Client => ("the client closed the connection", Party::Client),
        ClosedBy::Server => ("the server closed the connection", Party::Server),
        ClosedBy::Unknown => ("the connection ended", Party::Server),
    };
    findings
        .at(evidence::closed_at(case), format!("{who} {what}"))
        .help("look into the server's log at that moment, then at firewalls between the two")
        .party(party)
        .done();
}

//! The client's address is on a blocklist that the server asks, or on its own.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The client's address is on a blocklist that the server asks, or on its own.
    ///
    /// The list decides what is to be done: Spamhaus PBL only says that the address should not send
    /// directly, XBL that something behind it is infected. If the text quotes `127.255.255.x`, the address
    /// is on no list: the server's question failed.
    ///
    /// ## What to do
    /// Look the address up at the list, end what put it there, then ask for its removal. Asking first gets
    /// it listed again.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 550 5.1.1 no such user here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "blocklisted", Delivery, Error, Client,
    ["RFC 5782 §2.1", "RFC 5321 §7.9"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::Blocklisted, case, findings);
}

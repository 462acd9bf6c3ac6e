//! Local part, domain and path have their limits.

use super::evidence;
use crate::{
    protocol::limits::{self, Object},
    rules::{Case, Findings, Wakes, rule},
};

rule! {
    /// An address is longer than the limits.
    ///
    /// A local part may have 64 octets, a domain 255 (64 in RFC 821), and a path 256 with its brackets. A server need
    /// not take more, and what it does take may fail at the next one.
    ///
    /// ## What to do
    /// Use a shorter address. Addresses that carry data in the local part should carry less.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM:<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@client.example>
    ///   S: 250 2.1.0 Ok
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
    "path-too-long", Syntax, Warning, Client,
    ["RFC 821 §4.5.3", "RFC 2821 §4.5.3.1", "RFC 5321 §4.5.3.1.1", "RFC 5321 §4.5.3.1.2", "RFC 5321 §4.5.3.1.3"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let edition = case.judging.edition;
    for (_, said, argument) in evidence::paths(case) {
        let path = &argument.path;
        let Some(mailbox) = path.mailbox.filter(|mailbox| mailbox.raw.len() > 64) else { continue };
        let parts = [
            ("local part", Object::LocalPart, mailbox.local_part),
            ("domain", Object::Domain, mailbox.domain.unwrap_or_default()),
            ("path", Object::Path, path.raw),
        ];
        for (name, object, part) in parts {
            let Some(limit) = limits::of(object).limit(edition) else { continue };
            if part.len() <= limit as usize {
                continue;
            }
            findings
                .on_command(
                    said,
                    format!("the {name} has {} octets, {limit} are allowed", part.len()),
                )
                .help("use a shorter address")
                .party(evidence::who(case))
                .done();
            break;
        }
    }
}

//! A greeting begins with the server's name.

use super::evidence;
use crate::{
    grammar::{HostName, classify, host_line},
    rules::{Case, Findings, Of, Wakes, quoted, rule},
};

rule! {
    /// The greeting does not begin with a domain name or an address literal.
    ///
    /// The first word after 220 is the name of the server. Clients show it, and some look for a loop by it.
    ///
    /// ## What to do
    /// Set the server's own name as the first word of its banner.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 220 Welcome to our mail service
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "greeting-name-missing", Reply, Note, Server,
    ["RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.2", "RFC 5321 §4.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| told.of == Of::Greeting && !is_named(told.text))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let Some(greeting) = case.session.greeting().filter(|reply| reply.code == 220) else { return };
    if is_named(greeting.text) || evidence::is_redacted(greeting.text) {
        return;
    }
    let name = host_line(greeting.text.trim_ascii_start()).name;
    let message = if name.is_empty() {
        "the greeting has no text, and so no name".to_owned()
    } else {
        format!("the greeting begins with {}, which is no host name", quoted(name))
    };
    findings
        .on_reply(greeting, message)
        .help("put the server's host name first, after the 220")
        .done();
}

/// Whether a greeting begins with a host's name, or with what nobody can tell from one.
fn is_named(text: &[u8]) -> bool {
    let name = host_line(text.trim_ascii_start()).name;
    // A word alone is a host name by its letters; one that is followed by words of prose is not.
    !name.is_ascii()
        || match classify(name) {
            HostName::Domain | HostName::AddressLiteral(_) | HostName::BareAddress(_) => true,
            HostName::SingleLabel => !is_prose(text),
            HostName::Invalid(_) => {
                name.contains(&b'.') && name.first().is_some_and(u8::is_ascii_alphanumeric)
            }
        }
}

/// Whether the word after a lone first one is neither SMTP nor ESMTP.
fn is_prose(text: &[u8]) -> bool {
    let upper = text.to_ascii_uppercase();
    let mut words = upper.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let protocol = |word: &[u8]| matches!(word, b"SMTP" | b"ESMTP" | b"LMTP" | b"ESMTPS");
    protocol(first) || words.next().is_some_and(|word| !protocol(word)) && first.len() < 20
}

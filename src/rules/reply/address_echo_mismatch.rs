//! The address in a reply is the one that was asked about.

use super::evidence;
use crate::{
    grammar::mailbox,
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
};

rule! {
    /// The reply to MAIL or RCPT names another address than the command.
    ///
    /// Many servers repeat the address. If it is not the same, either something rewrote it on the way, or the line
    /// was not what the person believed: keys that telnet sent unseen, or a session that was edited later.
    ///
    /// ## What to do
    /// Compare the two. If the server rewrites addresses, that is what it works with; if not, type the line again.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 250 2.1.0 <z@client.example>... Sender ok
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
    ///   S: 250 2.1.0 <A@CLIENT.EXAMPLE>... Sender ok
    ///   C: RCPT TO:<b@mx.example.net>
    ///   S: 250 2.1.5 b@mx.example.net…Recipient ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "address-echo-mismatch", Reply, Note, Server,
    ["RFC 821 §4.2", "RFC 2821 §4.2", "RFC 5321 §4.2"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| matches!(told.code(), 250 | 252) && told.text.contains(&b'@'))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        let asks = exchange.is(VerbId::Mail) || exchange.is(VerbId::Rcpt);
        // 251 and 551 name another address on purpose; a refusal may name whom to ask.
        if !asks || !matches!(reply.code, 250 | 252) || !reply.text.contains(&b'@') {
            continue;
        }
        let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
        let Some(typed) = path.and_then(|argument| argument.path.mailbox) else { continue };
        if evidence::is_redacted(reply.text)
            || evidence::is_redacted(typed.raw)
            || !typed.raw.is_ascii()
        {
            continue;
        }
        let mut named = addresses(reply.text).peekable();
        let Some(first) = named.peek().copied() else { continue };
        let same = |address: &[u8]| {
            let echoed = mailbox::mailbox(address);
            match typed.domain {
                Some(_) => address.eq_ignore_ascii_case(typed.raw),
                None => echoed.local_part.eq_ignore_ascii_case(typed.local_part),
            }
        };
        if named.any(same) {
            continue;
        }
        findings
            .on_reply(
                reply,
                format!("the reply names {}, the command {}", quoted(first), quoted(typed.raw)),
            )
            .help("compare the two: something changed the address on the way, or in the record")
            .confidence(Confidence::Likely)
            .done();
    }
}

/// The words of a text that look like addresses, without what encloses them.
fn addresses(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|octet| octet.is_ascii_whitespace() || b"<>()[],;\"'".contains(octet))
        .map(|word| {
            // `ann@mx.example.net....Sender ok`, the dots perhaps made one character since.
            let ellipsis = |sign: &str| memchr::memmem::find(word, sign.as_bytes());
            let cut = ellipsis("..").or_else(|| ellipsis("…")).unwrap_or(word.len());
            let word = word.get(..cut).unwrap_or_default();
            let end = word.iter().rposition(|octet| !b".:!".contains(octet)).map_or(0, |at| at + 1);
            word.get(..end).unwrap_or_default()
        })
        .filter(|word| {
            let at = word.iter().position(|octet| *octet == b'@');
            at.is_some_and(|at| at > 0 && at + 1 < word.len())
        })
}

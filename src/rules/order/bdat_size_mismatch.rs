//! A chunk is exactly as long as its BDAT says.

use crate::{
    grammar::Argument,
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::Kind,
    transcript::{Fact, Label},
};

rule! {
    /// A BDAT chunk is longer or shorter than its command announced.
    ///
    /// The server counts octets and nothing else. A chunk that is too short swallows the next command; of one that
    /// is too long the rest is taken for commands.
    ///
    /// ## What to do
    /// Count the octets as they go over the wire, with two for each line's end.
    ///
    /// ## Flags
    /// ```smtp also=header-missing
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 CHUNKING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    /// ! C: BDAT 3 LAST
    ///   C: hello
    ///   S: 552 5.5.1 message cut short
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 CHUNKING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: BDAT 7 LAST
    ///   C: hello
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "bdat-size-mismatch", Order, Warning, Client,
    ["RFC 3030 §2"], ALL_EDITIONS,
    check, wakes: Wakes::BDAT
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (place, exchange) in case.session.of_verb(VerbId::Bdat) {
        let Some(said) = exchange.command.as_ref().filter(|_| case.is_sure()) else { continue };
        let Argument::Bdat(bdat) = &said.parsed.detail else { continue };
        let Some(announced) = bdat.octets() else { continue };
        let lines = case.session.turns(said.turns.clone(), Label::Message);
        let (count, octets) = lines.fold((0_u64, 0_u64), |(count, octets), turn| {
            (count + 1, octets + turn.text.len() as u64)
        });
        // A record that leaves the chunk out, or a part of it, says nothing about its size.
        let cut = |fact: &Fact| {
            matches!(
                fact,
                Fact::BodyHidden(_)
                    | Fact::Elision
                    | Fact::LinesMissing(_)
                    | Fact::MessageLeftOut { .. }
            )
        };
        if count == 0 || case.session.transcript.facts().any(cut) {
            continue;
        }
        // How each line ended on the wire is not always to be seen: none, one or two octets.
        let shortest = octets + count - 1;
        let longest = octets + 2 * count;
        // A server that took the chunk and went on with the next command had counted as announced.
        let next = case.session.exchanges.get(place + 1);
        let swallowed = announced > longest && !exchange.accepted();
        let spilt = announced < shortest
            && (!exchange.accepted()
                || next.is_some_and(|next| next.verb.is_none() && next.refused()));
        // An answer that nobody asked for: to octets that were left over.
        let spilt = spilt
            || (announced < longest
                && next.is_some_and(|next| {
                    next.kind == Kind::Unsolicited && matches!(next.code(), 500..=502)
                }));
        if !swallowed && !spilt {
            continue;
        }
        let than = if swallowed { "shorter" } else { "longer" };
        findings
            .on(
                said.parsed.line,
                format!("the chunk is {than} than the {announced} octets that BDAT announced"),
            )
            .help("count the octets of the chunk, with two for each line's end")
            .confidence(Confidence::Likely)
            .done();
    }
}

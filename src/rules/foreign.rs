//! A server of another protocol: that it is none of SMTP is all that the rules of SMTP have to say about it.

use super::{Family, Finding, transport};
use crate::{
    grammar::Foreign,
    protocol::{codes, verbs::VerbId},
    session::{Exchange, Session},
};

/// How many replies with codes that SMTP does not have make a server one of another protocol.
const ENOUGH: usize = 2;

/// Leaves out what only holds for SMTP, where the server was found to speak something else.
pub(super) fn leave_out(session: &Session<'_>, found: &mut Vec<Finding>) {
    let told = found.iter().any(|finding| finding.rule.name == "not-smtp");
    if told && is_server(session) {
        found.retain(|finding| {
            finding.rule.family == Family::Transport && finding.rule.name != "connection-lost"
        });
    }
}

/// Whether the server speaks another protocol: it says so by its words or its codes, and took no HELO or EHLO.
fn is_server(session: &Session<'_>) -> bool {
    let mut hellos = session.exchanges.iter().filter(|one| one.id().is_some_and(VerbId::is_hello));
    if hellos.any(Exchange::accepted) {
        return false;
    }
    let is_other = |code: u16| {
        codes::in_grammar(code) && !codes::find(code).is_some_and(|fact| fact.status.is_defined())
    };
    let replies = || session.exchanges.iter().filter(|exchange| exchange.reply.is_some());
    let first = replies().next().is_some_and(|exchange| is_other(exchange.code()));
    let others = replies().filter(|exchange| is_other(exchange.code())).count();
    let transcript = session.transcript;
    let mut words = transcript.turns.iter().filter(|turn| !turn.label.is_client()).map(|turn| {
        let told = transport::protocol(transcript.text(turn));
        told.is_some_and(|protocol| protocol != Foreign::Tls)
    });
    first || others >= ENOUGH || words.any(|foreign| foreign)
}

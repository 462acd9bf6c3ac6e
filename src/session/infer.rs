//! Commands that the record does not show, from the texts of the replies that answer them.
//!
//! Piped input, local echo off, `exim -bh < file`: only the server's half is there. A reply such as
//! `250 2.1.0 Sender ok` tells which command it answers; the exchange says that this was inferred.

use super::{Exchange, Kind, Reply};
use crate::protocol::verbs::{self, VerbId};

/// Names the verbs of replies that answer nothing, where hardly any command is in the record.
///
/// `quoted` says that the record is known to show a part of the session only: one reply is enough then,
/// and a recipient's reply does not need a sender's before it.
pub(super) fn infer(exchanges: &mut [Exchange<'_>], quoted: bool) {
    let commands = exchanges.iter().filter(|exchange| exchange.command.is_some()).count();
    let replies = exchanges.iter().filter(|exchange| exchange.reply.is_some()).count();
    if commands > 0 {
        return infer_hello(exchanges);
    }
    if replies < 2 && !quoted {
        return;
    }
    let mut before = VerbId::Connect;
    let mut mail = quoted;
    for exchange in exchanges.iter_mut() {
        let Some(reply) = &exchange.reply else { continue };
        if exchange.kind != Kind::Unsolicited {
            continue;
        }
        let several = reply.turns.len() > 1;
        let Some(id) = answered(before, reply.code, reply.text, several) else { continue };
        // Without a sender, it is a probe for mailboxes.
        let id = if id == VerbId::Rcpt && !mail { VerbId::Vrfy } else { id };
        mail |= id == VerbId::Mail;
        if id == VerbId::Connect {
            continue;
        }
        exchange.inferred = true;
        if id == VerbId::Other {
            exchange.kind = Kind::Message;
            exchange.hidden = true;
        } else {
            exchange.kind = Kind::Command;
            exchange.verb = verbs::get(id);
        }
        before = id;
    }
}

/// Names the EHLO of a record that begins to show commands behind it: right behind the greeting, a 250 of several
/// lines answers nothing else.
fn infer_hello(exchanges: &mut [Exchange<'_>]) {
    let [greeting, first, ..] = exchanges else { return };
    let several = |reply: &Reply<'_>| reply.code == 250 && reply.turns.len() > 1;
    if greeting.kind == Kind::Greeting
        && greeting.accepted()
        && first.kind == Kind::Unsolicited
        && first.reply.as_ref().is_some_and(several)
    {
        first.inferred = true;
        first.kind = Kind::Command;
        first.verb = verbs::get(VerbId::Ehlo);
    }
}

/// The command that a reply answers; `VerbId::Other` stands for the message.
fn answered(before: VerbId, code: u16, text: &[u8], several: bool) -> Option<VerbId> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| {
        words.iter().any(|word| memchr::memmem::find(&text, word.as_bytes()).is_some())
    };
    match code {
        221 => return Some(VerbId::Quit),
        354 => return Some(VerbId::Data),
        220 if before != VerbId::Connect => return Some(VerbId::Starttls),
        334 | 235 | 535 => return Some(VerbId::Auth),
        251 | 551 => return Some(VerbId::Rcpt),
        252 => return Some(VerbId::Vrfy),
        211 | 214 => return Some(VerbId::Help),
        503 if has(&["need rcpt", "rcpt first", "valid rcpt", "must precede data"]) => {
            return Some(VerbId::Data);
        }
        421 => return None,
        _ => {}
    }
    if before == VerbId::Data && matches!(code, 250 | 450..=452 | 550..=554) {
        return Some(VerbId::Other);
    }
    if has(&["recipient", "rcpt", "2.1.5", "relay", "5.1.1", "user unknown", "mailbox"]) {
        return Some(VerbId::Rcpt);
    }
    if has(&["helo ", "ehlo "]) && matches!(before, VerbId::Connect) {
        return Some(VerbId::Helo);
    }
    if has(&["sender", "2.1.0", "originator", "mail from"]) {
        return Some(VerbId::Mail);
    }
    if has(&["reset", "flushed"]) {
        return Some(VerbId::Rset);
    }
    if has(&["queued", "accepted for delivery", "message accepted"]) {
        return Some(VerbId::Other);
    }
    if has(&["ready to start tls", "start tls", "go ahead"]) && code == 220 {
        return Some(VerbId::Starttls);
    }
    if code == 250 && several {
        return Some(VerbId::Ehlo);
    }
    if code == 250
        && (has(&["hello", "pleased to meet", "at your service"]) || before == VerbId::Connect)
    {
        return Some(VerbId::Helo);
    }
    // An unspecific `250 OK` answers what comes next in a transaction.
    match (code, before) {
        (250, VerbId::Helo | VerbId::Ehlo | VerbId::Auth | VerbId::Rset | VerbId::Other) => {
            Some(VerbId::Mail)
        }
        (250, VerbId::Mail | VerbId::Rcpt) => Some(VerbId::Rcpt),
        _ => None,
    }
}

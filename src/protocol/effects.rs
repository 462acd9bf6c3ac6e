//! What a reply changes: the state, the transaction, what both sides remember.

use super::codes::{is_refusal, is_success};
use super::order::{Body, Flags, Hello, State};
use super::replies::Phase;
use super::verbs::VerbId;

/// What a reply says by its first digit alone (the diagrams of RFC 821 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done.
    Success,
    /// Go on: 354, 334, 355, and Exim's 353.
    Continue,
    /// Refused.
    Refusal,
    /// The server breaks the dialogue: 1yz, 250 to DATA, 354 to MAIL, 999.
    ProtocolError,
}

/// What a reply to a command says by its first digit.
///
/// ```
/// use smtplog::protocol::{order::{self, Outcome}, replies::Phase, verbs::VerbId};
/// assert_eq!(order::outcome(VerbId::Data, Phase::Command, 250), Outcome::ProtocolError);
/// assert_eq!(order::outcome(VerbId::Data, Phase::Data, 250), Outcome::Success);
/// ```
pub const fn outcome(verb: VerbId, phase: Phase, code: u16) -> Outcome {
    let goes_on = match (verb, phase) {
        (VerbId::Data, Phase::Command) | (VerbId::Xexch50, _) => code / 100 == 3,
        (VerbId::Data, Phase::Data) => code == 353,
        (VerbId::Auth | VerbId::XExps, _) => code == 334,
        (VerbId::Mail, _) => code == 355,
        _ => false,
    };
    match code / 100 {
        _ if goes_on => Outcome::Continue,
        2 if !matches!((verb, phase), (VerbId::Data, Phase::Command)) => Outcome::Success,
        4 | 5 => Outcome::Refusal,
        _ => Outcome::ProtocolError,
    }
}

/// What a reply does to the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transaction {
    /// Nothing.
    Unchanged,
    /// It begins; an open one is abandoned (RFC 821 §4.1.1).
    Begins,
    /// It ends: the message was taken, or refused. In LMTP with the last of its replies.
    Ends,
    /// It is given up without an answer to its message: RSET, HELO, STARTTLS, QUIT, 421.
    Abandoned,
}

/// What a reply does to the list of extensions that the client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extensions {
    /// Nothing.
    Kept,
    /// The reply holds the new list (EHLO, LHLO).
    Replaced,
    /// They are forgotten (HELO, STARTTLS, XCLIENT, TURN).
    Cleared,
}

/// What a reply changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Effect {
    /// The state from now on.
    pub state: State,
    /// The flags from now on.
    pub flags: Flags,
    /// What became of the transaction.
    pub transaction: Transaction,
    /// What became of the list of extensions.
    pub extensions: Extensions,
    /// Client and server change places (TURN, ATRN): the old client sends the next greeting.
    pub roles_swapped: bool,
}

impl Effect {
    const fn none(state: State, flags: Flags) -> Self {
        Self {
            state,
            flags,
            transaction: Transaction::Unchanged,
            extensions: Extensions::Kept,
            roles_swapped: false,
        }
    }

    /// The open transaction, if there is one, comes to this end.
    const fn closing_transaction(self, end: Transaction) -> Self {
        let transaction = if self.flags.in_transaction { end } else { Transaction::Unchanged };
        Self { transaction, flags: self.flags.without_transaction(), ..self }
    }
}

/// What the reply `code` to `verb` changes. `phase` is [`Phase::Data`] for the reply to a message:
/// of DATA, of BDAT LAST and of BURL LAST. The greeting is the reply to [`VerbId::Connect`].
///
/// The server's word counts: a command that it accepts out of order has its effect all the same.
pub fn after(state: State, flags: Flags, verb: VerbId, phase: Phase, code: u16) -> Effect {
    let unchanged = Effect::none(state, flags);
    // 421 may answer anything, and Postfix says 221 to GET.
    if code == 421 || (code == 221 && verb != VerbId::Connect) || verb == VerbId::Quit {
        return Effect { state: State::Closing, ..unchanged }
            .closing_transaction(Transaction::Abandoned);
    }
    if phase == Phase::Data {
        return after_message(flags, verb, code);
    }
    match verb {
        VerbId::Connect if is_success(code) => Effect { state: State::Greeted, ..unchanged },
        VerbId::Connect if is_refusal(code) => Effect { state: State::Refused, ..unchanged },
        VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo if is_success(code) => after_hello(flags, verb),
        VerbId::Mail | VerbId::Send | VerbId::Soml | VerbId::Saml
            if is_success(code) || outcome(verb, phase, code) == Outcome::Continue =>
        {
            let resumes = outcome(verb, phase, code) == Outcome::Continue;
            let flags = Flags { in_transaction: true, ..flags.without_transaction() };
            let state = if resumes { State::Checkpoint } else { State::Mail };
            Effect { transaction: Transaction::Begins, ..Effect::none(state, flags) }
        }
        VerbId::Rcpt if is_success(code) => {
            let recipients = flags.recipients.saturating_add(1);
            let begins = !flags.in_transaction;
            let flags = Flags { in_transaction: true, recipients, ..flags };
            let transaction = if begins { Transaction::Begins } else { Transaction::Unchanged };
            Effect { transaction, ..Effect::none(State::Rcpt, flags) }
        }
        VerbId::Data if outcome(verb, phase, code) == Outcome::Continue => {
            let replies_due = flags.replies_to_message().max(1);
            Effect::none(State::Data, Flags { replies_due, ..flags })
        }
        VerbId::Data if code == 503 && binary_or_chunked(state, flags) => {
            Effect { state: State::BdatFailed, ..unchanged }
        }
        VerbId::Bdat | VerbId::Burl if is_success(code) => {
            Effect { state: State::Bdat, ..unchanged }
        }
        VerbId::Bdat | VerbId::Burl if is_refusal(code) && flags.in_transaction => {
            Effect { state: State::BdatFailed, ..unchanged }
        }
        VerbId::Rset if is_success(code) => {
            let cleared = unchanged.closing_transaction(Transaction::Abandoned);
            Effect { state: cleared.flags.resting(), ..cleared }
        }
        VerbId::Auth | VerbId::XExps => after_auth(state, flags, phase, code),
        VerbId::Starttls | VerbId::XAnonymoustls if is_success(code) => {
            begin_again(Flags { tls: true, ..flags })
        }
        VerbId::Xclient if is_success(code) => begin_again(flags),
        VerbId::Turn | VerbId::Atrn if is_success(code) => {
            Effect { state: State::Connected, roles_swapped: true, ..begin_again(flags) }
        }
        _ => unchanged,
    }
}

/// HELO, EHLO and LHLO: as RSET, with a new list of extensions (RFC 5321 §4.1.4).
const fn after_hello(flags: Flags, verb: VerbId) -> Effect {
    let (hello, extensions) = match verb {
        VerbId::Ehlo => (Hello::Ehlo, Extensions::Replaced),
        VerbId::Lhlo => (Hello::Lhlo, Extensions::Replaced),
        _ => (Hello::Helo, Extensions::Cleared),
    };
    let effect = Effect::none(State::Ready, Flags { hello, ..flags })
        .closing_transaction(Transaction::Abandoned);
    Effect { extensions, ..effect }
}

/// The message is answered: the buffers are cleared whatever the answer (RFC 5321 §4.1.1.4), but
/// a failed chunk asks for RSET (RFC 3030 §2).
fn after_message(flags: Flags, verb: VerbId, code: u16) -> Effect {
    if outcome(verb, Phase::Data, code) == Outcome::Continue {
        // Exim's PRDR: a reply for each recipient follows, then one for the message.
        let replies_due = flags.recipients.saturating_add(1);
        return Effect::none(State::Data, Flags { replies_due, ..flags });
    }
    if flags.replies_due > 1 {
        let replies_due = flags.replies_due - 1;
        return Effect::none(State::Data, Flags { replies_due, ..flags });
    }
    let in_chunks = matches!(verb, VerbId::Bdat | VerbId::Burl);
    let ended = Effect::none(State::Ready, flags).closing_transaction(Transaction::Ends);
    let state = if in_chunks && is_refusal(code) && flags.in_transaction {
        State::BdatFailed
    } else {
        ended.flags.resting()
    };
    Effect { state, ..ended }
}

/// A failed AUTH is as if it had never been sent (RFC 4954 §4).
fn after_auth(state: State, flags: Flags, phase: Phase, code: u16) -> Effect {
    if code == 334 {
        return Effect::none(State::AuthExchange, flags);
    }
    if phase == Phase::Command && !is_success(code) {
        return Effect::none(state, flags);
    }
    let authenticated = flags.authenticated || is_success(code);
    let flags = Flags { authenticated, ..flags };
    Effect::none(flags.resting(), flags)
}

/// STARTTLS, XCLIENT and TURN: back to the greeting, all knowledge of the peer forgotten
/// (RFC 3207 §4.2).
fn begin_again(flags: Flags) -> Effect {
    let flags = Flags { hello: Hello::None, authenticated: false, ..flags };
    let effect = Effect::none(State::Greeted, flags).closing_transaction(Transaction::Abandoned);
    Effect { extensions: Extensions::Cleared, ..effect }
}

/// DATA among chunks, or for a message declared as BODY=BINARYMIME (RFC 3030 §2, §3).
fn binary_or_chunked(state: State, flags: Flags) -> bool {
    matches!(state, State::Bdat | State::BdatFailed)
        || (flags.in_transaction && flags.body == Body::BinaryMime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::replies::Phase::{Command, Data, Exchange};

    /// Drives a session through exchanges and gives its last effect.
    fn drive(exchanges: &[(VerbId, Phase, u16)]) -> Effect {
        let start = Effect::none(State::Connected, Flags::default());
        exchanges.iter().fold(start, |effect, (verb, phase, code)| {
            after(effect.state, effect.flags, *verb, *phase, *code)
        })
    }

    const GREETED: (VerbId, Phase, u16) = (VerbId::Connect, Command, 220);
    const EHLO: (VerbId, Phase, u16) = (VerbId::Ehlo, Command, 250);
    const MAIL: (VerbId, Phase, u16) = (VerbId::Mail, Command, 250);
    const RCPT: (VerbId, Phase, u16) = (VerbId::Rcpt, Command, 250);
    const DATA: (VerbId, Phase, u16) = (VerbId::Data, Command, 354);

    #[test]
    fn a_message_from_greeting_to_quit() {
        let mut so_far = Vec::new();
        for (exchange, state, transaction) in [
            (GREETED, State::Greeted, Transaction::Unchanged),
            (EHLO, State::Ready, Transaction::Unchanged),
            (MAIL, State::Mail, Transaction::Begins),
            ((VerbId::Rcpt, Command, 550), State::Mail, Transaction::Unchanged),
            (RCPT, State::Rcpt, Transaction::Unchanged),
            ((VerbId::Noop, Command, 250), State::Rcpt, Transaction::Unchanged),
            (DATA, State::Data, Transaction::Unchanged),
            ((VerbId::Data, Data, 250), State::Ready, Transaction::Ends),
            (MAIL, State::Mail, Transaction::Begins),
            ((VerbId::Rset, Command, 250), State::Ready, Transaction::Abandoned),
            ((VerbId::Quit, Command, 221), State::Closing, Transaction::Unchanged),
        ] {
            so_far.push(exchange);
            let effect = drive(&so_far);
            assert_eq!((effect.state, effect.transaction), (state, transaction), "{exchange:?}");
        }
    }

    #[test]
    fn effects_of_single_replies() {
        use State::{Bdat, BdatFailed, Closing, Greeted, Ready, Refused};
        for (exchanges, state) in [
            (vec![(VerbId::Connect, Command, 554)], Refused),
            (vec![(VerbId::Connect, Command, 421)], Closing),
            (vec![GREETED, (VerbId::Ehlo, Command, 502)], Greeted),
            (vec![GREETED, (VerbId::Rset, Command, 250)], Greeted),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Data, Command, 554)], State::Rcpt),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Data, Command, 250)], State::Rcpt),
            (vec![GREETED, EHLO, MAIL, RCPT, DATA, (VerbId::Data, Data, 550)], Ready),
            (vec![GREETED, EHLO, MAIL, RCPT, EHLO], Ready),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Bdat, Command, 250)], Bdat),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Bdat, Command, 552)], BdatFailed),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Bdat, Data, 250)], Ready),
            (vec![GREETED, EHLO, MAIL, RCPT, (VerbId::Bdat, Data, 554)], BdatFailed),
            (vec![GREETED, EHLO, (VerbId::Bdat, Command, 503)], Ready),
            (vec![GREETED, EHLO, (VerbId::Mail, Command, 355)], State::Checkpoint),
            (vec![GREETED, EHLO, (VerbId::Auth, Command, 334)], State::AuthExchange),
            (
                vec![GREETED, EHLO, (VerbId::Auth, Command, 334), (VerbId::Auth, Exchange, 535)],
                Ready,
            ),
            (vec![GREETED, EHLO, (VerbId::Starttls, Command, 220)], Greeted),
            (vec![GREETED, EHLO, (VerbId::Starttls, Command, 454)], Ready),
            (vec![GREETED, (VerbId::Other, Command, 221)], Closing),
            (vec![GREETED, EHLO, MAIL, (VerbId::Noop, Command, 421)], Closing),
            (vec![GREETED, EHLO, (VerbId::Turn, Command, 250)], State::Connected),
        ] {
            assert_eq!(drive(&exchanges).state, state, "{exchanges:?}");
        }
    }

    #[test]
    fn what_is_forgotten_when() {
        let signed_in =
            [GREETED, EHLO, (VerbId::Auth, Command, 334), (VerbId::Auth, Exchange, 235)];
        let effect = drive(&signed_in);
        assert!(effect.flags.authenticated && effect.state == State::Ready);

        let mut again = signed_in.to_vec();
        again.extend([MAIL, (VerbId::Rset, Command, 250)]);
        assert!(drive(&again).flags.authenticated, "RSET keeps AUTH");

        again.push((VerbId::Starttls, Command, 220));
        let effect = drive(&again);
        assert_eq!(effect.extensions, Extensions::Cleared);
        assert_eq!(effect.flags, Flags { tls: true, ..Flags::default() });

        assert_eq!(drive(&[GREETED, EHLO]).extensions, Extensions::Replaced);
        let helo = [GREETED, EHLO, MAIL, (VerbId::Helo, Command, 250)];
        assert_eq!(drive(&helo).extensions, Extensions::Cleared);
        assert_eq!(drive(&helo).transaction, Transaction::Abandoned);
        assert!(drive(&[GREETED, EHLO, (VerbId::Turn, Command, 250)]).roles_swapped);
    }

    #[test]
    fn lmtp_answers_once_for_each_recipient() {
        let lhlo = (VerbId::Lhlo, Command, 250);
        let mut session = vec![GREETED, lhlo, MAIL, RCPT, RCPT, DATA, (VerbId::Data, Data, 250)];
        assert_eq!(drive(&session).state, State::Data);
        assert_eq!(drive(&session).transaction, Transaction::Unchanged);
        session.push((VerbId::Data, Data, 452));
        assert_eq!(drive(&session).state, State::Ready);
        assert_eq!(drive(&session).transaction, Transaction::Ends);
    }

    #[test]
    fn prdr_answers_for_each_recipient_and_then_for_the_message() {
        let mut session = vec![GREETED, EHLO, MAIL, RCPT, DATA, (VerbId::Data, Data, 353)];
        session.push((VerbId::Data, Data, 250));
        assert_eq!(drive(&session).state, State::Data);
        session.push((VerbId::Data, Data, 250));
        assert_eq!(drive(&session).state, State::Ready);
    }
}

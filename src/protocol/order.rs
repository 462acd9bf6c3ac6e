//! The order of SMTP: which command may come in which state, and what each reply changes.
//!
//! Whoever follows a session keeps a [`State`] and its [`Flags`]; for each exchange it asks
//! [`permitted`] before the reply counts, and takes over the [`Effect`] of [`after`] once it came.
//! A command that never got a reply changes nothing.
//!
//! ```
//! use smtplog::protocol::{Edition, order::{self, Flags, Permission, State}};
//! use smtplog::protocol::{replies::Phase::Command, verbs::VerbId};
//! let greeted = order::after(State::Connected, Flags::default(), VerbId::Connect, Command, 220);
//! assert_eq!(greeted.state, State::Greeted);
//! let mail = order::permitted(greeted.state, greeted.flags, VerbId::Mail, Edition::Rfc5321);
//! assert!(matches!(mail, Permission::OutOfOrder { expected: &[503], .. }));
//! ```
//!
//! What a record does not show is not modelled: a TLS handshake is over with its 220, and a SASL
//! security layer is taken for absent.

use super::verbs::VerbId;
use super::{Clause, Edition};

pub use super::effects::{Effect, Extensions, Outcome, Transaction, after, outcome};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// Nothing was said; the greeting is due. Also after TURN and ATRN, with the roles swapped.
    #[default]
    Connected,
    /// The greeting refused the session; only QUIT is left (RFC 5321 §3.1).
    Refused,
    /// The client has not named itself yet, or has to do so again after STARTTLS.
    Greeted,
    /// HELO or EHLO was accepted, no transaction is open.
    Ready,
    /// MAIL was accepted, no recipient yet.
    Mail,
    /// A recipient was accepted.
    Rcpt,
    /// 354 was said: what the client sends is the message, until its last reply.
    Data,
    /// A chunk was accepted, more are to come (RFC 3030 §2).
    Bdat,
    /// A chunk failed: only RSET helps (RFC 3030 §2).
    BdatFailed,
    /// 355 was said: the client goes straight to DATA (RFC 1845 §3).
    Checkpoint,
    /// 334 was said: the next line of the client answers the challenge (RFC 4954 §4).
    AuthExchange,
    /// 221 or 421 was said, or QUIT was sent.
    Closing,
}

/// The greeting command that was accepted last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "each is the command of its name")]
pub enum Hello {
    #[default]
    None,
    Helo,
    Ehlo,
    Lhlo,
}

/// BODY= of the MAIL command (RFC 6152 §2, RFC 3030 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "each is the value of its name")]
pub enum Body {
    #[default]
    SevenBit,
    EightBitMime,
    BinaryMime,
}

/// What a session remembers besides its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// How the client named itself.
    pub hello: Hello,
    /// TLS is active. Set it at the start for a port that begins with TLS.
    pub tls: bool,
    /// AUTH succeeded.
    pub authenticated: bool,
    /// MAIL was accepted and its message has not been answered.
    pub in_transaction: bool,
    /// How many recipients the open transaction has.
    pub recipients: u32,
    /// How many replies to the message are still due; counts in [`State::Data`] only.
    pub replies_due: u32,
    /// What the open transaction declared. [`after`] cannot see parameters: set it after MAIL.
    pub body: Body,
}

impl Flags {
    /// How many replies the end of the message gets: one, in LMTP one for each recipient
    /// (RFC 2033 §4.2), so that BDAT LAST without any gets none (§4.3).
    pub const fn replies_to_message(self) -> u32 {
        match self.hello {
            Hello::Lhlo => self.recipients,
            Hello::None | Hello::Helo | Hello::Ehlo => 1,
        }
    }

    /// The state outside of DATA, AUTH and chunks.
    pub(super) const fn resting(self) -> State {
        match (self.in_transaction, self.recipients, self.hello) {
            (true, 0, _) => State::Mail,
            (true, ..) => State::Rcpt,
            (false, _, Hello::None) => State::Greeted,
            (false, ..) => State::Ready,
        }
    }

    pub(super) const fn without_transaction(self) -> Self {
        Self { in_transaction: false, recipients: 0, replies_due: 0, body: Body::SevenBit, ..self }
    }
}

/// How strongly a document asks for the refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Force {
    /// MUST.
    Must,
    /// SHOULD.
    Should,
    /// MAY: an acceptance is no breach.
    May,
    /// No document fixes the code; servers answer so.
    Customary,
}

/// Whether a command may come now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// It may.
    Permitted,
    /// It comes too early or too late.
    OutOfOrder {
        /// The codes that should refuse it; empty where no reply is to be had.
        expected: &'static [u16],
        /// How strongly.
        force: Force,
        /// Who says so.
        clause: Clause,
    },
    /// Its own RFC forbids it here and fixes no code.
    Illegal {
        /// Who says so.
        clause: Clause,
    },
    /// What the client sends now is no command, whatever it looks like.
    NotACommand,
}

/// The columns of [`ORDER`].
#[derive(Clone, Copy)]
enum Column {
    Hello,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Anytime,
    Quit,
    Turn,
    Starttls,
    Auth,
    Etrn,
    Xclient,
    Xexch50,
}

const COLUMNS: usize = 14;

const fn column(verb: VerbId) -> Option<Column> {
    Some(match verb {
        VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo => Column::Hello,
        VerbId::Mail | VerbId::Send | VerbId::Soml | VerbId::Saml => Column::Mail,
        VerbId::Rcpt => Column::Rcpt,
        VerbId::Data => Column::Data,
        VerbId::Bdat | VerbId::Burl => Column::Bdat,
        VerbId::Rset => Column::Rset,
        VerbId::Vrfy | VerbId::Expn | VerbId::Help | VerbId::Noop => Column::Anytime,
        VerbId::Quit => Column::Quit,
        VerbId::Turn => Column::Turn,
        VerbId::Starttls | VerbId::XAnonymoustls => Column::Starttls,
        VerbId::Auth | VerbId::XExps => Column::Auth,
        VerbId::Etrn | VerbId::Atrn => Column::Etrn,
        VerbId::Xclient | VerbId::Xforward => Column::Xclient,
        VerbId::Xexch50 => Column::Xexch50,
        _ => return None,
    })
}

/// Why a command is out of order, and what each edition calls it.
struct Refusal {
    expected: &'static [u16],
    force: Force,
    /// RFC 821, RFC 2821, RFC 5321.
    clauses: [Clause; 3],
}

impl Refusal {
    const fn under(&self, edition: Edition) -> Permission {
        let [first, second, third] = self.clauses;
        let clause = match edition {
            Edition::Rfc821 => first,
            Edition::Rfc2821 => second,
            Edition::Rfc5321 => third,
        };
        Permission::OutOfOrder { expected: self.expected, force: self.force, clause }
    }
}

const fn refusal(expected: &'static [u16], force: Force, clauses: [Clause; 3]) -> Refusal {
    Refusal { expected, force, clauses }
}

/// A clause of an extension is the same whatever edition judges.
const fn same(clause: Clause) -> [Clause; 3] {
    [clause, clause, clause]
}

#[rustfmt::skip]
mod refusals {
    use super::{Force, Refusal, refusal, same};

    pub(super) const BEFORE_GREETING: Refusal = refusal(&[],         Force::Should,    ["RFC 821 §4.3",   "RFC 2821 §4.3.1",    "RFC 5321 §4.3.1"]);
    pub(super) const AFTER_REFUSAL:   Refusal = refusal(&[503, 521], Force::Should,    ["RFC 2821 §3.1",  "RFC 2821 §3.1",      "RFC 5321 §3.1"]);
    pub(super) const AFTER_QUIT:      Refusal = refusal(&[],         Force::Must,      ["RFC 821 §4.1.1", "RFC 2821 §4.1.1.10", "RFC 5321 §4.1.1.10"]);
    pub(super) const NEEDS_HELLO:     Refusal = refusal(&[503],      Force::Must,      ["RFC 821 §4.1.1", "RFC 2821 §4.1.4",    "RFC 5321 §4.1.4"]);
    pub(super) const NEEDS_MAIL:      Refusal = refusal(&[503],      Force::Must,      ["RFC 821 §4.1.1", "RFC 2821 §3.3",      "RFC 5321 §3.3"]);
    pub(super) const NEEDS_RCPT:      Refusal = refusal(&[503, 554], Force::May,       ["RFC 821 §4.1.1", "RFC 2821 §3.3",      "RFC 5321 §3.3"]);
    pub(super) const IN_TRANSACTION:  Refusal = refusal(&[503],      Force::Must,      ["RFC 821 §4.1.1", "RFC 2821 §4.1.4",    "RFC 5321 §4.1.4"]);
    pub(super) const NEEDS_EHLO:      Refusal = refusal(&[503],      Force::Customary, ["RFC 1869 §4",    "RFC 2821 §2.2.1",    "RFC 5321 §2.2.1"]);
    pub(super) const NEEDS_AUTH:      Refusal = refusal(&[530],      Force::Must,      same("RFC 2645 §5.2.1"));
    pub(super) const NEEDS_RCPT_LMTP: Refusal = refusal(&[503],      Force::Must,      same("RFC 2033 §4.2"));
    pub(super) const TURN_TOO_EARLY:  Refusal = refusal(&[503],      Force::Must,      same("RFC 821 §4.3"));
    pub(super) const CHUNKS_BEGAN:    Refusal = refusal(&[503],      Force::Must,      same("RFC 3030 §2"));
    pub(super) const BINARY_NEEDS_BDAT: Refusal = refusal(&[503],    Force::Must,      same("RFC 3030 §3"));
    pub(super) const AUTH_TWICE:      Refusal = refusal(&[503],      Force::Must,      same("RFC 4954 §4"));
    pub(super) const AUTH_IN_MAIL:    Refusal = refusal(&[503],      Force::Must,      same("RFC 4954 §4"));
    pub(super) const ONLY_DATA:       Refusal = refusal(&[503],      Force::Customary, same("RFC 1845 §3"));
    pub(super) const NO_XCLIENT:      Refusal = refusal(&[503],      Force::Customary, same("Postfix XCLIENT_README"));
    pub(super) const NO_XEXCH50:      Refusal = refusal(&[503],      Force::Customary, same("Microsoft Exchange 5.5"));
}

/// A cell of [`ORDER`].
#[derive(Clone, Copy)]
enum Cell {
    /// Permitted.
    Yes,
    /// Out of order.
    No(&'static Refusal),
    /// Permitted by RFC 821, out of order since.
    Only821(&'static Refusal),
    /// Permitted since RFC 2821, out of order before.
    Since2821(&'static Refusal),
    /// Its own RFC forbids it.
    Illegal(Clause),
}

/// Which command may come when. The states that read no commands have no row.
#[rustfmt::skip]
const ORDER: &[(State, [Cell; COLUMNS])] = {
    use Cell::{Illegal, No, Only821, Since2821, Yes};
    use refusals::{
        AFTER_QUIT, AFTER_REFUSAL, AUTH_IN_MAIL, BEFORE_GREETING, CHUNKS_BEGAN, IN_TRANSACTION, NEEDS_EHLO, NEEDS_HELLO, NEEDS_MAIL, NEEDS_RCPT,
        NO_XCLIENT, NO_XEXCH50, ONLY_DATA, TURN_TOO_EARLY,
    };

    // RFC 821 §4.1.1 names NOOP, HELP, EXPN and VRFY as the commands of any time, RFC 2821 §4.1.4 RSET too.
    const RESET: Cell = Since2821(&NEEDS_HELLO);
    // RFC 821 §4.1.1 begins anew with a second MAIL, RFC 2821 §4.1.4 forbids it.
    const AGAIN: Cell = Only821(&IN_TRANSACTION);
    const EARLY: Cell = No(&BEFORE_GREETING);
    const GONE:  Cell = No(&AFTER_QUIT);
    const SHUT:  Cell = No(&AFTER_REFUSAL);
    const HELLO: Cell = No(&NEEDS_HELLO);
    const EHLO:  Cell = No(&NEEDS_EHLO);
    const MAIL:  Cell = No(&NEEDS_MAIL);
    const RCPT:  Cell = No(&NEEDS_RCPT);
    const OPEN:  Cell = No(&IN_TRANSACTION);
    const CHUNK: Cell = No(&CHUNKS_BEGAN);
    const TURN:  Cell = No(&TURN_TOO_EARLY);
    const AUTH:  Cell = No(&AUTH_IN_MAIL);
    const JUMP:  Cell = No(&ONLY_DATA);
    const TLS:   Cell = Illegal("RFC 3207 §4");
    const ETRN:  Cell = Illegal("RFC 1985 §5");
    const XCLI:  Cell = No(&NO_XCLIENT);
    const XE50:  Cell = No(&NO_XEXCH50);

    &[
        //                      HELO   MAIL   RCPT   DATA   BDAT   RSET   NOOP   QUIT   TURN  START-  AUTH   ETRN   X-     XEXCH-
        //                      EHLO   SEND                 BURL          VRFY                  TLS          ATRN   CLIENT 50
        (State::Connected,  [EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY, EARLY]),
        (State::Refused,    [ SHUT,  SHUT,  SHUT,  SHUT,  SHUT,  SHUT,  SHUT,   Yes,  SHUT,  SHUT,  SHUT,  SHUT,  SHUT,  SHUT]),
        (State::Greeted,    [  Yes, HELLO, HELLO, HELLO, HELLO, RESET,   Yes,   Yes,  TURN,   Yes,  EHLO,  EHLO,   Yes,  XE50]),
        (State::Ready,      [  Yes,   Yes,  MAIL,  RCPT,  RCPT,   Yes,   Yes,   Yes,   Yes,   Yes,   Yes,   Yes,   Yes,  XE50]),
        (State::Mail,       [  Yes, AGAIN,   Yes,  RCPT,  RCPT,   Yes,   Yes,   Yes,  TURN,   TLS,  AUTH,  ETRN,  XCLI,  XE50]),
        (State::Rcpt,       [  Yes, AGAIN,   Yes,   Yes,   Yes,   Yes,   Yes,   Yes,  TURN,   TLS,  AUTH,  ETRN,  XCLI,   Yes]),
        (State::Bdat,       [  Yes,  OPEN,  OPEN, CHUNK,   Yes,   Yes,   Yes,   Yes,  TURN,   TLS,  AUTH,  ETRN,  XCLI,  XE50]),
        (State::BdatFailed, [  Yes, CHUNK, CHUNK, CHUNK, CHUNK,   Yes,   Yes,   Yes,  TURN,   TLS,  AUTH,  ETRN,  XCLI,  XE50]),
        (State::Checkpoint, [  Yes,  JUMP,  JUMP,   Yes,  JUMP,   Yes,   Yes,   Yes,  TURN,   TLS,  AUTH,  ETRN,  XCLI,  XE50]),
        (State::Closing,    [ GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE]),
    ]
};

/// Whether `verb` may come now. Whether its extension was offered is another question, which the
/// EHLO reply answers. A verb that no document places may come whenever commands are read.
pub fn permitted(state: State, flags: Flags, verb: VerbId, edition: Edition) -> Permission {
    if matches!(state, State::Data | State::AuthExchange) {
        return Permission::NotACommand;
    }
    if let Some(refusal) = refused_by_flags(state, flags, verb) {
        return refusal.under(edition);
    }
    if verb.starts_tls() && flags.tls && matches!(state, State::Greeted | State::Ready) {
        return Permission::Illegal { clause: "RFC 3207 §4.2" };
    }
    let Some(column) = column(verb) else { return unplaced(state, edition) };
    let row = ORDER.iter().find(|(of, _)| *of == state);
    match row.and_then(|(_, cells)| cells.get(column as usize)) {
        Some(Cell::Only821(_)) if edition == Edition::Rfc821 => Permission::Permitted,
        Some(Cell::Since2821(_)) if edition != Edition::Rfc821 => Permission::Permitted,
        Some(Cell::No(refusal) | Cell::Only821(refusal) | Cell::Since2821(refusal)) => {
            refusal.under(edition)
        }
        Some(Cell::Illegal(clause)) => Permission::Illegal { clause },
        Some(Cell::Yes) | None => Permission::Permitted,
    }
}

/// What depends on more than the state.
fn refused_by_flags(state: State, flags: Flags, verb: VerbId) -> Option<&'static Refusal> {
    match (state, verb) {
        (State::Ready, verb) if verb.is_auth() && flags.authenticated => {
            Some(&refusals::AUTH_TWICE)
        }
        (State::Ready, VerbId::Atrn) if !flags.authenticated => Some(&refusals::NEEDS_AUTH),
        (State::Rcpt, VerbId::Data) if flags.body == Body::BinaryMime => {
            Some(&refusals::BINARY_NEEDS_BDAT)
        }
        (State::Ready | State::Mail, VerbId::Data) if flags.hello == Hello::Lhlo => {
            Some(&refusals::NEEDS_RCPT_LMTP)
        }
        _ => None,
    }
}

fn unplaced(state: State, edition: Edition) -> Permission {
    match state {
        State::Connected => refusals::BEFORE_GREETING.under(edition),
        State::Refused => refusals::AFTER_REFUSAL.under(edition),
        State::Closing => refusals::AFTER_QUIT.under(edition),
        _ => Permission::Permitted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_command_may_come_when() {
        use Edition::{Rfc821, Rfc2821, Rfc5321};
        // The refusal's codes; `Ok(())` where the command is permitted, `Err(None)` where it is
        // illegal without a code.
        let answer = |state, verb, edition| match permitted(state, Flags::default(), verb, edition)
        {
            Permission::Permitted => Ok(()),
            Permission::OutOfOrder { expected, .. } => Err(Some(expected)),
            Permission::Illegal { .. } => Err(None),
            Permission::NotACommand => Err(Some(&[0][..])),
        };
        for (state, verb, edition, expected) in [
            (State::Connected, VerbId::Ehlo, Rfc5321, Err(Some(&[][..]))),
            (State::Greeted, VerbId::Ehlo, Rfc5321, Ok(())),
            (State::Greeted, VerbId::Mail, Rfc5321, Err(Some(&[503][..]))),
            (State::Greeted, VerbId::Vrfy, Rfc821, Ok(())),
            (State::Greeted, VerbId::Rset, Rfc821, Err(Some(&[503][..]))),
            (State::Greeted, VerbId::Rset, Rfc2821, Ok(())),
            (State::Greeted, VerbId::Auth, Rfc5321, Err(Some(&[503][..]))),
            (State::Ready, VerbId::Rcpt, Rfc5321, Err(Some(&[503][..]))),
            (State::Ready, VerbId::Data, Rfc5321, Err(Some(&[503, 554][..]))),
            (State::Ready, VerbId::Atrn, Rfc5321, Err(Some(&[530][..]))),
            (State::Mail, VerbId::Mail, Rfc821, Ok(())),
            (State::Mail, VerbId::Mail, Rfc2821, Err(Some(&[503][..]))),
            (State::Mail, VerbId::Data, Rfc5321, Err(Some(&[503, 554][..]))),
            (State::Rcpt, VerbId::Data, Rfc5321, Ok(())),
            (State::Rcpt, VerbId::Quit, Rfc821, Ok(())),
            (State::Rcpt, VerbId::Starttls, Rfc5321, Err(None)),
            (State::Rcpt, VerbId::Etrn, Rfc5321, Err(None)),
            (State::Rcpt, VerbId::Auth, Rfc5321, Err(Some(&[503][..]))),
            (State::Bdat, VerbId::Data, Rfc5321, Err(Some(&[503][..]))),
            (State::Bdat, VerbId::Bdat, Rfc5321, Ok(())),
            (State::BdatFailed, VerbId::Bdat, Rfc5321, Err(Some(&[503][..]))),
            (State::BdatFailed, VerbId::Rset, Rfc5321, Ok(())),
            (State::Refused, VerbId::Quit, Rfc5321, Ok(())),
            (State::Refused, VerbId::Noop, Rfc5321, Err(Some(&[503, 521][..]))),
            (State::Refused, VerbId::Other, Rfc5321, Err(Some(&[503, 521][..]))),
            (State::Closing, VerbId::Noop, Rfc5321, Err(Some(&[][..]))),
            (State::Data, VerbId::Quit, Rfc5321, Err(Some(&[0][..]))),
            (State::Rcpt, VerbId::Other, Rfc5321, Ok(())),
        ] {
            assert_eq!(answer(state, verb, edition), expected, "{state:?} {verb:?} {edition}");
        }
    }

    #[test]
    fn what_depends_on_more_than_the_state() {
        let flags = Flags { tls: true, authenticated: true, ..Flags::default() };
        let answer = |state, flags, verb| permitted(state, flags, verb, Edition::Rfc5321);
        let clause = |permission| match permission {
            Permission::OutOfOrder { clause, .. } | Permission::Illegal { clause } => clause,
            Permission::Permitted | Permission::NotACommand => "",
        };
        for (permission, expected) in [
            (answer(State::Ready, flags, VerbId::Auth), "RFC 4954 §4"),
            (answer(State::Ready, flags, VerbId::Starttls), "RFC 3207 §4.2"),
            (answer(State::Ready, flags, VerbId::Atrn), ""),
            (answer(State::Ready, Flags::default(), VerbId::Auth), ""),
            (answer(State::Ready, Flags::default(), VerbId::Starttls), ""),
            (
                answer(State::Rcpt, Flags { body: Body::BinaryMime, ..flags }, VerbId::Data),
                "RFC 3030 §3",
            ),
            (
                answer(State::Mail, Flags { hello: Hello::Lhlo, ..flags }, VerbId::Data),
                "RFC 2033 §4.2",
            ),
        ] {
            assert_eq!(clause(permission), expected, "{permission:?}");
        }
    }

    #[test]
    fn every_state_that_reads_commands_has_its_row() {
        for state in [
            State::Connected,
            State::Refused,
            State::Greeted,
            State::Ready,
            State::Mail,
            State::Rcpt,
            State::Bdat,
            State::BdatFailed,
            State::Checkpoint,
            State::Closing,
        ] {
            assert_eq!(ORDER.iter().filter(|(of, _)| *of == state).count(), 1, "{state:?}");
        }
        assert_eq!(ORDER.len(), 10);
        assert_eq!(Column::Xexch50 as usize + 1, COLUMNS);
    }
}

//! The connection: the rules about how it came about, what it carried, and how it ended.

use std::cell::RefCell;

use super::{Case, Rule};
use crate::{grammar::Foreign, known::Known, transcript::Label};

mod evidence;

mod certificate_problem;
mod connection_lost;
mod connection_refused;
mod connection_timed_out;
mod host_not_found;
mod implicit_tls_expected;
mod not_smtp;
mod quit_missing;
mod record_truncated;
mod tls_handshake_failed;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &connection_refused::RULE,
    &connection_timed_out::RULE,
    &host_not_found::RULE,
    &connection_lost::RULE,
    &quit_missing::RULE,
    &record_truncated::RULE,
    &not_smtp::RULE,
    &implicit_tls_expected::RULE,
    &tls_handshake_failed::RULE,
    &certificate_problem::RULE,
];

thread_local! {
    /// Whether lines that are not plainly SMTP belong to another protocol: the remarks of a recorder recur.
    static KNOWN: RefCell<Known<(), bool>> = const { RefCell::new(Known::new(1 << 8, false)) };
}

/// The protocol other than SMTP that a line belongs to.
pub(super) fn protocol(line: &[u8]) -> Option<Foreign> {
    evidence::protocol(line).map(|(protocol, _)| protocol)
}

/// Whether any line that is neither message nor credentials belongs to another protocol.
pub(super) fn any_foreign(case: &Case<'_, '_>) -> bool {
    let transcript = case.session.transcript;
    transcript.turns.iter().any(|turn| {
        if matches!(turn.label, Label::Message | Label::EndOfData | Label::Credentials) {
            return false;
        }
        let line = transcript.text(turn);
        !is_short(line)
            && !evidence::is_plainly_smtp(line)
            && KNOWN.with_borrow_mut(|known| {
                *known.of((), line, |is| *is = evidence::protocol(line).is_some())
            })
    })
}

/// Shorter than anything that any protocol says, as the mark of a recorder is.
const fn is_short(text: &[u8]) -> bool {
    text.len() < 3
}

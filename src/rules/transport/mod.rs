//! The connection: the rules about how it came about, what it carried, and how it ended.

use super::Rule;

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

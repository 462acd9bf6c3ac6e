//! Who spoke when: the rules about the order of commands.

use super::Rule;

mod evidence;
mod groups;

mod auth_in_transaction;
mod auth_repeated;
mod bdat_after_last;
mod bdat_size_mismatch;
mod command_after_quit;
mod command_after_refusal;
mod command_before_greeting;
mod data_bdat_mixed;
mod data_before_rcpt;
mod hello_missing;
mod hello_missing_after_tls;
mod hello_repeated;
mod mail_nested;
mod out_of_order_accepted;
mod pipelining_past_barrier;
mod pipelining_unadvertised;
mod rcpt_before_mail;
mod replies_out_of_step;
mod starttls_in_transaction;
mod starttls_repeated;

pub(super) use evidence::any as any_breach;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &command_before_greeting::RULE,
    &hello_missing::RULE,
    &hello_repeated::RULE,
    &mail_nested::RULE,
    &rcpt_before_mail::RULE,
    &data_before_rcpt::RULE,
    &command_after_quit::RULE,
    &command_after_refusal::RULE,
    &auth_in_transaction::RULE,
    &auth_repeated::RULE,
    &starttls_repeated::RULE,
    &starttls_in_transaction::RULE,
    &hello_missing_after_tls::RULE,
    &data_bdat_mixed::RULE,
    &bdat_after_last::RULE,
    &bdat_size_mismatch::RULE,
    &pipelining_unadvertised::RULE,
    &pipelining_past_barrier::RULE,
    &out_of_order_accepted::RULE,
    &replies_out_of_step::RULE,
];

//! Why mail was refused or put off: one finding for each refusal.
//!
//! The rules of this family share one piece of evidence, the [`diagnosis`] of each refusal: a rule raises
//! those whose cause is its own. `refused` and `delayed` take what nothing better is known of.

use super::{Case, Confidence, Findings, Rule, Severity, findings::spot_of_turns};
use crate::{protocol::verbs::VerbId, session::Outcome};

mod diagnosis;

mod auth_failed;
mod auth_required;
mod auth_unavailable;
mod blocklisted;
mod connection_limited;
mod content_rejected;
mod delayed;
mod dkim_failed;
mod dmarc_failed;
mod dns_failure;
mod domain_unknown;
mod greylisted;
mod hello_rejected;
mod idle_timeout;
mod internationalization_required;
mod loop_detected;
mod mailbox_disabled;
mod mailbox_full;
mod mailbox_unknown;
mod message_too_large;
mod no_mail_service;
mod no_valid_recipients;
mod policy_rejected;
mod rate_limited;
mod recipient_moved;
mod refused;
mod reputation_poor;
mod reverse_dns_missing;
mod sender_rejected;
mod sender_unverified;
mod server_error;
mod service_unavailable;
mod spam_rejected;
mod spf_failed;
mod storage_full;
mod tls_required;
mod too_many_errors;
mod too_many_recipients;
mod virus_rejected;

pub(super) use diagnosis::Refusal;
pub(super) use diagnosis::{Cause, diagnose};

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &mailbox_unknown::RULE,
    &mailbox_disabled::RULE,
    &mailbox_full::RULE,
    &domain_unknown::RULE,
    &no_mail_service::RULE,
    &sender_rejected::RULE,
    &sender_unverified::RULE,
    &hello_rejected::RULE,
    &greylisted::RULE,
    &rate_limited::RULE,
    &connection_limited::RULE,
    &too_many_recipients::RULE,
    &too_many_errors::RULE,
    &message_too_large::RULE,
    &storage_full::RULE,
    &blocklisted::RULE,
    &reputation_poor::RULE,
    &reverse_dns_missing::RULE,
    &spf_failed::RULE,
    &dkim_failed::RULE,
    &dmarc_failed::RULE,
    &spam_rejected::RULE,
    &virus_rejected::RULE,
    &content_rejected::RULE,
    &policy_rejected::RULE,
    &tls_required::RULE,
    &auth_required::RULE,
    &auth_failed::RULE,
    &auth_unavailable::RULE,
    &dns_failure::RULE,
    &loop_detected::RULE,
    &recipient_moved::RULE,
    &internationalization_required::RULE,
    &server_error::RULE,
    &service_unavailable::RULE,
    &idle_timeout::RULE,
    &no_valid_recipients::RULE,
    &refused::RULE,
    &delayed::RULE,
];

/// Raises the rule of a cause on every refusal that has it.
fn raise(cause: Cause, case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for refusal in case.refusals().iter().filter(|refusal| refusal.cause == cause) {
        let exchange = session.exchanges.get(refusal.exchange);
        let Some(reply) = exchange.and_then(|exchange| exchange.reply.as_ref()) else { continue };
        let confidence = if case.is_sure() {
            refusal.confidence
        } else {
            refusal.confidence.min(Confidence::Likely)
        };
        let mut raised = findings
            .on_reply(reply, || refusal.message(session))
            .help(|| refusal.help(session))
            .confidence(confidence);
        if let Some(party) = refusal.party {
            raised = raised.party(party);
        }
        if let Some(severity) = severity(cause, case, refusal) {
            raised = raised.severity(severity);
        }
        if let Some(known) = refusal.known_from(session) {
            raised = raised.evidence(spot_of_turns(session, reply.turns.clone()), known);
        }
        if cause == Cause::NoValidRecipients
            && let Some(rule) = rule_of_recipients(case, refusal.exchange)
        {
            raised = raised.because_of(rule);
        }
        raised.done();
    }
}

/// Another severity than the rule's own, where the refusal weighs more or less than usual.
fn severity(cause: Cause, case: &Case<'_, '_>, refusal: &Refusal) -> Option<Severity> {
    let exchange = case.session.exchanges.get(refusal.exchange)?;
    match cause {
        _ if refusal.made_good => Some(Severity::Warning),
        // The mail went through without it.
        Cause::AuthFailed | Cause::AuthUnavailable if case.session.outcome == Outcome::Queued => {
            Some(Severity::Warning)
        }
        Cause::RecipientMoved if exchange.refused() => Some(Severity::Warning),
        _ => None,
    }
}

/// The rule that explains why the recipients before an exchange were refused.
fn rule_of_recipients(case: &Case<'_, '_>, before: usize) -> Option<&'static str> {
    let rcpt =
        |place: usize| case.session.exchanges.get(place).is_some_and(|it| it.is(VerbId::Rcpt));
    let refusals = || case.refusals().iter().rev().filter(|refusal| refusal.exchange < before);
    let recipient = refusals().find(|refusal| rcpt(refusal.exchange));
    recipient.or_else(|| refusals().next()).map(|refusal| refusal.cause.rule())
}

//! Secrets, injections, disclosures: the rules about what others may read or misuse.

use super::Rule;
use crate::session::Session;

mod dialogue;
mod encryption;
mod ntlm;

mod address_disclosed;
mod auth_guessing;
mod auth_offered_without_tls;
mod command_injection;
mod credentials_exposed;
mod debug_verb;
mod internal_address_disclosed;
mod ntlm_disclosure;
mod smuggling_sequence;
mod software_disclosed;
mod starttls_injection;
mod starttls_not_offered;
mod user_enumeration;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &credentials_exposed::RULE,
    &auth_offered_without_tls::RULE,
    &starttls_not_offered::RULE,
    &starttls_injection::RULE,
    &smuggling_sequence::RULE,
    &user_enumeration::RULE,
    &address_disclosed::RULE,
    &ntlm_disclosure::RULE,
    &software_disclosed::RULE,
    &internal_address_disclosed::RULE,
    &auth_guessing::RULE,
    &debug_verb::RULE,
    &command_injection::RULE,
];

/// The users whose AUTH failed, decoded, at most so many.
pub(super) fn failed_users(session: &Session<'_>, most: usize) -> Vec<String> {
    if session.exchanges.iter().all(|exchange| exchange.code() != 535) {
        return Vec::new();
    }
    let dialogues = dialogue::dialogues(session);
    let failed = dialogues.iter().filter(|dialogue| dialogue.code == 535);
    failed.filter_map(dialogue::Dialogue::user).take(most).collect()
}

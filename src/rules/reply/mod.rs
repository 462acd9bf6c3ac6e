//! What the server answered: the rules about replies.

use super::Rule;

mod evidence;

mod address_echo_mismatch;
mod enhanced_code_malformed;
mod enhanced_code_mismatch;
mod enhanced_code_missing;
mod enhanced_code_unregistered;
mod greeting_name_missing;
mod greeting_refused;
mod hello_reply_malformed;
mod reply_code_misused;
mod reply_code_undefined;
mod reply_code_unexpected;
mod reply_lines_disagree;
mod reply_malformed;
mod reply_missing;
mod reply_too_long;
mod reply_unsolicited;
mod reply_unterminated;
mod required_command_refused;
mod text_contradicts_code;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &reply_malformed::RULE,
    &reply_code_undefined::RULE,
    &reply_code_unexpected::RULE,
    &reply_code_misused::RULE,
    &reply_lines_disagree::RULE,
    &reply_unterminated::RULE,
    &reply_too_long::RULE,
    &reply_missing::RULE,
    &reply_unsolicited::RULE,
    &greeting_name_missing::RULE,
    &greeting_refused::RULE,
    &hello_reply_malformed::RULE,
    &text_contradicts_code::RULE,
    &address_echo_mismatch::RULE,
    &required_command_refused::RULE,
    &enhanced_code_malformed::RULE,
    &enhanced_code_mismatch::RULE,
    &enhanced_code_missing::RULE,
    &enhanced_code_unregistered::RULE,
];

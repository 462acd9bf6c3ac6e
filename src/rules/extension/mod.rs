//! What was offered and what was used: the rules about extensions.

use super::Rule;

mod evidence;

mod auth_mechanism_unadvertised;
mod eight_bit_undeclared;
mod extension_refused;
mod extension_unadvertised;
mod extensions_changed;
mod keyword_malformed;
mod keyword_obsolete;
mod keyword_repeated;
mod parameter_unadvertised;
mod size_exceeds_limit;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &extension_unadvertised::RULE,
    &parameter_unadvertised::RULE,
    &extension_refused::RULE,
    &extensions_changed::RULE,
    &keyword_malformed::RULE,
    &keyword_repeated::RULE,
    &keyword_obsolete::RULE,
    &auth_mechanism_unadvertised::RULE,
    &size_exceeds_limit::RULE,
    &eight_bit_undeclared::RULE,
];

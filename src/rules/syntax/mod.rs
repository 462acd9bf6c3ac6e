//! How the client wrote its commands: the rules about their syntax.

use super::Rule;

mod evidence;

mod address_invalid;
mod argument_missing;
mod argument_unexpected;
mod auth_response_malformed;
mod bare_line_ending;
mod colon_missing;
mod control_characters;
mod hello_name_invalid;
mod line_too_long;
mod non_ascii_command;
mod obsolete_command;
mod parameter_malformed;
mod path_brackets_missing;
mod path_too_long;
mod source_route;
mod space_after_colon;
mod unknown_command;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &unknown_command::RULE,
    &obsolete_command::RULE,
    &colon_missing::RULE,
    &space_after_colon::RULE,
    &path_brackets_missing::RULE,
    &argument_missing::RULE,
    &argument_unexpected::RULE,
    &address_invalid::RULE,
    &hello_name_invalid::RULE,
    &parameter_malformed::RULE,
    &auth_response_malformed::RULE,
    &line_too_long::RULE,
    &path_too_long::RULE,
    &control_characters::RULE,
    &non_ascii_command::RULE,
    &bare_line_ending::RULE,
    &source_route::RULE,
];

//! What was sent as the message.

use super::Rule;

mod sent;

mod dot_not_doubled;
mod end_of_data_missing;
mod header_malformed;
mod header_missing;
mod header_separator_missing;
mod hops_excessive;
mod mime_malformed;
mod sender_mismatch;
mod text_line_too_long;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &header_separator_missing::RULE,
    &header_missing::RULE,
    &header_malformed::RULE,
    &mime_malformed::RULE,
    &text_line_too_long::RULE,
    &dot_not_doubled::RULE,
    &end_of_data_missing::RULE,
    &sender_mismatch::RULE,
    &hops_excessive::RULE,
];

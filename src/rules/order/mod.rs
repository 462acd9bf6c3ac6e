//! Who spoke when: the rules about the order of commands.

use super::Rule;

mod data_before_rcpt;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[&data_before_rcpt::RULE];

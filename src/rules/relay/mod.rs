//! Mail for others: relaying accepted, refused, tried by tricks.

use super::Rule;

mod tricks;

mod relay_accepted;
mod relay_denied;
mod relay_trick;

pub(super) use relay_denied::{refuses_at, says_so};

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] =
    &[&relay_accepted::RULE, &relay_denied::RULE, &relay_trick::RULE];

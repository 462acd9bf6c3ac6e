//! How long it took: the rules about time.

use super::Rule;

mod clock;

mod greeting_delayed;
mod record_gap;
mod reply_slow;
mod tarpit;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] =
    &[&reply_slow::RULE, &greeting_delayed::RULE, &tarpit::RULE, &record_gap::RULE];

//! Secrets, injections, disclosures: the rules about what others may read or misuse.

use super::Rule;

mod dialogue;
mod encryption;

mod credentials_exposed;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[&credentials_exposed::RULE];

//! The rules of the family reply.

use super::Rule;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[];

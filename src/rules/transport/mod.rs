//! The rules of the family transport.

use super::Rule;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[];

//! The rules of the family syntax.

use super::Rule;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[];

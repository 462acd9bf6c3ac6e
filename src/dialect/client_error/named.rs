//! The exception's name where it stands in a line before the value, as pages and trackers show errors.
//!
//! ```text
//! SMTPAuthenticationError at /signup
//! (535, b'5.7.8 Bad credentials')
//! ```

use super::forms::{FORMS, Of, Written};
use crate::dialect::failure::has;

/// How many lines behind its name the exception's value may stand.
const NEAR: u8 = 8;

/// The last exception that was named, for as long as its value may follow.
#[derive(Debug, Default)]
pub(super) struct Named {
    of: Option<Of>,
    lines: u8,
}

impl Named {
    /// Takes a line, whatever it holds.
    pub(super) fn sees(&mut self, line: &[u8]) {
        self.lines = self.lines.saturating_add(1);
        if self.lines > NEAR {
            self.of = None;
        }
        if memchr::memmem::find(line, b"SMTP").is_none() {
            return;
        }
        let named =
            FORMS.iter().find(|form| form.written == Written::Tuples && has(line, form.sign));
        if let Some(form) = named {
            (self.of, self.lines) = (Some(form.answered), 0);
        }
    }

    /// What the value of the exception is about.
    pub(super) const fn of(&self) -> Option<Of> {
        self.of
    }
}

//! One row of the table of evidence: what a refusal looks like and what it means.

use super::{
    cause::Cause,
    provider::Provider,
    stage::{ANY, Stages},
};
use crate::rules::Party;

/// Whether the same mail may get through later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Retry {
    /// As it is: what is wrong passes by itself.
    Helps,
    /// Once somebody has mended what is wrong.
    AfterChange,
    /// Never.
    Never,
}

/// What a refusal looks like, and what it means.
///
/// Phrases are lower case and match whole words; `..` stands for anything, `_` for one word, a `*` at the end
/// for the rest of a word, `(one|another)` for either. [`super::text`] says what text they are looked for in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// What it means.
    pub(super) cause: Cause,
    /// Whose wording or number it is.
    pub(super) source: &'static str,
    /// The stages where it is at home.
    pub(super) stages: Stages,
    /// A provider's own numbers.
    pub(super) sub_codes: &'static [&'static str],
    /// Phrases that say it plainly.
    pub(super) phrases: &'static [&'static str],
    /// Phrases that may mean something else as well.
    pub(super) hints: &'static [&'static str],
    /// Reply codes that go with it.
    pub(super) codes: &'static [u16],
    /// The reply codes' first digit, where another one means something else; 0 where any fits.
    pub(super) class: u16,
    /// Subject and detail of enhanced codes that go with it.
    pub(super) enhanced: &'static [(u16, u16)],
    /// The same as a range: subject, first and last detail.
    pub(super) range: Option<(u16, u16, u16)>,
    /// The enhanced codes are used for many things.
    pub(super) vague: bool,
    /// Whoever it is that uses these numbers and hints in this sense.
    pub(super) provider: Option<Provider>,
    /// What happened, where the cause's own sentence is too general.
    pub(super) says: &'static str,
    /// What to do, where the cause's own advice is too general.
    pub(super) help: &'static str,
    /// Who must act, where that is another than usual.
    pub(super) party: Option<Party>,
    /// Whether a retry helps, where that is otherwise than usual.
    pub(super) retry: Option<Retry>,
    /// Not confirmed by documents.
    pub(super) unsure: bool,
}

/// The source of what so many servers say that it is nobody's own.
pub(super) const COMMON: &str = "common wording";

/// A row that nothing matches yet.
pub(super) const fn row(cause: Cause, source: &'static str) -> Row {
    Row {
        cause,
        source,
        stages: ANY,
        sub_codes: &[],
        phrases: &[],
        hints: &[],
        codes: &[],
        class: 0,
        enhanced: &[],
        range: None,
        vague: false,
        provider: None,
        says: "",
        help: "",
        party: None,
        retry: None,
        unsure: false,
    }
}

/// A row of a provider: its numbers and hints count only where the provider is known.
pub(super) const fn of(provider: Provider, cause: Cause) -> Row {
    Row { provider: Some(provider), ..row(cause, provider.name()) }
}

impl Row {
    pub(super) const fn at(self, stages: Stages) -> Self {
        Self { stages, ..self }
    }

    pub(super) const fn sub_codes(self, sub_codes: &'static [&'static str]) -> Self {
        Self { sub_codes, ..self }
    }

    pub(super) const fn phrases(self, phrases: &'static [&'static str]) -> Self {
        Self { phrases, ..self }
    }

    pub(super) const fn hints(self, hints: &'static [&'static str]) -> Self {
        Self { hints, ..self }
    }

    pub(super) const fn codes(self, codes: &'static [u16]) -> Self {
        Self { codes, ..self }
    }

    pub(super) const fn class(self, class: u16) -> Self {
        Self { class, ..self }
    }

    pub(super) const fn enhanced(self, enhanced: &'static [(u16, u16)]) -> Self {
        Self { enhanced, ..self }
    }

    pub(super) const fn range(self, subject: u16, first: u16, last: u16) -> Self {
        Self { range: Some((subject, first, last)), ..self }
    }

    pub(super) const fn vague(self) -> Self {
        Self { vague: true, ..self }
    }

    pub(super) const fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    pub(super) const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    pub(super) const fn party(self, party: Party) -> Self {
        Self { party: Some(party), ..self }
    }

    pub(super) const fn retry(self, retry: Retry) -> Self {
        Self { retry: Some(retry), ..self }
    }

    pub(super) const fn unsure(self) -> Self {
        Self { unsure: true, ..self }
    }

    /// Whether it has words to look for.
    pub(super) const fn has_text(&self) -> bool {
        !(self.sub_codes.is_empty() && self.phrases.is_empty() && self.hints.is_empty())
    }

    /// Whether any enhanced code goes with it.
    pub(super) const fn has_enhanced_codes(&self) -> bool {
        !self.enhanced.is_empty() || self.range.is_some()
    }

    /// Whether the enhanced code with this subject and detail goes with it.
    pub(super) fn has_enhanced(&self, subject: u16, detail: u16) -> bool {
        self.enhanced.contains(&(subject, detail))
            || self.range.is_some_and(|(in_subject, first, last)| {
                subject == in_subject && (first..=last).contains(&detail)
            })
    }
}

//! Collects findings while the rules speak: one for each rule, however often it is raised.

use super::{Case, Confidence, Evidence, Finding, Party, Rule, Severity, Spot};
use crate::{
    session::{Exchange, Reply, Said, Session},
    transcript::Turn,
};

/// How many places of a repeated finding are named.
const PLACES: usize = 8;

/// What a finding says: a text, or what puts one together where somebody is to read it.
pub trait Words {
    /// The text.
    fn text(self) -> String;
}

impl Words for &str {
    fn text(self) -> String {
        self.to_owned()
    }
}

impl Words for String {
    fn text(self) -> String {
        self
    }
}

impl<F: FnOnce() -> String> Words for F {
    fn text(self) -> String {
        self()
    }
}

/// The findings of one session, as the rules raise them.
pub struct Findings<'c, 't> {
    session: &'c Session<'t>,
    rule: Option<&'static Rule>,
    found: Vec<Finding>,
    /// Somebody is to read them: a summary counts them only, and their texts are left empty.
    read: bool,
}

impl<'c, 't> Findings<'c, 't> {
    pub(super) fn of(session: &'c Session<'t>, read: bool) -> Self {
        Self { session, rule: None, found: Vec::new(), read }
    }

    pub(super) fn judge(&mut self, rule: &'static Rule, case: &Case<'_, '_>) {
        self.rule = Some(rule);
        (rule.check)(case, self);
    }

    /// How often the rules spoke.
    pub(super) fn len(&self) -> usize {
        self.found.iter().map(|finding| finding.count as usize).sum()
    }

    pub(super) fn into_vec(mut self) -> Vec<Finding> {
        self.found
            .sort_by(|one, other| (one.spot, one.rule.name).cmp(&(other.spot, other.rule.name)));
        self.found
    }

    /// Raises the rule at a place; the place's line counts, its message is the first one's.
    pub fn at(&mut self, spot: Spot, message: impl Words) -> Raised<'_> {
        let read = self.read;
        let Some(rule) = self.rule else { return Raised { finding: None, read } };
        let again = self.found.iter().position(|finding| finding.rule.name == rule.name);
        if let Some(finding) = again.and_then(|place| self.found.get_mut(place)) {
            finding.count += 1;
            if finding.evidence.len() < PLACES && finding.spot.line != spot.line {
                finding.evidence.push(Evidence { spot, text: text_of(message, read) });
            }
            return Raised { finding: None, read };
        }
        self.found.push(Finding {
            rule,
            severity: rule.severity,
            confidence: Confidence::Certain,
            party: rule.party,
            spot,
            count: 1,
            message: text_of(message, read),
            help: String::new(),
            evidence: Vec::new(),
            because_of: None,
        });
        Raised { finding: self.found.last_mut(), read }
    }

    /// Raises the rule on a part of a line: any slice of the transcript.
    pub fn on(&mut self, part: &[u8], message: impl Words) -> Raised<'_> {
        let spot = spot_of(self.session, part);
        self.at(spot, message)
    }

    /// Raises the rule on a whole turn.
    pub fn on_turn(&mut self, turn: &Turn, message: impl Words) -> Raised<'_> {
        self.at(spot_of_turn(turn), message)
    }

    /// Raises the rule on the line that the client sent.
    pub fn on_command(&mut self, said: &Said<'_>, message: impl Words) -> Raised<'_> {
        let spot = spot_of_turns(self.session, said.turns.clone());
        self.at(spot, message)
    }

    /// Raises the rule on all lines of a reply.
    pub fn on_reply(&mut self, reply: &Reply<'_>, message: impl Words) -> Raised<'_> {
        let spot = spot_of_turns(self.session, reply.turns.clone());
        self.at(spot, message)
    }

    /// Raises the rule on the command of an exchange, or on its reply where the record has no command.
    pub fn on_exchange(&mut self, exchange: &Exchange<'_>, message: impl Words) -> Raised<'_> {
        let spot = spot_of_exchange(self.session, exchange);
        self.at(spot, message)
    }

    /// Raises the rule on the session as a whole: its last line.
    pub fn on_end(&mut self, message: impl Words) -> Raised<'_> {
        let last = self.session.transcript.turns.iter().rev().find(|turn| turn.place.line > 0);
        let spot = last.map(spot_of_turn).unwrap_or_default();
        self.at(spot, message)
    }
}

/// A finding that was just raised and may be told more; nothing where the rule had been raised before.
pub struct Raised<'f> {
    finding: Option<&'f mut Finding>,
    read: bool,
}

fn text_of(words: impl Words, read: bool) -> String {
    if read { words.text() } else { String::new() }
}

impl Raised<'_> {
    fn with(mut self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.finding.as_deref_mut() {
            change(finding);
        }
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(self, help: impl Words) -> Self {
        let read = self.read;
        self.with(|finding| finding.help = text_of(help, read))
    }

    /// Another severity than the rule's own.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        self.with(|finding| finding.severity = severity)
    }

    /// How sure it is, where it is not certain.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        self.with(|finding| finding.confidence = confidence)
    }

    /// Who must act, where that is another than the rule's own.
    #[must_use]
    pub fn party(self, party: Party) -> Self {
        self.with(|finding| finding.party = party)
    }

    /// A further place that bears it out.
    #[must_use]
    pub fn evidence(self, spot: Spot, text: impl Words) -> Self {
        let read = self.read;
        self.with(|finding| finding.evidence.push(Evidence { spot, text: text_of(text, read) }))
    }

    /// The rule whose finding explains this one.
    #[must_use]
    pub fn because_of(self, rule: &'static str) -> Self {
        self.with(|finding| finding.because_of = Some(rule))
    }

    /// Ends what is told about the finding.
    pub fn done(self) {}
}

/// Where a slice of the transcript stands in the source.
pub(super) fn spot_of(session: &Session<'_>, part: &[u8]) -> Spot {
    let Some((turn, span)) = session.locate(part) else { return Spot::default() };
    let whole = spot_of_turn(turn);
    // Where the dialect escapes its text, octets of the text are not octets of the line.
    if turn.place.octets as usize != turn.text.len() {
        return whole;
    }
    let octet = |at: usize| turn.place.column.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    Spot { column: octet(span.start), end_column: octet(span.end), ..whole }
}

/// Where a turn stands in the source.
pub(super) fn spot_of_turn(turn: &Turn) -> Spot {
    let end_column = turn.place.column.saturating_add(turn.place.octets);
    Spot {
        line: turn.place.line,
        last_line: turn.place.line,
        column: turn.place.column,
        end_column,
    }
}

/// Where the turns of a range stand, from the first to the last that belongs to the dialogue.
pub(super) fn spot_of_turns(session: &Session<'_>, range: std::ops::Range<usize>) -> Spot {
    let turns = session.transcript.turns.get(range).unwrap_or_default();
    let (Some(first), Some(last)) = (turns.first(), turns.last()) else { return Spot::default() };
    let end = spot_of_turn(last);
    Spot { last_line: end.line, end_column: end.end_column, ..spot_of_turn(first) }
}

/// Where an exchange stands: its command, or its reply.
pub(super) fn spot_of_exchange(session: &Session<'_>, exchange: &Exchange<'_>) -> Spot {
    let said = exchange.command.as_ref().filter(|said| !said.turns.is_empty());
    match (said, &exchange.reply) {
        (Some(said), _) => spot_of_turns(session, said.turns.clone()),
        (None, Some(reply)) => spot_of_turns(session, reply.turns.clone()),
        (None, None) => Spot::default(),
    }
}

/// Text from the record for a message: what is not UTF-8 replaced, long text cut, in backticks.
pub fn quoted(text: &[u8]) -> String {
    const LONGEST: usize = 120;
    let text = text.trim_ascii();
    if text.len() <= LONGEST
        && let Ok(text) = std::str::from_utf8(text)
    {
        return ["`", text, "`"].concat();
    }
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

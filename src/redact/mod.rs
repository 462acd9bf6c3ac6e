//! The same text, safe to attach: secrets masked, people and hosts under other names.
//!
//! *Enters*: a text with what each of its octets is ([`Piece`]).
//! *Leaves*: a text of the same length, line for line and column for column, in which no person, host, address
//! or secret of the first is named.
//!
//! A name becomes another of the same length, the same one wherever it stands in all texts that one
//! [`Redactor`] was given. Names are dealt out in the order of their appearance, so that nothing can be found
//! out from them, and a text that was redacted once stays as it is. What the dialogue means is kept: public
//! suffixes, well-known providers and blocklists, roles such as `postmaster`, private address ranges, codes,
//! queue ids, dates. Messages keep the names of their fields and their shape; their words do not stay.

mod address;
mod changed;
mod credentials;
mod disguise;
mod known;
mod message;
mod placed;
mod secrets;
mod words;

use std::collections::{HashMap, HashSet};

use address::Addresses;
use changed::Changed;
use known::{Expected, Owner};
use placed::{Placed, placed};
pub(crate) use secrets::Secret;
pub use secrets::{Redacted, Unsafe};
use words::Words;

use crate::account::{Account, Belongs, Piece};

/// What stands for what: one for all texts of a run.
#[derive(Debug)]
pub struct Redactor {
    people: Words,
    hosts: Words,
    addresses: Addresses,
    /// What the clients of the last text sent in AUTH and was left: it hides what there is to hide.
    kept: HashSet<Vec<u8>>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self {
            people: Words::new(b"person"),
            hosts: Words::new(b"name"),
            addresses: Addresses::default(),
            kept: HashSet::new(),
        }
    }
}

impl Redactor {
    /// The text with everything replaced that somebody might not want to show.
    ///
    /// The account is the text's own; what lies beyond its pieces stays. Where something said was made from the
    /// text and cannot be told in other words there, the lines that it was made from are wiped.
    ///
    /// Whether a secret is left all the same is not asked here: [`redact_bytes`](crate::redact_bytes) does.
    /// `None` where `goes_on` is true no more: it is asked before each line.
    pub(crate) fn redact(
        &mut self,
        text: &[u8],
        account: &Account,
        goes_on: &dyn Fn() -> bool,
    ) -> Option<Vec<u8>> {
        let placed = placed(text, &account.made);
        self.kept.clear();
        // Once to learn the names, wherever they stand, and once to replace them.
        self.pass(text, &account.pieces, &placed, goes_on)?;
        self.kept.clear();
        self.pass(text, &account.pieces, &placed, goes_on)
    }

    fn pass(
        &mut self,
        text: &[u8],
        pieces: &[Piece],
        placed: &[Placed<'_>],
        goes_on: &dyn Fn() -> bool,
    ) -> Option<Vec<u8>> {
        let mut changed = Changed::of(text, placed);
        let mut made = placed.iter().peekable();
        let mut dialogue = Dialogue::default();
        for line in pieces.split_inclusive(|piece| piece.belongs == Belongs::LineEnding) {
            if !goes_on() {
                return None;
            }
            let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
            let (start, end) = (place(first).0, place(last).1);
            let said = if last.belongs == Belongs::LineEnding { place(last).0 } else { end };
            let whole = text.get(start..said).unwrap_or_default();
            if let Some(digits) = dump(whole) {
                let mut wiped = Vec::with_capacity(whole.len());
                wipe_dump(whole, digits, &mut wiped);
                changed.write(start, &wiped);
                while made.next_if(|made| made.start() < end).is_some() {}
                dialogue.line_ends();
                continue;
            }
            dialogue.silent = !changed.is_taken(start, end);
            for piece in line.iter().filter(|piece| piece.belongs != Belongs::LineEnding) {
                let (from, to) = place(piece);
                for (from, to) in changed.free(from, to) {
                    while let Some(made) = made.next_if(|made| made.start() <= from) {
                        self.made(made, &mut dialogue, &mut changed);
                    }
                    let part = text.get(from..to).unwrap_or_default();
                    let mut out = Vec::with_capacity(part.len());
                    self.piece(piece.belongs, part, &mut dialogue, &mut out);
                    changed.write(from, &out);
                }
            }
            while let Some(made) = made.next_if(|made| made.start() < end) {
                self.made(made, &mut dialogue, &mut changed);
            }
            dialogue.line_ends();
        }
        Some(changed.done())
    }

    /// What was made from the text, in other words, where it stands in there.
    fn made(&mut self, placed: &Placed<'_>, dialogue: &mut Dialogue, changed: &mut Changed<'_>) {
        let text = &placed.made.text;
        let mut out = Vec::with_capacity(text.len());
        self.piece(placed.made.belongs, text, dialogue, &mut out);
        let done = placed.runs.as_ref().is_some_and(|runs| changed.write_runs(text, &out, runs));
        // A remark is no part of the dialogue, and was looked through as it stands.
        if !done
            && !changed.write_words(text, &out, placed)
            && placed.made.belongs != Belongs::Remark
        {
            changed.wipe(placed);
        }
    }

    fn piece(&mut self, belongs: Belongs, part: &[u8], dialogue: &mut Dialogue, out: &mut Vec<u8>) {
        dialogue.secret &= matches!(belongs, Belongs::Mark | Belongs::Remark | Belongs::Prose);
        match belongs {
            Belongs::LineEnding => return,
            Belongs::Message => {
                dialogue.silent = false;
                dialogue.message.line(self, part, out);
                return;
            }
            Belongs::Command => {
                dialogue.message = message::State::default();
                self.command(part, dialogue, out);
            }
            Belongs::Reply => {
                dialogue.message = message::State::default();
                self.reply(part, dialogue, out);
            }
            Belongs::Credentials => {
                self.credentials(part, dialogue, out);
            }
            Belongs::Mark | Belongs::Remark | Belongs::Prose => {
                if part.trim_ascii().is_empty() {
                    out.extend_from_slice(part);
                    return;
                }
                if belongs != Belongs::Mark && dialogue.secret && credentials::rest(part, out) {
                    return;
                }
                let trust = if belongs == Belongs::Prose { Trust::Weak } else { Trust::Some };
                self.told(part, trust, out);
            }
        }
        dialogue.silent &= belongs == Belongs::Mark;
    }

    /// A command: its verb stays.
    fn command(&mut self, part: &[u8], dialogue: &mut Dialogue, out: &mut Vec<u8>) {
        let verb = part.split(|octet| !octet.is_ascii_alphabetic()).next().unwrap_or_default();
        let is = |name: &[u8]| verb.eq_ignore_ascii_case(name);
        dialogue.asks_people = is(b"VRFY") || is(b"EXPN");
        if is(b"AUTH") {
            return self.auth(part, dialogue, out);
        }
        let argument = part.get(verb.len()..).unwrap_or_default();
        out.extend_from_slice(verb);
        if is(b"HELO") || is(b"EHLO") || is(b"LHLO") {
            self.words(argument, Trust::Hello, out);
        } else if dialogue.asks_people {
            self.words(argument, Trust::Person, out);
        } else if is(b"MAIL") || is(b"RCPT") || is(b"SEND") || is(b"SOML") || is(b"SAML") {
            self.words(argument, Trust::Path, out);
        } else {
            self.words(argument, Trust::Full, out);
        }
    }

    /// A line of a reply: its code stays.
    fn reply(&mut self, part: &[u8], dialogue: &Dialogue, out: &mut Vec<u8>) {
        if let Some(challenge) = part.strip_prefix(b"334 ") {
            out.extend_from_slice(b"334 ");
            return self.challenge(challenge, out);
        }
        let code = part.get(..3).is_some_and(|code| code.iter().all(u8::is_ascii_digit));
        let (code, text) = part.split_at_checked(if code { 4 } else { 0 }).unwrap_or((part, b""));
        out.extend_from_slice(code);
        // `250 Bob Example <bob@example.net>`
        let open = memchr::memchr(b'<', text).filter(|_| dialogue.asks_people && !code.is_empty());
        let (people, rest) = text.split_at_checked(open.unwrap_or(0)).unwrap_or((b"", text));
        for word in people.split_inclusive(|octet| *octet == b' ') {
            let name = word.first().is_some_and(u8::is_ascii_uppercase)
                && word.iter().any(u8::is_ascii_lowercase);
            if name {
                out.extend(self.people.stand_in(word));
            } else {
                out.extend_from_slice(word);
            }
        }
        self.words(rest, Trust::Some, out);
    }

    /// Text in which addresses and hosts stand among other words.
    fn words(&mut self, text: &[u8], trust: Trust, out: &mut Vec<u8>) {
        let mut at = 0;
        let mut before = 0_u8;
        // Where what may be a mailbox's local part ends: looked for once, and not again behind each sign in it.
        let mut end = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let taken = if is_word(before) {
                0
            } else {
                if end <= at {
                    end = at + rest.iter().take_while(|octet| is_local(**octet)).count();
                }
                self.token(rest, end - at, before, trust, out)
            };
            if taken == 0 {
                let octet = rest.first().copied().unwrap_or_default();
                out.push(octet);
                // A backslash and a letter are one octet of an escaped text.
                if octet == b'\\' && rest.get(1).is_some_and(u8::is_ascii_alphabetic) {
                    out.extend(rest.get(1));
                    at += 1;
                    before = b'\\';
                } else {
                    before = octet;
                }
                at += 1;
            } else {
                at += taken;
                before = rest.get(taken - 1).copied().unwrap_or_default();
            }
        }
    }

    /// What begins here, with so many octets of a local part, and is to be replaced: how many octets it takes, and 0
    /// for anything else.
    fn token(
        &mut self,
        rest: &[u8],
        length: usize,
        before: u8,
        trust: Trust,
        out: &mut Vec<u8>,
    ) -> usize {
        if let Some(octets) = self.addresses.replace(rest, out) {
            return octets;
        }
        let length = length.min(LONGEST);
        let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, b""));
        if word.is_empty() {
            return 0;
        }
        // `250-mx.example.net`, wherever a log shows it.
        if let [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b'-', ..] = word {
            out.extend_from_slice(word.get(..4).unwrap_or_default());
            return 4;
        }
        if behind.first() == Some(&b'@') {
            self.local(word, out);
            return length;
        }
        let host = word.iter().take_while(|octet| is_host(**octet)).count();
        let (name, _) = word.split_at_checked(host).unwrap_or((word, b""));
        let signs = name.iter().rev().take_while(|octet| !is_word(**octet)).count();
        let name = name.get(..name.len() - signs).unwrap_or_default();
        let expected = match trust {
            _ if before == b'@' => Expected::Certainly,
            Trust::Hello => Expected::Certainly,
            Trust::Weak => Expected::Hardly,
            _ => Expected::Perhaps,
        };
        if !name.is_empty() && (known::is_host(name, expected) || self.is_known_host(name)) {
            self.host(name, out);
            return name.len();
        }
        let single = || !word.contains(&b'.') && word.iter().any(u8::is_ascii_alphanumeric);
        match trust {
            Trust::Hello if host == length && single() && !known::is_role_of_host(word) => {
                out.extend(self.hosts.stand_in(word));
                length
            }
            Trust::Person if !known::is_role(word) => {
                out.extend(self.people.stand_in(word));
                length
            }
            Trust::Path if before == b'<' && behind.first() == Some(&b'>') => {
                self.local(word, out);
                length
            }
            // Nobody's name is so long.
            _ if length == LONGEST => {
                let taken = if name.is_empty() { signs_before(word) } else { name.len() };
                out.extend_from_slice(word.get(..taken).unwrap_or_default());
                taken
            }
            // A name without its domain, where it cannot be another word: `<john.doe>`, `alice...`.
            _ => {
                let quoted = before == b'<' && behind.first() == Some(&b'>');
                let bare = word.strip_suffix(b"...").unwrap_or(word);
                let telling = quoted || bare.len() < word.len() || is_telling(bare);
                if let Some(stand_in) = self.people.known(bare).filter(|_| telling) {
                    out.extend(stand_in);
                    return bare.len();
                }
                let taken = if name.is_empty() { signs_before(word) } else { name.len() };
                out.extend_from_slice(word.get(..taken).unwrap_or_default());
                taken
            }
        }
    }

    /// Whether the domain was named before, whatever its suffix is.
    fn is_known_host(&self, name: &[u8]) -> bool {
        let mut labels = name.rsplit(|octet| *octet == b'.').skip(1);
        known::is_host(name, Expected::Certainly)
            && labels.next().is_some_and(|label| self.hosts.known(label).is_some())
    }

    /// The local part of a mailbox; `%` and `!` part it from other hosts.
    fn local(&mut self, local: &[u8], out: &mut Vec<u8>) {
        for part in local.split_inclusive(|octet| matches!(octet, b'%' | b'!')) {
            let (name, sign) = match part.split_last() {
                Some((sign @ (b'%' | b'!'), name)) => (name, Some(*sign)),
                _ => (part, None),
            };
            if name.len() < local.len() && known::is_host(name, Expected::Certainly) {
                self.host(name, out);
            } else if known::is_role(name) {
                out.extend_from_slice(name);
            } else {
                out.extend(self.people.stand_in(name));
            }
            out.extend(sign);
        }
    }

    /// A host or a domain: its public suffix stays, and so do the names of providers and of services.
    fn host(&mut self, name: &[u8], out: &mut Vec<u8>) {
        let (owner, keep) = known::kept(name);
        let split = name.len().saturating_sub(keep);
        let (own, rest) = name.split_at_checked(split).unwrap_or((name, b""));
        let mut left = own.len();
        for label in own.split_inclusive(|octet| *octet == b'.') {
            left -= label.len();
            let bare = label.strip_suffix(b".").unwrap_or(label);
            // The last one is what somebody has registered, whatever it is called; below a blocklist stands
            // its list, or an address that was looked up.
            let stays = match owner {
                Owner::Nobody => true,
                Owner::Service | Owner::Provider => known::is_role_of_host(bare),
                Owner::Somebody => left > 0 && known::is_role_of_host(bare),
            };
            if stays {
                out.extend_from_slice(bare);
            } else if owner == Owner::Service {
                let digit = |octet: &u8| if octet.is_ascii_digit() { b'0' } else { *octet };
                out.extend(bare.iter().map(digit));
            } else {
                out.extend(self.hosts.stand_in(bare));
            }
            if bare.len() < label.len() {
                out.push(b'.');
            }
        }
        out.extend_from_slice(rest);
    }
}

/// Where a piece begins and ends.
fn place(piece: &Piece) -> (usize, usize) {
    let start = usize::try_from(piece.offset).unwrap_or(usize::MAX);
    (start, start.saturating_add(usize::try_from(piece.octets).unwrap_or(usize::MAX)))
}

/// How far a stretch of text is believed to hold hosts and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Prose: only what can hardly be anything else.
    Weak,
    /// Replies and remarks.
    Some,
    /// Arguments of commands.
    Full,
    /// The argument of EHLO: a single word is a host.
    Hello,
    /// The argument of VRFY: a single word is a person.
    Person,
    /// A path: a single word in brackets is a person.
    Path,
}

/// Where the dialogue stands, as far as it matters for what words mean.
#[derive(Debug)]
struct Dialogue {
    message: message::State,
    /// The last command asked for people.
    asks_people: bool,
    mechanism: Vec<u8>,
    /// How many lines of the AUTH dialogue there were.
    responses: usize,
    /// The last thing said was a secret, whose end may stand in a line that nobody took for one.
    secret: bool,
    /// Nothing but a mark stood in this line so far.
    silent: bool,
}

impl Default for Dialogue {
    fn default() -> Self {
        Self {
            message: message::State::default(),
            asks_people: false,
            mechanism: Vec::new(),
            responses: 0,
            secret: false,
            silent: true,
        }
    }
}

impl Dialogue {
    fn line_ends(&mut self) {
        if std::mem::replace(&mut self.silent, true) {
            self.message.blank();
        }
    }
}

/// A word whose look alone tells that it names somebody.
fn is_telling(word: &[u8]) -> bool {
    word.len() >= 5
        && word.iter().any(|octet| octet.is_ascii_digit() || matches!(octet, b'.' | b'_'))
}

/// A letter inside a word: what follows it does not begin one.
const fn is_word(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet >= 0x80
}

/// How many signs stand before the first letter: a line that somebody drew is passed over at once.
fn signs_before(word: &[u8]) -> usize {
    word.iter().take_while(|octet| !is_word(**octet)).count()
}

/// More octets than a mailbox may have (RFC 5321 §4.5.3.1.1 and §4.5.3.1.2: 64 and 255): so far is looked ahead for
/// the end of one.
const LONGEST: usize = 512;

const fn is_local(octet: u8) -> bool {
    is_word(octet) || matches!(octet, b'.' | b'_' | b'-' | b'+' | b'%' | b'!' | b'~')
}

const fn is_host(octet: u8) -> bool {
    is_word(octet) || matches!(octet, b'.' | b'_' | b'-')
}

/// Where the digits of a dump of octets begin: `0000: 32 32 30`, `00000020  76 65 72`, `0x0010:  4500 003c`,
/// or many pairs without a place before them. Message dates and codes are none.
fn dump(line: &[u8]) -> Option<usize> {
    /// Pairs or fours that are no accident.
    const MANY: usize = 8;
    let start = line.iter().position(|octet| !octet.is_ascii_whitespace())?;
    let text = line.get(start..)?;
    let first = text.split(u8::is_ascii_whitespace).next()?;
    let place = first.strip_prefix(b"0x").unwrap_or(first);
    let digits = place.strip_suffix(b":").unwrap_or(place);
    let is_place = matches!(digits.len(), 4..=8)
        && digits.iter().all(u8::is_ascii_hexdigit)
        && (digits.len() < place.len() || text.get(first.len()..first.len() + 2) == Some(b"  "));
    let skipped = if is_place { first.len() } else { 0 };
    let rest = text.get(skipped..)?;
    let blanks = rest.iter().position(|octet| !octet.is_ascii_whitespace())?;
    let groups = rest
        .get(blanks..)?
        .split(|octet| *octet == b' ')
        .filter(|word| !word.is_empty())
        .take_while(|word| matches!(word.len(), 2 | 4) && word.iter().all(u8::is_ascii_hexdigit))
        .count();
    (groups >= if is_place { 1 } else { MANY }).then_some(start + skipped + blanks)
}

/// Dumps are not rewritten: every digit of them becomes 0, and what is printed beside them a dot.
fn wipe_dump(line: &[u8], start: usize, out: &mut Vec<u8>) {
    let mut blanks = 0;
    let mut beside = false;
    for (at, octet) in line.iter().enumerate() {
        blanks = if *octet == b' ' { blanks + 1 } else { 0 };
        beside |= at > start && (blanks >= 2 || !octet.is_ascii_hexdigit() && *octet != b' ');
        out.push(match octet {
            b' ' | b'\t' => *octet,
            _ if at < start => *octet,
            _ if beside => b'.',
            _ => b'0',
        });
    }
}

/// Names that stand for names, for all that keeps a table of them.
type Table = HashMap<Vec<u8>, Vec<u8>>;

#[cfg(test)]
mod tests;

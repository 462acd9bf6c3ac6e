//! Replies to commands, first in, first out.
//!
//! That is what pipelining needs (RFC 2920 §3.1: matched by counting). The exceptions: the greeting has no
//! command; the message is one unit with one reply (LMTP: one for each accepted recipient, RFC 2033 §4.2);
//! 421 may come at any time; STARTTLS forgets what came before (RFC 3207 §4.2).

use std::{collections::VecDeque, ops::Range};

use super::{Exchange, Kind, Line, Reply, Said, Standing};
use crate::{
    grammar::{command::command, ehlo::ehlo_line, phrase, reply},
    protocol::{extensions, verbs::VerbId},
    transcript::{Fact, Label, Method, Transcript},
};

/// What pairing makes of a transcript.
pub(super) struct Paired<'t> {
    /// The exchanges; where the session stood is filled in later.
    pub(super) exchanges: Vec<Exchange<'t>>,
    /// The lines of the replies.
    pub(super) lines: Vec<Line<'t>>,
    /// The turns of an EHLO reply whose beginning the record does not show.
    pub(super) fragment: Option<Range<usize>>,
}

/// Matches the replies of a transcript to its commands.
pub(super) fn pair(transcript: &Transcript) -> Paired<'_> {
    let mut pairing = Pairing::new(transcript);
    let mut facts = transcript.facts.iter().peekable();
    for (index, turn) in transcript.turns.iter().enumerate() {
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
            pairing.fact(fact, index);
        }
        match turn.label {
            Label::Command => pairing.command(index),
            Label::Credentials => pairing.credentials(index),
            Label::Message => pairing.message_line(index),
            Label::EndOfData => pairing.end_of_data(index),
            Label::Reply => pairing.reply_line(index, turn.first),
            Label::Prose | Label::Remark => {}
        }
    }
    pairing.finish()
}

struct Pairing<'t> {
    transcript: &'t Transcript,
    exchanges: Vec<Exchange<'t>>,
    lines: Vec<Line<'t>>,
    /// Exchanges that wait for a reply, the oldest first.
    waiting: VecDeque<usize>,
    /// What waited when TLS began: a server must forget it, and some do not.
    forgotten: VecDeque<usize>,
    /// The exchange whose message is being sent.
    message: Option<usize>,
    /// 354 was answered and nothing of the message was seen yet.
    message_due: bool,
    /// The tool says that it hides the message.
    hides_message: bool,
    /// 334 was answered and the client's line was not seen yet; the tool says that it hides such lines.
    auth_due: bool,
    hides_auth: bool,
    /// The tool shows refusals only: a reply answers the last command, not the first that waits.
    hides_replies: bool,
    /// The exchange whose reply is being read.
    replying: Option<usize>,
    /// A command or a reply was seen.
    begun: bool,
    greeted: bool,
    /// The record shows how the connection came about, and leaves nothing out.
    opened: bool,
    lmtp: bool,
    accepted_recipients: usize,
    /// How many the message that is being answered had.
    accepted_before: usize,
}

impl<'t> Pairing<'t> {
    fn new(transcript: &'t Transcript) -> Self {
        Self {
            transcript,
            exchanges: Vec::with_capacity(transcript.turns.len() / 2),
            lines: Vec::with_capacity(transcript.turns.len()),
            waiting: VecDeque::new(),
            forgotten: VecDeque::new(),
            message: None,
            message_due: false,
            hides_message: false,
            auth_due: false,
            hides_auth: false,
            hides_replies: false,
            replying: None,
            begun: false,
            greeted: false,
            opened: false,
            lmtp: false,
            accepted_recipients: 0,
            accepted_before: 0,
        }
    }

    fn fact(&mut self, fact: &Fact, index: usize) {
        match fact {
            Fact::BodyHidden(_) if self.message_due || self.message.is_some() => {
                self.hides_message = true;
                if self.message.is_none() {
                    self.hidden_message(index);
                }
            }
            Fact::BodyHidden(_) => self.hides_message = true,
            Fact::AuthHidden => self.hides_auth = true,
            Fact::Opening | Fact::Opened | Fact::Dialled { .. } if !self.begun => {
                self.opened = true;
            }
            Fact::RepliesHidden => self.hides_replies = true,
            Fact::Lmtp => self.lmtp = true,
            // The record begins in the middle: what comes first is no greeting.
            Fact::Elision if !self.begun => {
                self.begun = true;
                self.opened = false;
            }
            _ => {}
        }
    }

    fn push(&mut self, kind: Kind, said: Option<Said<'t>>) -> usize {
        let verb = said.as_ref().and_then(|said| match kind {
            Kind::Command => said.parsed.known,
            _ => None,
        });
        self.exchanges.push(Exchange {
            kind,
            command: said,
            verb,
            inferred: false,
            hidden: false,
            reply: None,
            pipelined: !self.waiting.is_empty(),
            standing: Standing::default(),
            latency: None,
        });
        self.exchanges.len() - 1
    }

    fn said(&self, turns: Range<usize>) -> Said<'t> {
        let turn = self.transcript.turns.get(turns.start);
        let line = turn.map_or(&b""[..], |turn| self.transcript.text(turn));
        Said { turns, parsed: command(line.trim_ascii()) }
    }

    fn command(&mut self, index: usize) {
        self.begun = true;
        self.message = None;
        let marked = self.transcript.method == Method::Marked;
        if self.message_due && (marked || self.hides_message) {
            self.hidden_message(index);
        }
        self.message_due = false;
        let said = self.said(index..index + 1);
        if said.parsed.line == b"." && (self.hides_message || self.exchanges.is_empty()) {
            self.end_of_unseen_message(said);
            return;
        }
        let place = self.push(Kind::Command, Some(said));
        self.waiting.push_back(place);
        self.forgotten.clear();
        if self.exchanges.get(place).is_some_and(|exchange| exchange.is(VerbId::Lhlo)) {
            self.lmtp = true;
        }
    }

    fn credentials(&mut self, index: usize) {
        self.begun = true;
        let said = self.said(index..index + 1);
        let place = self.push(Kind::Auth, Some(said));
        self.waiting.push_back(place);
    }

    fn message_line(&mut self, index: usize) {
        self.message_due = false;
        // A chunk belongs to the BDAT that announced it.
        if self.message.is_none()
            && let Some(chunk) = self.exchanges.last_mut()
            && chunk.is(VerbId::Bdat)
            && chunk.reply.is_none()
            && let Some(said) = &mut chunk.command
        {
            said.turns.end = index + 1;
            return;
        }
        if let Some(Exchange { command: Some(said), .. }) =
            self.message.and_then(|place| self.exchanges.get_mut(place))
        {
            said.turns.end = index + 1;
        } else {
            let said = self.said(index..index + 1);
            self.message = Some(self.push(Kind::Message, Some(said)));
        }
    }

    fn end_of_data(&mut self, index: usize) {
        // The dot of a message that the record hides belongs to it.
        if self.message.is_none()
            && let Some(hidden) = self.exchanges.last_mut()
            && hidden.kind == Kind::Message
            && hidden.hidden
            && hidden.reply.is_none()
            && let Some(said) = &mut hidden.command
        {
            said.turns.end = index + 1;
            return;
        }
        let only_dot = self.message.is_none();
        self.message_line(index);
        if let Some(place) = self.message.take() {
            if only_dot && self.hides_message {
                self.exchanges.get_mut(place).into_iter().for_each(|message| message.hidden = true);
            }
            self.expect_message_replies(place);
        }
    }

    /// The message was sent, but the record does not show it.
    fn hidden_message(&mut self, index: usize) {
        self.message_due = false;
        let said = Said { turns: index..index, parsed: command(b"") };
        let place = self.push(Kind::Message, Some(said));
        if let Some(exchange) = self.exchanges.get_mut(place) {
            exchange.hidden = true;
        }
        self.expect_message_replies(place);
    }

    /// The client answered a challenge, but the record does not show it.
    fn hidden_credentials(&mut self, index: usize) -> usize {
        let said = Said { turns: index..index, parsed: command(b"") };
        let place = self.push(Kind::Auth, Some(said));
        if let Some(exchange) = self.exchanges.get_mut(place) {
            exchange.hidden = true;
        }
        place
    }

    /// The record shows only how the message ended, as bounces do: neither DATA nor the answer to it.
    fn end_of_unseen_message(&mut self, said: Said<'t>) {
        let place = self.push(Kind::Message, Some(said));
        if let Some(exchange) = self.exchanges.get_mut(place) {
            exchange.hidden = true;
        }
        self.expect_message_replies(place);
    }

    fn expect_message_replies(&mut self, place: usize) {
        self.waiting.push_back(place);
        if self.lmtp {
            for _ in 1..self.accepted_recipients {
                let further = self.push(Kind::Message, None);
                self.waiting.push_back(further);
            }
        }
        self.accepted_before = self.accepted_recipients;
        self.accepted_recipients = 0;
    }

    fn reply_line(&mut self, index: usize, first: bool) {
        let Some(turn) = self.transcript.turns.get(index) else { return };
        let whole = self.transcript.text(turn);
        let line = whole.trim_ascii();
        let parsed = reply::reply_line(line);
        let place = self.lines.len();
        self.lines.push(Line { turn, parsed, text: parsed.map_or(whole, |parsed| parsed.text) });
        let goes_on = parsed.as_ref().is_some_and(reply::ReplyLine::continues);
        let first = first && !self.lists_further(parsed.as_ref());
        if !first
            && let Some(exchange) = self.replying.and_then(|place| self.exchanges.get_mut(place))
            && let Some(reply) = &mut exchange.reply
        {
            reply.turns.end = index + 1;
            reply.lines.end = place + 1;
            reply.unterminated = parsed.as_ref().map_or(reply.unterminated, |_| goes_on);
            return;
        }
        let (code, text) = parsed.map_or((0, line), |parsed| (parsed.code, parsed.text));
        let (turns, lines) = (index..index + 1, place..place + 1);
        let reply = Reply { turns, lines, code, text, unterminated: goes_on };
        let place = self.answered(code, index);
        self.begun = true;
        self.replying = Some(place);
        let sent = self
            .exchanges
            .get(place)
            .and_then(|exchange| exchange.command.as_ref())
            .and_then(|said| self.transcript.turns.get(said.turns.clone())?.last()?.at);
        let Some(exchange) = self.exchanges.get_mut(place) else { return };
        exchange.latency =
            turn.at.zip(sent).map(|(got, sent)| got.micros - sent.micros).filter(|span| *span >= 0);
        exchange.reply = Some(reply);
        let (kind, id) = (exchange.kind, exchange.id());
        if kind == Kind::Message && code == 353 {
            // PRDR: a reply for each recipient follows, and one for the message as a whole.
            for _ in 0..=self.accepted_before {
                let further = self.push(Kind::Message, None);
                self.waiting.push_front(further);
            }
        }
        self.after_reply(kind, id, code);
    }

    /// Whether a reply that nothing asked for is a further line of the list that EHLO was answered with: some servers
    /// write a space behind each code, as if each line were the last one.
    fn lists_further(&self, line: Option<&reply::ReplyLine<'_>>) -> bool {
        let Some(line) = line.filter(|line| line.code == 250 && self.waiting.is_empty()) else {
            return false;
        };
        let answered = self.replying.and_then(|place| self.exchanges.get(place));
        answered.is_some_and(|exchange| {
            exchange.is(VerbId::Ehlo)
                && exchange.reply.as_ref().is_some_and(|reply| reply.code == 250)
        }) && extensions::find(ehlo_line(line.text.trim_ascii()).keyword).is_some()
    }

    /// Which exchange a reply with this code answers.
    fn answered(&mut self, code: u16, index: usize) -> usize {
        // A server greets first: what refuses a client that was typed too early is its greeting.
        let early = !self.greeted
            && matches!(code, 421 | 521 | 554)
            && self.transcript.method == Method::Inferred
            && self.exchanges.iter().all(is_unanswered_hello)
            && self.opened;
        // What is wrong with a command answers one: without a sign of the connection's beginning, the record
        // begins behind it.
        let about_command =
            matches!(code, 500 | 502 | 503) || matches!(code, 501 | 504) && !self.opened;
        let opens =
            early || (!self.begun && matches!(code, 220 | 421 | 400..=599) && !about_command);
        if opens
            || (!self.greeted && code == 220 && self.exchanges.iter().all(|e| e.reply.is_none()))
        {
            let restart = self.waiting.front().and_then(|place| self.exchanges.get(*place));
            if !restart.is_some_and(|exchange| {
                matches!(exchange.id(), Some(VerbId::Starttls | VerbId::Xclient))
            }) {
                self.greeted = true;
                return self.push(Kind::Greeting, None);
            }
        }
        self.resynchronise(code);
        self.taken(code, index);
        if let Some(place) = self.waiting.pop_front() {
            return place;
        }
        if let Some(place) = self.message.take() {
            return place;
        }
        if self.message_due && code != 421 {
            self.hidden_message(index);
            if let Some(place) = self.waiting.pop_front() {
                return place;
            }
        }
        if self.auth_due && self.hides_auth && code != 421 {
            return self.hidden_credentials(index);
        }
        if code != 421
            && let Some(place) = self.forgotten.pop_front()
        {
            return place;
        }
        self.push(Kind::Unsolicited, None)
    }

    /// Some codes answer one command only: what waits before that command was never answered.
    fn resynchronise(&mut self, code: u16) {
        if self.hides_replies {
            let answered = self.waiting.len().saturating_sub(1);
            self.waiting.drain(..answered);
            return;
        }
        let verb = match code {
            221 => VerbId::Quit,
            354 => VerbId::Data,
            334 => VerbId::Auth,
            235 => return self.authenticated(),
            _ => return,
        };
        let is_meant = |place: &usize| self.exchanges.get(*place).is_some_and(|e| e.is(verb));
        let dialogue = |place: &usize| self.is_dialogue(*place);
        if self.waiting.front().is_some_and(|place| !is_meant(place) && !dialogue(place))
            && let Some(unanswered) = self.waiting.iter().position(is_meant)
        {
            self.waiting.drain(..unanswered);
        }
    }

    /// What says that the message is queued answers the message, and so does success while DATA still waits
    /// before it, which only 354 may answer: what waits before the message was never answered.
    fn taken(&mut self, code: u16, index: usize) {
        let is_message = |place: &usize| {
            self.exchanges.get(*place).is_some_and(|exchange| exchange.kind == Kind::Message)
        };
        if self.waiting.len() < 2 || code / 100 != 2 || self.waiting.front().is_some_and(is_message)
        {
            return;
        }
        let Some(message) = self.waiting.iter().position(is_message) else { return };
        let line = self.transcript.turns.get(index).map(|turn| self.transcript.text(turn));
        let front = self.waiting.front().and_then(|place| self.exchanges.get(*place));
        let data = message == 1 && front.is_some_and(|exchange| exchange.is(VerbId::Data));
        if data || line.is_some_and(|line| phrase::contains(line, b"queued")) {
            self.waiting.drain(..message);
        }
    }

    /// 235 ends an AUTH dialogue: what waits before its last line was never answered.
    fn authenticated(&mut self) {
        let of_auth = |place: usize| {
            self.is_dialogue(place) || self.exchanges.get(place).is_some_and(|e| e.is(VerbId::Auth))
        };
        let Some(first) = self.waiting.iter().position(|place| of_auth(*place)) else { return };
        let rest = self.waiting.iter().skip(first + 1);
        let more = rest.take_while(|place| self.is_dialogue(**place)).count();
        self.waiting.drain(..first + more);
    }

    fn is_dialogue(&self, place: usize) -> bool {
        self.exchanges.get(place).is_some_and(|exchange| exchange.kind == Kind::Auth)
    }

    fn after_reply(&mut self, kind: Kind, id: Option<VerbId>, code: u16) {
        self.message_due = false;
        let dialogue = kind == Kind::Auth || id == Some(VerbId::Auth);
        self.auth_due = dialogue && code == 334;
        match (kind, id) {
            (Kind::Command, Some(VerbId::Data)) if code == 354 => {
                self.message_due = self.message.is_none();
            }
            (Kind::Command | Kind::Unsolicited, _) if code == 354 => {
                self.message_due = self.message.is_none();
            }
            (Kind::Command, Some(VerbId::Rcpt)) if (200..300).contains(&code) => {
                self.accepted_recipients += 1;
            }
            (Kind::Command, Some(VerbId::Mail | VerbId::Rset | VerbId::Lhlo)) => {
                self.accepted_recipients = 0;
            }
            (Kind::Command, Some(VerbId::Starttls)) if code == 220 => {
                self.forgotten = std::mem::take(&mut self.waiting);
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Paired<'t> {
        // The dialogue is in the order of the record; a greeting that came late still comes first.
        if let Some(place) = self.exchanges.iter().position(|e| e.kind == Kind::Greeting)
            && place > 0
        {
            let greeting = self.exchanges.remove(place);
            self.exchanges.insert(0, greeting);
        }
        let fragment = self.fragment();
        if fragment.is_some() {
            self.exchanges.remove(0);
        }
        Paired { exchanges: self.exchanges, lines: self.lines, fragment }
    }

    /// A record may begin inside the reply to EHLO, or show only its end (`openssl s_client -starttls`):
    /// lines of keywords, which answer nothing that the record shows.
    fn fragment(&self) -> Option<Range<usize>> {
        let first = self.exchanges.first().filter(|first| first.kind == Kind::Unsolicited)?;
        let reply = first.reply.as_ref().filter(|reply| reply.code == 250)?;
        self.exchanges.get(1).filter(|next| next.command.is_some())?;
        let lines = self.transcript.turns.get(reply.turns.clone())?;
        let keywords = lines.iter().filter(|turn| turn.label == Label::Reply).all(|turn| {
            let line = self.transcript.text(turn).trim_ascii();
            let text = reply::reply_line(line).map_or(line, |parsed| parsed.text);
            extensions::find(ehlo_line(text.trim_ascii()).keyword).is_some()
        });
        keywords.then(|| reply.turns.clone())
    }
}

/// HELO or EHLO that nothing has answered yet.
fn is_unanswered_hello(exchange: &Exchange<'_>) -> bool {
    exchange.reply.is_none() && exchange.id().is_some_and(VerbId::is_hello)
}

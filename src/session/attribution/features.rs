//! What a line looks like, before anybody decides what it is.

use crate::{
    dialect::Unmarked,
    grammar::{
        reply::{self, Separator},
        shape::{self, Plausibility},
    },
    protocol::verbs::VerbId,
};

/// Which side a line belongs to, as far as its mark tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The client's mark.
    Client,
    /// The server's mark.
    Server,
    /// The recording tool's own line.
    Tool,
    /// No mark, in a stretch where the dialogue carries none; or none that could be told.
    Unknown,
    /// No mark, in a stretch where these sides' lines carry one.
    Outside(Unmarked),
}

/// What a command asks for, as far as attribution needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Asks {
    /// HELO, EHLO, LHLO.
    Hello,
    /// DATA.
    Data,
    /// AUTH.
    Auth,
    /// STARTTLS, XCLIENT: 220 answers them.
    Restart,
    /// QUIT.
    Quit,
    /// BDAT: a chunk of the message follows at once.
    Chunk,
    /// Any other verb that is known.
    Other,
    /// Words that no RFC knows as a command.
    Junk,
}

impl Asks {
    /// What a verb asks for.
    pub(super) const fn of(verb: VerbId) -> Self {
        match verb {
            VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo => Self::Hello,
            VerbId::Data => Self::Data,
            VerbId::Auth | VerbId::XExps => Self::Auth,
            VerbId::Starttls | VerbId::Xclient | VerbId::XAnonymoustls => Self::Restart,
            VerbId::Quit => Self::Quit,
            VerbId::Bdat => Self::Chunk,
            _ => Self::Other,
        }
    }
}

/// What a remark means for the course of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turning {
    /// Nothing.
    None,
    /// A connection is being made.
    Opens,
    /// A connection was made.
    Connected,
    /// A connection did not come about.
    Fails,
    /// A connection is being made and does not come about.
    OpensInVain,
    /// The connection is over.
    Closes,
}

/// The first line of a reply, or a further one, as its code and separator tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ReplyShape {
    pub(super) code: u16,
    /// Another line of the reply follows.
    pub(super) goes_on: bool,
    /// How far its form is from the grammar's; 0 for a well-formed one.
    pub(super) oddity: f32,
    /// A 421 that says that the client took too long.
    pub(super) idle: bool,
    /// A 220 that names a host, as a greeting does and no answer to STARTTLS.
    pub(super) greets: bool,
}

/// What a line looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Features {
    pub(super) side: Side,
    pub(super) turning: Turning,
    pub(super) blank: bool,
    pub(super) dot: bool,
    pub(super) reply: Option<ReplyShape>,
    pub(super) asks: Asks,
    /// What it costs to believe that a client sent this as a command: 0 for one that fits the grammar.
    pub(super) command: f32,
    pub(super) base64: bool,
    pub(super) header: bool,
    /// Ends with a colon or reads like a sentence about the session rather than a part of it.
    pub(super) sentence: bool,
    /// A note in brackets: `<negotiates TLS>`, `[connection begins]`, `(some time passes)`; or dots for what was
    /// left out.
    pub(super) annotation: bool,
    /// Dots for what was left out.
    pub(super) elided: bool,
    /// Begins with dots, as what stands for something that was left out.
    pub(super) omission: bool,
    /// Ends with a colon, as what somebody writes before a line that he shows.
    pub(super) announces: bool,
    /// Nothing but punctuation: a rule, a fence.
    pub(super) ornament: bool,
    /// Octets that no text has, as of a TLS record.
    pub(super) binary: bool,
    /// How a server of HTTP, SSH, POP3 or IMAP begins its answer.
    pub(super) foreign: bool,
    /// The next line that is not blank refuses something.
    pub(super) refused_next: bool,
    /// The record begins in the middle of a message, and this is a line of it.
    pub(super) headless: bool,
    /// Before the next reply stands a line of base64: this one is not the client's answer to a challenge.
    pub(super) secret_ahead: bool,
}

impl Features {
    /// Looks at one line.
    pub(super) fn of(line: &[u8], side: Side, turning: Turning) -> Self {
        let text = line.trim_ascii();
        let reply = reply_shape(text);
        let elided = shape::is_ellipsis(text);
        let (asks, command) = if reply.is_some() { (Asks::Junk, 8.0) } else { command_cost(text) };
        Self {
            side,
            turning,
            blank: text.is_empty(),
            dot: text == b".",
            reply,
            asks,
            command,
            base64: is_base64(text),
            header: is_header(text),
            sentence: is_sentence(text),
            annotation: is_annotation(text) || elided,
            elided,
            omission: text.starts_with(b"...") || text.starts_with("…".as_bytes()),
            announces: reply.is_none() && announces(text),
            ornament: is_ornament(text),
            binary: is_binary(text),
            foreign: is_foreign(text),
            refused_next: false,
            headless: false,
            secret_ahead: false,
        }
    }
}

/// `4.4.2 mx.example.net Error: timeout exceeded`: what a server says that waits for the final dot in vain.
fn tells_timeout(text: &[u8]) -> bool {
    let has = |words: &[u8]| text.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words));
    text.starts_with(b"4.4.2") || has(b"timeout") || has(b"timed out")
}

/// Whether a server of another protocol answers with this line.
fn is_foreign(text: &[u8]) -> bool {
    const ANSWERS: &[&[u8]] =
        &[b"HTTP/1.", b"HTTP/2", b"SSH-1.", b"SSH-2.", b"+OK", b"-ERR ", b"* OK ", b"* BYE"];
    ANSWERS.iter().any(|answer| text.starts_with(answer))
}

fn reply_shape(text: &[u8]) -> Option<ReplyShape> {
    let line = reply::reply_line(text)?;
    let hundreds = line.code / 100;
    let tens = line.code / 10 % 10;
    let mut oddity: f32 = match (hundreds, tens) {
        (2..=5, 0..=5) => 0.0,
        (2..=5, _) => 2.0,
        _ => 4.0,
    };
    oddity += match line.separator {
        Separator::Space | Separator::Hyphen => 0.0,
        Separator::End | Separator::Tab => 0.3,
        Separator::Dash => 0.5,
        Separator::Other => 1.0,
        Separator::Missing => 2.5,
    };
    if crate::protocol::codes::find(line.code).is_none() {
        oddity += 1.0;
    }
    // `250 messages were sent`, `500 ms`: a number in prose, with a word of a unit behind it.
    let unit = line.text.split(u8::is_ascii_whitespace).find(|word| !word.is_empty());
    if unit.is_some_and(|word| UNITS.contains(&word)) {
        oddity += 4.0;
    }
    let idle = line.code == 421 && tells_timeout(line.text);
    let greets = line.code == 220 && names_host(line.text);
    let (code, goes_on) = (line.code, line.continues());
    (oddity < 7.0).then_some(ReplyShape { code, goes_on, oddity, idle, greets })
}

/// `mx.example.net ESMTP`: the first word has a dot and a letter.
fn names_host(text: &[u8]) -> bool {
    let word =
        text.split(u8::is_ascii_whitespace).find(|word| !word.is_empty()).unwrap_or_default();
    word.get(1..).is_some_and(|rest| rest.contains(&b'.'))
        && word.iter().any(u8::is_ascii_alphabetic)
}

/// Words after a number that make it a quantity.
const UNITS: &[&[u8]] = &[
    b"ms",
    b"bytes",
    b"octets",
    b"lines",
    b"messages",
    b"mails",
    b"emails",
    b"seconds",
    b"MB",
    b"KB",
    b"users",
];

fn command_cost(text: &[u8]) -> (Asks, f32) {
    let shape = shape::shape(text);
    let verb = shape.verb.and_then(|verb| crate::protocol::verbs::find(verb.name.as_bytes()));
    let asks = verb.map_or(Asks::Junk, |verb| Asks::of(verb.id));
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    let addressed = words >= 2 && matches!(text.last(), Some(b',' | b'!' | b'?'));
    let cost = match shape.plausible {
        Plausibility::Exact => 0.0,
        // `Hello all,`: somebody greets the readers of a ticket.
        Plausibility::Near if addressed => 4.6,
        Plausibility::Near => 0.7,
        // `HELO <your host name>`
        Plausibility::Loose if is_filled_in(text) => 0.7,
        // A verb and a sentence: the longer, the less a command.
        Plausibility::Loose if words <= 3 => 1.5,
        Plausibility::Loose => 3.5,
        Plausibility::None => match words {
            0 => 6.0,
            _ if is_ornament(text) => 7.0,
            // A command of another protocol, typed at the wrong server.
            _ if shape.foreign.is_some() => 2.0,
            1 => 4.0,
            2 | 3 => 4.6,
            _ => 5.5,
        },
    };
    (asks, cost)
}

/// A verb, and behind it nothing but words in brackets that tell what belongs there.
fn is_filled_in(text: &[u8]) -> bool {
    let argument = text.iter().position(|octet| *octet == b' ').and_then(|at| text.get(at..));
    argument.is_some_and(|argument| is_annotation(argument.trim_ascii()))
}

/// Base64 as SASL sends it, at least four octets, or the `*` that cancels.
fn is_base64(text: &[u8]) -> bool {
    let body = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    (text.len() >= 4 && text.len().is_multiple_of(4) || text == b"*" || text == b"=")
        && body
            .iter()
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'*'))
}

/// `Subject: test`
fn is_header(text: &[u8]) -> bool {
    let Some(colon) = text.iter().take(40).position(|&octet| octet == b':') else { return false };
    colon > 1
        && text
            .iter()
            .take(colon)
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
}

fn is_binary(text: &[u8]) -> bool {
    let control = |octet: &&u8| octet.is_ascii_control() && **octet != b'\t' && **octet != 0x08;
    text.iter().filter(control).count() >= 2
}

fn is_annotation(text: &[u8]) -> bool {
    let Some((opening, inside)) = text.split_first() else { return false };
    let closing = match opening {
        b'<' => b'>',
        b'[' => b']',
        b'(' => b')',
        _ => return false,
    };
    let closed = memchr::memchr(closing, inside).is_none_or(|at| at + 1 == inside.len());
    // `[ TLS handshake ]`
    closed
        && inside.trim_ascii_start().first().is_some_and(u8::is_ascii_alphabetic)
        && inside.contains(&b' ')
        && !inside.contains(&b'@')
}

/// `The server answers:`, `The answer should be as follows`
fn announces(text: &[u8]) -> bool {
    let words = text
        .strip_suffix(b":")
        .or_else(|| text.strip_suffix("\u{ff1a}".as_bytes()))
        .or_else(|| text.ends_with(b" as follows").then_some(text));
    words.is_some_and(|words| {
        words.iter().any(|octet| octet.is_ascii_alphabetic() || !octet.is_ascii())
            && !words.iter().any(|octet| matches!(octet, b'@' | b'<' | b'>'))
    })
}

fn is_ornament(text: &[u8]) -> bool {
    text.len() >= 2 && text.iter().all(|octet| octet.is_ascii_punctuation() || *octet == b' ')
}

fn is_sentence(text: &[u8]) -> bool {
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    words >= 5 || (words >= 2 && matches!(text.last(), Some(b':' | b'?' | b'!' | b',')))
}

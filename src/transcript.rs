//! The pivot between log formats and SMTP: one connection's payload, with who said each line.
//!
//! Everything before this type deals with how a tool wrote the dialogue down; everything after it
//! deals with SMTP. A [`Draft`] is what the dialects have read and nobody has attributed yet; a
//! [`Transcript`] is what attribution made of it.

use crate::span::Span;

/// Who said a line, as far as its mark in the record tells.
///
/// A mark is not a side: `>>>` is the client in one tool and the server in another. Which of the two
/// marks is the server's is found from what the lines say (`session::orient`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The mark that a dialect's documentation names first (by custom the client's).
    First,
    /// The other mark.
    Second,
    /// The line carries no mark of its own: anyone may have said it, or nobody.
    Unmarked,
    /// The recording tool itself speaks: a remark, never a part of the dialogue.
    Tool,
}

/// A point in time, as exact as the record has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Microseconds since 1970-01-01T00:00:00 on the recorder's clock (UTC where `zoned`);
    /// since midnight where the record has no date.
    pub micros: i64,
    /// Whether the record names the day.
    pub dated: bool,
    /// Whether the offset from UTC is known and already taken off.
    pub zoned: bool,
}

/// Why a connection did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectFailure {
    /// Nothing listens there, or a firewall answered with a reset.
    Refused,
    /// No answer came.
    TimedOut,
    /// The name did not resolve.
    NotFound,
    /// Another reason, such as no route.
    Other,
}

/// Who ended the connection, where the record says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClosedBy {
    /// The recorder's own side (`Connection closed.`).
    Client,
    /// The other side (`Connection closed by foreign host.`).
    Server,
    /// The record does not say.
    Unknown,
}

/// What a recording tool's remark tells about the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A connection is being tried; whatever came before belongs to another session.
    Opening,
    /// The host, and the port where it is named, that the person or the tool asked for.
    Dialled {
        /// A host name or an address, as typed.
        host: Vec<u8>,
        /// The TCP port.
        port: Option<u16>,
    },
    /// The connection was established.
    Opened,
    /// The address and port of the server's side.
    ServerAddress {
        /// An IP address in its usual text form.
        address: Vec<u8>,
        /// The TCP port.
        port: Option<u16>,
    },
    /// The address and port of the client's side.
    ClientAddress {
        /// An IP address in its usual text form.
        address: Vec<u8>,
        /// The TCP port.
        port: Option<u16>,
    },
    /// What took or made the connection, as the recorder calls it: a connector, a listener, a service.
    Connector(Vec<u8>),
    /// The connection never came about.
    ConnectFailed(ConnectFailure),
    /// The connection ended.
    Closed(ClosedBy),
    /// TLS is up; version and cipher where the tool tells them.
    TlsStarted {
        /// Such as `TLSv1.3`.
        version: Option<Vec<u8>>,
        /// Such as `TLS_AES_256_GCM_SHA384`.
        cipher: Option<Vec<u8>>,
    },
    /// The handshake failed; the tool's words.
    TlsFailed(Vec<u8>),
    /// The certificate does not verify; the tool's words.
    CertificateProblem(Vec<u8>),
    /// The names that the certificate carries.
    CertificateName(Vec<u8>),
    /// The message's body was sent but is not shown; its size in octets where known.
    BodyHidden(Option<u64>),
    /// The record shows a reply only where it refuses something; commands without one were answered.
    RepliesHidden,
    /// The lines of an AUTH dialogue were left out of the record on purpose.
    AuthHidden,
    /// The tool says that it authenticated as this user.
    AuthenticatedAs(Vec<u8>),
    /// The server told by the tool, such as `cloudflare` or a Postfix process name.
    Recorder(Vec<u8>),
    /// The tool reports a failure of its own in these words.
    ToolError(Vec<u8>),
    /// The tool waited in vain for a reply.
    TimedOut,
    /// The record was cut here on purpose (an ellipsis, "output omitted").
    Elision,
    /// By the record's own numbers, so many lines of the session are missing here.
    LinesMissing(u64),
    /// So much of a message stands before this line of it: it was too long to be kept whole.
    MessageLeftOut {
        /// How many lines.
        lines: u64,
        /// Their octets, each line with two for its ending.
        octets: u64,
    },
    /// The dialogue is LMTP.
    Lmtp,
    /// The line is not what its recorder writes: a row that was cut off, say. What is wrong with it. This is
    /// told of the source and reaches no session.
    Damaged(String),
}

impl Fact {
    /// Whether a new session begins with this fact.
    pub const fn opens(&self) -> bool {
        matches!(self, Self::Opening)
    }

    /// Whether the session is over with this fact.
    pub const fn closes(&self) -> bool {
        matches!(self, Self::Closed(_) | Self::ConnectFailed(_))
    }
}

/// How a line ended in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ending {
    /// LF alone.
    #[default]
    Lf,
    /// CR LF.
    CrLf,
    /// CR CR LF, as a terminal's record of a CR LF line has it.
    CrCrLf,
    /// CR alone.
    Cr,
    /// The source ends here.
    None,
    /// The dialect shows the octets themselves (`\r\n`, `<LF>`), and this is what they are:
    /// `true` for CR LF, `false` for anything else.
    Shown(bool),
}

/// Where a turn stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// 1-based line of the source.
    pub line: u64,
    /// 1-based octet within that line at which the text begins.
    pub column: u32,
    /// Octet of the source at which the text begins.
    pub offset: u64,
    /// How many octets of the source the text takes; another number than the text's own where the
    /// dialect escapes it.
    pub octets: u32,
}

/// What a line turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// Text around the dialogue.
    Prose,
    /// A remark of the recording tool.
    Remark,
    /// A command line.
    Command,
    /// A line of a reply: its first, or a further one.
    Reply,
    /// A line of the message.
    Message,
    /// The dot that ends the message.
    EndOfData,
    /// The client's line in an AUTH dialogue.
    Credentials,
}

impl Label {
    /// Whether the client sent it.
    pub const fn is_client(self) -> bool {
        matches!(self, Self::Command | Self::Message | Self::EndOfData | Self::Credentials)
    }
}

/// One line of a draft or a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Who said it, as the record marks it.
    pub mark: Mark,
    /// What it is; [`Label::Prose`] until attribution has spoken.
    pub label: Label,
    /// Whether a reply begins (and does not go on) with this line; whether a command does.
    pub first: bool,
    /// Its text in [`Transcript::bytes`], without the line's ending.
    pub text: Span,
    /// Where it stands in the source.
    pub place: Place,
    /// How it ended.
    pub ending: Ending,
    /// When it was said.
    pub at: Option<Moment>,
    /// The dialect that read it, by its place in `dialect::ALL`; `None` for a line that no dialect
    /// claimed.
    pub dialect: Option<u16>,
}

/// What dialects read, before anyone knows who said what.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The texts of all turns, one after the other.
    pub bytes: Vec<u8>,
    /// The lines in the order of the record.
    pub turns: Vec<Turn>,
    /// What remarks told, each with the index of the turn that holds it.
    pub facts: Vec<(usize, Fact)>,
    /// The session key, where the dialect has one.
    pub key: Option<Vec<u8>>,
    /// The number of the last line, in records that number the lines of each session.
    pub number: Option<u64>,
}

impl Draft {
    /// The text of a turn.
    pub fn text(&self, turn: &Turn) -> &[u8] {
        turn.text.slice(&self.bytes)
    }

    /// Adds text to the last line of the dialogue, if that stands under the same mark.
    pub fn join(&mut self, text: &[u8], mark: Mark) -> bool {
        let last = self.turns.iter_mut().rev().find(|turn| turn.mark != Mark::Tool);
        let Some(turn) = last.filter(|turn| turn.mark == mark) else { return false };
        let start = self.bytes.len();
        self.bytes.extend_from_within(turn.text.start..turn.text.end);
        self.bytes.extend_from_slice(text);
        turn.text = Span::new(start, self.bytes.len());
        true
    }

    /// Adds a line with its text.
    pub fn push(&mut self, text: &[u8], mut turn: Turn) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text);
        turn.text = Span::new(start, self.bytes.len());
        self.turns.push(turn);
    }
}

/// How the speakers were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Every line of the dialogue carries a mark.
    Marked,
    /// Some lines carry a mark, the others follow from the protocol.
    Mixed,
    /// No line carries a mark.
    Inferred,
}

/// How a record came to tell of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Telling {
    /// A tool wrote down the dialogue, or what of it mattered to the tool.
    Recorded,
    /// The lines stand there without any mark: nobody says who wrote them down.
    Unmarked,
    /// The lines stand under marks that were learnt from them.
    LearntMarks,
    /// The fields of a delivery status: what they tell, the bounce's own words tell better.
    DeliveryStatus,
    /// An error quotes a reply: a dialogue of the same record tells it better.
    Quoted,
    /// Somebody tells it in a sentence: a dialogue of the same record tells it better.
    Sentence,
}

impl Telling {
    /// Whether it repeats what others said.
    pub const fn is_quoted(self) -> bool {
        matches!(self, Self::Quoted | Self::Sentence)
    }

    /// Whether nothing but the lines themselves says that there was a session.
    pub const fn is_bare(self) -> bool {
        matches!(self, Self::Unmarked | Self::LearntMarks)
    }
}

/// What kind of record a dialect's is, as far as it matters for what its sessions say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// How it came to tell of a session.
    pub telling: Telling,
    /// Its lines announce who said the ones behind them, as those of dumps do: what was said stands in other lines
    /// than the marks.
    pub announces: bool,
    /// It shows what crossed the wire, so that TLS would have made it unreadable.
    pub wire: bool,
    /// Blank lines of a message stand in it.
    pub blank_lines: bool,
}

impl Record {
    /// A dialogue as most tools write it down: each line behind its mark, as the tool itself saw it.
    pub const DIALOGUE: Self =
        Self { telling: Telling::Recorded, announces: false, wire: false, blank_lines: true };
}

/// One connection's payload with known speakers: the unit of analysis.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// The texts of all turns, one after the other.
    pub bytes: Vec<u8>,
    /// The lines of the dialogue and the remarks between them, in the order of the record.
    pub turns: Vec<Turn>,
    /// What remarks told, each with the index of the turn that holds it.
    pub facts: Vec<(usize, Fact)>,
    /// The session key, where the dialect has one.
    pub key: Option<Vec<u8>>,
    /// The dialect's name.
    pub dialect: &'static str,
    /// What kind of record the dialect writes.
    pub record: Record,
    /// How the speakers were found.
    pub method: Method,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
    /// The record ends with the source, not with the connection.
    pub cut: bool,
}

impl Transcript {
    /// The text of a turn.
    pub fn text(&self, turn: &Turn) -> &[u8] {
        turn.text.slice(&self.bytes)
    }

    /// The 1-based first and last line of the source that belong to the session; 0 where it has none.
    pub fn lines(&self) -> (u64, u64) {
        let belongs = |turn: &&Turn| turn.label != Label::Prose;
        let first = self.turns.iter().find(belongs).map_or(0, |turn| turn.place.line);
        let last = self.turns.iter().rev().find(belongs).map_or(first, |turn| turn.place.line);
        (first, last)
    }

    /// The facts of one kind, in the order of the record.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().map(|(_, fact)| fact)
    }
}

//! Any consistent pair of marks: a form that no dialect knows.
//!
//! ```text
//! server says | 220 mx.example.net ESMTP
//! client says | EHLO client.example
//! ```
//!
//! The marks are learnt from the record itself: what stands again and again before reply codes is the
//! server's, what stands before commands is the client's, whatever digits (times, numbers) change within
//! it. What stands before both is a prefix and no mark. One side may be without a mark, or both where something
//! else shows what is said: quotation marks around the texts, or the wire's line endings written out. Marks
//! may be of several words or stand behind the text, if they are consistent. Traps: a quotation mark before both
//! sides is no mark of either.

mod apart;
mod begins;
mod behind;
mod count;
mod form;
mod inside;
mod learn;
mod read;

use behind::Behind;
use form::Form;

use super::{Custom, Dialect, Record, Telling, Times, Unmarked, reply_rows::Unfinished};
use crate::transcript::Mark;

pub(crate) use learn::learn;

pub(super) static DIALECT: Dialect = Dialect {
    name: "any-marks",
    about: "any consistent marks before the client's and the server's lines, learnt from the record",
    client: "any",
    server: "any",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::LearntMarks, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[],
    evidence: |_| false,
    reader: || Box::new(AnyMarks::default()),
};

/// What is known to stand before texts.
#[derive(Debug, Default)]
struct Known {
    form: Form,
    texts: Texts,
}

/// How the texts are written that stand behind a mark.
#[derive(Debug, Clone, Copy, Default)]
struct Texts {
    /// A sign behind the text goes with the one before it: `[250 ok]`.
    closed: bool,
    /// The code stands apart from the text: `code=250 text="ok"`.
    apart: bool,
}

#[derive(Debug, Default)]
struct AnyMarks {
    client: Vec<Known>,
    server: Vec<Known>,
    /// What stands before both sides' lines.
    prefix: Known,
    /// Marks that stand behind the texts.
    behind: Option<Behind>,
    /// How the record writes out the endings of lines.
    ending: Option<&'static str>,
    /// Both sides are marked.
    both: bool,
    /// Whether a text is a command.
    is_command: Option<fn(&[u8]) -> bool>,
    /// The last line under a mark: the mark as it stood, and the text.
    last: Option<(Vec<u8>, Vec<u8>)>,
    /// The reply of which only the first line is marked.
    unfinished: Unfinished,
    /// A message is on its way: what follows may look like anything.
    message: bool,
    /// Messages are not in the record.
    hides: bool,
}

impl AnyMarks {
    /// Under which mark a line stands, where its text begins, and how that is written.
    fn marked(&self, line: &[u8]) -> Option<(Mark, usize, Texts)> {
        let longest = |known: &[Known]| {
            let found =
                known.iter().filter_map(|known| Some((known.form.front(line)?, known.texts)));
            found.max_by_key(|(at, _)| *at)
        };
        match (longest(&self.client), longest(&self.server)) {
            (Some((client, _)), Some((server, texts))) if server > client => {
                Some((Mark::Second, server, texts))
            }
            (Some((client, texts)), _) => Some((Mark::First, client, texts)),
            (None, Some((server, texts))) => Some((Mark::Second, server, texts)),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests;

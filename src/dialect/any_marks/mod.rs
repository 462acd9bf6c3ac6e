//! Any consistent pair of marks: a form that no dialect knows.
//!
//! ```text
//! server says | 220 mx.example.net ESMTP
//! client says | EHLO client.example
//! ```
//!
//! The marks are learnt from the record itself: what stands again and again before reply codes is the
//! server's, what stands before commands is the client's, whatever digits (times, numbers) change within
//! it. One side may be without a mark. Traps: a quotation mark before both sides is no mark of either.

mod learn;
mod read;

use super::{Custom, Dialect, Record, Telling, Times, Unmarked};
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

/// What stands before the text, with each run of digits as one `0`.
type Form = Vec<u8>;

#[derive(Debug, Default)]
struct AnyMarks {
    client: Vec<Form>,
    server: Vec<Form>,
    /// Whether a text is a command.
    is_command: Option<fn(&[u8]) -> bool>,
    /// The last line under a mark: the mark as it stood, and the text.
    last: Option<(Vec<u8>, Vec<u8>)>,
    /// A message is on its way: what follows may look like anything.
    message: bool,
    /// Messages are not in the record.
    hides: bool,
}

impl AnyMarks {
    /// Under which mark a line stands, and where its text begins.
    fn marked(&self, line: &[u8]) -> Option<(Mark, usize)> {
        let longest = |forms: &[Form]| forms.iter().filter_map(|form| matches(form, line)).max();
        match (longest(&self.client), longest(&self.server)) {
            (Some(client), Some(server)) if server > client => Some((Mark::Second, server)),
            (Some(client), _) => Some((Mark::First, client)),
            (None, Some(server)) => Some((Mark::Second, server)),
            (None, None) => None,
        }
    }
}

const fn is_quote(octet: u8) -> bool {
    matches!(octet, b'"' | b'\'')
}

fn form(mark: &[u8]) -> Form {
    let mut form = Form::new();
    for octet in mark {
        if octet.is_ascii_digit() {
            if form.last() != Some(&b'0') {
                form.push(b'0');
            }
        } else {
            form.push(*octet);
        }
    }
    form
}

/// How many octets of the line the form takes; `None` where the line does not begin with it.
///
/// The blank at a mark's end may be missing where nothing follows it.
fn matches(form: &[u8], line: &[u8]) -> Option<usize> {
    let mut at = 0;
    for octet in form {
        match line.get(at) {
            Some(here) if *octet == b'0' && here.is_ascii_digit() => {
                at += line.iter().skip(at).take_while(|octet| octet.is_ascii_digit()).count();
            }
            Some(here) if here == octet => at += 1,
            None if *octet == b' ' => {}
            _ => return None,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests;

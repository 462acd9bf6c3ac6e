//! Marks behind the text: `220 mx.example.net ESMTP  [RECV]`.

use super::{AnyMarks, Known, begins::text_begins, form::Form};
use crate::{
    dialect::{Reading, Say},
    transcript::Mark,
};

/// The words that stand behind what each side says.
#[derive(Debug)]
pub(super) struct Behind {
    client: Vec<u8>,
    server: Vec<u8>,
}

/// How many octets a word behind a text may have.
const LONGEST: usize = 24;

/// A line of the dialogue with a word behind it.
struct Found<'l> {
    word: &'l [u8],
    reply: bool,
    form: Form,
}

/// The words, where each side has one behind all of its lines.
pub(super) fn learn(lines: &[&[u8]], is_command: fn(&[u8]) -> bool) -> Option<AnyMarks> {
    let mut found: Vec<Found<'_>> = Vec::new();
    for line in lines {
        let inside = parted(line).and_then(|(text, word)| {
            let (at, reply) = text_begins(text, is_command)?;
            Some(Found { word, reply, form: Form::of(text.get(..at)?) })
        });
        match inside {
            Some(word) => found.push(word),
            // A command that nothing stands behind.
            None if text_begins(line, is_command).is_some() => return None,
            None => {}
        }
    }
    let of = |reply: bool| found.iter().filter(move |word| word.reply == reply);
    // One that says something else may be a quotation of the program's.
    let most = |reply: bool| {
        let (first, last) = (of(reply).next()?, of(reply).next_back()?);
        let same = |word: &[u8]| of(reply).filter(|other| other.word == word).count();
        let (word, count) = [first, last]
            .map(|word| (word.word, same(word.word)))
            .into_iter()
            .max_by_key(|(_, count)| *count)?;
        (count >= 2 && count * 10 >= of(reply).count() * 9).then_some(word)
    };
    let (client, server) = (most(false)?, most(true)?);
    let prefix = found.first()?.form.clone();
    let shared = found.iter().filter(|word| word.form == prefix).count();
    if client == server || shared * 10 < found.len() * 9 {
        return None;
    }
    let behind = Behind { client: client.to_vec(), server: server.to_vec() };
    let prefix = Known { form: prefix, ..Known::default() };
    Some(AnyMarks { behind: Some(behind), prefix, ..AnyMarks::default() })
}

/// A line's last word, and what stands before it.
fn parted(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii_end();
    let at = line.iter().rposition(u8::is_ascii_whitespace)?;
    let (text, word) = (line.get(..at)?.trim_ascii_end(), line.get(at + 1..)?);
    (word.len() <= LONGEST).then_some((text, word))
}

impl AnyMarks {
    /// Reads a line with a mark at its end.
    pub(super) fn read_behind(&self, behind: &Behind, line: &[u8], say: Say<'_>) -> bool {
        let Some((text, word)) = parted(line) else { return false };
        let mark = match word {
            _ if word == behind.client => Mark::First,
            _ if word == behind.server => Mark::Second,
            _ => return false,
        };
        let Some(at) = self.prefix.form.front(text) else { return false };
        say(Reading::said(mark, text.get(at..).unwrap_or_default()));
        true
    }
}

//! Indy's `TIdLogFile`, the logger of many Delphi programs: `<EOL>` for each line's end.
//!
//! ```text
//! Stat Connected.
//! Recv 23.11.2026 10:00:00: 250-mx.example.net<EOL>250 HELP<EOL>
//! Sent 23.11.2026 10:00:00: EHLO client.example<EOL>
//! ```
//!
//! Traps: the words are in the program's language (`Erh`/`Ges`, `Reçu`/`Envoyé`) and the date in the system's
//! form; which word is which side follows from what stands behind it. From `IdLogBase.pas`.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape::token_lines,
    reply_rows, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "indy-log",
    about: "Indy's log files, as Delphi programs write them",
    client: "Sent time: ",
    server: "Recv time: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["<EOL>"],
    evidence: |line| entry(line).is_some(),
    reader: || Box::new(Indy::default()),
};

#[derive(Debug)]
struct Entry<'l> {
    word: &'l [u8],
    at: Option<Moment>,
    text: &'l [u8],
}

fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let line = line.trim_ascii();
    let space = line.iter().take(16).position(|octet| *octet == b' ')?;
    let (word, rest) = line.split_at_checked(space)?;
    let rest = rest.get(1..)?;
    let letters = word.iter().all(|octet| octet.is_ascii_alphabetic() || !octet.is_ascii());
    let at = rest.get(..rest.len().min(40))?.windows(2).position(|pair| pair == b": ");
    let (stamp, text) = rest.split_at_checked(at?)?;
    let dated =
        stamp.is_empty() || stamp.iter().filter(|octet| octet.is_ascii_digit()).count() >= 4;
    let moment = time::iso(stamp).or_else(|| time::strokes(stamp)).map(|(at, _)| at);
    let text = text.get(2..)?;
    (letters && !word.is_empty() && dated && text.ends_with(b"<EOL>")).then_some(Entry {
        word,
        at: moment,
        text,
    })
}

#[derive(Debug, Default)]
struct Indy {
    /// The words met so far, each with the mark that it stands for.
    words: Vec<(Vec<u8>, Mark)>,
}

impl Reader for Indy {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(Entry { word, at, text }) = entry(line) else { return status(line, say) };
        let known = self.words.iter().find(|(known, _)| known == word).map(|(_, mark)| *mark);
        let mark = known.unwrap_or_else(|| {
            // The other word has the other mark, whatever the first line behind this one looks like.
            let mark = match (word, self.words.first()) {
                (b"Sent", _) | (_, Some((_, Mark::Second))) => Mark::First,
                (b"Recv", _) | (_, Some((_, Mark::First))) => Mark::Second,
                _ if reply_rows::code(text.get(..4).unwrap_or_default()).is_some() => Mark::Second,
                _ => Mark::First,
            };
            if self.words.len() < 2 {
                self.words.push((word.to_vec(), mark));
            }
            mark
        });
        for part in token_lines(text, b"<EOL>", true) {
            say(part.said(mark).at(at));
        }
        true
    }
}

/// `Stat Connected.` and `Stat Disconnected.`
fn status(line: &[u8], say: Say<'_>) -> bool {
    let Some(words) = line.trim_ascii().strip_prefix(b"Stat ") else { return false };
    let fact = if words.ends_with(b"Disconnected.") {
        Some(Fact::Closed(ClosedBy::Unknown))
    } else {
        words.ends_with(b"Connected.").then_some(Fact::Opened)
    };
    say(Reading { fact, ..Reading::remark(line) });
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn words_of_any_language_are_marks() {
        let lines = [
            "Stat Connected.",
            "Erh 23.11.2026 10:00:00: 250-mx.example<EOL>250 HELP<EOL>",
            "Ges 23.11.2026 10:00:00: Subject: x<EOL><EOL>.<EOL>",
            "Erh 23.11.2026 10:00:01: 250 ok<EOL>",
            "Stat Disconnected.",
            "Note well: <EOL>",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(
            rows(&said),
            [
                "T Opened",
                "2 250-mx.example",
                "2 250 HELP",
                "1 Subject: x",
                "1 ",
                "1 .",
                "2 250 ok",
                "T Closed(Unknown)",
                "-"
            ]
        );
        assert!(said.get(1).and_then(|said| said.at).is_some_and(|at| at.dated));
    }
}

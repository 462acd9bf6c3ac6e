//! What documentation lists and programs compare with is no session: tables of codes, refusals one behind the other.

use std::collections::HashSet;

use crate::{
    grammar::reply,
    transcript::{Fact, Label, Telling, Transcript},
};

/// Whether replies, and what may stand for commands, are only listed.
pub(super) fn is_listed(session: &Transcript) -> bool {
    is_code_table(session)
        || is_list_of_codes(session)
        || is_list_of_refusals(session)
        || is_program(session)
        || is_tabulated(session)
        || is_glossed(session)
}

/// `421 (service not available)`: a code in a sentence, and what it means in parentheses.
fn is_glossed(session: &Transcript) -> bool {
    let mut spoken = session.turns.iter().filter(|turn| turn.label != Label::Prose);
    let (Some(turn), None) = (spoken.next(), spoken.next()) else { return false };
    let text = turn.text.slice(&session.bytes).trim_ascii();
    session.record.telling == Telling::Unmarked
        && session.facts.is_empty()
        && turn.label == Label::Reply
        && text.get(3..).is_some_and(|gloss| gloss.starts_with(b" (") && gloss.contains(&b')'))
}

/// `250 | Requested mail action okay`: rows of a table, whose first column holds the codes.
fn is_tabulated(session: &Transcript) -> bool {
    let mut replies = session.turns.iter().filter(|turn| turn.label == Label::Reply).peekable();
    session.record.telling == Telling::Unmarked
        && replies.peek().is_some()
        && replies.all(|turn| {
            let text = turn.text.slice(&session.bytes).trim_ascii();
            text.get(3..).unwrap_or_default().trim_ascii_start().starts_with(b"|")
        })
}

/// A list of reply codes, as manuals and RFCs print it: no command, hardly a code twice, in order.
fn is_code_table(session: &Transcript) -> bool {
    if session.turns.iter().any(|turn| turn.label.is_client()) {
        return false;
    }
    let replies: Vec<_> = session
        .turns
        .iter()
        .filter(|turn| turn.label == Label::Reply && turn.first)
        .filter_map(|turn| reply::reply_line(turn.text.slice(&session.bytes).trim_ascii()))
        .collect();
    let codes: Vec<u16> = replies.iter().map(|line| line.code).collect();
    let pairs = codes.len().saturating_sub(1);
    let ordered = codes.windows(2).filter(|pair| pair.first() <= pair.last()).count();
    let mut distinct = codes.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let listed = distinct.len() >= 4 && distinct.len() * 10 >= codes.len() * 4;
    codes.len() >= 4 && listed && ordered * 10 >= pairs * 9
}

/// Refusals one behind the other, as documentation lists what a server may answer: nobody asked anything, no tool
/// says that there was a connection, and each is another one.
fn is_list_of_refusals(session: &Transcript) -> bool {
    if !session.record.telling.is_bare() || !session.facts.is_empty() || session.key.is_some() {
        return false;
    }
    let mut seen = HashSet::new();
    let mut lines = session.turns.iter().filter(|turn| turn.label != Label::Prose);
    let refuses = lines.all(|turn| {
        let text = turn.text.slice(&session.bytes).trim_ascii();
        let refusal = reply::reply_line(text).is_some_and(|line| line.code >= 400);
        turn.label == Label::Reply && (!turn.first || refusal && seen.insert(text))
    });
    refuses && seen.len() >= 2
}

/// Marks that were learnt, and no reply under them with a text: a program that compares codes.
fn is_program(session: &Transcript) -> bool {
    let mut replies = session.turns.iter().filter(|turn| turn.label == Label::Reply).peekable();
    session.record.telling == Telling::LearntMarks
        && replies.peek().is_some()
        && replies.all(|turn| turn.text.slice(&session.bytes).trim_ascii().len() <= 3)
}

/// `S: 250, 251` under each command, as RFCs list which codes may answer it, or `250 |` as a table does: no reply
/// has a text.
fn is_list_of_codes(session: &Transcript) -> bool {
    let mut replies = session
        .turns
        .iter()
        .filter(|turn| turn.label == Label::Reply)
        .map(|turn| turn.text.slice(&session.bytes).trim_ascii())
        .peekable();
    // Libraries quote a code without its text, too.
    if session.record.telling == Telling::Quoted {
        return false;
    }
    // A tool that names the host it asked lists nothing.
    let dialled = session.facts().any(|fact| matches!(fact, Fact::Dialled { .. }));
    let asked = dialled || session.turns.iter().any(|turn| turn.label.is_client());
    let lists = session.turns.iter().any(|turn| {
        let text = turn.text.slice(&session.bytes);
        turn.label == Label::Reply
            && (text.contains(&b',') || text.trim_ascii_end().ends_with(b"|"))
    });
    (lists || !asked)
        && replies.peek().is_some()
        && replies.all(|text| {
            text.iter().all(|octet| octet.is_ascii_digit() || matches!(octet, b' ' | b',' | b'|'))
        })
}

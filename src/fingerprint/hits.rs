//! The clues that a line of the server gives.
//!
//! What a line gives follows from its text and from what it belongs to: it is remembered for the lines that servers
//! say again and again.

use std::cell::RefCell;

use super::{Catalogue, clue::Place};
use crate::{grammar::greeting::host_line, known::Known};

/// What a line belongs to, as far as clues ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Of {
    /// The greeting.
    pub(super) greeting: bool,
    /// The reply to a HELO or EHLO that was accepted.
    pub(super) hello: bool,
    /// The reply that takes the message.
    pub(super) taken: bool,
    /// The first line of its reply.
    pub(super) first: bool,
}

thread_local! {
    /// The clues, by their numbers, of the lines that were heard last.
    static KNOWN: RefCell<Known<Of, Vec<usize>>> =
        const { RefCell::new(Known::new(1 << 12, Vec::new())) };
}

/// Tells `take` the number of each clue that a line gives.
pub(super) fn each(catalogue: &Catalogue, of: Of, text: &[u8], take: impl FnMut(usize)) {
    KNOWN.with_borrow_mut(|known| {
        let given = known.of(of, text, |given| {
            given.clear();
            find(catalogue, of, text, given);
        });
        given.iter().copied().for_each(take);
    });
}

fn find(catalogue: &Catalogue, of: Of, text: &[u8], given: &mut Vec<usize>) {
    let named = of.first && (of.greeting || of.hello);
    let host = if named { host_line(text).name.len() } else { 0 };
    catalogue.words.each(text, |found| {
        let number = found.phrase;
        let Some((_, clue)) = catalogue.clues.get(number) else { return };
        let fits = match clue.place {
            // The host is called what its owner likes; a greeting may begin with the product, too.
            Place::Greeting => {
                let behind = found.start >= host || !of.first;
                let several = clue.words.contains(' ') && found.end > host;
                of.greeting && (behind || several) && is_whole(text, found.end)
            }
            Place::Host => found.end == host,
            Place::Hello => of.hello && of.first && found.start >= host,
            Place::Keyword => {
                of.hello
                    && !of.first
                    && found.start == 0
                    && text.get(found.end).is_none_or(|next| *next == b' ' || *next == b'=')
            }
            Place::Reply => !(of.greeting || of.hello && of.first && found.start < host),
            Place::Order | Place::Accepted(_) | Place::Greeted(_) => false,
        };
        if fits {
            given.push(number);
        }
    });
    if !of.first || !(of.taken || of.greeting) {
        return;
    }
    for number in &catalogue.forms {
        let has_form = match catalogue.clues.get(*number).map(|(_, clue)| clue.place) {
            Some(Place::Accepted(form)) => of.taken && form(text),
            Some(Place::Greeted(form)) => of.greeting && form(text),
            _ => false,
        };
        if has_form {
            given.push(*number);
        }
    }
}

/// Whether the product's name ends here: `Mercury` is no `MERCUR`.
fn is_whole(text: &[u8], end: usize) -> bool {
    let letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphabetic);
    end == 0 || !(letter(end - 1) && letter(end))
}

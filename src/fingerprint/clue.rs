//! A clue: words that a product says somewhere, and how much they tell.

use super::queue_id;

/// Where the words stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// In the greeting.
    Greeting,
    /// At the end of the host name that greeting or reply to EHLO begin with.
    Host,
    /// In the first line of the reply to HELO or EHLO.
    Hello,
    /// As a keyword of the reply to EHLO; whole.
    Keyword,
    /// The keywords of the reply to EHLO begin with these, in this order, separated by blanks.
    Order,
    /// In any reply behind the greeting.
    Reply,
    /// The reply to the message holds an identifier of this form.
    Accepted(fn(&[u8]) -> bool),
    /// The form of the greeting.
    Greeted(fn(&[u8]) -> bool),
}

/// Words, where they stand, and how much they tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clue {
    pub(super) place: Place,
    /// The words; letters of either case are alike.
    pub(super) words: &'static str,
    /// 3: enough alone, where nothing contradicts; 1: worth something together with others.
    pub(super) weight: u8,
}

/// A product, and how it is told.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) clues: &'static [Clue],
    /// Products whose words it says too, because it is made of them.
    pub(super) based_on: &'static [&'static str],
}

pub(super) const fn greeting(words: &'static str) -> Clue {
    Clue { place: Place::Greeting, words, weight: 3 }
}

pub(super) const fn host(suffix: &'static str) -> Clue {
    Clue { place: Place::Host, words: suffix, weight: 3 }
}

pub(super) const fn hello(words: &'static str, weight: u8) -> Clue {
    Clue { place: Place::Hello, words, weight }
}

pub(super) const fn keyword(words: &'static str, weight: u8) -> Clue {
    Clue { place: Place::Keyword, words, weight }
}

pub(super) const fn order(words: &'static str, weight: u8) -> Clue {
    Clue { place: Place::Order, words, weight }
}

pub(super) const fn reply(words: &'static str, weight: u8) -> Clue {
    Clue { place: Place::Reply, words, weight }
}

pub(super) const fn accepted(form: queue_id::Form, weight: u8) -> Clue {
    Clue { place: Place::Accepted(form), words: "", weight }
}

pub(super) const fn product(name: &'static str, clues: &'static [Clue]) -> Product {
    Product { name, clues, based_on: &[] }
}

pub(super) const fn made_of(
    name: &'static str,
    based_on: &'static [&'static str],
    clues: &'static [Clue],
) -> Product {
    Product { name, clues, based_on }
}

/// Words of the greeting that other products have as well.
pub(super) const fn greeting_hint(words: &'static str) -> Clue {
    Clue { place: Place::Greeting, words, weight: 1 }
}

/// The form of the greeting.
pub(super) const fn greeted(form: queue_id::Form) -> Clue {
    Clue { place: Place::Greeted(form), words: "", weight: 3 }
}

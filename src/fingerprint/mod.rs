//! A session to the server's software: told by weighted clues, and only where they agree.
//!
//! *Enters*: a [`Session`]. *Leaves*: the product, with its version where the greeting names it, or nothing.
//!
//! Greetings are changed, hidden and inherited by proxies. So each product has clues of several kinds:
//! words of the greeting, the wording of the reply to EHLO and the order of its keywords, phrases of other
//! replies, the form of the identifier in the reply to the message. A greeting counts alone only while
//! nothing that is said later speaks for another product. To add a product, add a row to the table of its
//! kind.

use std::sync::LazyLock;

use crate::{
    grammar::{Phrases, phrase},
    protocol::verbs::VerbId,
    session::{Kind, Session},
};

mod clue;
mod commercial;
mod gateways;
mod hits;
mod open_source;
mod providers;
mod queue_id;
mod test_servers;

use clue::{Clue, Place, Product};

/// The tables, one a kind of product.
static TABLES: &[&[Product]] = &[
    open_source::PRODUCTS,
    commercial::PRODUCTS,
    gateways::PRODUCTS,
    providers::PRODUCTS,
    test_servers::PRODUCTS,
];

/// Points that a product needs.
const ENOUGH: u32 = 3;
/// Points of later replies that contradict a greeting.
const CONTRADICTION: u32 = 2;
/// How many reply lines are looked at.
const LINES: usize = 60;

/// What a server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// The product.
    pub product: &'static str,
    /// Its version, as the greeting has it.
    pub version: Option<String>,
}

impl std::fmt::Display for Software {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.product),
            None => f.pad(self.product),
        }
    }
}

/// All products with their numbers, and all words of their clues.
struct Catalogue {
    clues: Vec<(usize, Clue)>,
    /// Those of the order of keywords, by their numbers, with the keywords.
    orders: Vec<(usize, Vec<&'static str>)>,
    /// Those of the form of the greeting and of the reply to the message.
    forms: Vec<usize>,
    products: Vec<&'static Product>,
    words: Phrases,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let products: Vec<&'static Product> = TABLES.iter().flat_map(|table| table.iter()).collect();
    let clues: Vec<(usize, Clue)> = products
        .iter()
        .enumerate()
        .flat_map(|(number, product)| product.clues.iter().map(move |clue| (number, *clue)))
        .collect();
    // A form has no words; an order's are looked at elsewhere.
    let words = clues.iter().map(|(_, clue)| match clue.place {
        Place::Order | Place::Accepted(_) | Place::Greeted(_) => "",
        _ => clue.words,
    });
    let words = Phrases::new(&words.collect::<Vec<_>>());
    let numbered = || clues.iter().enumerate().map(|(number, (_, clue))| (number, clue));
    let orders = numbered()
        .filter(|(_, clue)| matches!(clue.place, Place::Order))
        .map(|(number, clue)| (number, clue.words.split(' ').collect()))
        .collect();
    let forms = numbered()
        .filter(|(_, clue)| matches!(clue.place, Place::Accepted(_) | Place::Greeted(_)))
        .map(|(number, _)| number)
        .collect();
    Catalogue { clues, orders, forms, products, words }
});

/// The points of the products that have any: from the greeting, and from what was said later.
#[derive(Default)]
struct Points {
    /// The clues that counted: few, and each counts once.
    seen: Vec<usize>,
    /// Each product, in the order of the tables, with its points.
    products: Vec<(usize, [u32; 2])>,
}

impl Points {
    fn add(&mut self, catalogue: &Catalogue, number: usize) {
        let Some((product, clue)) = catalogue.clues.get(number) else { return };
        if self.seen.contains(&number) {
            return;
        }
        self.seen.push(number);
        let place = self.products.partition_point(|(other, _)| other < product);
        if self.products.get(place).is_none_or(|(other, _)| other != product) {
            self.products.insert(place, (*product, [0; 2]));
        }
        let Some((_, [named, said])) = self.products.get_mut(place) else { return };
        let points = match clue.place {
            Place::Greeting | Place::Greeted(_) | Place::Host => named,
            _ => said,
        };
        *points += u32::from(clue.weight);
    }

    fn of(&self, product: usize) -> [u32; 2] {
        self.products.iter().find(|(other, _)| *other == product).map_or([0; 2], |(_, has)| *has)
    }

    fn total(&self, product: usize) -> u32 {
        self.of(product).iter().sum()
    }
}

/// What the server of a session runs; `None` where the clues do not settle it.
pub fn software(session: &Session<'_>) -> Option<Software> {
    let catalogue = &*CATALOGUE;
    let mut points = Points::default();
    collect(session, catalogue, &mut points);
    let total = |number: &usize| points.total(*number);
    let candidates = || points.products.iter().map(|(number, _)| *number);
    let name = |number: usize| catalogue.products.get(number).map_or("", |product| product.name);
    let is_part = |whole: usize, part: usize| {
        catalogue.products.get(whole).is_some_and(|product| product.based_on.contains(&name(part)))
    };
    // What is made of another product says that one's words, too: it goes first.
    let mut best = candidates().max_by_key(|number| (total(number), std::cmp::Reverse(*number)))?;
    for number in candidates() {
        if total(&number) >= ENOUGH && is_part(number, best) {
            best = number;
        }
    }
    let [_, said] = points.of(best);
    let contradicted =
        candidates().filter(|number| *number != best && !is_part(best, *number)).any(|other| {
            let [_, speaks] = points.of(other);
            points.total(other) + 1 >= points.total(best)
                || (said < speaks && speaks >= CONTRADICTION)
        });
    if points.total(best) < ENOUGH || contradicted {
        return None;
    }
    let product = catalogue.products.get(best)?;
    Some(Software { product: product.name, version: version(session, product) })
}

/// Looks for the clues in what the server said.
fn collect(session: &Session<'_>, catalogue: &Catalogue, points: &mut Points) {
    let mut left = LINES;
    for exchange in &session.exchanges {
        let Some(reply) = &exchange.reply else { continue };
        let is_greeting = exchange.kind == Kind::Greeting;
        let is_hello = exchange.id().is_some_and(VerbId::is_hello) && reply.is_positive();
        let taken = exchange.kind == Kind::Message && reply.is_positive();
        for (place, (_, _, text)) in session.reply_lines(reply).enumerate() {
            if left == 0 {
                return;
            }
            left -= 1;
            let of = hits::Of { greeting: is_greeting, hello: is_hello, taken, first: place == 0 };
            hits::each(catalogue, of, text.trim_ascii(), |number| points.add(catalogue, number));
        }
    }
    let Some(offer) = session.offers.first() else { return };
    for (number, keywords) in &catalogue.orders {
        let in_order = keywords.iter().enumerate().all(|(place, word)| {
            let offered = offer.keywords.get(place);
            offered.is_some_and(|it| it.keyword.eq_ignore_ascii_case(word.as_bytes()))
        });
        if in_order {
            points.add(catalogue, *number);
        }
    }
}

/// The version behind the product's words in the greeting.
fn version(session: &Session<'_>, product: &Product) -> Option<String> {
    let reply = session.greeting()?;
    let end = product.clues.iter().filter(|clue| matches!(clue.place, Place::Greeting)).find_map(
        |clue| Some(phrase::find(reply.text, clue.words.as_bytes())? + clue.words.len()),
    )?;
    let rest = reply.text.get(end..)?;
    let labels = ["version", "release", "v", "server", "ver", "service"];
    let mut words = rest
        .split(|octet| {
            octet.is_ascii_whitespace()
                || matches!(octet, b'/' | b'(' | b')' | b',' | b';' | b'[' | b']')
        })
        .map(|word| word.strip_suffix(b":").unwrap_or(word))
        .filter(|word| !word.is_empty())
        .take(3)
        .skip_while(|word| labels.iter().any(|label| word.eq_ignore_ascii_case(label.as_bytes())));
    let word = std::str::from_utf8(words.next()?).ok()?;
    let number = word.trim_start_matches(['v', 'V', '-']).trim_end_matches('.');
    let plausible = number.len() <= 24
        && number.starts_with(|letter: char| letter.is_ascii_digit())
        && number.contains('.')
        && number.chars().all(|letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+')
        });
    plausible.then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(record: &str) -> Option<String> {
        let report = crate::analyze_bytes("t", record.as_bytes(), &crate::Options::default());
        report.sessions.first()?.server.software.clone()
    }

    #[test]
    fn products_by_their_clues() {
        for (record, want) in [
            (
                "S: 220 mx.example.net ESMTP Postfix (Debian/GNU)\nC: QUIT\nS: 221 2.0.0 Bye\n",
                Some("Postfix"),
            ),
            (
                "S: 220 mx.example.net ESMTP Exim 4.94.2 Mon, 1 Jan\nC: QUIT\nS: 221 mx closing connection\n",
                Some("Exim 4.94.2"),
            ),
            // The greeting is changed; the words are Postfix's.
            (
                "S: 220 mx.example.net ESMTP\nC: FOO\nS: 502 5.5.2 Error: command not recognized\nC: QUIT\nS: 221 2.0.0 Bye\n",
                Some("Postfix"),
            ),
            // The greeting says one thing, the replies another.
            (
                "S: 220 mx.example.net ESMTP Sendmail 8.14.4; Mon\nC: FOO\nS: 502 5.5.2 Error: command not recognized\nC: QUIT\nS: 221 2.0.0 Bye\n",
                None,
            ),
            (
                "S: 220 mx.example.net Mercury/32 v4.80 ESMTP server ready.\nC: QUIT\nS: 221 Bye\n",
                Some("Mercury/32 4.80"),
            ),
            ("S: 220 EventMachine SMTP Server\nC: QUIT\nS: 221 Bye\n", Some("MailCatcher")),
            (
                "S: 220 mx.example.net (PowerMTA(TM) v4.5) ESMTP service ready\nC: QUIT\nS: 221 Bye\n",
                Some("PowerMTA"),
            ),
            (
                "S: 220 mx.example.net ESMTP (0123456789abcdef0123456789abcdef)\nC: QUIT\nS: 221 Bye\n",
                Some("Barracuda Email Security Gateway"),
            ),
            ("S: 220 mx.example.net ESMTP Service Ready\nC: QUIT\nS: 221 Bye\n", None),
            (
                "S: 220 mx.example.net Python SMTP proxy version 0.3\nC: QUIT\nS: 221 Bye\n",
                Some("Python smtpd 0.3"),
            ),
            // A host may be called anything.
            ("S: 220 postfix.exim.example ESMTP\nC: QUIT\nS: 221 2.0.0 Bye\n", None),
            ("S: 220 mx.example.net ESMTP\nC: QUIT\nS: 221 2.0.0 Bye\n", None),
        ] {
            assert_eq!(told(record).as_deref(), want, "{record}");
        }
    }

    #[test]
    fn every_product_stands_once_and_is_made_of_known_ones() {
        let names: Vec<&str> = CATALOGUE.products.iter().map(|product| product.name).collect();
        for (place, product) in CATALOGUE.products.iter().enumerate() {
            assert!(!names[..place].contains(&product.name), "{} twice", product.name);
            assert!(product.based_on.iter().all(|part| names.contains(part)), "{}", product.name);
            assert!(product.clues.iter().all(|clue| (1..=3).contains(&clue.weight)));
        }
    }
}

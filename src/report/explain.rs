//! Pages of plain text about one thing of the protocol: a code, a verb, a keyword, a pair of them.
//!
//! The rules have their own pages; whoever answers `smtplog explain` asks their room first.

use crate::protocol::Edition;
use crate::protocol::codes::{self, Severity};
use crate::protocol::enhanced;
use crate::protocol::extensions::{self, Extension, Parameter, Presence, Submission};
use crate::protocol::limits::INCREMENTS;
use crate::protocol::mechanisms::{self, MECHANISMS, Mechanism, Secret};
use crate::protocol::order::{Outcome, outcome};
use crate::protocol::replies::{self, Allowed, Document, Phase};
use crate::protocol::verbs::{self, Argument, Kind, Pipelining, VERBS, Verb, VerbId};

use super::page::Page;
use super::tables::verb_name;

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// What it is about, as the tables spell it: `RCPT 251`, `5.7.1`.
    pub topic: String,
    /// The page, lines of plain text.
    pub text: String,
}

/// Nothing is known of a topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is known of '{topic}'")]
pub struct UnknownTopic {
    /// The word as it was given.
    pub topic: String,
    /// The nearest known topics, at most three.
    pub did_you_mean: Vec<String>,
}

/// The pages about `words`. A verb before a reply code makes one topic: `RCPT 251`; `.` stands for
/// the end of the message and `greeting` for the connection.
///
/// # Errors
/// The first word of which nothing is known.
///
/// ```
/// use smtplog::report::explain::explain;
/// let pages = explain(&["rcpt", "251"]).unwrap();
/// assert_eq!(pages[0].topic, "RCPT 251");
/// let unknown = explain(&["STARTLS"]).unwrap_err();
/// assert_eq!(unknown.did_you_mean, ["STARTTLS"]);
/// ```
pub fn explain(words: &[&str]) -> Result<Vec<Explanation>, UnknownTopic> {
    let mut pages = Vec::new();
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        let code = after.first().and_then(|next| reply_code(next));
        if let (Some(answered), Some(code)) = (answered(word), code) {
            pages.push(pair_page(&answered, code));
            rest = after.get(1..).unwrap_or_default();
            continue;
        }
        pages.push(topic_page(word).ok_or_else(|| unknown(word))?);
        rest = after;
    }
    Ok(pages)
}

/// Three digits.
fn reply_code(word: &str) -> Option<u16> {
    let digits = word.len() == 3 && word.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

/// `5.7.1`, `X.7.1`, `x.7.1`: the class where there is one, subject and detail.
fn enhanced_code(word: &str) -> Option<(Option<u8>, u16, u16)> {
    let mut parts = word.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let class = match class {
        "X" | "x" => None,
        class => Some(class.parse().ok().filter(|class| enhanced::class_name(*class).is_some())?),
    };
    let parsed = (class, subject.parse().ok()?, detail.parse().ok()?);
    parts.next().is_none().then_some(parsed)
}

/// What a reply answers.
struct Answered {
    name: String,
    verb: VerbId,
    phases: &'static [Phase],
}

fn answered(word: &str) -> Option<Answered> {
    use Phase::{Command, Data, Exchange};
    let (name, verb, phases): (&str, _, &[Phase]) = match word.to_ascii_lowercase().as_str() {
        "greeting" | "<connect>" => ("greeting", VerbId::Connect, &[Command]),
        "." | "dot" => (".", VerbId::Data, &[Data]),
        _ => {
            let verb = verbs::find(word.as_bytes())?;
            let phases: &[Phase] = match verb.id {
                VerbId::Data | VerbId::Bdat | VerbId::Burl => &[Command, Data],
                VerbId::Auth | VerbId::XExps => &[Command, Exchange],
                _ => &[Command],
            };
            (verb.name, verb.id, phases)
        }
    };
    Some(Answered { name: name.to_owned(), verb, phases })
}

/// Everything that is known under one word.
fn topic_page(word: &str) -> Option<Explanation> {
    if let Some(code) = reply_code(word) {
        return Some(code_page(code));
    }
    if let Some((class, subject, detail)) = enhanced_code(word) {
        return Some(enhanced_page(class, subject, detail));
    }
    let name = word.to_ascii_uppercase();
    let verb = verbs::find(word.as_bytes());
    let extension = extensions::find(word.as_bytes());
    let parameters: Vec<_> = extensions::all()
        .flat_map(|known| known.parameters.iter().map(move |row| (known, row)))
        .filter(|(_, row)| row.name == name)
        .collect();
    let mechanism = mechanisms::find(word.as_bytes());

    let mut page = Page::new(&name);
    if answered(word).is_some_and(|answered| answered.verb == VerbId::Connect) {
        page.heading("greeting", "the server speaks first, once the connection is open");
        replies_section(&mut page, VerbId::Connect);
    }
    if let Some(verb) = verb {
        verb_section(&mut page, verb);
    }
    if let Some(extension) = extension {
        extension_section(&mut page, extension);
    }
    for (extension, parameter) in parameters {
        if extension.keyword != name {
            parameter_section(&mut page, extension, parameter);
        }
    }
    if let Some(mechanism) = mechanism {
        mechanism_section(&mut page, mechanism);
    }
    page.finish()
}

/// The nearest topics, the nearest first.
fn unknown(word: &str) -> UnknownTopic {
    const NEAR: usize = 2;
    const LONGEST: usize = 32;
    let wanted = word.to_ascii_uppercase();
    let names = VERBS
        .iter()
        .map(|verb| verb.name)
        .chain(extensions::all().map(|known| known.keyword))
        .chain(MECHANISMS.iter().map(|mechanism| mechanism.name));
    let mut near: Vec<_> = names
        .filter(|_| wanted.len() <= LONGEST)
        .map(|name| (strsim::osa_distance(&wanted, name), name))
        .filter(|(distance, _)| *distance <= NEAR && *distance * 2 < wanted.len())
        .collect();
    near.sort_unstable();
    near.dedup();
    let did_you_mean = near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect();
    UnknownTopic { topic: word.to_owned(), did_you_mean }
}

fn code_page(code: u16) -> Explanation {
    let name = format!("{code:03}");
    let mut page = Page::new(&name);
    let fact = codes::find(code);
    page.heading(&name, fact.map_or("no document knows this code", |fact| fact.meaning));
    if let Some(severity) = Severity::of(code) {
        page.fact("class", &format!("{}yz, {}", code / 100, severity.name()));
        page.fact("client", &format!("must {}", severity.client_must()));
    } else {
        page.fact("class", "none: the first digit of a reply code is 2 to 5 (RFC 5321 §4.2)");
    }
    if let Some(category) = codes::category(code) {
        page.fact("about", &format!("x{}z, {category}", code / 10 % 10));
    }
    if !codes::in_grammar(code) {
        page.fact("grammar", "outside of Reply-code (RFC 5321 §4.2)");
    }
    if let Some(fact) = fact {
        page.fact("defined", fact.clause);
        let editions = fact.editions.iter().map(|edition| edition.number());
        let numbers = editions.chain(fact.rfcs.iter().copied());
        page.fact("RFCs", &joined(numbers.map(|number| number.to_string())));
        page.fact("note", fact.note);
    }
    let answers = |verb: VerbId, phase| {
        let named = replies::rows(verb)
            .iter()
            .filter(move |row| row.phase == phase && row.codes.contains(&code))
            .map(|row| document(row.by));
        joined(named)
    };
    let verbs = verbs::all().filter(|verb| verb.is_smtp()).map(|verb| verb.id);
    let mut lines = Vec::new();
    for verb in std::iter::once(VerbId::Connect).chain(verbs) {
        for phase in [Phase::Command, Phase::Data, Phase::Exchange] {
            let by = answers(verb, phase);
            if !by.is_empty() {
                lines.push(format!("{:<24} {by}", place(verb, phase)));
            }
        }
    }
    for row in replies::ANY_COMMAND.iter().filter(|row| row.codes.contains(&code)) {
        lines.push(format!("{:<24} {}, {}", "any command", row.when.describe(), row.clause));
    }
    page.list("may answer", lines);
    let paired = enhanced::paired_with(code)
        .filter(|_| matches!(code / 100, 2 | 4 | 5))
        .map(|fact| format!("{}.{}.{}  {}", code / 100, fact.subject, fact.detail, fact.meaning));
    page.list("enhanced codes that the registry pairs with it (RFC 5248)", paired);
    page.explanation()
}

fn enhanced_page(class: Option<u8>, subject: u16, detail: u16) -> Explanation {
    let name = match class {
        Some(class) => format!("{class}.{subject}.{detail}"),
        None => format!("X.{subject}.{detail}"),
    };
    let mut page = Page::new(&name);
    let fact = enhanced::by_subject(subject, detail);
    page.heading(&name, fact.map_or("not in the registry", |fact| fact.meaning));
    if let Some(class_name) = class.and_then(enhanced::class_name) {
        page.fact("class", class_name);
    }
    page.fact("subject", enhanced::subject_name(subject).unwrap_or("not known"));
    let Some(fact) = fact else {
        page.fact("read it as", &format!("X.{subject}.0, whose detail is open (RFC 3463 §2)"));
        return page.explanation();
    };
    page.fact("registry", if fact.registered { fact.title } else { "not registered" });
    page.fact("defined", fact.clause);
    page.fact("goes with", &joined(fact.codes.iter().map(u16::to_string)));
    if let Some(class) = class
        && !fact.classes.contains(&class)
    {
        let useful = joined(fact.classes.iter().map(|class| format!("{class}.{subject}.{detail}")));
        page.fact("note", &format!("it makes more sense as {useful}"));
    }
    page.explanation()
}

fn pair_page(answered: &Answered, code: u16) -> Explanation {
    let topic = format!("{} {code:03}", answered.name);
    let mut page = Page::new(&topic);
    let fact = codes::find(code);
    page.heading(&topic, fact.map_or("no document knows this code", |fact| fact.meaning));
    for &phase in answered.phases {
        let whole = answered.phases.len() == 1;
        let label = if whole { "" } else { phase_name(phase) };
        let lines = Edition::ALL.into_iter().map(|edition| {
            let verdict = match replies::allowed(answered.verb, phase, edition, code) {
                Allowed::Listed(row) => format!("listed, {}", row.clause),
                Allowed::AnyCommand(row) => {
                    format!("may answer any command {}, {}", row.when.describe(), row.clause)
                }
                Allowed::Extension(row) => format!("listed by an extension, {}", row.clause),
                Allowed::Vendor(row) => format!("not listed; seen from {}", row.clause),
                Allowed::No => "not listed".to_owned(),
            };
            format!("{edition:<9} {verdict}")
        });
        page.list(if label.is_empty() { "who allows it" } else { label }, lines);
        let meaning = match outcome(answered.verb, phase, code) {
            Outcome::Success => "the command is done",
            Outcome::Continue => "the server waits for the rest",
            Outcome::Refusal => "the command is refused",
            Outcome::ProtocolError => "the server breaks the dialogue: no such answer exists here",
        };
        page.fact("so", &format!("{meaning} (RFC 821 §4.4)"));
    }
    let must = Severity::of(code).map_or("close the connection", Severity::client_must);
    page.blank();
    page.fact("client", &format!("must {must}"));
    page.fact("note", fact.map_or("", |fact| fact.note));
    page.explanation()
}

fn verb_section(page: &mut Page, verb: &'static Verb) {
    let about = match verb.kind {
        Kind::Historic => "a verb of old or rare servers; expect 500 or 502",
        Kind::Hole => "a verb that once opened a hole; no server should do it",
        Kind::Http => "a word of HTTP: the client takes this for a web server",
        Kind::Base | Kind::Lmtp | Kind::Extension | Kind::Private => verb.does,
    };
    page.heading(verb.name, about);
    page.fact("syntax", if verb.argument == Argument::Unknown { "" } else { verb.syntax });
    page.fact("defined", &verb.defined_by.join(", "));
    page.fact("withdrawn", verb.obsolete.unwrap_or_default());
    page.fact("required by", &joined(verb.required.iter().map(Edition::to_string)));
    page.fact("offered by", verb.keyword.unwrap_or_default());
    page.fact(
        "pipelining",
        match verb.pipelining {
            Pipelining::Anywhere => "anywhere in a group (RFC 2920 §3.1)",
            Pipelining::Last => "only at the end of a group (RFC 2920 §3.1)",
            Pipelining::LastUnless => {
                "at the end of a group, unless it takes one step (RFC 4954 §4)"
            }
            Pipelining::Unknown => "",
        },
    );
    replies_section(page, verb.id);
}

fn replies_section(page: &mut Page, verb: VerbId) {
    let lines = replies::rows(verb).iter().map(|row| {
        let codes: Vec<_> = row.codes.iter().map(u16::to_string).collect();
        format!("{:<10} {}  ({})", phase_name(row.phase), codes.join(" "), row.clause)
    });
    page.list("replies", lines);
}

fn extension_section(page: &mut Page, known: &'static Extension) {
    page.heading(&format!("EHLO keyword {}", known.keyword), known.offers);
    page.fact("status", known.status.as_str());
    page.fact("defined", &known.defined_by.join(", "));
    let must = match known.argument.presence {
        Presence::Never => "nothing",
        Presence::Optional | Presence::Required => known.argument.looks_like,
    };
    page.fact("followed by", must);
    page.fact("adds verbs", &known.verbs.join(", "));
    page.fact("needs", &known.needs.join(", "));
    page.fact(
        "submission",
        match known.submission {
            Submission::Must => "must be offered (RFC 6409 §7)",
            Submission::Should => "should be offered (RFC 6409 §7)",
            Submission::May => "may be offered",
            Submission::MustNot => "must not be offered (RFC 6409 §7)",
            Submission::Only => "may be offered there only",
            Submission::Unsaid => "",
        },
    );
    let longer = INCREMENTS
        .iter()
        .filter(|row| row.keyword == known.keyword)
        .map(|row| format!("{} by {} octets, {}", verb_name(row.command), row.octets, row.clause));
    page.list("makes command lines longer", longer);
    page.list("parameters", known.parameters.iter().map(parameter_line));
    page.list("rules", known.notes.iter().map(ToString::to_string));
}

fn parameter_section(page: &mut Page, known: &'static Extension, row: &Parameter) {
    page.heading(
        &format!("{} parameter {}", verb_name(row.command), row.name),
        &format!("offered by the keyword {}", known.keyword),
    );
    page.fact("written", &parameter_line(row));
    page.list("rules", known.notes.iter().map(ToString::to_string));
}

fn parameter_line(row: &Parameter) -> String {
    let value = match row.value.presence {
        Presence::Never => String::new(),
        Presence::Optional => format!("[={}]", row.value.looks_like),
        Presence::Required => format!("={}", row.value.looks_like),
    };
    let longest =
        row.longest.map(|longest| format!(", at most {longest} octets")).unwrap_or_default();
    format!("{} {}{value}{longest} ({})", verb_name(row.command), row.name, row.clause)
}

fn mechanism_section(page: &mut Page, row: &Mechanism) {
    page.heading(
        &format!("SASL mechanism {}", row.name),
        match row.secret {
            Secret::Password => "sends the password: use it inside TLS only",
            Secret::Token => "sends a token that opens the account: use it inside TLS only",
            Secret::Proof => "sends a proof, from which a weak password can be guessed",
            Secret::Nothing => "sends nothing that opens the account to a listener",
        },
    );
    page.fact("defined", row.clause);
    page.fact("first word", if row.client_first { "the client's" } else { "the server's" });
    page.fact("challenges", &row.challenges.to_string());
    page.fact("note", if row.obsolete { "its use is discouraged" } else { "" });
}

fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Command => "command",
        Phase::Data => "message",
        Phase::Exchange => "dialogue",
    }
}

fn place(verb: VerbId, phase: Phase) -> String {
    let name = if verb == VerbId::Connect { "greeting" } else { verb_name(verb) };
    match phase {
        Phase::Command => name.to_owned(),
        Phase::Data => format!("{name}, after the message"),
        Phase::Exchange => format!("{name}, in the dialogue"),
    }
}

fn document(by: Document) -> String {
    match by {
        Document::Edition(edition) => edition.to_string(),
        Document::Rfc(number) => format!("RFC {number}"),
        Document::Vendor(vendor) => vendor.to_owned(),
    }
}

fn joined(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<_> = words.collect();
    words.dedup();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[&str]) -> String {
        let pages = explain(words).expect("known");
        pages.into_iter().map(|page| page.text).collect()
    }

    #[test]
    fn a_page_says_what_matters() {
        for (words, parts) in [
            (&["550"][..], &["permanent negative", "RFC 5321 §4.2.3", "RCPT", "5.7.1"][..]),
            (&["571"], &["outside of Reply-code", "permanent negative"]),
            (&["999"], &["no document knows", "2 to 5"]),
            (&["5.7.1"], &["not allowed to send there", "550", "RFC 3463 §3.8"]),
            (&["4.7.1"], &["makes more sense as 5.7.1"]),
            (&["x.1.10"], &["556"]),
            (&["5.7.99"], &["not in the registry", "X.7.0"]),
            (&["rcpt"], &["RCPT TO:<forward-path>", "required by", "555", "RFC 7504 §4"]),
            (&["TURN"], &["withdrawn", "RFC 5321 §F.1"]),
            (&["WIZ"], &["hole"]),
            (&["SIZE"], &["EHLO keyword SIZE", "MAIL by 26 octets", "RFC 1870 §3"]),
            (&["VRFY"], &["asks whether", "EHLO keyword VRFY"]),
            (&["BODY"], &["BINARYMIME", "8BITMIME"]),
            (&["plain"], &["SASL mechanism PLAIN", "inside TLS only"]),
            (&["greeting"], &["220", "RFC 7504 §5.1"]),
            (&["DATA", "451"], &["RFC 2821  listed", "RFC 5321  not listed", "message"]),
            (&["RCPT", "354"], &["breaks the dialogue"]),
            (&["greeting", "521"], &["RFC 7504 §5.1"]),
            (&["MAIL", "530"], &["authenticate first", "RFC 6409 §4.3"]),
        ] {
            let page = text(words);
            for part in parts {
                assert!(page.contains(part), "{words:?} lacks {part}:\n{page}");
            }
        }
    }

    #[test]
    fn a_pair_says_what_it_means_there() {
        let pages = explain(&["RCPT", "251", "EHLO"]).expect("known");
        let topics: Vec<_> = pages.iter().map(|page| page.topic.as_str()).collect();
        assert_eq!(topics, ["RCPT 251", "EHLO"]);
        let page = &pages.first().expect("a page").text;
        assert!(page.contains("RFC 821   listed, RFC 821 §4.3"), "{page}");
        assert!(page.contains("must go on with the next command"), "{page}");
    }

    #[test]
    fn unknown_topics_suggest_known_ones() {
        for (word, near) in [
            ("HELLO", &["HELO", "EHLO"][..]),
            ("PIPELINNING", &["PIPELINING"]),
            ("CRAM-MD4", &["CRAM-MD5"]),
            ("5.7", &[]),
            ("3.7.1", &[]),
            ("", &[]),
            ("nonsense", &[]),
        ] {
            let unknown = explain(&[word]).expect_err(word);
            assert_eq!(unknown.topic, word);
            assert!(
                unknown.did_you_mean.iter().zip(near).all(|(got, want)| got == want),
                "{unknown:?}"
            );
            assert_eq!(unknown.did_you_mean.is_empty(), near.is_empty(), "{unknown:?}");
        }
        assert!(explain(&[]).is_ok_and(|pages| pages.is_empty()));
    }

    #[test]
    fn every_topic_of_the_tables_has_its_page() {
        let names = verbs::all().map(|verb| verb.name);
        let keywords = extensions::all().map(|known| known.keyword);
        let mechanisms = MECHANISMS.iter().map(|row| row.name);
        for name in names.chain(keywords).chain(mechanisms) {
            let page = text(&[name]);
            assert!(page.lines().count() >= 2, "{name}: {page}");
        }
        for code in 0..=999_u16 {
            assert!(!text(&[&format!("{code:03}")]).is_empty());
        }
    }
}

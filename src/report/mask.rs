//! Secrets of a session: which stretches of its text are passwords or tokens, and text without them.

use std::{borrow::Cow, cell::OnceCell};

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    encoded::LENIENT,
    evident::{Evident, responses},
    grammar::{Argument, auth::AuthLine},
    session::{Exchange, Kind, Session},
    transcript::Label,
};

/// What stands in the place of a secret.
pub(super) const MASK: &str = "********";

/// So many secrets are looked for one by one; more, as somebody who guesses passwords has, all at once.
const FEW: usize = 8;

/// The secrets of one session, longest first, as they stand in the record and as they decode.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    shown: Vec<String>,
    /// The user's names as they were sent: no secrets where they stand alone.
    names: Vec<String>,
    /// All of them, where they are many: built for the first text.
    many: OnceCell<Option<AhoCorasick>>,
}

impl Secrets {
    /// What is secret in a session.
    pub(super) fn of(session: &Session<'_>) -> Self {
        let (mut shown, mut names) = (Vec::new(), Vec::new());
        for (secret, is_name) in sent(session) {
            let typed = String::from_utf8_lossy(secret).into_owned();
            names.extend(is_name.then(|| typed.clone()));
            shown.push(typed);
            // The parts of a decoded token may turn up in replies or remarks.
            if let Ok(decoded) = STANDARD.decode(secret)
                && !is_name
            {
                let mut parts = decoded.split(|octet| matches!(octet, 0 | 1));
                let last = parts.rfind(|part| part.len() >= 4);
                shown.extend(last.and_then(|part| String::from_utf8(part.to_vec()).ok()));
            }
        }
        let evident = evident(session);
        if !evident.is_empty() {
            // What begins such a line was taken for a verb.
            let commands = session.exchanges.iter().filter(|exchange| exchange.verb.is_none());
            let verbs =
                commands.filter_map(|exchange| Some(exchange.command.as_ref()?.parsed.verb));
            let begins = |verb: &&[u8]| {
                verb.len() >= 4 && evident.iter().any(|one| one.typed.starts_with(verb))
            };
            shown.extend(
                verbs.filter(begins).map(|verb| String::from_utf8_lossy(verb).into_owned()),
            );
        }
        for found in evident {
            let all = [Some(found.typed), found.secret].into_iter().flatten();
            shown.extend(all.filter_map(|one| String::from_utf8(one).ok()));
        }
        shown.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        shown.dedup();
        Self { shown, names, many: OnceCell::new() }
    }

    /// What was typed where a verb is due: credentials that came too early are masked, but a user's name is what was
    /// wrongly typed.
    pub(super) fn masked_verb<'t>(&self, verb: Cow<'t, str>) -> Cow<'t, str> {
        if self.names.iter().any(|name| *name == *verb) { verb } else { self.masked(verb) }
    }

    /// The secrets that stand in a text, longest first, each once.
    fn within(&self, text: &str) -> Vec<&str> {
        let many = || AhoCorasick::new(&self.shown).ok();
        let many = if self.shown.len() > FEW { self.many.get_or_init(many).as_ref() } else { None };
        let Some(many) = many else {
            let secrets = self.shown.iter().map(String::as_str);
            return secrets.filter(|secret| text.contains(secret)).collect();
        };
        let found = many.find_overlapping_iter(text).map(|found| found.pattern().as_usize());
        let mut places: Vec<usize> = found.collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.shown.get(place)).map(String::as_str).collect()
    }

    /// Text from the record with every secret masked.
    pub(super) fn masked<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        self.within(&text).into_iter().fold(text, replaced)
    }

    /// A sentence of the program with every secret masked. One that is a word is masked where the sentence quotes
    /// the record: a hole among the program's own words would tell the password.
    pub(super) fn masked_sentence<'t>(&self, sentence: Cow<'t, str>) -> Cow<'t, str> {
        let within = self.within(&sentence);
        if within.is_empty() {
            return sentence;
        }
        // A quotation mark of the record's own: what is quoted cannot be told.
        if sentence.matches('`').count() % 2 == 1 {
            return within.into_iter().fold(sentence, replaced);
        }
        let parts = sentence.split('`').enumerate().map(|(place, part)| {
            let quoted = place % 2 == 1;
            let secrets = within.iter().filter(|secret| quoted || !is_word(secret));
            secrets.fold(Cow::Borrowed(part), |text, secret| replaced(text, secret))
        });
        parts.collect::<Vec<_>>().join("`").into()
    }
}

/// What the client of a session sent to authenticate itself, line by line, and whether that is a name: the first
/// response of AUTH LOGIN is the user's, which is no secret when decoded.
fn sent<'t>(session: &Session<'t>) -> Vec<(&'t [u8], bool)> {
    let mut all = Vec::new();
    let mut name_due = false;
    for exchange in &session.exchanges {
        let Some(said) = &exchange.command else { continue };
        let secret = match (&exchange.kind, &said.parsed.detail) {
            (Kind::Auth, _) => session
                .turns(said.turns.clone(), Label::Credentials)
                .map(|turn| session.transcript.text(turn).trim_ascii())
                .find(|line| {
                    !matches!(crate::grammar::auth_line(line), AuthLine::Cancel | AuthLine::Empty)
                }),
            (Kind::Command, Argument::Auth(auth)) => auth.initial_response,
            _ => None,
        };
        let mut names = name_due && exchange.kind == Kind::Auth;
        if let (Kind::Command, Argument::Auth(auth)) = (&exchange.kind, &said.parsed.detail) {
            let login = auth.mechanism.eq_ignore_ascii_case(b"LOGIN");
            names = login;
            name_due = login && auth.initial_response.is_none();
        } else if names {
            name_due = false;
        }
        all.extend(secret.filter(|secret| secret.len() > 1).map(|secret| (secret, names)));
    }
    all
}

/// The credentials that show by themselves in a session that speaks of AUTH, or in which lines are no commands: there
/// some were read as something else.
fn evident(session: &Session<'_>) -> Vec<Evident> {
    let is_auth = |exchange: &Exchange<'_>| {
        let said = exchange.command.as_ref();
        said.is_some_and(|said| matches!(said.parsed.detail, Argument::Auth(_)))
    };
    let is_odd =
        |exchange: &Exchange<'_>| exchange.kind == Kind::Command && exchange.verb.is_none();
    let any = session
        .exchanges
        .iter()
        .any(|exchange| exchange.kind == Kind::Auth || is_odd(exchange) || is_auth(exchange));
    if !any {
        return Vec::new();
    }
    let mut text = Vec::new();
    for turn in &session.transcript.turns {
        if !matches!(turn.label, Label::Message) {
            text.extend_from_slice(session.transcript.text(turn));
            text.push(b'\n');
        }
    }
    responses(&text)
}

/// What must not be left where a session's text is passed on: what the client sent to authenticate itself, and the
/// password or the token in it, where it is base64 or shown with its NULs. Of several words, as of somebody's
/// remark in place of the secret, those that are no words.
pub(crate) fn secrets(session: &Session<'_>) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let words = sent(session).into_iter().flat_map(|(line, is_name)| {
        let words = line.split(u8::is_ascii_whitespace);
        let words = words.filter(move |word| {
            let sign = |octet: &u8| octet.is_ascii_uppercase() || octet.is_ascii_digit();
            let encoded =
                word.len() >= 8 && word.get(1..).is_some_and(|rest| rest.iter().any(sign));
            word.len() == line.len() || encoded
        });
        words.map(move |word| (word, is_name))
    });
    let secrets = words.map(|(typed, is_name)| {
        let shown = memchr::memmem::rfind(typed, br"\0").and_then(|nul| typed.get(nul + 2..));
        let shown = shown.filter(|password| password.len() >= 4).map(<[u8]>::to_vec);
        let decoded = LENIENT.decode(typed).ok().filter(|_| !is_name);
        (typed.to_vec(), shown.or_else(|| decoded.as_deref().and_then(password)))
    });
    secrets.collect()
}

/// The last part of a decoded response: `user NUL user NUL password`, `auth=Bearer token`.
fn password(decoded: &[u8]) -> Option<Vec<u8>> {
    let last = decoded.split(|octet| matches!(octet, 0 | 1)).rfind(|part| !part.is_empty())?;
    let token =
        last.strip_prefix(b"auth=").and_then(|auth| auth.splitn(2, |octet| *octet == b' ').last());
    let secret = token.unwrap_or(last);
    let is_text = std::str::from_utf8(secret).is_ok_and(|text| !text.contains(char::is_control));
    (is_text && secret.len() >= 4).then(|| secret.to_vec())
}

/// Whether a secret could be a word of any sentence.
fn is_word(secret: &str) -> bool {
    let mut octets = secret.bytes();
    octets.next().is_some_and(|first| first.is_ascii_alphabetic())
        && octets.all(|octet| octet.is_ascii_lowercase())
}

/// The text with the mask in the secret's place; a word is not looked for inside of longer words.
fn replaced<'t>(text: Cow<'t, str>, secret: &str) -> Cow<'t, str> {
    if !text.contains(secret) {
        return text;
    }
    if !is_word(secret) {
        return text.replace(secret, MASK).into();
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, behind)) = rest.split_once(secret) {
        let before_word = masked.chars().chain(before.chars()).next_back();
        let inside =
            [before_word, behind.chars().next()].into_iter().flatten().any(char::is_alphabetic);
        masked.push_str(before);
        masked.push_str(if inside { secret } else { MASK });
        rest = behind;
    }
    masked.push_str(rest);
    masked.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_secrets_are_masked_as_few_are() {
        let few = ["hunter2", "unter", "xyzzy"].map(str::to_owned);
        let others = (0..4 * FEW).map(|number| format!("password{number:03}"));
        let mut all: Vec<String> = few.iter().cloned().chain(others).collect();
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let many = Secrets { shown: all, names: Vec::new(), many: OnceCell::new() };
        let few = Secrets { shown: few.to_vec(), names: Vec::new(), many: OnceCell::new() };
        for text in ["535 no `hunter2`", "hunter2 unter xyzzy", "munter unter", "nothing", ""] {
            assert_eq!(many.masked(text.into()), few.masked(text.into()));
            assert_eq!(many.masked_sentence(text.into()), few.masked_sentence(text.into()));
        }
        assert_eq!(many.masked("a password007 b".into()), "a ******** b");
    }

    #[test]
    fn a_password_that_is_a_word_leaves_no_holes_in_other_words() {
        let shown = vec!["AHVzZXIAcGFzcw==".to_owned(), "pass".to_owned()];
        let secrets = Secrets { shown, names: Vec::new(), many: OnceCell::new() };
        for (text, masked) in [
            ("535 bad password for user:pass", "535 bad password for user:********"),
            ("pass", "********"),
            ("compass passes pass, pass", "compass passes ********, ********"),
            ("AUTH PLAIN AHVzZXIAcGFzcw==", "AUTH PLAIN ********"),
        ] {
            assert_eq!(secrets.masked(text.into()), masked);
        }
        for (sentence, masked) in [
            ("change the password; pass on the rest", "change the password; pass on the rest"),
            (
                "the server said `no user pass`, pass it on",
                "the server said `no user ********`, pass it on",
            ),
            ("AHVzZXIAcGFzcw== was sent", "******** was sent"),
        ] {
            assert_eq!(secrets.masked_sentence(sentence.into()), masked);
        }
    }
}

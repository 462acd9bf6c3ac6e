//! AUTH dialogues: what the client sent in each, and which of it is a secret that can be read.

use std::borrow::Cow;

use base64::Engine;

use crate::{
    encoded::LENIENT,
    grammar::{Argument, AuthLine, auth_line},
    protocol::mechanisms::{self, Mechanism, Secret},
    session::{Exchange, Kind, Session},
    transcript::Label,
};

/// One AUTH and the lines that belong to it.
pub(super) struct Dialogue<'s, 't> {
    /// The AUTH.
    pub(super) auth: &'s Exchange<'t>,
    /// The mechanism as typed.
    pub(super) mechanism: &'t [u8],
    /// Its row, where it has one.
    pub(super) known: Option<&'static Mechanism>,
    /// What the client sent besides the mechanism, with the exchange that it stands in.
    pub(super) responses: Vec<(&'s Exchange<'t>, Cow<'t, [u8]>)>,
    /// The code of the last reply; 0 where none came.
    pub(super) code: u16,
}

/// What the record shows of a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The secret itself can be read.
    Readable,
    /// It was sent, but the recorder hid it.
    Hidden,
    /// It was not sent, or nothing tells that it was.
    Unsent,
}

/// Whose credentials they are, and whether they can be read.
pub(super) struct Credentials<'s, 't> {
    /// The exchange that holds the secret.
    pub(super) exchange: &'s Exchange<'t>,
    /// The user, decoded.
    pub(super) user: Option<String>,
    /// Whether the secret can be read.
    pub(super) shown: Shown,
}

/// Stands for a line that the recorder left out.
const HIDDEN: &[u8] = b"********";

/// The AUTH dialogues of a session.
pub(super) fn dialogues<'s, 't>(session: &'s Session<'t>) -> Vec<Dialogue<'s, 't>> {
    let mut found: Vec<Dialogue<'s, 't>> = Vec::new();
    let mut open = false;
    for exchange in &session.exchanges {
        match exchange.kind {
            Kind::Command if exchange.id().is_some_and(crate::protocol::verbs::VerbId::is_auth) => {
                let Some(said) = &exchange.command else { continue };
                let (mechanism, initial) = match &said.parsed.detail {
                    Argument::Auth(auth) => (auth.mechanism, auth.initial_response),
                    _ => (&b""[..], None),
                };
                let initial = initial.filter(|text| auth_line(text) != AuthLine::EmptyInitial);
                found.push(Dialogue {
                    auth: exchange,
                    mechanism,
                    known: mechanisms::find(mechanism),
                    responses: initial.map(|text| (exchange, text.into())).into_iter().collect(),
                    code: exchange.code(),
                });
                open = true;
            }
            Kind::Auth if open => {
                let Some(dialogue) = found.last_mut() else { continue };
                dialogue.code = exchange.code();
                let hidden = exchange.hidden.then_some(Cow::Borrowed(HIDDEN));
                let line = hidden.unwrap_or_else(|| response(session, exchange));
                if !matches!(auth_line(&line), AuthLine::Empty | AuthLine::Cancel) {
                    dialogue.responses.push((exchange, line));
                }
            }
            _ => open = false,
        }
    }
    found
}

/// The client's line, joined where the record folds it.
fn response<'t>(session: &Session<'t>, exchange: &Exchange<'t>) -> Cow<'t, [u8]> {
    let Some(said) = &exchange.command else { return Cow::Borrowed(b"") };
    let mut lines = session
        .turns(said.turns.clone(), Label::Credentials)
        .map(|turn| session.transcript.text(turn).trim_ascii());
    let first = lines.next().unwrap_or_default();
    lines.next().map_or(Cow::Borrowed(first), |second| {
        let mut whole = [first, second].concat();
        lines.for_each(|line| whole.extend_from_slice(line));
        Cow::Owned(whole)
    })
}

/// What a base64 text stands for; `None` for one that is masked or none at all.
pub(super) fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let first = text.first()?;
    // One letter all along is somebody's mask.
    if text.len() > 4 && text.iter().all(|octet| octet == first) {
        return None;
    }
    let octets = LENIENT.decode(text).ok()?;
    (!octets.is_empty()).then_some(octets)
}

/// Text that a person may have chosen: what is left where something was masked is none.
fn readable(octets: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(octets).ok()?.trim();
    let mask = text.chars().all(|letter| matches!(letter, '*' | '•' | '.' | '-'));
    (!text.is_empty() && !mask && !text.chars().any(char::is_control)).then_some(text)
}

impl<'s, 't> Dialogue<'s, 't> {
    /// The user, where the mechanism tells.
    pub(super) fn user(&self) -> Option<String> {
        if let Some(credentials) = self.credentials() {
            return credentials.user;
        }
        // CRAM-MD5: user name, space, digest (RFC 2195 §2).
        let octets = decoded(&self.responses.last()?.1)?;
        let space = memchr::memrchr(b' ', &octets)?;
        readable(octets.get(..space)?).map(str::to_owned)
    }

    /// The credentials of a mechanism that shows them; `None` for one that proves without telling.
    pub(super) fn credentials(&self) -> Option<Credentials<'s, 't>> {
        let known = self.known.filter(|known| known.is_plaintext())?;
        let ended = matches!(self.code, 235 | 535 | 454 | 432);
        if known.name == "LOGIN" {
            let user = self.responses.first();
            let password = self.responses.get(1);
            let name = user.and_then(|(_, text)| decoded(text));
            let name = name.as_deref().and_then(readable).map(str::to_owned);
            let shown = match password {
                Some((_, text)) if decoded(text).as_deref().and_then(readable).is_some() => {
                    Shown::Readable
                }
                Some(_) => Shown::Hidden,
                None if self.code == 235 => Shown::Hidden,
                None => Shown::Unsent,
            };
            let exchange = password.map_or(self.auth, |(exchange, _)| exchange);
            return Some(Credentials { exchange, user: name, shown });
        }
        let Some((exchange, text)) = self.responses.first() else {
            let shown = if self.code == 235 { Shown::Hidden } else { Shown::Unsent };
            return Some(Credentials { exchange: self.auth, user: None, shown });
        };
        let octets = decoded(text).unwrap_or_default();
        let (user, secret) = match known.secret {
            Secret::Password => plain(&octets),
            _ => bearer(&octets),
        };
        let shown = match secret {
            Some(_) => Shown::Readable,
            None if octets.is_empty() && ended && !was_no_base64(exchange) => Shown::Hidden,
            // Somebody has masked it within the base64.
            None if ended && has_masked_password(&octets) => Shown::Hidden,
            None => Shown::Unsent,
        };
        Some(Credentials { exchange, user: user.map(str::to_owned), shown })
    }
}

/// Whether the server says that it could not decode what was sent: then it was no secret that is hidden here.
fn was_no_base64(exchange: &Exchange<'_>) -> bool {
    exchange.reply.as_ref().is_some_and(|reply| {
        memchr::memmem::find(&reply.text.to_ascii_lowercase(), b"base64").is_some()
    })
}

/// ```text
/// message = [authzid] UTF8NUL authcid UTF8NUL passwd           ; RFC 4616 §2
/// ```
/// User and password.
fn plain(octets: &[u8]) -> (Option<&str>, Option<&str>) {
    let mut parts = octets.split(|octet| *octet == 0).map(readable);
    let (on_behalf, user) = (parts.next().flatten(), parts.next().flatten());
    let password = parts.next().flatten();
    (user.or(on_behalf), password)
}

/// Whether something stands in the place of the password of PLAIN.
fn has_masked_password(octets: &[u8]) -> bool {
    octets.split(|octet| *octet == 0).nth(2).is_some_and(|secret| !secret.is_empty())
}

/// `user=… ^A auth=Bearer … ^A ^A` of XOAUTH2, `n,a=…, ^A … auth=Bearer … ^A ^A` of OAUTHBEARER
/// (RFC 7628 §3.1): user and token.
fn bearer(octets: &[u8]) -> (Option<&str>, Option<&str>) {
    let mut parts = octets.split(|octet| *octet == 1);
    let head = parts.next().and_then(readable).unwrap_or_default();
    let user = head
        .split(',')
        .find_map(|part| ["user=", "a="].iter().find_map(|name| part.strip_prefix(name)))
        .filter(|user| !user.is_empty());
    let token = parts
        .filter_map(readable)
        .find_map(|part| part.strip_prefix("auth="))
        .and_then(|value| value.split_once(' '))
        .map(|(_, token)| token.trim())
        .filter(|token| readable(token.as_bytes()).is_some());
    (user, token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_secret_of_each_form() {
        assert_eq!(plain(b"\0ann\0s3cret"), (Some("ann"), Some("s3cret")));
        assert_eq!(plain(b"boss\0ann\0s3cret"), (Some("ann"), Some("s3cret")));
        assert_eq!(plain(b"boss\0\0s3cret"), (Some("boss"), Some("s3cret")));
        assert_eq!(plain(b"\0ann\0********"), (Some("ann"), None));
        assert_eq!(plain(b"\xc7\x1cq\xc7"), (None, None));
        assert_eq!(
            bearer(b"user=ann@x.example\x01auth=Bearer ya29.x\x01\x01"),
            (Some("ann@x.example"), Some("ya29.x"))
        );
        assert_eq!(
            bearer(b"n,a=ann@x.example,\x01host=h\x01port=587\x01auth=Bearer tok\x01\x01"),
            (Some("ann@x.example"), Some("tok"))
        );
        assert_eq!(bearer(b"user=ann\x01auth=Bearer \x01\x01"), (Some("ann"), None));
    }

    #[test]
    fn what_can_be_decoded() {
        for (text, want) in [
            (&b"dXNlcg=="[..], Some(&b"user"[..])),
            (b"dXNlcg", Some(b"user")),
            (b" dXNlcg== ", Some(b"user")),
            (b"********", None),
            (b"xxxxxxxx", None),
            (b"[credentials hidden]", None),
            (b"", None),
        ] {
            assert_eq!(decoded(text).as_deref(), want, "{}", text.escape_ascii());
        }
    }
}

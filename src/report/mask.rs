//! Secrets of a session: which stretches of its text are passwords or tokens, and text without them.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    grammar::{Argument, auth::AuthLine},
    session::{Kind, Session},
};

/// What stands in the place of a secret.
pub(super) const MASK: &str = "********";

/// The secrets of one session, longest first, as they stand in the record and as they decode.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    shown: Vec<String>,
}

impl Secrets {
    /// What is secret in a session.
    pub(super) fn of(session: &Session<'_>) -> Self {
        let mut shown = Vec::new();
        // The first response of AUTH LOGIN is the user's name, which is no secret when decoded.
        let mut name_due = false;
        for exchange in &session.exchanges {
            let Some(said) = &exchange.command else { continue };
            let secret = match (&exchange.kind, &said.parsed.detail) {
                (Kind::Auth, _) => session
                    .turns(said.turns.clone(), crate::transcript::Label::Credentials)
                    .map(|turn| session.transcript.text(turn).trim_ascii())
                    .find(|line| {
                        !matches!(
                            crate::grammar::auth_line(line),
                            AuthLine::Cancel | AuthLine::Empty
                        )
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
            let Some(secret) = secret.filter(|secret| secret.len() > 1) else { continue };
            shown.push(String::from_utf8_lossy(secret).into_owned());
            // The parts of a decoded token may turn up in replies or remarks.
            if let Ok(decoded) = STANDARD.decode(secret)
                && !names
            {
                let mut parts = decoded.split(|octet| matches!(octet, 0 | 1));
                let last = parts.rfind(|part| part.len() >= 4);
                shown.extend(last.and_then(|part| String::from_utf8(part.to_vec()).ok()));
            }
        }
        shown.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        shown.dedup();
        Self { shown }
    }

    /// The text with every secret masked.
    pub(super) fn masked(&self, text: String) -> String {
        self.shown.iter().fold(text, |text, secret| {
            if text.contains(secret.as_str()) { text.replace(secret.as_str(), MASK) } else { text }
        })
    }
}

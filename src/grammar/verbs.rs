//! A stand-in for the verb table until `protocol::verbs` is there.

/// A command that is defined somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb {
    /// Its name, upper case.
    pub name: &'static str,
}

const NAMES: &[&str] = &[
    "HELO",
    "EHLO",
    "LHLO",
    "MAIL",
    "RCPT",
    "DATA",
    "RSET",
    "SEND",
    "SOML",
    "SAML",
    "VRFY",
    "EXPN",
    "HELP",
    "NOOP",
    "QUIT",
    "TURN",
    "STARTTLS",
    "AUTH",
    "BDAT",
    "BURL",
    "ETRN",
    "ATRN",
    "XCLIENT",
    "XFORWARD",
    "X-EXPS",
    "X-ANONYMOUSTLS",
    "XEXCH50",
    "VERB",
    "ONEX",
    "XUSR",
    "DEBUG",
    "WIZ",
];

static VERBS: std::sync::LazyLock<Vec<Verb>> =
    std::sync::LazyLock::new(|| NAMES.iter().map(|name| Verb { name }).collect());

pub(super) fn find(token: &[u8]) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name.as_bytes().eq_ignore_ascii_case(token))
}

pub(super) fn nearest(token: &[u8]) -> Option<&'static Verb> {
    let token = std::str::from_utf8(token).ok()?.to_ascii_uppercase();
    VERBS.iter().find(|verb| strsim::osa_distance(verb.name, &token) == 1)
}

//! At which stage of the dialogue a refusal stands.

use crate::{
    protocol::verbs::VerbId,
    session::{Exchange, Kind},
};

/// A set of stages, one bit for each.
pub(in crate::rules) type Stages = u16;

/// The greeting.
pub(in crate::rules) const CONNECT: Stages = 1;
/// HELO, EHLO, LHLO.
pub(in crate::rules) const HELLO: Stages = 1 << 1;
/// STARTTLS.
pub(in crate::rules) const TLS: Stages = 1 << 2;
/// AUTH and the lines of its dialogue.
pub(in crate::rules) const AUTH: Stages = 1 << 3;
/// MAIL, and SEND, SOML, SAML.
pub(in crate::rules) const MAIL: Stages = 1 << 4;
/// RCPT.
pub(in crate::rules) const RCPT: Stages = 1 << 5;
/// DATA, before the message.
pub(in crate::rules) const DATA: Stages = 1 << 6;
/// The end of the message, and BDAT.
pub(in crate::rules) const MESSAGE: Stages = 1 << 7;
/// Any other command.
pub(in crate::rules) const OTHER: Stages = 1 << 8;
/// Nothing was asked.
pub(in crate::rules) const UNASKED: Stages = 1 << 9;

/// The commands of a mail transaction.
pub(in crate::rules) const TRANSACTION: Stages = MAIL | RCPT | DATA | MESSAGE;
/// Where a refusal keeps mail from being sent.
pub(in crate::rules) const DECISIVE: Stages = CONNECT | HELLO | AUTH | TRANSACTION;
/// All of them.
pub(in crate::rules) const ANY: Stages = u16::MAX;

/// The stage of an exchange.
pub(in crate::rules) fn of(exchange: &Exchange<'_>) -> Stages {
    match exchange.kind {
        Kind::Greeting => CONNECT,
        Kind::Auth => AUTH,
        Kind::Message => MESSAGE,
        Kind::Unsolicited => UNASKED,
        Kind::Command => match exchange.id() {
            Some(id) if id.is_hello() => HELLO,
            Some(id) if id.is_auth() => AUTH,
            Some(id) if id.starts_tls() => TLS,
            Some(id) if id.opens_transaction() => MAIL,
            Some(VerbId::Rcpt) => RCPT,
            Some(VerbId::Data) => DATA,
            Some(VerbId::Bdat) => MESSAGE,
            _ => OTHER,
        },
    }
}

//! What was said, in short: for tables and sentences. Not made safe for where it goes.

use super::{ExchangeReport, ReplyReport, SessionReport};

/// The line of the source at which an exchange begins.
pub fn line_of(exchange: &ExchangeReport) -> Option<u64> {
    let command = exchange.command.as_ref().map(|command| command.line);
    command.or_else(|| exchange.reply.as_ref().map(|reply| reply.line)).filter(|line| *line > 0)
}

/// What the client sent: the command as it stands; of a message how long it is.
pub fn client(session: &SessionReport, exchange: &ExchangeReport) -> String {
    match (exchange.kind, &exchange.command) {
        ("greeting", _) => "(connects)".to_owned(),
        ("unsolicited", _) => "(nothing asked)".to_owned(),
        ("message", None) => "message, not in the record".to_owned(),
        ("message", Some(command)) => {
            let message = session
                .transactions
                .iter()
                .filter_map(|transaction| transaction.message)
                .find(|message| message.first_line == command.line);
            match message {
                Some(message) => format!(
                    "message, {}, {}{}",
                    counted(message.last_line.saturating_sub(message.first_line) + 1, "line"),
                    counted(message.octets, "octet"),
                    if message.complete { "" } else { ", never ended" },
                ),
                None => "message".to_owned(),
            }
        }
        (_, Some(command)) => command.text.trim().to_owned(),
        (_, None) => match &exchange.verb {
            Some(verb) => format!("({verb}, not in the record)"),
            None => "(not in the record)".to_owned(),
        },
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What the server answered: the first line and how many follow; of an EHLO's reply the keywords.
pub fn server(exchange: &ExchangeReport) -> String {
    let Some(reply) = &exchange.reply else { return "(no reply)".to_owned() };
    let code = code(reply);
    let first = reply.text.first().map_or("", String::as_str);
    let rest = reply.text.get(1..).unwrap_or_default();
    let hello = matches!(exchange.verb.as_deref(), Some("EHLO" | "LHLO"));
    if rest.is_empty() {
        join(&code, first)
    } else if hello && reply.code == Some(250) {
        format!("{}: {}", join(&code, first), rest.join(", "))
    } else {
        format!("{} (and {} more)", join(&code, first), counted(rest.len() as u64, "line"))
    }
}

/// `550 5.7.1`
pub fn code(reply: &ReplyReport) -> String {
    let code = reply.code.map(|code| format!("{code:03}")).unwrap_or_default();
    join(&code, reply.enhanced.as_deref().unwrap_or_default())
}

fn join(one: &str, other: &str) -> String {
    let between = if one.is_empty() || other.is_empty() { "" } else { " " };
    format!("{one}{between}{other}")
}

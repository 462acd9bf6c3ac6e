//! Cause before consequence: which finding explains which.

use super::{Finding, Severity};
use crate::{protocol::verbs::VerbId, session::Session};

/// A consequence and the causes that explain it, the likeliest first.
struct Link {
    consequence: &'static str,
    causes: &'static [&'static str],
}

/// What explains what, where both are found in one session and the cause stands first.
const LINKS: &[Link] = &[
    Link { consequence: "out-of-order-accepted", causes: &["hello-missing", "rcpt-before-mail"] },
    Link {
        consequence: "reply-code-unexpected",
        causes: &["fixup-command", "fixup-keywords", "fixup-banner", "replies-out-of-step"],
    },
    Link {
        consequence: "connection-lost",
        causes: &[
            "not-smtp",
            "implicit-tls-expected",
            "tls-handshake-failed",
            "data-end-hang",
            "greeting-refused",
        ],
    },
    // A body that ran as commands.
    Link {
        consequence: "unknown-command",
        causes: &["not-smtp", "no-valid-recipients", "data-before-rcpt"],
    },
    Link {
        consequence: "greeting-refused",
        causes: &[
            "command-before-greeting",
            "blocklisted",
            "reputation-poor",
            "reverse-dns-missing",
            "connection-limited",
            "rate-limited",
            "policy-rejected",
            "spam-rejected",
            "no-mail-service",
            "service-unavailable",
            "server-error",
            "idle-timeout",
        ],
    },
    // Whoever cannot log in is a stranger.
    Link {
        consequence: "auth-required",
        causes: &["starttls-stripped", "fixup-keywords", "esmtp-blocked", "auth-failed"],
    },
    Link { consequence: "relay-denied", causes: &["auth-failed", "auth-unavailable"] },
    Link {
        consequence: "tls-required",
        causes: &["starttls-stripped", "fixup-keywords", "fixup-command", "esmtp-blocked"],
    },
    Link { consequence: "line-too-long", causes: &["not-smtp"] },
    Link { consequence: "command-before-greeting", causes: &["not-smtp", "implicit-tls-expected"] },
    Link {
        consequence: "rcpt-before-mail",
        causes: &[
            "hello-missing",
            "hello-missing-after-tls",
            "sender-rejected",
            "sender-unverified",
            "auth-required",
            "tls-required",
            "message-too-large",
            "parameter-unadvertised",
            "address-invalid",
            "path-brackets-missing",
            "colon-missing",
        ],
    },
    Link {
        consequence: "data-before-rcpt",
        causes: &["rcpt-before-mail", "hello-missing", "hello-missing-after-tls"],
    },
    Link {
        consequence: "reply-unsolicited",
        causes: &["starttls-injection", "replies-out-of-step", "not-smtp"],
    },
    Link { consequence: "reply-missing", causes: &["starttls-injection"] },
    Link { consequence: "extension-refused", causes: &["fixup-command", "starttls-stripped"] },
    Link { consequence: "auth-mechanism-unadvertised", causes: &["fixup-keywords"] },
    Link {
        consequence: "required-command-refused",
        causes: &["fixup-command", "fixup-keywords", "fixup-banner", "not-smtp"],
    },
    Link { consequence: "greeting-name-missing", causes: &["fixup-banner"] },
];

/// Fills in `because_of` where it is empty.
pub(super) fn link(session: &Session<'_>, found: &mut [Finding]) {
    let seen: Vec<(&'static str, u64)> =
        found.iter().map(|finding| (finding.rule.name, finding.spot.line)).collect();
    let first = first_error(found);
    for finding in found.iter_mut().filter(|finding| finding.because_of.is_none()) {
        if finding.rule.name == "too-many-errors" {
            finding.because_of =
                first.filter(|(_, line)| *line < finding.spot.line).map(|(name, _)| name);
            continue;
        }
        let Some(link) = LINKS.iter().find(|link| link.consequence == finding.rule.name) else {
            continue;
        };
        finding.because_of = link.causes.iter().copied().find(|cause| {
            seen.iter().any(|(name, line)| name == cause && *line <= finding.spot.line)
                && (!is_refused_data(cause) || follows_refused_data(session, finding.spot.line))
        });
    }
}

/// Whether a rule says that no message could follow DATA.
fn is_refused_data(rule: &str) -> bool {
    matches!(rule, "no-valid-recipients" | "data-before-rcpt")
}

/// Whether the command on this line stands right behind DATA that was refused, with nothing between that is a
/// command: then it is a message's line.
fn follows_refused_data(session: &Session<'_>, line: u64) -> bool {
    let mut refused = false;
    for exchange in &session.exchanges {
        let said = exchange.command.as_ref().and_then(|said| {
            session.transcript.turns.get(said.turns.start).map(|turn| turn.place.line)
        });
        if refused && said == Some(line) {
            return true;
        }
        match exchange.id() {
            Some(VerbId::Data | VerbId::Bdat) => refused = !matches!(exchange.code() / 100, 2 | 3),
            Some(VerbId::Other) | None => {}
            Some(_) => refused = false,
        }
    }
    false
}

/// What went wrong first: a server that counts errors began to count there.
fn first_error(found: &[Finding]) -> Option<(&'static str, u64)> {
    let counted = |finding: &&Finding| {
        use super::Family::{Delivery, Extension, Middlebox, Order, Syntax, Transport};
        finding.severity != Severity::Note
            && finding.rule.name != "too-many-errors"
            && matches!(
                finding.rule.family,
                Transport | Syntax | Order | Extension | Middlebox | Delivery
            )
    };
    let first = found.iter().filter(counted).min_by_key(|finding| finding.spot.line)?;
    Some((first.rule.name, first.spot.line))
}

#[cfg(test)]
mod tests {
    /// Which rule explains the unknown command of a session without recipients.
    fn explained(behind_data: &str) -> Option<&'static str> {
        let record = format!(
            "S: 220 mx.example.net ESMTP\n\
             C: HELO client.example\nS: 250 mx.example.net\n\
             C: MAIL FROM:<a@client.example>\nS: 250 2.1.0 Ok\n\
             C: DATA\nS: 503 5.5.1 need RCPT\n\
             {behind_data}\
             C: QUIT\nS: 221 2.0.0 Bye\n"
        );
        let report = crate::analyze_bytes("t", record.as_bytes(), &crate::Options::default());
        let mut findings = report.sessions.iter().flat_map(|session| &session.findings);
        findings.find(|finding| finding.rule == "unknown-command").unwrap().because_of
    }

    #[test]
    fn a_message_that_ran_as_commands_begins_behind_data() {
        let unknown = "C: BOGUS\nS: 500 5.5.1 unknown command\n";
        assert_eq!(explained(unknown), Some("data-before-rcpt"));
        assert_eq!(explained(&format!("C: NOOP\nS: 250 2.0.0 Ok\n{unknown}")), None);
    }
}

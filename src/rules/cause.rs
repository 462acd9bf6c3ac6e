//! Cause before consequence: which finding explains which.

use super::Finding;
use crate::session::Session;

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
        causes: &["not-smtp", "implicit-tls-expected", "tls-handshake-failed"],
    },
    Link { consequence: "unknown-command", causes: &["not-smtp", "data-before-rcpt"] },
    Link { consequence: "line-too-long", causes: &["not-smtp"] },
    Link { consequence: "command-before-greeting", causes: &["not-smtp", "implicit-tls-expected"] },
    Link { consequence: "rcpt-before-mail", causes: &["hello-missing", "hello-missing-after-tls"] },
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
pub(super) fn link(_session: &Session<'_>, found: &mut [Finding]) {
    let seen: Vec<(&'static str, u64)> =
        found.iter().map(|finding| (finding.rule.name, finding.spot.line)).collect();
    for finding in found.iter_mut().filter(|finding| finding.because_of.is_none()) {
        let Some(link) = LINKS.iter().find(|link| link.consequence == finding.rule.name) else {
            continue;
        };
        finding.because_of = link.causes.iter().copied().find(|cause| {
            seen.iter().any(|(name, line)| name == cause && *line <= finding.spot.line)
        });
    }
}

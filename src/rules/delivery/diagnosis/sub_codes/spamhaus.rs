//! Return codes of Spamhaus, where a server quotes them: which list it is, or that the question was wrong.
//!
//! `127.255.255.0/24` is no listing at all: the receiving server asked in a way that Spamhaus does not answer.

use std::net::Ipv4Addr;

use super::{super::cause::Cause, super::row::Retry, Decoded};
use crate::rules::Party;

const SOURCE: &str = "Spamhaus";

/// Where to look, for every listing.
const LOOK_UP: &str =
    "look the address up at check.spamhaus.org, end what it names, then ask for its removal there";

/// `named`: the text names Spamhaus.
pub(super) fn decode(token: &str, text: &str, named: bool) -> Option<Decoded> {
    if matches!(token, "returnc") {
        // The page that error texts point at: `/returnc/pub/`, `/returnc/vol/`.
        let why = if text.contains("returnc/vol") { OVER_QUOTA } else { PUBLIC_RESOLVER };
        return Some(query_error(why));
    }
    let [127, second, third, last] = token.parse::<Ipv4Addr>().ok()?.octets() else { return None };
    if (second, third) == (255, 255) {
        return Some(query_error(match last {
            252 => "it asks for a list that does not exist",
            255 => OVER_QUOTA,
            _ => PUBLIC_RESOLVER,
        }));
    }
    if second != 0 || !named {
        return None;
    }
    let (cause, says, help) = match (third, last) {
        (0, 2) => (
            Cause::Blocklisted,
            "the client's address is on Spamhaus SBL: a source of spam",
            LOOK_UP,
        ),
        (0, 3) => (
            Cause::Blocklisted,
            "the client's address is on Spamhaus CSS: it sends like a spammer",
            LOOK_UP,
        ),
        (0, 4..=7) => (
            Cause::Blocklisted,
            "the client's address is on Spamhaus XBL: something behind it is infected or an open proxy",
            "find and clean the machine, then take the address off at check.spamhaus.org",
        ),
        (0, 9) => (
            Cause::Blocklisted,
            "the client's network is on Spamhaus DROP: it is hijacked or run by criminals",
            LOOK_UP,
        ),
        (0, 10 | 11) => (
            Cause::Blocklisted,
            "the client's address is on Spamhaus PBL: a range that should not send mail directly",
            "send through the provider's or your own mail server; a fixed server address can be taken off the PBL by its user",
        ),
        (1 | 2, _) => (
            Cause::SpamRejected,
            "a domain in the message or envelope is on a domain list of Spamhaus",
            "look the domains of sender and links up at check.spamhaus.org, and remove or mend the one that is listed",
        ),
        _ => return None,
    };
    Some(Decoded::new(cause, SOURCE, says, help))
}

const PUBLIC_RESOLVER: &str = "it asks through a public resolver, which Spamhaus does not answer";
const OVER_QUOTA: &str = "it asks more often than its licence allows";

fn query_error(why: &str) -> Decoded {
    Decoded {
        party: Some(Party::Server),
        retry: Some(Retry::AfterChange),
        ..Decoded::new(
            Cause::ServerError,
            SOURCE,
            format!(
                "the receiving server takes an error of Spamhaus for a listing: {why}; the client is not listed"
            ),
            "whoever runs the receiving server lets it ask through a resolver of its own or with a key of Spamhaus (DQS), and does not block on 127.255.255.0/24",
        )
    }
}

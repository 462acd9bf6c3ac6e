//! `GoDaddy`'s numbers (secureserver.net): `IB` and three digits.

use super::{
    super::cause::Cause::{
        self, AuthFailed, Blocklisted, ConnectionLimited, ContentRejected, RateLimited,
        ReputationPoor, ReverseDnsMissing, SenderRejected, ServiceUnavailable, SpamRejected,
        SpfFailed, TooManyRecipients, VirusRejected,
    },
    Decoded,
};

const SOURCE: &str = "GoDaddy";

const CODES: &[(&str, Cause, &str)] = &[
    ("ib007", ConnectionLimited, ""),
    ("ib101", ServiceUnavailable, "GoDaddy's queue is fuller than usual"),
    ("ib103", ReputationPoor, "Cloudmark CSI gives the client's address a poor reputation"),
    ("ib104", Blocklisted, "the client's address is on Spamhaus SBL"),
    (
        "ib105",
        Blocklisted,
        "the client's address is on Spamhaus XBL: something behind it sends spam",
    ),
    (
        "ib106",
        Blocklisted,
        "the client's address is on Spamhaus PBL: a range that should not send mail directly",
    ),
    ("ib108", ReverseDnsMissing, ""),
    (
        "ib110",
        ReputationPoor,
        "GoDaddy blocks the client's address for an hour, after spam from it",
    ),
    (
        "ib111",
        ReputationPoor,
        "GoDaddy blocks the client's address for the day, after spam from it",
    ),
    (
        "ib112",
        ReputationPoor,
        "GoDaddy blocks the client's address for an hour: too many recipients that do not exist",
    ),
    (
        "ib113",
        ReputationPoor,
        "GoDaddy blocks the client's address for the day: too many recipients that do not exist",
    ),
    ("ib212", SpamRejected, ""),
    ("ib401", AuthFailed, "this server takes mail in and lets nobody log in"),
    ("ib501", ContentRejected, "the message has no From address"),
    ("ib502", ContentRejected, "the message's From is an IP address"),
    ("ib504", RateLimited, ""),
    ("ib506", SenderRejected, "the domain of the sender {sender} has no MX or address record"),
    ("ib508", SpfFailed, ""),
    ("ib510", RateLimited, "the server takes no more messages in this connection"),
    ("ib605", TooManyRecipients, ""),
    (
        "ib607",
        RateLimited,
        "the client's address has sent to as many recipients as it may in an hour",
    ),
    ("ib705", VirusRejected, ""),
];

pub(super) fn decode(token: &str) -> Option<Decoded> {
    let (_, cause, says) = CODES.iter().find(|(code, ..)| *code == token)?;
    Some(Decoded::new(*cause, SOURCE, *says, ""))
}

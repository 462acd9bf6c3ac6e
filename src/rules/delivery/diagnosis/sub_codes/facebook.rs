//! Facebook's codes: three letters for the part that refuses, `P` for good or `T` for now, and a number.

use super::{super::cause::Cause, Decoded};

const SOURCE: &str = "Facebook";

/// Code, cause, what happened, what to do; empty where the cause's own words will do.
#[rustfmt::skip]
const CODES: &[(&str, Cause, &str, &str)] = &[
    ("con-t1", Cause::ServiceUnavailable, "", ""),
    ("con-t2", Cause::ConnectionLimited, "", ""),
    ("con-t3", Cause::ConnectionLimited, "the client opens new connections too fast", ""),
    ("con-t4", Cause::TooManyRecipients, "the connection has more recipients than Facebook takes", ""),
    ("dns-p1", Cause::SenderRejected, "the domain of the sender {sender} does not exist", "send from a domain that has an MX or address record"),
    ("dns-p2", Cause::SenderRejected, "the domain of the sender {sender} has no MX record", "send from a domain that has an MX record"),
    ("dns-p3", Cause::ReverseDnsMissing, "", ""),
    ("dns-t1", Cause::DnsFailure, "the domain of the sender {sender} does not resolve at the moment", ""),
    ("dns-t2", Cause::ReverseDnsMissing, "the reverse DNS of the client's address does not resolve at the moment", ""),
    ("int-p1", Cause::MailboxUnknown, "", ""),
    ("int-p2", Cause::MessageTooLarge, "", ""),
    ("int-p3", Cause::MailboxUnknown, "there is no group {recipient} here", ""),
    ("int-p4", Cause::MailboxUnknown, "", ""),
    ("int-p7", Cause::MailboxFull, "", ""),
    ("msg-p1", Cause::MessageTooLarge, "", ""),
    ("msg-p2", Cause::ContentRejected, "the message has an attachment of a type that Facebook does not take", ""),
    ("msg-p3", Cause::ContentRejected, "the message has a header field twice that may stand once", "mend the program that writes the header"),
    ("msg-t1", Cause::TooManyRecipients, "", ""),
    ("pol-p1", Cause::Blocklisted, "the client's address is on Spamhaus PBL: a range that should not send mail directly", "send through the provider's or your own mail server"),
    ("pol-p2", Cause::Blocklisted, "Facebook takes no more mail from the client's address", ""),
    ("pol-p3", Cause::ReputationPoor, "Facebook takes no mail from the client's address for some hours", ""),
    ("pol-p4", Cause::ReputationPoor, "Facebook takes no mail from the client's address for a day or two", ""),
    ("pol-p5", Cause::VirusRejected, "", ""),
    ("pol-p6", Cause::SpamRejected, "the message holds a link that Facebook blocks", "remove the link, or have it taken off Facebook's list"),
    ("pol-p7", Cause::DmarcFailed, "the message does not prove that it comes from its domain (SPF, DKIM)", ""),
    ("pol-p8", Cause::PolicyRejected, "", ""),
    ("pol-t1", Cause::ReputationPoor, "Facebook takes no mail from the client's address for an hour or two", ""),
    ("pol-t2", Cause::ReputationPoor, "Facebook takes no mail from the client's address for some hours", ""),
    ("pol-t3", Cause::ReputationPoor, "Facebook takes no mail from the client's address for a day or two", ""),
    ("rcp-p1", Cause::MailboxUnknown, "", ""),
    ("rcp-p2", Cause::PolicyRejected, "the recipient {recipient} wants no mail from this sender", "reach the recipient by other means"),
    ("rcp-p3", Cause::PolicyRejected, "the recipient {recipient} wants no mail from this sender", "reach the recipient by other means"),
    ("rcp-t1", Cause::ServerError, "", ""),
    ("rcp-t4", Cause::MailboxDisabled, "", ""),
];

pub(super) fn decode(token: &str) -> Option<Decoded> {
    let (_, cause, says, help) = CODES.iter().find(|(code, ..)| *code == token)?;
    Some(Decoded::new(*cause, SOURCE, *says, *help))
}

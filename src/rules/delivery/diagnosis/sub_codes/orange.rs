//! Orange's, Wanadoo's and La Poste's numbers: `OFR`, `LPN` or `OUK`, a number of the filter, and three digits.

use super::{
    super::cause::Cause::{
        self, AuthFailed, AuthRequired, Blocklisted, ConnectionLimited, MailboxDisabled,
        MailboxFull, MailboxUnknown, MessageTooLarge, ReputationPoor, SenderRejected,
        ServiceUnavailable, SpamRejected, SpfFailed,
    },
    Decoded,
};

const SOURCE: &str = "Orange";

const CODES: &[(&str, Cause, &str)] = &[
    ("102", Blocklisted, "Orange blocks the client's address after spam from it"),
    ("103", ReputationPoor, "Orange refuses the client's address for now"),
    ("104", ConnectionLimited, ""),
    ("305", AuthFailed, ""),
    ("401", SpfFailed, ""),
    ("402", AuthRequired, ""),
    ("403", SenderRejected, ""),
    ("405", SenderRejected, ""),
    ("415", SenderRejected, ""),
    ("416", MailboxUnknown, ""),
    ("417", MailboxFull, ""),
    ("418", MailboxUnknown, ""),
    ("420", MailboxDisabled, "the mailbox {recipient} is archived"),
    ("421", SenderRejected, "the account that logged in may not send as {sender}"),
    ("426", MailboxDisabled, ""),
    ("505", ServiceUnavailable, ""),
    ("506", SpamRejected, ""),
    ("510", ReputationPoor, "Orange refuses the client's address for now"),
    ("513", SpamRejected, ""),
    ("514", MessageTooLarge, ""),
    ("999", ReputationPoor, "Orange refuses the client's address because of its reputation"),
];

pub(super) fn decode(token: &str) -> Option<Decoded> {
    let rest = ["ofr", "lpn", "ouk"].iter().find_map(|letters| token.strip_prefix(letters))?;
    let (filter, number) = rest.rsplit_once(['_', '-']).unwrap_or(("", rest));
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if !digits(filter) || !digits(number) || number.len() != 3 {
        return None;
    }
    let (_, cause, says) = CODES.iter().find(|(code, ..)| *code == number)?;
    Some(Decoded::new(*cause, SOURCE, *says, ""))
}

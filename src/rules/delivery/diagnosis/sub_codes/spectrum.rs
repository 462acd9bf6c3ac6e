//! Charter's and Spectrum's numbers: `AUP#` with letters and four digits, in ranges.

use super::{
    super::cause::Cause::{
        self, Blocklisted, ConnectionLimited, MessageTooLarge, PolicyRejected, RateLimited,
        ReputationPoor, ReverseDnsMissing, SenderRejected, ServerError, TooManyRecipients,
    },
    Decoded,
};

const SOURCE: &str = "Spectrum";

/// First and last number, cause, and what it says beyond the cause.
const RANGES: &[(u16, u16, Cause, &str)] = &[
    (1000, 1000, Blocklisted, "Spectrum blocks the client's address after suspicious activity"),
    (1010, 1010, ReputationPoor, "Spectrum has stopped the account after suspicious activity"),
    (1020, 1080, ReputationPoor, "Spectrum limits the account after suspicious activity"),
    (1090, 1090, ServerError, "Spectrum cannot process the mail for now"),
    (1100, 1150, ReverseDnsMissing, ""),
    (1160, 1190, PolicyRejected, "the security policy of the sender's own domain forbids the mail"),
    (1200, 1210, Blocklisted, "Cloudmark CSI lists the client's address"),
    (1220, 1250, Blocklisted, "Spamhaus lists the client's address"),
    (1260, 1260, PolicyRejected, "Spectrum takes no mail over IPv6"),
    (1300, 1340, ConnectionLimited, ""),
    (1350, 1490, RateLimited, ""),
    (1500, 1520, SenderRejected, "the account that logged in may not send as {sender}"),
    (1530, 1530, MessageTooLarge, ""),
    (1540, 1540, RateLimited, "the server takes no more messages in this connection"),
    (1550, 1550, TooManyRecipients, ""),
    (1560, 1560, PolicyRejected, "the client tried too many recipients that do not exist"),
    (1580, 1580, RateLimited, ""),
];

/// `token` is of a text that has `AUP#`, mostly what follows that.
pub(super) fn decode(token: &str) -> Option<Decoded> {
    let digits =
        token.trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '-');
    let number: u16 = digits.get(..4).filter(|_| digits.len() == 4)?.parse().ok()?;
    let (.., cause, says) =
        RANGES.iter().find(|(first, last, ..)| (*first..=*last).contains(&number))?;
    Some(Decoded::new(*cause, SOURCE, *says, ""))
}

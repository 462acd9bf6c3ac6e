//! I.UA's numbers, which stand behind the address of a page: `mail.i.ua/err/2/`.

use super::{super::cause::Cause, Decoded};

const SOURCE: &str = "I.UA";

/// Number, cause.
const NUMBERS: &[(&str, Cause)] = &[
    ("2", Cause::MailboxUnknown),
    ("3", Cause::MailboxDisabled),
    ("4", Cause::MailboxFull),
    ("5", Cause::RateLimited),
    ("7", Cause::HelloRejected),
    ("8", Cause::SenderUnverified),
    ("9", Cause::Blocklisted),
    ("10", Cause::PolicyRejected),
];

/// What the number behind the page's address says, in the whole text.
pub(super) fn decode(text: &str) -> Option<Decoded> {
    let (_, behind) = text.split_once(".i.ua/err/")?;
    let number = behind.split(|octet: char| !octet.is_ascii_digit()).next()?;
    let (_, cause) = NUMBERS.iter().find(|(known, _)| *known == number)?;
    Some(Decoded::new(*cause, SOURCE, "", ""))
}

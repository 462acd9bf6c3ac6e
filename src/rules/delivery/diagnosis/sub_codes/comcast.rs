//! Comcast's numbers: `BL` with a bit for each list, `ES` for address space, `DM` for DMARC.

use super::{super::cause::Cause, Decoded, mask, names};

const SOURCE: &str = "Comcast";

/// The bits of `BL`, the last digit first.
const LISTS: &[&str] = &["Spamhaus ZEN", "Cloudmark", "Return Path Sender Score"];

pub(super) fn decode(token: &str) -> Option<Decoded> {
    let (letters, digits) = token.split_at_checked(2).filter(|(_, digits)| digits.len() == 6)?;
    let _ = mask(digits)?;
    Some(match letters {
        "bl" => {
            let lists =
                names(digits, LISTS).unwrap_or_else(|| "a list that Comcast asks".to_owned());
            Decoded::new(
                Cause::Blocklisted,
                SOURCE,
                format!("the client's address is on {lists}, which Comcast asks"),
                "have the address taken off every list that is named, after ending the cause",
            )
        }
        "es" => Decoded::new(
            Cause::Blocklisted,
            SOURCE,
            "Comcast takes no mail from dynamic or residential addresses, and takes the client's for one",
            "send through a mail server with a fixed address, and give that a PTR record that says so",
        ),
        "dm" => Decoded::new(Cause::DmarcFailed, SOURCE, "", ""),
        _ => return None,
    })
}
